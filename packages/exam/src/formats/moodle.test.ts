/** Moodle XML: what Moodle writes is read, mistakes have their lines, entity bombs are refused, and what is written is read as it was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { survivesAnyBytes } from "../../../media/test/hostile-bytes.ts";
import { EVERY_KIND, paperWith } from "../test-paper.ts";
import { readMoodle } from "./moodle-read.ts";
import { writeMoodle } from "./moodle-write.ts";
import { textOfBytes } from "./question-file.ts";
import * as made from "./test-questions.ts";
import { onlyQuestion, optionTexts } from "./test-questions.ts";

const CHOICE = `<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category"><category><text>$course$/top/Sums</text></category></question>
  <question type="multichoice">
    <name><text>Sum</text></name>
    <questiontext format="html"><text><![CDATA[<p>What is <b>1 + 1</b>?<br>\\(x^2\\) <img src="@@PLUGINFILE@@/a.png"></p>]]></text>
      <file name="a.png" path="/" encoding="base64">AAAA</file></questiontext>
    <generalfeedback format="html"><text>&lt;p&gt;It is 2.&lt;/p&gt;</text></generalfeedback>
    <defaultgrade>2.0000000</defaultgrade>
    <penalty>0.3333333</penalty>
    <single>true</single>
    <shuffleanswers>true</shuffleanswers>
    <answer fraction="0" format="html"><text>1</text><feedback format="html"><text>no</text></feedback></answer>
    <answer fraction="100" format="html"><text>2</text><feedback format="html"><text></text></feedback></answer>
    <tags><tag><text>sums</text></tag></tags>
  </question>
</quiz>`;

function quiz(type: string, inside: string): string {
  return `<quiz><question type="${type}"><name><text>Name</text></name><questiontext format="plain_text"><text>Which?</text></questiontext>${inside}</question></quiz>`;
}

test("a choice is read with its points, tags and explanation; pictures and feedback are named as left out", () => {
  const file = readMoodle(CHOICE);
  const { question, solution, explanation } = onlyQuestion(file);
  assert.equal(question.text, "What is 1 + 1?\n$x^2$");
  assert.deepEqual(optionTexts(question), ["1", "2"]);
  assert.deepEqual(solution, { kind: "single", right: "b" });
  assert.equal(explanation, "It is 2.");
  assert.deepEqual([question.points, question.knowledge], [2, ["sums"]]);
  assert.deepEqual(
    file.leftOut.map(({ code, item }) => [code, item]),
    [
      ["file", "Sum"],
      ["feedback", "Sum"],
    ],
  );
});

test("numbers have a tolerance and a unit", () => {
  const inside =
    '<answer fraction="100"><text>9.81</text><tolerance>0.02</tolerance></answer><units><unit><multiplier>1</multiplier><unit_name>m/s2</unit_name></unit></units>';
  const { question, solution } = onlyQuestion(readMoodle(quiz("numerical", inside)));
  assert.ok(question.kind === "gaps");
  assert.deepEqual([question.text, question.gaps], ["Which? {{1}}", [{ id: "1", form: "number", unit: "m/s2" }]]);
  assert.deepEqual(solution, { kind: "gaps", accepted: { 1: { value: 9.81, tolerance: 0.02, unit: "m/s2" } }, scoring: "all" });
});

test("embedded answers are gaps", () => {
  const text = "{1:SHORTANSWER:=Paris~%100%Paname~%50%Lutetia#old} has {1:NUMERICAL:=2.1:0.2} million people \\{ {:SAC:=A\\}b}.";
  const file = readMoodle(
    `<quiz><question type="cloze"><name><text>C</text></name><questiontext format="html"><text>${text}</text></questiontext></question></quiz>`,
  );
  const { question, solution } = onlyQuestion(file);
  assert.equal(question.text, "{{1}} has {{2}} million people \\{ {{3}}.");
  assert.deepEqual(solution, {
    kind: "gaps",
    accepted: {
      1: { texts: ["Paris", "Paname"] },
      2: { value: 2.1, tolerance: 0.2 },
      3: { texts: ["A}b"], isCaseSensitive: true },
    },
    scoring: "part",
  });
  assert.deepEqual(
    file.leftOut.map(({ code }) => code),
    ["weights"],
  );
});

test("orderings, essays and descriptions are read", () => {
  const ordering = onlyQuestion(
    readMoodle(
      quiz("ordering", "<gradingtype>ALL_OR_NOTHING</gradingtype><answer><text>1</text></answer><answer><text>2</text></answer>"),
    ),
  );
  assert.deepEqual(ordering.solution, { kind: "ordering", order: ["a", "b"], scoring: "all" });
  const essay = onlyQuestion(
    readMoodle(quiz("essay", "<responseformat>noinline</responseformat><graderinfo><text>By grace</text></graderinfo>")),
  );
  assert.deepEqual(essay.solution, { kind: "essay", rubric: "By grace" });
  assert.equal(essay.question.kind === "essay" && essay.question.form, "photos");
  assert.deepEqual(readMoodle(quiz("description", "")).passages, [{ id: "p1", title: "", text: "Which?" }]);
});

test("mistakes have the line and the name of their question", () => {
  const file = readMoodle(
    [
      "<quiz>",
      '<question type="ddmarker"><name><text>Drag</text></name></question>',
      '<question type="numerical">',
      "</question>",
      "</quiz>",
    ].join("\n"),
  );
  assert.deepEqual(file.mistakes, [
    { line: 2, item: "Drag", code: "unknown-kind" },
    { line: 3, item: "2", code: "no-right-answer" },
  ]);
  assert.deepEqual(readMoodle("<quiz>\n<question>\n</quiz>").mistakes, [{ line: 3, item: null, code: "not-well-formed" }]);
});

test("a document type is refused before its entities count", () => {
  const bomb = `<?xml version="1.0"?>\n<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<quiz>&b;</quiz>`;
  assert.equal(readMoodle(bomb).mistakes[0]?.code, "document-type");
  const file = `<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>`;
  assert.equal(readMoodle(file).mistakes[0]?.code, "document-type");
});

test("depth has a bound", () => {
  assert.equal(readMoodle("<a>".repeat(50_000)).mistakes[0]?.code, "not-well-formed");
});

const ordering = made.made(
  fc
    .record({ text: made.anyText, texts: fc.uniqueArray(made.oneLine, { minLength: 2, maxLength: 5 }), isAll: fc.boolean() })
    .map(({ text, texts, isAll }) => {
      const items = made.optionsOf(texts);
      return {
        draft: { kind: "ordering", text, items },
        solution: { kind: "ordering", order: items.map(({ id }) => id), scoring: isAll ? "all" : "part" },
      };
    }),
);
const gaps = made.made(
  fc
    .record({ head: made.oneLine, texts: fc.uniqueArray(made.oneLine, { minLength: 1, maxLength: 3 }), value: fc.integer() })
    .map(({ head, texts, value }) => ({
      draft: {
        kind: "gaps",
        text: `${head} {{1}} and {{2}}.`,
        gaps: [
          { id: "1", form: "text" },
          { id: "2", form: "number" },
        ],
      },
      solution: { kind: "gaps", accepted: { 1: { texts }, 2: { value, tolerance: 1 } }, scoring: "part" },
    })),
);

test("what is written is read as it was", () => {
  const read = (content: string | Uint8Array) => readMoodle(String(content));
  made.assertReadAsWritten({ kinds: [...made.ALL_SAY, ordering, gaps], write: writeMoodle, read }, 500);
});

test("what Moodle cannot say is named", () => {
  const { leftOut } = writeMoodle(paperWith(EVERY_KIND));
  assert.deepEqual(leftOut, [
    { id: "q4", code: "unit" },
    { id: "q9", code: "question" },
  ]);
});

test("any bytes are read or refused", () => {
  survivesAnyBytes(new TextEncoder().encode(CHOICE), (bytes) => readMoodle(textOfBytes(bytes) ?? ""));
});
