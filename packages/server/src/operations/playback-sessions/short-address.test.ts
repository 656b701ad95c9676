import assert from "node:assert/strict";
import { test } from "node:test";
import { shortAddress } from "./short-address.ts";

test("an address is shortened to its /24 or /48", () => {
  assert.equal(shortAddress("123.125.114.144"), "123.125.114.0/24");
  assert.equal(shortAddress("::ffff:10.1.2.3"), "10.1.2.0/24");
  assert.equal(shortAddress("2001:db8:1:2::7"), "2001:db8:1::/48");
  assert.equal(shortAddress("2001:0db8::1"), "2001:db8:0::/48");
  assert.equal(shortAddress("::1"), "0:0:0::/48");
  assert.equal(shortAddress("fe80::1%eth0"), "fe80:0:0::/48");
  assert.equal(shortAddress("no address"), "");
});
