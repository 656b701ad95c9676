import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Sitting, verdictOn } from "./late-rules.ts";

const END = 1_000_000;
const SITTING: Sitting = { endsAt: END, handedInAt: null, handedInBy: null, offlineSeconds: 1200 };

test("what comes before the end counts, whatever the device's clock says", () => {
  for (const writtenAt of [0, END, END + 7_200_000]) assert.equal(verdictOn(SITTING, writtenAt, END), "in-time");
});

test("what was written before the end, and comes within the school's time after it, is late", () => {
  assert.equal(verdictOn(SITTING, END, END + 1_200_000), "late");
  assert.equal(verdictOn(SITTING, END + 1, END + 2), "refused");
  assert.equal(verdictOn(SITTING, END, END + 1_200_001), "refused");
});

test("what was sent just before the end counts also where a school accepts nothing late", () => {
  const strict = { ...SITTING, offlineSeconds: 0 };
  assert.equal(verdictOn(strict, END, END + 15_000), "late");
  assert.equal(verdictOn(strict, END, END + 15_001), "refused");
});

test("after a hand-in by the candidate nothing counts; one by time changes nothing, one by a supervisor is an earlier end", () => {
  const at = END - 1000;
  assert.equal(verdictOn({ ...SITTING, handedInAt: at, handedInBy: "candidate" }, at - 1, at + 1), "refused");
  assert.equal(verdictOn({ ...SITTING, handedInAt: END, handedInBy: "time" }, at, END + 1), "late");
  const ended = { ...SITTING, handedInAt: at, handedInBy: "supervisor" } as const;
  assert.equal(verdictOn(ended, at - 1, at + 1), "late");
  assert.equal(verdictOn(ended, at + 1, at + 2), "refused");
});

test("after a supervisor's end only what was under way counts: nothing is replaced by what is dated back", () => {
  const at = END - 1000;
  const ended = { ...SITTING, handedInAt: at, handedInBy: "supervisor" } as const;
  assert.equal(verdictOn(ended, at - 1, at + 15_000), "late");
  assert.equal(verdictOn(ended, at - 1, at + 15_001), "refused");
  assert.equal(verdictOn(ended, at - 1, at + 1_200_000, true), "late", "a file that was begun goes on");
  assert.equal(verdictOn({ ...ended, handedInAt: END + 1 }, END, END + 60_000), "late", "the time was over before");
});

test("nothing that came after the end and was written after it counts, ever", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(1_000_000), fc.constantFrom(null, "candidate", "time", "supervisor"), (w, n, o, by) => {
      const sitting = { endsAt: END, handedInAt: by === null ? null : END, handedInBy: by, offlineSeconds: o } as const;
      return verdictOn(sitting, END + 1 + w, END + 1 + n) === "refused";
    }),
  );
});
