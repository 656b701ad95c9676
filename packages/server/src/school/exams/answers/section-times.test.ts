import assert from "node:assert/strict";
import { test } from "node:test";
import { beginSection, type SectionAttempt, toldSections, verdictOnAnswer, verdictOnFile } from "./section-times.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 30, 9);
/** An attempt of an hour, whose section s2 has 20 minutes. */
function attempt(over: Partial<SectionAttempt> = {}): SectionAttempt {
  return {
    startedAt: START,
    endsAt: START + 60 * MINUTE,
    handedInAt: null,
    handedInBy: null,
    offlineSeconds: 600,
    pausedAt: null,
    seconds: 3600,
    extraSeconds: 0,
    pausedSeconds: 0,
    sections: { timed: [{ id: "s2", seconds: 1200, questions: ["q2", "q3"] }], starts: new Map(), fresh: new Set() },
    ...over,
  };
}
const at = (minutes: number) => START + minutes * MINUTE;
const endOf = (one: SectionAttempt) => ((toldSections(one)?.["s2"]?.endsAt ?? Number.NaN) - START) / MINUTE;

test("a section ends so long after it was begun, and what is written after that is refused, other questions go on", () => {
  const one = attempt();
  beginSection(one, "s2", at(5), at(5));
  assert.equal(endOf(one), 25);
  assert.equal(verdictOnAnswer(one, "q2", at(24), at(25)), "in-time");
  assert.equal(verdictOnAnswer(one, "q2", at(26), at(26)), "section-over");
  assert.equal(verdictOnAnswer(one, "q1", at(26), at(26)), "in-time");
});

test("what a device wrote within the section and sent later is late for as long as the examination allows", () => {
  const one = attempt();
  beginSection(one, "s2", at(5), at(5));
  assert.equal(verdictOnAnswer(one, "q2", at(24), at(34)), "late");
  assert.equal(verdictOnAnswer(one, "q2", at(24), at(36)), "section-over");
  assert.equal(verdictOnFile(one, "q3", at(24), at(34), false), "late");
  assert.equal(verdictOnFile(one, "q3", at(26), at(34), false), "section-over");
});

test("the first answer begins a section that nothing else has, by the device's time within the attempt; a section begins once", () => {
  const one = attempt();
  assert.equal(verdictOnAnswer(one, "q2", at(3), at(8)), "in-time");
  assert.equal(endOf(one), 23);
  beginSection(one, "s2", at(9), at(9));
  assert.equal(endOf(one), 23);
  const early = attempt();
  beginSection(early, "s2", at(-60), at(2));
  assert.equal(endOf(early), 20, "not before the attempt");
  const ahead = attempt();
  beginSection(ahead, "s2", at(50), at(2));
  assert.equal(endOf(ahead), 22, "not after it was told");
});

test("time that a person has more counts in proportion before the section, and in full after it was begun", () => {
  const one = attempt({ extraSeconds: 900, endsAt: at(75) });
  assert.equal(toldSections(one)?.["s2"]?.seconds, 1500);
  beginSection(one, "s2", at(0), at(0));
  assert.equal(endOf(one), 25);
  assert.equal(endOf({ ...one, extraSeconds: 900 + 120, endsAt: at(77) }), 27);
});

test("a pause counts in full for the section that runs, and is no part of one that begins later", () => {
  const one = attempt();
  beginSection(one, "s2", at(0), at(0));
  assert.equal(endOf({ ...one, extraSeconds: 300, pausedSeconds: 300, endsAt: at(65) }), 25);
  const later = attempt({ extraSeconds: 300, pausedSeconds: 300, endsAt: at(65) });
  beginSection(later, "s2", at(10), at(10));
  assert.equal(endOf(later), 30);
  const paused = attempt({ pausedAt: at(10) });
  beginSection(paused, "s2", at(12), at(12));
  assert.equal(endOf(paused), 30, "begun while the clock stood");
});

test("no section ends after the attempt, and nothing begins what is unknown", () => {
  const one = attempt();
  beginSection(one, "s2", at(50), at(50));
  assert.equal(endOf(one), 60);
  beginSection(one, "s9", at(50), at(50));
  assert.deepEqual(Object.keys(toldSections(one) ?? {}), ["s2"]);
  assert.equal(toldSections(attempt({ sections: null })), undefined);
});
