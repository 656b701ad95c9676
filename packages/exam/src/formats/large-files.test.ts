/** Files that are made to cost time: what they cost grows with their length and no faster. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type QuestionFormat, readQuestions } from "./index.ts";

const BYTES = 2 * 1024 * 1024;

function filled(beginning: string, piece: string, end = ""): Uint8Array {
  return new TextEncoder().encode(beginning + piece.repeat(Math.floor(BYTES / piece.length)) + end);
}

const moodle = (text: string) => `<quiz><question type="cloze"><questiontext><text>${text}`;
const END = "</text></questiontext></question></quiz>";
const FILES: readonly (readonly [name: string, format: QuestionFormat, bytes: Uint8Array])[] = [
  ["options", "gift", filled("Which?{=a", "~b", "}")],
  ["weights", "gift", filled("Which?{", "~%1%b", "}")],
  ["pairs", "gift", filled("Which?{", "=a->b", "}")],
  ["different pairs", "gift", filled("Which?{", "=a->b=c->d", "}")],
  ["tags", "gift", filled("// ", "[tag:", "\na{T}")],
  ["spaces", "gift", filled("a", " ", "{T}")],
  ["opening tags", "gift", filled("a", "<a", "{T}")],
  ["escapes", "gift", filled("a", "\\", "{T}")],
  ["questions", "gift", filled("", "a{T}\n\n")],
  ["open gaps", "moodle", filled(moodle(""), "{1:SA:", END)],
  ["spaces of HTML", "moodle", filled(moodle(""), " ", END)],
  ["comments of HTML", "moodle", filled(moodle(""), "&lt;!--", END)],
  ["elements", "qti", filled("<assessmentItem>", "<p/>", "</assessmentItem>")],
  [
    "choices",
    "qti",
    filled(
      "<assessmentItem><itemBody><choiceInteraction>",
      '<simpleChoice identifier="a"/>',
      "</choiceInteraction></itemBody></assessmentItem>",
    ),
  ],
  ["text entries", "qti", filled("<assessmentItem><itemBody>", "<textEntryInteraction/>", "</itemBody></assessmentItem>")],
  ["elements", "moodle", filled("<quiz>", "<question/>", "</quiz>")],
];

for (const [name, format, bytes] of FILES)
  test(`${format}: a file of ${name} is read or refused`, { timeout: 60_000 }, () => {
    const { mistakes, questions } = readQuestions(format, bytes);
    assert.ok(mistakes.length <= 200 && questions.length <= 300);
  });

test("a file above the limit is refused unread", () => {
  assert.equal(readQuestions("gift", new Uint8Array(4 * 1024 * 1024 + 1)).mistakes[0]?.code, "file-too-large");
});
