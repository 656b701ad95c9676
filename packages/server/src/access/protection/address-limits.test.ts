import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressLimits } from "./address-limits.ts";

test("connections are limited for each address on its own", () => {
  const limits = new AddressLimits(() => ({ connections: 2, requestsPerSecond: 10 }));
  assert.deepEqual(
    ["a", "a", "a", "b"].map((ip) => limits.connect(ip)),
    [true, true, false, true],
  );
  limits.disconnect("a");
  assert.equal(limits.connect("a"), true);
});

test("requests are limited on average, with room for a burst", () => {
  let now = 0;
  const limits = new AddressLimits(
    () => ({ connections: 2, requestsPerSecond: 10 }),
    () => now,
  );
  const asked = (count: number) => Array.from({ length: count }, () => limits.request("a")).filter(Boolean).length;
  assert.equal(asked(100), 20);
  now += 500;
  assert.equal(asked(100), 5);
});

test("addresses of one IPv6 network of 64 bits share their limits", () => {
  const limits = new AddressLimits(() => ({ connections: 2, requestsPerSecond: 10 }));
  const connect = (...addresses: readonly string[]) => addresses.map((ip) => limits.connect(ip));
  assert.deepEqual(connect("2001:db8::1", "2001:db8::2", "2001:db8::ffff:3"), [true, true, false]);
  assert.deepEqual(connect("2001:db8:0:1::1", "10.0.0.1", "10.0.0.2"), [true, true, true]);
  limits.disconnect("2001:db8::2");
  assert.deepEqual(connect("2001:db8::9", "2001:db8::a"), [true, false]);
});

test("the account of an idle address is dropped", () => {
  let now = 0;
  const limits = new AddressLimits(
    () => ({ connections: 2, requestsPerSecond: 10 }),
    () => now,
  );
  limits.connect("a");
  limits.request("a");
  now += 10_000;
  limits.disconnect("a");
  limits.disconnect("a");
  assert.equal(limits.connect("a"), true);
});
