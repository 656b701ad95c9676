import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "../../platform/config/load.ts";
import { AddressLimits } from "./address-limits.ts";

test("connections are limited for each address on its own", () => {
  const limits = new AddressLimits(() => ({ connections: 2, connectionsPerSecond: 100_000, requestsPerSecond: 10 }));
  assert.deepEqual(
    ["a", "a", "a", "b"].map((ip) => limits.connect(ip)),
    [true, true, false, true],
  );
  limits.disconnect("a");
  assert.equal(limits.connect("a"), true);
});

test("requests are limited on average, with room for a burst", () => {
  let now = 0;
  const limits = new AddressLimits(() => ({ connections: 2, connectionsPerSecond: 100_000, requestsPerSecond: 10 }), {
    now: () => now,
  });
  const asked = (count: number) => Array.from({ length: count }, () => limits.request("a")).filter(Boolean).length;
  assert.equal(asked(100), 20);
  now += 500;
  assert.equal(asked(100), 5);
});

test("addresses of one IPv6 network of 64 bits share their limits", () => {
  const limits = new AddressLimits(() => ({ connections: 2, connectionsPerSecond: 100_000, requestsPerSecond: 10 }));
  const connect = (...addresses: readonly string[]) => addresses.map((ip) => limits.connect(ip));
  assert.deepEqual(connect("2001:db8::1", "2001:db8::2", "2001:db8::ffff:3"), [true, true, false]);
  assert.deepEqual(connect("2001:db8:0:1::1", "10.0.0.1", "10.0.0.2"), [true, true, true]);
  limits.disconnect("2001:db8::2");
  assert.deepEqual(connect("2001:db8::9", "2001:db8::a"), [true, false]);
});

test("the account of an idle address is dropped", () => {
  let now = 0;
  const limits = new AddressLimits(() => ({ connections: 2, connectionsPerSecond: 100_000, requestsPerSecond: 10 }), {
    now: () => now,
  });
  limits.connect("a");
  limits.request("a");
  now += 10_000;
  limits.disconnect("a");
  limits.disconnect("a");
  assert.equal(limits.connect("a"), true);
});

test("new connections are limited on average, with room for as many at once as may be open", () => {
  let now = 0;
  const over: string[] = [];
  const limits = new AddressLimits(() => ({ connections: 4, connectionsPerSecond: 2, requestsPerSecond: 10 }), {
    now: () => now,
    onOver: (address, what) => over.push(`${address} ${what}`),
  });
  const opened = (count: number) =>
    Array.from({ length: count }, () => {
      const isOpen = limits.connect("a");
      if (isOpen) limits.disconnect("a");
      return isOpen;
    }).filter(Boolean).length;
  assert.equal(opened(6), 4);
  assert.deepEqual(over, ["a connections", "a connections"]);
  now += 1000;
  assert.equal(opened(6), 2);
  assert.equal(limits.connect("b"), true);
});

test("a thousand students behind one address who open six connections each within ten seconds are not refused", () => {
  let now = 0;
  const { perAddress } = loadConfig({ file: null, env: {}, set: [] }).limits;
  const limits = new AddressLimits(() => perAddress, { now: () => now });
  for (let i = 0; i < 6000; i++) {
    now = (i * 10_000) / 6000;
    assert.ok(limits.connect("10.0.0.1"), `connection ${i}`);
  }
});

test("an address that is refused gets few new connections", () => {
  let now = 0;
  const held = new Set(["a"]);
  const limits = new AddressLimits(() => ({ connections: 1000, connectionsPerSecond: 1000, requestsPerSecond: 10 }), {
    now: () => now,
    isRefused: (owner) => held.has(owner),
  });
  const opened = (ip: string, count: number) => Array.from({ length: count }, () => limits.connect(ip)).filter(Boolean).length;
  assert.deepEqual([opened("a", 500), opened("b", 500)], [50, 500]);
  now += 1000;
  assert.equal(opened("a", 500), 10);
  held.clear();
  now += 1000;
  assert.equal(opened("a", 500), 500);
});
