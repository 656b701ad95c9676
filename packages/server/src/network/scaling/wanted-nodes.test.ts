import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { type ScalingSettings, scalingSchema } from "../../platform/config/scaling-schema.ts";
import { type Expectation, type SizedNode, WantedNodes } from "./wanted-nodes.ts";

const NOBODY: Expectation = { people: 0, mbps: 2 };
const MINUTE = 60_000;

const node = (of: Partial<SizedNode> = {}): SizedNode => ({
  id: "edge",
  roles: ["edge"],
  region: "north",
  state: "up",
  capacityMbps: 1000,
  usedMbps: 0,
  maxConnections: 20_000,
  connections: 0,
  ...of,
});
const settings = (of: object = {}): ScalingSettings =>
  scalingSchema.parse({ spare: 0, groups: [{ role: "edge", region: "north" }], ...of });
const deciding = (of: object = {}) => new WantedNodes(() => settings(of));
const wantedOf = (nodes: readonly SizedNode[], expected = NOBODY, of: object = {}) => deciding(of).take(0, nodes, expected)[0];

test("as many nodes are wanted as fill to the configured share, by their lines or their connections, with a spare", () => {
  assert.equal(wantedOf([node({ usedMbps: 600 })])?.wanted, 1);
  assert.equal(wantedOf([node({ usedMbps: 601 })])?.wanted, 2);
  assert.equal(wantedOf([node({ connections: 12_001 })])?.wanted, 2);
  assert.equal(wantedOf([node({ usedMbps: 601 })], NOBODY, { spare: 2 })?.wanted, 4);
  // Those that are gone carry nobody; the viewers of those that drain go to the others.
  assert.deepEqual(
    [
      wantedOf([node(), node({ usedMbps: 900, state: "gone" })])?.wanted,
      wantedOf([node(), node({ usedMbps: 900, state: "draining" })]),
    ],
    [
      1,
      {
        role: "edge",
        region: "north",
        nodes: 1,
        draining: 1,
        wanted: 2,
        needed: 2,
        min: 1,
        max: 100,
        load: 0,
        expectedPeople: 0,
        reason: "load",
        surplus: [],
      },
    ],
  );
});

test("the emptiest of the nodes are the ones too many, and none that does something else besides", () => {
  const nodes = [
    node({ id: "busy", connections: 900, usedMbps: 100 }),
    node({ id: "quiet", connections: 5, roles: ["edge", "probe"] }),
    node({ id: "quieter", connections: 1, roles: ["edge", "origin"] }),
    node({ id: "all", connections: 0, roles: [] }),
    node({ id: "leaving", connections: 0, state: "draining" }),
    node({ id: "half", connections: 50 }),
  ];
  const decided = deciding({ holdMinutes: 0 });
  decided.take(0, nodes, NOBODY);
  const edges = decided.take(1, nodes, NOBODY)[0];
  assert.deepEqual([edges?.nodes, edges?.wanted, edges?.surplus], [5, 1, ["quiet", "half", "busy"]]);
});

test("people of the timetable count before they are there, in each region by its share", () => {
  const groups = [
    { role: "edge", region: "north", min: 1, max: 50 },
    { role: "edge", region: "south", min: 3, max: 50 },
    { role: "origin", region: "north", min: 2 },
  ];
  const [north, south, origins] = deciding({ groups }).take(0, [node()], { people: 2400, mbps: 2 });
  // 600 and 1800 people are 1.2 and 3.6 Gbps, of nodes that are filled to 600 Mbps.
  assert.deepEqual([north?.wanted, south?.wanted, origins?.wanted], [2, 6, 2]);
  assert.deepEqual([north?.expectedPeople, south?.expectedPeople, origins?.expectedPeople], [600, 1800, 0]);
  assert.deepEqual([north?.reason, south?.reason, origins?.reason], ["timetable", "timetable", "smallest"]);
  const shared = groups.map((group) => ({ ...group, share: group.region === "north" ? 3 : 1 }));
  assert.deepEqual(
    deciding({ groups: shared })
      .take(0, [], { people: 2400, mbps: 2 })
      .map(({ wanted }) => wanted),
    [6, 3, 2],
  );
});

test("more are wanted at once, fewer only when no more were needed for the whole hold", () => {
  const decided = deciding({ holdMinutes: 15 });
  const at = (minute: number, usedMbps: number) => decided.take(minute * MINUTE, [node({ usedMbps })], NOBODY)[0];
  assert.deepEqual([at(0, 100)?.wanted, at(1, 3000)?.wanted, at(2, 100)?.wanted], [1, 5, 5]);
  assert.equal(at(3, 100)?.reason, "held");
  // A second lesson before the hold is over begins a new one.
  assert.deepEqual([at(14, 1500)?.wanted, at(16.1, 100)?.wanted, at(28, 100)?.wanted, at(29.1, 100)?.wanted], [5, 3, 3, 1]);
});

test("the limits hold whatever is needed, and say that they did", () => {
  const groups = [{ role: "edge", region: "north", min: 2, max: 4 }];
  const idle = wantedOf([node()], NOBODY, { groups });
  const full = wantedOf([node({ usedMbps: 9000 })], NOBODY, { groups });
  assert.deepEqual([idle?.wanted, idle?.reason, full?.wanted, full?.needed, full?.reason], [2, "smallest", 4, 15, "largest"]);
});

test("after a start as many are wanted as there are, until the hold shows that they are not needed", () => {
  const decided = deciding({ holdMinutes: 15 });
  const nodes = Array.from({ length: 7 }, () => node());
  const at = (minute: number) => decided.take(minute * MINUTE, nodes, NOBODY)[0]?.wanted;
  assert.deepEqual([at(0), at(14), at(15)], [7, 7, 1]);
});

test("a role and region that the configuration does not name is decided as well, and the role control is not", () => {
  const groups = deciding({ groups: [] }).take(0, [node({ roles: [], region: "" }), node({ roles: ["control"] })], NOBODY);
  assert.deepEqual(
    groups.map(({ role, region, wanted }) => [role, region, wanted]),
    [
      ["edge", "", 1],
      ["origin", "", 1],
    ],
  );
});

/** A day of 100 000 people: lessons of 45 minutes from 8 to 12 and from 14 to 17, an evening for all, and a talk at noon that is in no timetable. */
const LESSONS: readonly {
  readonly hour: number;
  readonly people: number;
  readonly minutes: number;
  readonly isPlanned: boolean;
}[] = [
  ...[8, 9, 10, 11].map((hour) => ({ hour, people: 40_000, minutes: 45, isPlanned: true })),
  { hour: 12.5, people: 9000, minutes: 30, isPlanned: false },
  ...[14, 15, 16].map((hour) => ({ hour, people: 30_000, minutes: 45, isPlanned: true })),
  { hour: 19, people: 100_000, minutes: 90, isPlanned: true },
];
const STEP_MS = 5000;
const HOUR = 60 * MINUTE;
const ARRIVE_MS = 3 * MINUTE;
const LEAVE_MS = 2 * MINUTE;
const START_MS = 90_000;
const DRAIN_MS = 60_000;
const MBPS = 1.5;
const CAPACITY = 10_000;
/** Dispatch gives a node no more than this. */
const FULL = 0.95;

type Day = { readonly refusedSeconds: number; readonly nodeHours: number; readonly most: number; readonly changes: number };

function peopleAt(now: number): number {
  return LESSONS.reduce((sum, { hour, people, minutes }) => {
    const since = now - hour * HOUR;
    const coming = Math.min(1, Math.max(0, since / ARRIVE_MS));
    const going = Math.min(1, Math.max(0, (since - minutes * MINUTE) / LEAVE_MS));
    return sum + people * (coming - going);
  }, 0);
}

/** Plays the day with an autoscaler that starts a node in 90 seconds and drains one in 60. @param sees whether the timetable is known */
function playDay(sees: boolean, of: object): Day {
  const clock = new ManualClock(0);
  const decided = new WantedNodes(() =>
    settings({ spare: 1, groups: [{ role: "edge", region: "north", min: 2, max: 100 }], ...of }),
  );
  let [up, changes, refusedSeconds, nodeHours, most, before] = [2, 0, 0, 0, 0, 2];
  let starting: number[] = [];
  let draining: number[] = [];
  for (let now = 0; now < 24 * HOUR; now += STEP_MS) {
    const come = starting.filter((at) => at <= now).length;
    starting = starting.filter((at) => at > now);
    draining = draining.filter((at) => at > now);
    up += come;
    const mbps = peopleAt(now) * MBPS;
    if (mbps > up * CAPACITY * FULL) refusedSeconds += STEP_MS / 1000;
    const nodes = Array.from({ length: up }, () =>
      node({ capacityMbps: CAPACITY, usedMbps: Math.min(mbps / up, CAPACITY), connections: Math.min(mbps / MBPS / up, 20_000) }),
    );
    const soon = LESSONS.filter(
      ({ hour, isPlanned }) => isPlanned && sees && hour * HOUR - now <= 10 * MINUTE && now - hour * HOUR < ARRIVE_MS,
    );
    const expected = soon.reduce(
      (sum, { hour, people }) => sum + people * (1 - Math.min(1, Math.max(0, (now - hour * HOUR) / ARRIVE_MS))),
      0,
    );
    const wanted = decided.take(clock.monotonic(), nodes, { people: expected, mbps: MBPS })[0]?.wanted ?? 0;
    if (wanted !== before) changes++;
    before = wanted;
    for (let more = up + starting.length; more < wanted; more++) starting.push(now + START_MS);
    for (; up > wanted; up--) draining.push(now + DRAIN_MS);
    nodeHours += ((up + starting.length + draining.length) * STEP_MS) / HOUR;
    most = Math.max(most, up);
    clock.advance(STEP_MS);
  }
  return { refusedSeconds, nodeHours, most, changes };
}

const toldOf = (t: TestContext, what: string, day: Day): void => {
  const fixed = day.most * 24;
  t.diagnostic(
    `${what}: ${day.most} nodes at most, ${day.nodeHours.toFixed(0)} node-hours of ${fixed} (${((100 * day.nodeHours) / fixed).toFixed(0)} %), ${day.changes} changes, ${day.refusedSeconds} s with refusals`,
  );
};

test("over a day's curve nobody is refused, for less than half of the node-hours of a fixed size, and what is wanted changes seldom", (t) => {
  const day = playDay(true, {});
  toldOf(t, "timetable and load", day);
  assert.equal(day.refusedSeconds, 0);
  assert.ok(day.nodeHours < day.most * 24 * 0.5, `${day.nodeHours} of ${day.most * 24}`);
  // Each lesson brings steps up as people come, and steps down after the hold.
  assert.ok(day.changes < 200, `${day.changes}`);
  const blind = playDay(false, {});
  toldOf(t, "load alone", blind);
  assert.ok(blind.refusedSeconds > 60, "a lesson's beginning comes faster than nodes do");
  const restless = playDay(true, { holdMinutes: 0 });
  toldOf(t, "without a hold", restless);
  assert.ok(restless.nodeHours < day.nodeHours);
});
