/** GIFT: what Moodle's documentation shows is read, mistakes have their lines, and what is written is read as it was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { survivesAnyBytes } from "../../../media/test/hostile-bytes.ts";
import { EVERY_KIND, paperWith } from "../test-paper.ts";
import { readGift } from "./gift-read.ts";
import { writeGift } from "./gift-write.ts";
import { textOfBytes } from "./question-file.ts";
import * as made from "./test-questions.ts";
import { onlyQuestion, optionTexts } from "./test-questions.ts";

test("a choice has right and wrong options, with feedback that is named as left out", () => {
  const file = readGift("::Tomb:: Who's buried in Grant's tomb? {\n ~Grant # no\n ~Jefferson\n =no one\n #### Nobody is.\n}");
  const { question, solution, explanation } = onlyQuestion(file);
  assert.equal(question.text, "Who's buried in Grant's tomb?");
  assert.deepEqual(optionTexts(question), ["Grant", "Jefferson", "no one"]);
  assert.deepEqual(solution, { kind: "single", right: "c" });
  assert.equal(explanation, "Nobody is.");
  assert.deepEqual(file.leftOut, [{ line: 1, item: "1", code: "feedback" }]);
});

test("answers in the middle of a sentence leave a line or a gap", () => {
  assert.equal(
    onlyQuestion(readGift("Grant is {~buried =entombed ~living} in his tomb.")).question.text,
    "Grant is _____ in his tomb.",
  );
  const gap = onlyQuestion(readGift("Two plus {=two =2} equals four."));
  assert.equal(gap.question.text, "Two plus {{1}} equals four.");
  assert.deepEqual(gap.solution, { kind: "gaps", accepted: { 1: { texts: ["two", "2"] } }, scoring: "all" });
});

test("weights make a multiple choice, and scoring follows what wrong options take away", () => {
  const solutionOf = (answers: string) => onlyQuestion(readGift(`Which?{${answers}}`)).solution;
  assert.deepEqual(solutionOf("~%50%a ~%50%b ~%-50%c"), { kind: "multiple", right: ["a", "b"], scoring: "part" });
  assert.deepEqual(solutionOf("~%50%a ~%50%b ~%-100%c"), { kind: "multiple", right: ["a", "b"], scoring: "all" });
  assert.deepEqual(readGift("Which?{~%70%a ~%30%b ~c}").leftOut, [{ line: 1, item: "1", code: "weights" }]);
});

test("true and false, short answers, numbers, pairs and essays are read", () => {
  const file = readGift(
    [
      "The sun rises.{TRUE}",
      "Grant is dead.{F#wrong}",
      "Two plus two?{=four =%50%five =4}",
      "When was Grant born?{#1822:5}",
      "Two?{#1.5..2.5}",
      "Match.{=Canada -> Ottawa =Italy -> Rome = -> Tokyo}",
      "Why?{}",
    ].join("\n\n"),
  );
  assert.deepEqual(file.mistakes, []);
  const solutions = file.questions.map(({ solution }) => solution);
  assert.deepEqual(solutions.slice(0, 3), [
    { kind: "boolean", right: true },
    { kind: "boolean", right: false },
    { kind: "text", accepted: { texts: ["four", "4"] } },
  ]);
  assert.deepEqual(solutions[3], { kind: "gaps", accepted: { 1: { value: 1822, tolerance: 5 } }, scoring: "all" });
  assert.deepEqual(solutions[4], { kind: "gaps", accepted: { 1: { value: 2, tolerance: 0.5 } }, scoring: "all" });
  assert.deepEqual(solutions[5], { kind: "matching", pairs: { a: "a", b: "b" }, scoring: "part" });
  assert.deepEqual(solutions[6], { kind: "essay", rubric: "" });
});

test("escaped characters, comments, tags, categories and HTML are read", () => {
  const text = [
    "$CATEGORY: top/sums",
    "",
    "// question: 1 [tag:sums] [tag:easy]",
    "[html]<p>What is <b>1 &lt; 2</b>\\: \\{x \\= 1\\} \\\\(a\\\\)?</p>{=[html]<i>so</i> =\\~}",
  ].join("\n");
  const { question, solution } = onlyQuestion(readGift(text));
  assert.equal(question.text, "What is 1 < 2: {x = 1} $a$?");
  assert.deepEqual(question.knowledge, ["sums", "easy"]);
  assert.deepEqual(solution, { kind: "text", accepted: { texts: ["so", "~"] } });
});

test("mistakes have the line where the question begins, and other questions are read", () => {
  const file = readGift(
    [
      "One?{=1}",
      "",
      "// comment",
      "Two?{~a",
      "",
      "Three?{#x}",
      "",
      "Four?{=a -> b =c d =e->f}",
      "",
      "Five?{~%-50%a ~b}",
      "",
      "Six?{=only ~only}",
    ].join("\n"),
  );
  assert.deepEqual(file.mistakes, [
    { line: 4, item: "2", code: "braces" },
    { line: 6, item: "3", code: "not-a-number" },
    { line: 8, item: "4", code: "pair-without-arrow" },
    { line: 10, item: "5", code: "no-right-answer" },
    { line: 12, item: "6", code: "repeated", path: "question.options.1.text" },
  ]);
  assert.equal(file.questions.length, 1);
  assert.deepEqual(readGift(" \n").mistakes, [{ line: null, item: null, code: "no-questions" }]);
});

test("a text without answers is a passage", () => {
  assert.deepEqual(readGift("Once upon a time.").passages, [{ id: "p1", title: "", text: "Once upon a time." }]);
});

test("what is written is read as it was", () => {
  const read = (content: string | Uint8Array) => readGift(String(content));
  made.assertReadAsWritten({ kinds: made.ALL_SAY, canSay, write: writeGift, read }, 500);
});

/** The arrow between pairs has no escape. */
function canSay({ draft, solution }: made.Made): boolean {
  const choices = draft.kind === "single" || draft.kind === "multiple" || draft.kind === "essay";
  return choices || !JSON.stringify([draft.kind === "matching" && draft, solution]).includes("->");
}

test("what GIFT cannot say is named", () => {
  const { leftOut } = writeGift(paperWith(EVERY_KIND));
  const questions = leftOut.filter(({ code }) => code === "question").map(({ id }) => id);
  assert.deepEqual(questions, ["q4", "q6", "q9"]);
  assert.ok(leftOut.some(({ id, code }) => id === "q8" && code === "rubric"));
  assert.ok(leftOut.some(({ id, code }) => id === "q1" && code === "points"));
});

test("any bytes are read or refused", () => {
  const good = new TextEncoder().encode("::a::[html]b &lt;{=c#d ~%-50%e####f}\n\nx{#1..2}\n\ny{=a->b = -> c =d -> e}");
  survivesAnyBytes(good, (bytes) => readGift(textOfBytes(bytes) ?? ""));
});
