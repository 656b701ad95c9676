import assert from "node:assert/strict";
import { test } from "node:test";
import { phoneAddress, phoneToken } from "./phone-address.ts";

test("the address of the second camera gives its token back", () => {
  const address = new URL(phoneAddress("https://school.example", "ABCD2345", "ec1.a+b/c=="));
  assert.deepEqual([address.pathname, phoneToken(address.hash)], ["/exam/ABCD2345", "ec1.a+b/c=="]);
});

test("other addresses have none, also a broken one", () => {
  for (const hash of ["", "#", "#camera=", "#camera=%E0%A4%A", "#other=1"]) assert.equal(phoneToken(hash), null, hash);
});
