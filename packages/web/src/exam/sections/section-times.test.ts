import assert from "node:assert/strict";
import { test } from "node:test";
import type { Question, Sheet, SheetSection } from "@lectern/exam";
import { SectionTimes } from "./section-times.ts";

const MINUTE = 60_000;
const question = (id: string): Question => ({ id, kind: "boolean", text: "", points: 1 });
const section = (id: string, questions: readonly string[], minutes?: number): SheetSection => ({
  id,
  title: id,
  instruction: "",
  passages: [],
  questions: questions.map(question),
  ...(minutes === undefined ? {} : { minutes }),
});
const [FREE, TIMED] = [section("s1", ["q1"]), section("s2", ["q2"], 20)];
const SHEET: Sheet = { title: "", instruction: "", sections: [FREE, TIMED] };

test("a section without a time takes answers, one with a time once it is begun and until its end", () => {
  const times = new SectionTimes(SHEET);
  assert.equal(times.timeOf(FREE), null);
  assert.deepEqual(times.timeOf(TIMED), { seconds: 1200, endsAt: null });
  assert.deepEqual([times.takesAnswers("q1", 0), times.takesAnswers("q2", 0)], [true, false]);
  times.begin("s2", 5 * MINUTE);
  assert.deepEqual([times.takesAnswers("q2", 25 * MINUTE - 1), times.takesAnswers("q2", 25 * MINUTE)], [true, false]);
  assert.deepEqual([times.nextEnd(0), times.nextEnd(25 * MINUTE)], [25 * MINUTE, Number.POSITIVE_INFINITY]);
});

test("the server's word counts: more time for the person, and an end that has moved", () => {
  const times = new SectionTimes(SHEET, { s2: { seconds: 1500 } });
  times.begin("s2", 0);
  assert.equal(times.timeOf(TIMED)?.endsAt, 25 * MINUTE);
  times.take({ s2: { seconds: 1500, endsAt: 30 * MINUTE } });
  assert.equal(times.takesAnswers("q2", 29 * MINUTE), true);
});

test("what this device noted before it was reloaded has begun", () => {
  const times = new SectionTimes(SHEET, { s2: { seconds: 1200 } }, new Map([["s2", MINUTE]]));
  assert.equal(times.timeOf(TIMED)?.endsAt, 21 * MINUTE);
});
