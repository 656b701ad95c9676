import assert from "node:assert/strict";
import { test } from "node:test";
import { isRenewedLink } from "./renewed-link.ts";

test("a link is renewed when only its signature differs", () => {
  const link = (sign: string, rest = "") => `/live/math.flv?expires=1&viewer=a&sign=${sign}${rest}`;
  assert.equal(isRenewedLink(link("x"), link("y")), true);
  assert.equal(isRenewedLink(link("x", "&delay=low"), link("y", "&delay=low")), true);
  assert.equal(isRenewedLink(link("x"), link("x")), false);
  assert.equal(isRenewedLink("", link("x")), false);
  assert.equal(isRenewedLink(link("x"), link("y", "&delay=low")), false);
  assert.equal(isRenewedLink(link("x"), link("y").replace("math", "physics")), false);
});
