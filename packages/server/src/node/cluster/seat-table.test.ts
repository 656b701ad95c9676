import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_LIMITS } from "../../access/seats/seat-limits.ts";
import type { SeatLimits, SeatRequest, SeatsUpdate } from "../../access/seats/seat-messages.ts";
import { ManualClock } from "../../platform/clock.ts";
import { leastEventLoopDelay, TESTED_HOLD_MS } from "../../platform/test-event-loop-delay.ts";
import { SeatSharing } from "./seat-sharing.ts";
import { SeatTable } from "./seat-table.ts";

const ONE: SeatLimits = { most: null, perViewer: 1, over: "refuse-newest" };
const ends: SeatLimits = { ...ONE, over: "end-oldest" };

const request = (id: string, over: Partial<SeatRequest> = {}): SeatRequest => ({
  id,
  of: "live/math",
  viewer: "anna",
  device: id,
  limits: ONE,
  trial: NO_LIMITS,
  since: null,
  isProbe: false,
  ...over,
});

/** A table alone, and what it told. */
function alone() {
  const told: string[] = [];
  const clock = new ManualClock();
  const events = {
    changed: () => {},
    left: () => {},
    lost: (seat: { readonly id: string }, because: string) => void told.push(`${seat.id} ${because}`),
    counted: (of: string) => void told.push(`${of}: ${table.countOf(of)}`),
  };
  const table: SeatTable = new SeatTable(events, clock);
  const take = (id: string, over: Partial<SeatRequest> = {}, worker = "media-1") => table.take(worker, request(id, over)).denied;
  return { table, told, clock, take };
}

test("the newest is refused, or the oldest ended, by the rule; a seat that is left is free", () => {
  const { table, told, take } = alone();
  assert.deepEqual(
    [take("a"), take("b"), take("c", { viewer: "ben" }), take("d", { of: "live/art" })],
    [null, "perViewer", null, null],
  );
  table.leave("a");
  assert.equal(take("b"), null);
  assert.deepEqual(told, []);
  assert.equal(take("e", { limits: ends }), null, "a newer rule");
  assert.deepEqual(told, ["b ended"]);
});

test("viewers without a link have no limit each, but count for all", () => {
  const { table, take, told } = alone();
  const limits = { ...ONE, most: 2 };
  const nobody = { viewer: null, limits };
  assert.deepEqual([take("a", nobody), take("b", nobody), take("c", nobody)], [null, null, "most"]);
  table.leave("a");
  assert.equal(take("c", nobody), null);
  table.takeCounts("other", [["live/math", 1]]);
  table.leave("b");
  assert.equal(take("d", nobody), "most", "with the viewer of the other node");
  table.takeCounts("other", [["live/math", 0]]);
  assert.equal(take("d", nobody), null);
  assert.deepEqual(told.at(-1), "live/math: 2");
});

test("the same device takes over its seat, and its session is told to have lost it", () => {
  const { take, told } = alone();
  assert.deepEqual([take("a", { device: "x" }), take("b", { device: "x" }), take("c")], [null, null, "perViewer"]);
  assert.deepEqual(told, ["a taken-over"]);
});

test("a probe takes nothing and ends nothing", () => {
  const { take, told, table } = alone();
  assert.equal(take("a", { isProbe: true }), null);
  assert.equal(table.isEmpty, true);
  take("b", { limits: ends });
  assert.equal(take("c", { limits: ends, isProbe: true }), null);
  assert.deepEqual([told, take("d", { isProbe: true })], [[], "perViewer"]);
});

test("limits in dry-run deny nobody, and are told", () => {
  const { table } = alone();
  const trial = { limits: NO_LIMITS, trial: { ...ONE, most: 2 } };
  const answers = ["a", "b", "c"].map((id) => table.take("media-1", request(id, { ...trial, viewer: id === "c" ? null : "anna" })));
  assert.deepEqual(answers, [
    { denied: null, trial: null },
    { denied: null, trial: "perViewer" },
    { denied: null, trial: "most" },
  ]);
});

test("an admission that was open before its rule has a seat by its own time", () => {
  const { table, take, told, clock } = alone();
  take("new");
  table.take("media-1", request("old", { since: clock.utc() - 1000 }));
  assert.deepEqual(told, ["new ended"]);
});

test("changed limits of a seat hold at once", () => {
  const { table, take, told } = alone();
  const two = { limits: { ...ONE, perViewer: 2 } };
  assert.deepEqual([take("a", two), take("b", two)], [null, null]);
  table.take("media-1", request("b"));
  assert.deepEqual(told, ["b ended"]);
});

test("a worker's seats are free when it dies; its sessions rest, go on elsewhere, or give way", async () => {
  const { table, take, told } = alone();
  take("a");
  take("b", { viewer: "ben" });
  table.name("b", 7, true);
  take("c", { viewer: "cleo" }, "media-2");
  const gone = table.workerGone("media-1");
  assert.equal(take("a2"), null, "a new worker of the same name");
  await gone;
  assert.equal(take("a3"), "perViewer");
  assert.equal(take("c2", { viewer: "cleo" }), "perViewer");
  table.seen([7]);
  assert.equal(take("b2", { viewer: "ben" }), "perViewer", "the session is in use");
  await table.workerGone("media-1");
  assert.deepEqual(told, []);
});

test("a session that nobody uses rests after a while, gives way then, and is lost after an hour", () => {
  const { table, take, told, clock } = alone();
  take("a");
  assert.equal(table.name("a", 7, false), true);
  clock.advance(20_000);
  table.seen([7, 8]);
  clock.advance(20_000);
  table.sweep();
  assert.equal(take("b"), "perViewer");
  clock.advance(20_000);
  table.sweep();
  table.seen([7]);
  assert.equal(take("b"), "perViewer", "it is in use again");
  clock.advance(40_000);
  table.sweep();
  assert.equal(take("b"), null);
  assert.deepEqual(told, ["a ended"]);
  table.leave("b");
  take("c");
  table.name("c", 9, true);
  table.rest("c", true);
  clock.advance(3_600_001);
  table.sweep();
  assert.deepEqual(told, ["a ended", "c ended"]);
  assert.equal(table.name("c", 9, true), false);
  assert.equal(table.isEmpty, true);
});

/** Nodes that tell each other of seats; what they send waits until it is delivered. */
function cluster(...names: readonly string[]) {
  const clock = new ManualClock();
  const wire: { readonly to: string; readonly deliver: () => void }[] = [];
  const lost: string[] = [];
  const nodes = new Map(
    names.map((name) => {
      const events = {
        changed: (seat: Parameters<SeatSharing["changed"]>[0]) => sharing.changed(seat),
        left: (seat: Parameters<SeatSharing["left"]>[0]) => sharing.left(seat),
        counted: (of: string) => sharing.counted(of),
        lost: ({ id }: { readonly id: string }) => void lost.push(id),
      };
      const table: SeatTable = new SeatTable(events, clock);
      const send = (to: string, update: SeatsUpdate) => void wire.push({ to, deliver: () => nodes.get(to)?.sharing.take(update) });
      const sharing: SeatSharing = new SeatSharing(table, {
        self: () => ({ id: name, instance: `${name}-1` }),
        ended: () => [],
        send,
        sendMissed: (to) => void wire.push({ to, deliver: () => nodes.get(to)?.sharing.sendAll(name) }),
      });
      return [name, { table, sharing }];
    }),
  );
  const meet = (one: string, other: string, state: "up" | "gone" = "up") => {
    nodes.get(one)?.sharing.memberChanged({ id: other, state, instance: `${other}-1` });
    nodes.get(other)?.sharing.memberChanged({ id: one, state, instance: `${one}-1` });
  };
  for (const one of names) for (const other of names) if (one < other) meet(one, other);
  /** Delivers all that is sent, until nothing more is. */
  const settle = async (isLost: (to: string) => boolean = () => false) => {
    for (let quiet = 0; quiet < 5; quiet++) {
      await new Promise((resolve) => setTimeout(resolve, 12));
      for (const { to, deliver } of wire.splice(0)) {
        quiet = 0;
        if (!isLost(to)) deliver();
      }
    }
  };
  const at = (name: string) => {
    const node = nodes.get(name);
    assert.ok(node);
    return node;
  };
  const take = (name: string, id: string, over: Partial<SeatRequest> = {}) =>
    at(name).table.take("media-1", request(id, over)).denied;
  return { at, take, settle, meet, lost };
}

for (const limits of [ONE, ends])
  test(`of those who came to three nodes at the same moment one stays: ${limits.over}`, async () => {
    const { take, settle, lost } = cluster("a", "b", "c");
    await settle();
    assert.deepEqual([take("a", "1", { limits }), take("b", "2", { limits }), take("c", "3", { limits })], [null, null, null]);
    await settle();
    assert.equal(lost.length, 2);
    assert.equal(new Set(lost).size, 2);
    if (limits === ONE) for (const name of ["a", "b", "c"]) assert.equal(take(name, `late ${name}`, { limits }), "perViewer");
  });

test("a device takes over its seat at another node", async () => {
  const { take, settle, lost, at } = cluster("a", "b");
  await settle();
  take("a", "1", { device: "x" });
  await settle();
  assert.equal(take("b", "2", { device: "x" }), null);
  await settle();
  assert.deepEqual([lost, at("a").table.get("1"), take("a", "3")], [["1"], null, "perViewer"]);
});

test("the seats of a node that is gone are free, and those of one that comes back count again", async () => {
  const { take, settle, meet, lost } = cluster("a", "b");
  await settle();
  assert.equal(take("b", "2"), null);
  await settle();
  assert.equal(take("a", "1"), "perViewer");
  meet("a", "b", "gone");
  assert.equal(take("a", "1"), null);
  meet("a", "b");
  await settle();
  assert.deepEqual(lost, ["1"], "the older one stays");
});

test("a lost update is noticed with the next one, or some seconds later, and all seats are sent again", async () => {
  const { at, take, settle } = cluster("a", "b");
  await settle();
  take("a", "1");
  take("a", "2", { viewer: null, limits: { ...ONE, most: 2 } });
  await settle((to) => to === "b");
  assert.equal(at("b").table.get("1"), null);
  for (let second = 0; second < 5; second++) at("a").sharing.poll();
  await settle();
  assert.equal(take("b", "3"), "perViewer");
  assert.equal(take("b", "4", { viewer: null, limits: { ...ONE, most: 2 } }), "most");
  at("a").table.leave("1");
  await settle((to) => to === "b");
  take("a", "5", { viewer: "ben" });
  await settle();
  assert.equal(take("b", "3"), null);
  assert.equal(take("b", "6", { viewer: "ben" }), "perViewer");
});

test("thousands of seats of a worker or node go without holding the event loop", async () => {
  let table = full();
  const longest = await leastEventLoopDelay(
    () => Promise.all([table.workerGone("media-1"), table.nodeGone("b")]),
    () => {
      table = full();
    },
  );
  assert.equal(table.isEmpty, true);
  assert.ok(longest < TESTED_HOLD_MS, `${longest} ms of CPU between two turns of the loop`);
});

/** With seats of a worker and of another node. */
function full() {
  const { table } = alone();
  for (let i = 0; i < 20_000; i++) table.take("media-1", request(`own ${i}`, { viewer: `${i}` }));
  const { limits } = request("");
  const shared = (id: number) => ({
    id: `other ${id}`,
    of: "live/math",
    viewer: `${id}`,
    device: "x",
    limits,
    since: 0,
    turn: 0,
    isResting: false,
  });
  table.takeOthers(
    "b",
    Array.from({ length: 20_000 }, (_, i) => shared(i)),
    [],
  );
  return table;
}
