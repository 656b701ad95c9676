/** When a question is known: after two right answers in a row, where a wrong one begins again; what people mark is not practised. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isGradable, practised } from "./practice.ts";

const NOW = new Date(0);
const RIGHT = { points: 2, of: 2, by: "rules" as const };
const HALF = { ...RIGHT, points: 1 };

test("two right answers in a row make it known, and half of the points is none", () => {
  const once = practised({ rights: 0 }, RIGHT, NOW);
  assert.deepEqual([once.rights, once.known_at], [1, null]);
  assert.deepEqual(practised(once, HALF, NOW).rights, 0);
  assert.deepEqual(practised(once, RIGHT, NOW), { rights: 2, practised_at: NOW, known_at: NOW });
});

test("what was known is open again after a wrong answer", () => {
  assert.equal(practised({ rights: 2 }, HALF, NOW).known_at, null);
});

test("questions that people mark are not practised", () => {
  const question = { id: "q", kind: "text" as const, text: "?", points: 1 };
  const text = (texts: string[]) => ({ question, solution: { kind: "text" as const, accepted: { texts } } });
  assert.equal(isGradable(text(["Rome"])), true);
  assert.equal(isGradable(text([])), false);
  const essay = { question: { ...question, kind: "essay" as const, form: "typed" as const } };
  assert.equal(isGradable({ ...essay, solution: { kind: "essay", rubric: "" } }), false);
});
