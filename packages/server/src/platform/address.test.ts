import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressSet, addressOwner, clientAddress, plainAddress } from "./address.ts";

test("a network contains its addresses, in both families and IPv4-mapped", () => {
  const set = new AddressSet(["127.0.0.0/8", "10.1.2.3", "2001:db8::/32"]);
  for (const address of ["127.9.9.9", "10.1.2.3", "2001:db8::1", "::ffff:127.0.0.1"]) assert.ok(set.has(address), address);
  for (const address of ["128.0.0.1", "10.1.2.4", "2001:db9::1", "", "nonsense"]) assert.ok(!set.has(address), address);
});

test("an invalid network is refused with its text", () => {
  for (const wrong of ["10.0.0.0/33", "example.com", "1.2.3", "::/129", "10.0.0.0/x"])
    assert.throws(() => new AddressSet([wrong]), RangeError);
});

test("a forwarded address counts only behind an unbroken chain of trusted proxies", () => {
  const trusted = new AddressSet(["10.0.0.0/8"]);
  const of = (peer: string, forwarded?: string) => clientAddress(peer, forwarded, trusted);
  assert.equal(of("203.0.113.9", "1.1.1.1"), "203.0.113.9");
  assert.equal(of("10.0.0.1", "198.51.100.7"), "198.51.100.7");
  assert.equal(of("::ffff:10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.2"), "198.51.100.7");
  assert.equal(of("10.0.0.1", "1.1.1.1, rubbish"), "10.0.0.1");
  assert.equal(of("10.0.0.1"), "10.0.0.1");
  assert.equal(plainAddress("::ffff:1.2.3.4"), "1.2.3.4");
});

test("an IPv4 address is its own owner, and so are the first 64 bits of an IPv6 address", () => {
  for (const [address, owner] of [
    ["10.0.0.1", "10.0.0.1"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"],
    ["2001:db8:0:1::9", "2001:db8:0:1::/64"],
    ["2001:0DB8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["", ""],
  ] as const)
    assert.equal(addressOwner(address), owner, address);
});
