import assert from "node:assert/strict";
import { test } from "node:test";
import { CountermeasuresInForce } from "./countermeasures-in-force.ts";
import { ExemptAddresses } from "./exempt-addresses.ts";

function open(exempt: readonly string[] = []) {
  const clock = { ms: 1000 };
  const measures = new CountermeasuresInForce({ isExempt: (ip) => exempt.includes(ip), now: () => clock.ms });
  return { clock, measures };
}

test("a measure holds until its time, for its address and for all of an IPv6 network of 64 bits", () => {
  const { clock, measures } = open(["10.0.0.2"]);
  const until = 2000;
  measures.take(
    [
      { owner: "10.0.0.1", measure: "slow", until },
      { owner: "10.0.0.2", measure: "refuse", until },
      { owner: "2001:db8:0:0::/64", measure: "challenge", until },
      { owner: "10.0.0.3", measure: "refuse", until: 1000 },
    ],
    false,
  );
  const of = (...ips: readonly string[]) => ips.map((ip) => measures.of(ip));
  const ips = ["10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2", "2001:db8::7", "10.0.0.3", "10.0.0.4"];
  assert.deepEqual(of(...ips), ["slow", "slow", null, "challenge", null, null]);
  clock.ms = until;
  assert.deepEqual(of("10.0.0.1", "2001:db8::7"), [null, null]);
});

test("a later measure replaces an earlier one, one in the past ends it, and a whole table ends all others", () => {
  const { measures } = open();
  const until = 2000;
  measures.take([{ owner: "a", measure: "slow", until }], false);
  measures.take([{ owner: "a", measure: "refuse", until }], false);
  measures.take([{ owner: "b", measure: "slow", until }], false);
  assert.deepEqual([measures.of("a"), measures.of("b")], ["refuse", "slow"]);
  measures.take([{ owner: "a", measure: "slow", until: 0 }], false);
  assert.deepEqual([measures.of("a"), measures.of("b")], [null, "slow"]);
  measures.take([{ owner: "c", measure: "slow", until }], true);
  assert.deepEqual([measures.of("b"), measures.of("c")], [null, "slow"]);
  measures.take([], true);
  assert.equal(measures.of("c"), null);
});

test("addresses are exempt by the configuration, by network, by list, and for a time", () => {
  const clock = { ms: 1000 };
  const exempt = new ExemptAddresses({ isListed: (list, ip) => (list === "L" ? ip === "10.9.0.1" : null), now: () => clock.ms });
  exempt.configure(["192.0.2.0/24"]);
  exempt.take([
    { id: "1", network: "10.0.0.0/16", until: null },
    { id: "2", network: "2001:db8::/32", until: 2000 },
    { id: "3", network: "list:L", until: null },
    { id: "4", network: "list:gone", until: null },
    { id: "5", network: "written by a later version", until: null },
  ]);
  const has = (...ips: readonly string[]) => ips.map((ip) => exempt.has(ip));
  const ips = ["192.0.2.7", "10.0.3.4", "10.1.0.1", "2001:db8::1", "10.9.0.1", "10.9.0.2"];
  assert.deepEqual(has(...ips), [true, true, false, true, true, false]);
  clock.ms = 2000;
  assert.deepEqual(has("2001:db8::1", "10.0.0.1"), [false, true]);
  exempt.configure([]);
  exempt.take([]);
  assert.deepEqual(has("192.0.2.7", "10.0.0.1"), [false, false]);
});
