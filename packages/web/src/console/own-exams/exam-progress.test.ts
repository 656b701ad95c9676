/** How far a student is with an examination: before the start one can wait, after it one sits what was entered, and an attempt that is over leaves the next one open. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { OwnExamination } from "@lectern/client";
import { progressOf } from "./exam-progress.ts";

const OPENS = Date.UTC(2026, 0, 12, 9);
const EXAM: OwnExamination = {
  id: "e",
  code: "AAAA2222",
  title: "Test",
  courseId: null,
  course: null,
  opensAt: new Date(OPENS).toISOString(),
  closesAt: new Date(OPENS + 3_600_000).toISOString(),
  latestEntryAt: null,
  entryAt: new Date(OPENS - 1_800_000).toISOString(),
  seconds: 1200,
  attempts: 2,
  practice: false,
  state: "open",
  attempt: null,
};
const ATTEMPT = {
  number: 1,
  startedAt: EXAM.opensAt,
  endsAt: EXAM.closesAt,
  handedInAt: null,
  isResultOut: false,
  points: null,
  of: null,
  waiting: null,
};

test("what is open is waited for before the start, sat by who has entered, and open to all others", () => {
  assert.equal(progressOf(EXAM, OPENS - 1), "waits");
  assert.equal(progressOf(EXAM, OPENS), "open");
  assert.equal(progressOf({ ...EXAM, attempt: ATTEMPT }, OPENS), "sitting");
  assert.equal(progressOf({ ...EXAM, attempt: { ...ATTEMPT, handedInAt: EXAM.opensAt } }, OPENS + 1), "open");
  assert.equal(progressOf({ ...EXAM, state: "released", attempt: ATTEMPT }, OPENS), "released");
});
