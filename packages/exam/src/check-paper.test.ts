/** What is wrong with a paper is said with its place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPaper } from "./check-paper.ts";
import type { AuthoredSection } from "./paper.ts";
import type { AuthoredQuestion, Solution } from "./question.ts";
import { EVERY_KIND, options, paperWith } from "./test-paper.ts";

function errors(questions: readonly AuthoredQuestion[], section: Partial<AuthoredSection> = {}): string[] {
  return checkPaper(paperWith(questions, section)).map(({ path, code }) => `${path.replace("sections.0.", "")} ${code}`);
}

function withQuestion(place: number, change: object, solution: object = {}): readonly AuthoredQuestion[] {
  const { question, solution: known, ...rest } = EVERY_KIND[place]!;
  return [
    {
      question: { ...question, ...change } as AuthoredQuestion["question"],
      solution: { ...known, ...solution } as Solution,
      ...rest,
    },
  ];
}

test("a paper of every kind has no error", () => {
  assert.deepEqual(errors(EVERY_KIND), []);
});

test("a paper has a title, sections and questions", () => {
  const found = checkPaper({ title: " ", instruction: "", sections: [] });
  assert.deepEqual(found, [
    { path: "title", code: "empty" },
    { path: "sections", code: "too-few" },
  ]);
  assert.deepEqual(errors([]), ["questions too-few"]);
});

test("a paper has at most 300 questions, and texts have bounds", () => {
  const many = Array.from({ length: 301 }, (_, i) => withQuestion(2, { id: `q${i}` })[0]!);
  assert.deepEqual(errors(many), [" too-many", "questions too-many"]);
  assert.deepEqual(errors(withQuestion(2, { text: "x".repeat(10_001) })), ["questions.0.question.text too-long"]);
});

test("ids are plain and unique", () => {
  assert.deepEqual(errors([...withQuestion(2, {}), ...withQuestion(2, {})]), ["questions.1.question.id repeated-id"]);
  for (const id of ["", "__proto__", "a b", "a.b", "x".repeat(41)])
    assert.deepEqual(errors(withQuestion(2, { id })), ["questions.0.question.id bad-id"], id);
  const twice = [...options("1", "2"), { id: "a", text: "3" }];
  assert.deepEqual(errors(withQuestion(0, { options: twice })), ["questions.0.question.options.2.id repeated-id"]);
});

test("a picture says what it shows, and a sound is played 1 to 20 times where that is limited", () => {
  const at = "questions.0.question.media";
  const picture = { kind: "picture", file: "f1", alt: "A graph", width: 100, height: 50 } as const;
  const sound = { kind: "sound", file: "f2", title: "" } as const;
  assert.deepEqual(errors(withQuestion(2, { media: [picture, sound, { ...sound, plays: 2 }] })), []);
  assert.deepEqual(errors(withQuestion(2, { media: [{ ...picture, alt: " " }] })), [`${at}.0.alt empty`]);
  for (const plays of [0, 21, 1.5])
    assert.deepEqual(errors(withQuestion(2, { media: [{ ...sound, plays }] })), [`${at}.0.plays out-of-range`]);
  assert.deepEqual(errors(withQuestion(2, { media: Array.from({ length: 9 }, () => sound) })), [`${at} too-many`]);
});

test("points are more than 0 and a multiple of 0.5", () => {
  for (const points of [0, -1, 0.3, 101, Number.NaN])
    assert.deepEqual(errors(withQuestion(2, { points })), ["questions.0.question.points out-of-range"], `${points}`);
  assert.deepEqual(errors(withQuestion(2, { points: 0.5 })), []);
});

test("a choice has 2 to 20 different options", () => {
  const at = "questions.0.question.options";
  assert.deepEqual(errors(withQuestion(0, { options: options("1") }, { right: "a" })), [`${at} too-few`]);
  const many = options(...Array.from({ length: 21 }, (_, i) => `${i}`));
  assert.deepEqual(errors(withQuestion(0, { options: many })), [`${at} too-many`]);
  assert.deepEqual(errors(withQuestion(0, { options: options("1", "1") })), [`${at}.1.text repeated`]);
});

test("solutions fit their questions", () => {
  const at = "questions.0.solution";
  assert.deepEqual(errors(withQuestion(0, {}, { kind: "boolean", right: true })), [`${at}.kind kind-differs`]);
  assert.deepEqual(errors(withQuestion(0, {}, { right: "z" })), [`${at}.right unknown-id`]);
  assert.deepEqual(errors(withQuestion(1, {}, { right: [] })), [`${at}.right empty`]);
  assert.deepEqual(errors(withQuestion(1, {}, { right: ["a", "a"] })), [`${at}.right unknown-id`]);
  assert.deepEqual(errors(withQuestion(4, {}, { pairs: { a: "a" } })), [`${at}.pairs missing`]);
  assert.deepEqual(errors(withQuestion(4, {}, { pairs: { a: "a", b: "z" } })), [`${at}.pairs unknown-id`]);
  assert.deepEqual(errors(withQuestion(5, {}, { order: ["a", "b"] })), [`${at}.order missing`]);
});

test("each gap is in the text once, and has an accepted form of its kind", () => {
  const at = "questions.0";
  assert.deepEqual(errors(withQuestion(3, { text: "{{1}} {{2}} {{2}}" })), [`${at}.question.gaps.1.id gap-not-in-text`]);
  assert.deepEqual(errors(withQuestion(3, { text: "{{1}} {{2}} {{x}}" })), [`${at}.question.text unknown-gap-in-text`]);
  const texts = { texts: ["Paris"] };
  assert.deepEqual(errors(withQuestion(3, {}, { accepted: { 1: texts } })), [`${at}.solution.accepted.2 missing`]);
  assert.deepEqual(errors(withQuestion(3, {}, { accepted: { 1: texts, 2: texts } })), [`${at}.solution.accepted.2 kind-differs`]);
  const negative = { 1: texts, 2: { value: 1, tolerance: -1 } };
  assert.deepEqual(errors(withQuestion(3, {}, { accepted: negative })), [`${at}.solution.accepted.2.tolerance out-of-range`]);
});

test("a passage that a question names is in its section", () => {
  assert.deepEqual(errors(withQuestion(2, { passage: "p1" })), ["questions.0.question.passage unknown-id"]);
  const passages = [{ id: "p1", title: "", text: "Once" }];
  assert.deepEqual(errors(withQuestion(2, { passage: "p1" }), { passages }), []);
});

test("a draw is possible with whole passages, and gives each candidate the same points", () => {
  const passages = [{ id: "p1", title: "", text: "Once" }];
  const pair = [...withQuestion(2, { id: "a", passage: "p1" }), ...withQuestion(2, { id: "b", passage: "p1" })];
  assert.deepEqual(errors(pair, { passages, draw: 1 }), ["draw draw-impossible"]);
  assert.deepEqual(errors(pair, { passages, draw: 3 }), ["draw out-of-range"]);
  const unequal = [...withQuestion(2, { id: "a" }), ...withQuestion(2, { id: "b", points: 3 })];
  assert.deepEqual(errors(unequal, { draw: 1 }), ["draw draw-of-unequal-points"]);
});

test("criteria of a rubric have multiples of 0.5 points, together not more than the question's; a rubric without them stays valid", () => {
  const essay = EVERY_KIND.findIndex(({ solution }) => solution.kind === "essay");
  const at = "questions.0.solution.criteria";
  const one = { id: "c1", text: "Names a cause", points: 1.5 };
  const withCriteria = (...criteria: object[]) => errors(withQuestion(essay, {}, { criteria }));
  assert.deepEqual(errors(withQuestion(essay, {})), []);
  assert.deepEqual(withCriteria(one, { ...one, id: "c2", points: 0.5 }), []);
  assert.deepEqual(withCriteria(one, { ...one, id: "c2", points: 1 }), [`${at}.1.points out-of-range`]);
  assert.deepEqual(withCriteria({ ...one, points: 0.3 }), [`${at}.0.points out-of-range`]);
  assert.deepEqual(withCriteria({ ...one, text: " ", points: 1 }), [`${at}.0.text empty`]);
  assert.deepEqual(withCriteria({ ...one, points: 0.5 }, { ...one, points: 0.5 }), [`${at}.1.id repeated-id`]);
});

test("a section's own time is whole minutes, up to ten hours", () => {
  const errors = (minutes: number) => checkPaper(paperWith(EVERY_KIND, { minutes })).map(({ path, code }) => [path, code]);
  assert.deepEqual([errors(1), errors(600)], [[], []]);
  for (const minutes of [0, 601, 1.5]) assert.deepEqual(errors(minutes), [["sections.0.minutes", "out-of-range"]]);
});
