import assert from "node:assert/strict";
import { test } from "node:test";
import type { BlockedAddress } from "../../access/protection/protection-messages.ts";
import { CountermeasureSharing } from "./countermeasure-sharing.ts";

const NOW = 1_700_000_000_000;

/** Nodes that send each other everything, unless a test loses it. */
function nodes(...names: readonly string[]) {
  const clock = { ms: NOW };
  const lost = new Set<string>();
  const changed: string[] = [];
  const own = new Map<string, BlockedAddress[]>(names.map((name) => [name, []]));
  const all = new Map<string, CountermeasureSharing>();
  const send = (to: string, update: Parameters<CountermeasureSharing["take"]>[0]): void => {
    if (lost.has(to)) return;
    for (const { owner } of all.get(to)?.take(JSON.parse(JSON.stringify(update))) ?? []) changed.push(`${to} ${owner}`);
  };
  for (const self of names)
    all.set(
      self,
      new CountermeasureSharing({
        self,
        own: () => own.get(self) ?? [],
        now: () => clock.ms,
        send,
        sendAll: (update) => {
          for (const name of names) if (name !== self) send(name, update);
        },
      }),
    );
  const of = (name: string): CountermeasureSharing => {
    const sharing = all.get(name);
    assert.ok(sharing);
    return sharing;
  };
  const hold = (node: string, owner: string, over: Partial<BlockedAddress> = {}): void => {
    const held = { ...measure(node, owner), ...over };
    own.set(node, [...(own.get(node) ?? []).filter((one) => one.owner !== owner), held]);
    of(node).changed(held);
  };
  const poll = (seconds = 1): void => {
    for (let i = 0; i < seconds; i++) {
      clock.ms += 1000;
      for (const sharing of all.values()) sharing.poll();
    }
  };
  const known = (node: string) => of(node).others.map(({ owner }) => owner);
  return { clock, lost, changed, own, of, hold, poll, known };
}

const measure = (node: string, owner: string): BlockedAddress => ({
  owner,
  measure: "refuse",
  points: 500,
  because: [],
  about: null,
  isTrial: false,
  node,
  since: NOW,
  until: NOW + 600_000,
});
const up = (id: string, instance = "1") => ({ id, state: "up", instance }) as const;

test("other nodes know of a measure within a second, and until its time is over", () => {
  const { hold, poll, known, clock } = nodes("a", "b", "c");
  hold("a", "10.0.0.1");
  poll();
  assert.deepEqual([known("a"), known("b"), known("c")], [[], ["10.0.0.1"], ["10.0.0.1"]]);
  clock.ms = NOW + 600_000;
  assert.deepEqual(known("b"), []);
});

test("a node that has come gets all measures, and one that missed an update gets them with the next repetition", () => {
  const { hold, poll, known, of, lost } = nodes("a", "b");
  lost.add("b");
  for (let i = 0; i < 1000; i++) hold("a", `10.0.${i >> 8}.${i & 255}`);
  poll();
  assert.equal(known("b").length, 0);
  lost.clear();
  poll(30);
  assert.equal(known("b").length, 1000);
  const late = nodes("a", "b");
  late.hold("a", "10.0.0.1");
  late.of("a").memberChanged(up("b"));
  assert.deepEqual(late.known("b"), ["10.0.0.1"]);
  of("a").memberChanged(up("a"));
  assert.equal(known("a").length, 0);
});

test("a measure that has ended ends at other nodes, also where the message of its end was lost", () => {
  const { hold, poll, known, own, of, lost, clock, changed } = nodes("a", "b");
  hold("a", "ended");
  hold("a", "lost");
  poll();
  own.set("a", []);
  of("a").changed({ ...measure("a", "ended"), until: clock.ms });
  poll();
  assert.deepEqual(known("b"), ["lost"]);
  lost.add("b");
  of("a").changed({ ...measure("a", "lost"), until: clock.ms });
  poll();
  lost.clear();
  poll(60);
  assert.deepEqual(known("b"), []);
  assert.ok(changed.includes("b lost"));
});

test("measures of a node that is gone go on; a released address is free of all", () => {
  const { hold, poll, known, of } = nodes("a", "b", "c");
  hold("a", "10.0.0.1");
  hold("b", "10.0.0.1", { measure: "slow" });
  poll();
  of("c").memberChanged({ id: "a", state: "gone", instance: "1" });
  assert.deepEqual(known("c"), ["10.0.0.1", "10.0.0.1"]);
  assert.equal(of("c").release("10.0.0.1").length, 2);
  assert.deepEqual(known("c"), []);
});

test("another node cannot make this one hold more than a bounded number", () => {
  const { of, known } = nodes("a", "b");
  const held = Array.from({ length: 20_000 }, (_, i) => measure("b", `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`));
  of("a").take({ node: "b", held, replaces: true });
  assert.equal(known("a").length, 5000);
});
