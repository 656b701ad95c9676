/** What the tools of a room show at a time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEntry, type WireEntry } from "@lectern/room";
import { hasTools } from "./has-tools.ts";
import { shownTools } from "./shown-tools.ts";

const NOW = Date.parse("2026-12-01T09:00:00Z");
let seq = 0;

function entry(kind: string, key: string, body: object, at = NOW): WireEntry[] {
  return parseEntry({ epoch: "e", seq: ++seq, at, kind, key, ...body });
}

/** Like a room with these entries, the newest of each key. */
function roomWith(...entries: readonly WireEntry[]) {
  return {
    one: (key: string) => entries.findLast((one) => one.key === key) ?? null,
    held: (kind: string) => entries.filter(({ key }) => key?.startsWith(`${kind}/`)),
  };
}

const timer = (length: number | null, elapsed: number, since: number | null) => entry("timer", "timer", { length, elapsed, since });
const star = (person: string, given: number, at: number) =>
  entry("star", `star/${person}`, { person, personName: person, personRole: "guest", count: 4, given }, at);

test("a room without entries of tools has none, and shows none", () => {
  const room = roomWith();
  assert.equal(hasTools(room), false);
  assert.deepEqual(shownTools(room, NOW), {
    timer: null,
    picked: null,
    dice: null,
    order: null,
    groups: null,
    stars: [],
    isPassing: false,
  });
});

test("the last second of a timer is shown as 1, its end as 0 for a minute, and then nothing", () => {
  const room = roomWith(...timer(60_000, 0, NOW));
  const at = (seconds: number) => shownTools(room, NOW + seconds * 1000);
  const running = { isStopwatch: false, isPaused: false, isOver: false };
  assert.ok(hasTools(room));
  assert.deepEqual(at(0).timer, { ...running, seconds: 60 });
  assert.deepEqual(at(59.2).timer, { ...running, seconds: 1 });
  assert.deepEqual(at(60).timer, { ...running, seconds: 0, isOver: true });
  assert.deepEqual([at(119).timer?.isOver, at(121).timer, at(121).isPassing], [true, null, false]);
});

test("a paused timer stands, and the page need not look at it again", () => {
  const room = roomWith(...timer(60_000, 20_000, null));
  const { timer: shown, isPassing } = shownTools(room, NOW + 1e9);
  assert.deepEqual([shown?.seconds, shown?.isPaused, isPassing], [40, true, false]);
});

test("a stopwatch counts whole seconds up", () => {
  const { timer: shown } = shownTools(roomWith(...timer(null, 5000, NOW)), NOW + 2900);
  assert.deepEqual([shown?.seconds, shown?.isStopwatch], [7, true]);
});

test("a name that was picked is shown for a minute, also where the page's time is a little before it", () => {
  const body = { person: "p", personName: "Anna", personRole: "member", picked: 1, left: 3 };
  const room = roomWith(...entry("pick", "pick", body));
  assert.equal(shownTools(room, NOW - 300).picked?.name, "Anna");
  assert.equal(shownTools(room, NOW + 59_000).picked?.name, "Anna");
  assert.equal(shownTools(room, NOW + 60_000).picked, null);
});

test("the three newest stars are shown for a quarter of a minute; what was taken back is not", () => {
  const given = ["a", "b", "c", "d"].flatMap((person, i) => star(person, 1, NOW + i));
  const room = roomWith(...given, ...star("e", -1, NOW));
  assert.deepEqual(
    shownTools(room, NOW + 1000).stars.map(({ person }) => person),
    ["d", "c", "b"],
  );
  assert.deepEqual(shownTools(room, NOW + 16_000).stars, []);
});

test("dice are shown for twenty seconds, and an order of speakers until its end", () => {
  const people = ["Anna", "Ben"].map((name) => ({ person: name, name, role: "guest" }));
  const room = roomWith(...entry("dice", "dice", { values: [3, 4], sides: 6 }), ...entry("order", "order", { people, place: 1 }));
  assert.ok(hasTools(room));
  assert.deepEqual(shownTools(room, NOW + 19_000).dice?.values, [3, 4]);
  const later = shownTools(room, NOW + 1e9);
  assert.deepEqual([later.dice, later.order?.people[later.order.place]?.name, later.isPassing], [null, "Ben", false]);
});

test("of a person who was erased nothing is shown", () => {
  const gone = { deleted: true };
  const room = roomWith(...entry("pick", "pick", gone), ...entry("star", "star/p", gone));
  assert.deepEqual([shownTools(room, NOW).picked, shownTools(room, NOW).stars], [null, []]);
});
