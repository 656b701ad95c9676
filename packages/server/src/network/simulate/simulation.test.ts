import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { rare } from "../../../../../e2e/long-tests.ts";
import { pageOf } from "./report.ts";
import { type Scenario, scenarioSchema } from "./scenario.ts";
import { Simulation } from "./simulation.ts";

const SCENARIOS = new URL("../../../scenarios/", import.meta.url);
const shipped = (file: string): Scenario => scenarioSchema.parse(parse(readFileSync(new URL(file, SCENARIOS), "utf8")));

/** A scenario on a tenth of its nodes, or, where it has few, on nodes of a quarter of their size, with as much less of its viewers and streams. */
function smaller({ fleet, arrivals, ...rest }: Scenario): Scenario {
  const hasManyNodes = fleet.reduce((sum, { count }) => sum + count, 0) > 100;
  const times = hasManyNodes ? 10 : 4;
  return {
    ...rest,
    fleet: fleet.map((group) =>
      hasManyNodes
        ? { ...group, count: Math.ceil(group.count / times), min: group.min && Math.ceil(group.min / times) }
        : { ...group, capacityMbps: group.capacityMbps / times, maxConnections: group.maxConnections / times },
    ),
    arrivals: arrivals.map((group) => ({
      ...group,
      viewers: group.viewers / times,
      streams: Math.ceil(group.streams / times),
    })),
  };
}

function assertLossIsOvercome(scenario: Scenario, viewers: number): void {
  const result = new Simulation(scenario).run();
  assert.equal(result.viewers, viewers);
  assert.equal(result.overLimit, 0);
  assert.ok(result.carrierKept / result.carrierHadRoom >= 0.99, `${result.carrierKept} of ${result.carrierHadRoom}`);
  assert.ok(result.copies > 0 && result.copies <= result.edgesTimesPaths, `${result.copies}, ${result.edgesTimesPaths}`);
  assert.ok(result.recoveryMs && result.recoveryMs.p99 < 3000, JSON.stringify(result.recoveryMs));
  assert.deepEqual([result.left, result.rejected], [0, 0]);
  assert.equal(result.seconds.at(-1)?.watching, viewers);
}

test("a hundred thousand viewers on 50 edges, a tenth of which are lost: nobody is too full, carriers are kept, all watch again within 3 s", () =>
  assertLossIsOvercome(smaller(shipped("million.yaml")), 100_000));

rare("a million viewers on 500 edges overcome the loss of a tenth of them as well", () =>
  assertLossIsOvercome(shipped("million.yaml"), 1_000_000),
);

test("an autoscaler starts edges before the lessons of the timetable and stops them afterwards: nobody is refused, and the edges cost less than all of them all the time", () => {
  const { scaled, rejected, left, overLimit, seconds } = new Simulation(smaller(shipped("autoscaler.yaml"))).run();
  assert.deepEqual([rejected, left, overLimit], [0, 0, 0]);
  assert.ok(scaled && scaled.nodeHours < scaled.fixedHours * 0.7, JSON.stringify(scaled));
  const nodesAt = (second: number) => seconds[second]?.nodes ?? 0;
  // Before anybody comes there are the fewest; before a lesson begins there is room for its people, and in the end there are the fewest again.
  assert.ok(
    nodesAt(0) < nodesAt(190) && nodesAt(190) < nodesAt(990) && nodesAt(2100) === nodesAt(0),
    `${nodesAt(190)} ${nodesAt(990)}`,
  );
});

test("the other scenarios that come with the program are played to their ends with fewer viewers, and nobody is left over", () => {
  const files = readdirSync(SCENARIOS).filter((file) => file !== "million.yaml");
  assert.ok(files.length >= 5);
  for (const file of files) {
    const scenario = smaller(shipped(file));
    const result = new Simulation(scenario).run();
    assert.deepEqual([result.overLimit, result.left], [0, 0], file);
    if (scenario.events.length > 0) assert.ok(result.recoveryMs && result.recoveryMs.p99 < 3000, file);
  }
});

const SMALL: Scenario = scenarioSchema.parse({
  title: "small & <simple>",
  seconds: 30,
  fleet: [
    { name: "o", count: 1, roles: ["origin"] },
    { name: "t", count: 3, carriers: ["telecom"], capacityMbps: 100 },
    { name: "u", count: 1, carriers: ["unicom"], capacityMbps: 100 },
  ],
  arrivals: [{ over: 10, viewers: 300, mbps: 1, streams: 3, from: [{ carrier: "telecom", share: 1 }] }],
  events: [{ at: 15, lose: { name: "t-1" }, backAfter: 5 }],
});

test("the same seed gives the same run, another one another", () => {
  const run = (seed: number) => JSON.stringify(new Simulation({ ...SMALL, seed }).run());
  assert.equal(run(1), run(1));
  assert.notEqual(run(1), run(2));
});

test("when more come than there is room for, they are told so, and come in when others have left", () => {
  const arrivals = [{ ...SMALL.arrivals[0]!, viewers: 1000, staySeconds: 12 }];
  const result = new Simulation({ ...SMALL, arrivals, events: [] }).run();
  assert.ok(result.rejected > 100, `${result.rejected}`);
  assert.equal(result.overLimit, 0);
  assert.ok(result.fullest <= 1);
});

test("a line that is cut stops those whose node is on its other side, until they find another, or it is mended", () => {
  const arrivals = [{ ...SMALL.arrivals[0]!, viewers: 330 }];
  const events = [{ at: 15, cut: { from: "unicom", to: "telecom" }, backAfter: 5 }];
  const run = (fleet: Scenario["fleet"]) => new Simulation({ ...SMALL, arrivals, events, fleet }).run();
  const alone = run(SMALL.fleet);
  const at = ({ seconds }: typeof alone, second: number) => seconds[second]!.waiting;
  assert.ok(at(alone, 14) === 0 && at(alone, 18) > 20 && alone.left === 0, `${at(alone, 14)} ${at(alone, 18)} ${alone.left}`);
  assert.ok(
    alone.recoveryMs && alone.recoveryMs.longest > 4000 && alone.recoveryMs.longest < 11_000,
    `${alone.recoveryMs?.longest}`,
  );
  const other = run([...SMALL.fleet, { ...SMALL.fleet[2]!, name: "m", carriers: ["mobile"] }]);
  assert.ok(other.recoveryMs && other.recoveryMs.longest < 4500, `${other.recoveryMs?.longest}`);
});

test("the page with plots stands by itself, and shows what a scenario is called as text", () => {
  const page = pageOf(new Simulation(SMALL).run());
  assert.match(page, /<svg/);
  assert.match(page, /small &#38; &#60;simple&#62;/);
  assert.doesNotMatch(page, /<script|https?:\/\/(?!www\.w3\.org)/);
});

test("a scenario that makes no sense is refused with the place of the mistake", () => {
  const wrong = scenarioSchema.safeParse({ ...SMALL, seconds: -1, fleet: [] });
  assert.deepEqual(wrong.error?.issues.map(({ path }) => path.join(".")).sort(), ["fleet", "seconds"]);
});
