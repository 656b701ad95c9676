import assert from "node:assert/strict";
import { test } from "node:test";
import type { QuizBankItem } from "@lectern/client";
import { MAX_OPTIONS } from "@lectern/room";
import {
  correctTexts,
  enteredTags,
  itemBody,
  letterOf,
  type QuestionValues,
  questionError,
  questionText,
  shortText,
  tagsText,
  textOf,
  valuesOf,
  withAnotherOption,
  withOption,
  withType,
  yesText,
} from "./question-values.ts";

type Item = Parameters<typeof questionText>[0] & object;

const NEW = valuesOf(questionText(null));
const written = (changes: Partial<QuestionValues>) => itemBody({ question: textOf({ ...NEW, ...changes }) });
const options = (...texts: readonly string[]) =>
  texts.map((text, id) => ({ id, text: text.replace("*", ""), isCorrect: text.endsWith("*") }));

test("every question that the API gives is the same after the form", () => {
  const items: readonly Item[] = [
    { type: "single", text: "2/6 = ?", options: ["1/2", "1/3"], correct: [1] },
    { type: "single", text: "How are you?", options: ["Well", "Ill"], correct: null },
    { type: "multiple", text: "Even?", options: ["2", "3", "4"], correct: [0, 2] },
    { type: "boolean", text: "The earth is round.", options: [], correct: true },
    { type: "boolean", text: "The earth is flat.", options: [], correct: false },
    { type: "boolean", text: "Do you like it?", options: [], correct: null },
    { type: "number", text: "π?", options: [], correct: { value: 3.14, tolerance: 0.005 } },
    { type: "number", text: "0?", options: [], correct: { value: 0, tolerance: 0 } },
    { type: "number", text: "Avogadro?", options: [], correct: { value: 6.022e23, tolerance: 1e-7 } },
    { type: "number", text: "How many?", options: [], correct: null },
    { type: "text", text: "Capital?", options: [], correct: ["Beijing", "北京"] },
    { type: "text", text: "Why?\nSay it.", options: [], correct: null },
  ];
  for (const item of items) {
    const { type, text, options, correct } = itemBody({ question: questionText(item) });
    assert.deepEqual({ type, text, options, correct }, item);
  }
});

test("what is beside the question is the same after the form, and is optional", () => {
  const extras = {
    explanation: "Both by 2.",
    seconds: "30",
    anonymous: yesText(true),
    tags: tagsText(["a, b", "c"]),
    course: "C1",
  };
  const { explanation, seconds, anonymous, tags, courseId } = itemBody({ question: questionText(null), ...extras });
  assert.deepEqual([explanation, seconds, anonymous, tags, courseId], ["Both by 2.", 30, true, ["a, b", "c"], "C1"]);
  const empty = itemBody({ question: questionText(null), explanation: " ", seconds: "", anonymous: yesText(false), tags: "" });
  assert.deepEqual([empty.explanation, empty.seconds, empty.anonymous, empty.tags, empty.courseId], [null, null, false, [], null]);
});

test("empty options are left out, and the correct ones are still those that were marked", () => {
  const { options: sent, correct } = written({ type: "multiple", options: options("", "two*", " ", "four ", "five*", "*") });
  assert.deepEqual(
    [sent, correct],
    [
      ["two", "four", "five"],
      [0, 2],
    ],
  );
});

test("options and answers of another type are not sent", () => {
  const values = { options: options("one*", "two"), truth: "true", number: "3", texts: "three" };
  assert.deepEqual(written({ ...values, type: "number" }).options, []);
  const correct = (type: QuestionValues["type"]) => written({ ...values, type }).correct;
  assert.deepEqual([correct("single"), correct("boolean"), correct("text")], [[0], true, ["three"]]);
  assert.deepEqual(correct("number"), { value: 3, tolerance: 0 });
});

test("a single choice has one correct option, also after it was a multiple choice, and can have none", () => {
  const multiple: QuestionValues = { ...NEW, type: "multiple", options: options("a", "b*", "c*") };
  const correct = (values: QuestionValues) => itemBody({ question: textOf(values) }).correct;
  const single = withType(multiple, "single");
  assert.deepEqual([correct(multiple), correct(single)], [[1, 2], [1]]);
  const changed = withOption(single, { id: 0, text: "a", isCorrect: true });
  assert.deepEqual(correct(changed), [0]);
  assert.equal(correct(withOption(changed, { id: 0, text: "a", isCorrect: false })), null);
  assert.deepEqual(correct(withOption(multiple, { id: 0, text: "a", isCorrect: true })), [0, 1, 2]);
  assert.deepEqual(correct(withType(multiple, "multiple")), [1, 2]);
});

test("a new option has an id that no other has, also after others were removed, and there are at most as many as the API takes", () => {
  const few: QuestionValues = { ...NEW, options: options("a", "b").slice(1) };
  assert.deepEqual(
    withAnotherOption(few).options.map(({ id }) => id),
    [1, 2],
  );
  assert.equal(withAnotherOption({ ...NEW, options: [] }).options.length, 1);
  let values = NEW;
  for (let i = 0; i < 30; i++) values = withAnotherOption(values);
  assert.equal(values.options.length, MAX_OPTIONS);
  assert.equal(new Set(values.options.map(({ id }) => id)).size, MAX_OPTIONS);
  assert.deepEqual([letterOf(0), letterOf(MAX_OPTIONS - 1)], ["A", "T"]);
});

test("numbers are read with a point or a comma, in full width too, and nothing else is taken for one", () => {
  const value = (number: string, tolerance = "") => written({ type: "number", number, tolerance }).correct;
  const of = (typed: string) => (value(typed) as { value: number }).value;
  assert.deepEqual(["3.14", " 3,14 ", "３．１４", "−2", "1e3", ".5", "5."].map(of), [3.14, 3.14, 3.14, -2, 1000, 0.5, 5]);
  assert.deepEqual(value("3.14", "0,01"), { value: 3.14, tolerance: 0.01 });
  assert.deepEqual([value(""), value(" ", "1")], [null, null]);
  const isTaken = (number: string, tolerance = "") =>
    questionError({ question: textOf({ ...NEW, type: "number", number, tolerance }) }) === null;
  for (const typed of ["three", "1,000", "1,000,000", "0x10", "1e999", "1 2", "-", "Infinity"])
    assert.equal(isTaken(typed), false, typed);
  assert.deepEqual([isTaken("1", "x"), isTaken("1", "0.1"), isTaken("")], [false, true, true]);
  assert.equal(questionError({ question: textOf({ ...NEW, number: "three" }) }), null, "a question of another type needs none");
});

test("a time limit is whole seconds, 5 to a day, or none", () => {
  const mistake = (seconds: string) => questionError({ question: questionText(null), seconds });
  assert.deepEqual(["", "5", "86400"].map(mistake), [null, null, null]);
  for (const seconds of ["4", "0", "-5", "5.5", "86401", "soon"]) assert.equal(mistake(seconds), "wrongSeconds", seconds);
});

test("tags may have commas of either language between, are there once, and those of before stay whole", () => {
  assert.deepEqual(enteredTags(["a, b", "easy，hard、 hard ", " ", "easy"], ["a, b"]), ["a, b", "easy", "hard"]);
});

test("a long question is named by its beginning, without cutting a letter in two", () => {
  assert.equal(shortText({ text: "Why?\n\nSay it." }), "Why? Say it.");
  assert.equal(shortText({ text: "😀".repeat(61) }), `${"😀".repeat(60)}…`);
  assert.equal(shortText({ text: "😀".repeat(60) }), "😀".repeat(60));
});

test("correct answers that are no options are shown as texts", () => {
  const shown = (correct: QuizBankItem["correct"]) => correctTexts(correct, String);
  assert.deepEqual([shown(null), shown([1]), shown(false), shown(["a", "b"])], [[], [], ["false"], ["a", "b"]]);
  assert.deepEqual([shown({ value: 4, tolerance: 0 }), shown({ value: 3.14, tolerance: 0.01 })], [["4"], ["3.14 ± 0.01"]]);
});
