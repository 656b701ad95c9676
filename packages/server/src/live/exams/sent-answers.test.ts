import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readSentAnswers } from "./sent-answers.ts";

const answer = { seq: 1, question: "q1", value: "a", writtenAt: 1_000 };
const fact = { seq: 2, fact: "page-left", writtenAt: 1_000 };
const read = (answers: unknown, facts: unknown = []) => readSentAnswers(JSON.stringify({ answers, facts }));

test("answers of all kinds and facts are read, and nothing else of what was sent", () => {
  const values = [null, true, "a", ["a", "b"], { g1: "x" }, { typed: "essay" }, { uploads: ["u"] }, {}];
  const answers = values.map((value, i) => ({ ...answer, seq: i + 1, value }));
  assert.deepEqual(read(answers), { answers, facts: [] });
  const more = { ...answer, isMarked: true, points: 100, is_late: false, writtenAt: 1.5 };
  assert.deepEqual(read([more], [{ ...fact, detail: "d", verdict: "x" }]), {
    answers: [{ ...answer, isMarked: true, writtenAt: 1 }],
    facts: [{ ...fact, detail: "d" }],
  });
  assert.deepEqual(readSentAnswers(""), { answers: [], facts: [] });
  assert.deepEqual(readSentAnswers("{}"), { answers: [], facts: [] });
});

test("what is no answer refuses the whole request", () => {
  const wrong: Record<string, readonly unknown[]> = {
    seq: [0, 1.5, "1", 100_001, null, -1],
    question: ["", 1, "q".repeat(65), "q\0", "\ud800"],
    value: [
      1,
      undefined,
      [1],
      ["x".repeat(65)],
      { a: 1 },
      { a: { b: "c" } },
      "x".repeat(40_001),
      "a\0b",
      "\udc00",
      { "a\0": "b" },
      { typed: 1 },
    ],
    isMarked: [1, "true", null],
    writtenAt: [-1, "1", null, 1e16, Number.NaN],
  };
  for (const [field, values] of Object.entries(wrong))
    for (const value of values) assert.equal(read([{ ...answer, [field]: value }]), null, `${field}: ${JSON.stringify(value)}`);
  for (const value of ["cheating", 1, null]) assert.equal(read([], [{ ...fact, fact: value }]), null);
  assert.equal(read([], [{ ...fact, detail: "x".repeat(501) }]), null);
  assert.equal(read(Array.from({ length: 201 }, () => answer)), null);
  assert.equal(
    read(
      Array.from({ length: 101 }, () => answer),
      Array.from({ length: 100 }, () => fact),
    ),
    null,
  );
  for (const text of ["[]", "null", "1", '"x"', "{", '{"answers":{}}', '{"facts":1}'])
    assert.equal(readSentAnswers(text), null, text);
});

test("any JSON is read or refused, and what is read can be stored", () => {
  fc.assert(
    fc.property(fc.json(), fc.jsonValue(), (text, value) => {
      readSentAnswers(text);
      const body = read([{ ...answer, value }]);
      const stored = JSON.stringify(body?.answers[0]?.value ?? null);
      return !stored.includes("\\u0000") && stored.isWellFormed();
    }),
  );
});
