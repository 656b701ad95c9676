import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthOf, lessonsOf, peopleOf } from "./plan.ts";
import { readPlan, readPlanFile } from "./read-plan.ts";

const GOOD = `title: A school day
lessons:
  - { name: maths, count: 2, lasts: 1m, record: true }
people:
  - name: students
    lesson: maths
    count: 20
    arrive: { how: surge, within: 10s }
goals: { firstFrame.p99: 4s, refused: 0 }
`;

function refusalsOf(text: string): readonly string[] {
  const read = readPlan(text, "plan.yaml");
  return "mistakes" in read ? read.mistakes : [];
}

test("durations are milliseconds, and what is left out has its default", () => {
  const read = readPlan(GOOD, "plan.yaml");
  assert.ok("plan" in read, JSON.stringify(read));
  const { plan } = read;
  assert.deepEqual([plan.seed, plan.goals["firstFrame.p99"], plan.people[0]?.watch], [1, 4000, { flv: 1 }]);
  assert.deepEqual([lengthOf(plan), peopleOf(plan), lessonsOf(plan)], [60_000, 20, 2]);
});

test("each mistake has its line and its key", () => {
  assert.deepEqual(refusalsOf(GOOD.replace("count: 20", "cuont: 20")), [
    "plan.yaml:5: people.0.count: Invalid input: expected number, received undefined",
    "plan.yaml:7: people.0.cuont: there is no such key",
  ]);
  assert.deepEqual(refusalsOf(GOOD.replace("lasts: 1m", "lasts: soon")), [
    "plan.yaml:3: lessons.0.lasts: is not a duration such as 500ms, 10s, 5m or 1h",
  ]);
  assert.deepEqual(refusalsOf(GOOD.replace("lesson: maths", "lesson: music")), [
    'plan.yaml:6: people.0.lesson: there is no "music" in the plan',
  ]);
  assert.match(
    refusalsOf(GOOD.replace("firstFrame.p99", "firstFrame.p98"))[0] ?? "",
    /^plan\.yaml:9: goals\.firstFrame\.p98: is not/,
  );
  assert.match(refusalsOf("title: [")[0] ?? "", /^plan\.yaml:1: /);
});

test("people come to one thing, and only what is recorded is watched later", () => {
  assert.match(refusalsOf(GOOD.replace("    lesson: maths\n", ""))[0] ?? "", /names one of lesson, replay and exam/);
  const later = GOOD.replace("record: true", "record: false").replace("lesson: maths", "replay: maths");
  assert.deepEqual(refusalsOf(later), ['plan.yaml:6: people.0.replay: "maths" is not recorded']);
});

test("the plans that come with the program are right", () => {
  for (const name of ["school-day", "surge"]) {
    const read = readPlanFile(new URL(`../../../../../deploy/load/${name}.yaml`, import.meta.url).pathname);
    assert.ok("plan" in read, JSON.stringify(read));
  }
});
