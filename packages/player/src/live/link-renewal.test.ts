import assert from "node:assert/strict";
import { test } from "node:test";
import { isRenewed } from "./link-renewal.ts";

test("only another permission to the same stream is a renewal", () => {
  const link = (sign: string, rest = "") => `/live/math.flv?expires=1&viewer=a&sign=${sign}${rest}`;
  assert.equal(isRenewed(link("x"), link("y")), true);
  assert.equal(isRenewed(link("x", "&delay=low"), link("y", "&delay=low")), true);
  assert.equal(isRenewed(link("x"), link("x")), false);
  assert.equal(isRenewed("", link("x")), false);
  assert.equal(isRenewed(link("x"), link("y", "&delay=low")), false);
  assert.equal(isRenewed(link("x"), link("y").replace("math", "physics")), false);
});
