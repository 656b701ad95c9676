/** Word: what Word writes is read with its lists and tracked changes, mistakes have their paragraphs, lying archives are refused, and what is written is read as it was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { strToU8, unzipSync, zipSync } from "fflate";
import { survivesAnyBytes } from "../../../media/test/hostile-bytes.ts";
import { EVERY_KIND, options, paperWith } from "../test-paper.ts";
import { readQuestions } from "./index.ts";
import * as made from "./test-questions.ts";
import { onlyQuestion, optionTexts } from "./test-questions.ts";
import { readWord } from "./word-read.ts";
import { wordTemplate } from "./word-template.ts";
import { WORD_LANGUAGES } from "./word-words.ts";
import { writeWord } from "./word-write.ts";

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** A document of this body, as Word names its parts. */
function docx(body: string, parts: Readonly<Record<string, string>> = {}): Uint8Array {
  const document = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document ${W}><w:body>${body}</w:body></w:document>`;
  const files = { "[Content_Types].xml": "<Types/>", "word/document.xml": document, ...parts };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}
const run = (text: string) => `<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
const p = (text: string, properties = "") => `<w:p><w:pPr>${properties}</w:pPr>${run(text)}</w:p>`;
const lines = (...texts: readonly string[]) => docx(texts.map((text) => p(text)).join(""));
const inList = (id: number, text: string) => p(text, `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="${id}"/></w:numPr>`);
const list = (id: number, format: string) =>
  `<w:abstractNum w:abstractNumId="${id}"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>`;
const NUMBERING = {
  "word/numbering.xml": `<w:numbering ${W}>${list(0, "decimal")}${list(1, "upperLetter")}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>`,
};
const codes = (bytes: Uint8Array) => readWord(bytes).mistakes.map(({ line, item, code }) => [line, item, code]);

test("a choice as teachers write it is read, in either language and with full-width signs", () => {
  for (const texts of [
    [
      "1. [Single choice] Which? (easy)",
      "of these",
      "A. one",
      "b) two",
      "Answer: B",
      "Points: 2",
      "Topic: sums",
      "Difficulty: 3",
      "Explanation: so",
      "it is",
    ],
    [
      "1、【单选题】Which? (easy)",
      "of these",
      "Ａ．one",
      "Ｂ、two",
      "答案：Ｂ",
      "分值：２分",
      "知识点：sums",
      "难度：3",
      "解析：so",
      "it is",
    ],
  ]) {
    const { question, solution, explanation } = onlyQuestion(readWord(lines("My own notes", "Answer: A", ...texts)));
    assert.deepEqual([question.text, optionTexts(question)], ["Which? (easy)\nof these", ["one", "two"]]);
    assert.deepEqual([question.points, question.knowledge, question.difficulty], [2, ["sums"], 3]);
    assert.deepEqual([solution, explanation], [{ kind: "single", right: "b" }, "so\nit is"]);
  }
});

test("numbers and letters that Word gives to lists are options and items; a list that begins again does", () => {
  const first = `${inList(1, "[Single choice] First?")}${inList(2, "one")}${inList(2, "two")}${p("Answer: B")}`;
  const second = `${inList(1, "[Multiple choice] Second?")}${inList(3, "three")}${inList(3, "four")}${p("Answer: A B")}`;
  // The list of the first goes on here, so Word shows C and D.
  const third = `${p("[Single choice] Third?")}${inList(2, "five")}${inList(2, "six")}${p("Answer: D")}`;
  const { questions, mistakes } = readWord(
    docx(first + second + p("[Ordering] Fourth?") + inList(1, "a") + inList(1, "b") + third, NUMBERING),
  );
  assert.deepEqual(mistakes, []);
  assert.deepEqual(
    questions.map(({ solution }) => ("right" in solution ? solution.right : "order" in solution && solution.order)),
    ["b", ["a", "b"], ["a", "b"], "b"],
  );
});

test("tables, line breaks, links and insertions are read; deletions, fields and headings are not; pictures and formulas are named", () => {
  const styles = {
    "word/styles.xml": `<w:styles ${W}><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>`,
  };
  const cell = (text: string) => `<w:tc>${p(text)}</w:tc>`;
  const body = [
    `<w:p>${run("[Single choice] Whi")}<w:ins w:id="1">${run("ch")}</w:ins><w:del w:id="2"><w:r><w:delText>no</w:delText></w:r></w:del><w:r><w:br/></w:r><w:hyperlink>${run("one?")}</w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>`,
    `<w:tbl><w:tr>${cell("A. 2")}${cell("B. 3")}</w:tr></w:tbl>`,
    p("Answer: A"),
    '<w:p><w:r><w:drawing><x:t xmlns:x="y">never</x:t></w:drawing></w:r></w:p>',
    `<w:p>${run("Explanation: x")}<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r></w:p>`,
    p("Part two", '<w:pStyle w:val="1"/>'),
  ];
  const file = readWord(docx(body.join(""), styles));
  const { question, explanation } = onlyQuestion(file);
  assert.deepEqual([question.text, optionTexts(question), explanation], ["Which\none?", ["2", "3"], "x2"]);
  assert.deepEqual(file.leftOut, [
    { line: 5, item: "1", code: "file" },
    { line: 6, item: "1", code: "formula" },
  ]);
});

test("gaps are braces or blanks, numbers have a tolerance and a unit, and capitals count where the label says so", () => {
  const { question, solution } = onlyQuestion(
    readWord(
      lines(
        "【填空题】首都是____，光速是______。",
        "精确答案1：Paris",
        "精确答案1：PARIS",
        "数值（2）：−3.5e2 ± 0.5 km/s",
        "计分：全对才得分",
      ),
    ),
  );
  assert.equal(question.text, "首都是{{1}}，光速是{{2}}。");
  assert.deepEqual(question.kind === "gaps" && question.gaps, [
    { id: "1", form: "text" },
    { id: "2", form: "number", unit: "km/s" },
  ]);
  assert.deepEqual(solution, {
    kind: "gaps",
    accepted: { 1: { texts: ["Paris", "PARIS"], isCaseSensitive: true }, 2: { value: -350, tolerance: 0.5, unit: "km/s" } },
    scoring: "all",
  });
});

test("each mistake has its paragraph and its question, and the others are read", () => {
  const file = lines(
    ...["[Singel choice] a"],
    ...["[Single choice] b", "A. 1", "B. 2", "Answer: C"],
    ...["[Single choice] c", "A. 1", "B. 2", "Answer: AB"],
    ...["[Single choice] d", "A. 1", "A. 2"],
    ...["[True or false] e", "Answer: perhaps"],
    ...["[Matching] f", "1. a", "2. b", "A. c", "B. d", "Answer: 1-A, 2-B, both"],
    ...["[Gaps] g {{1}}", "Number: many"],
    ...["[Essay] h", "Seconds: 3", "Points: lots"],
    ...["[Short text] i", "Answer: yes", "or no", "Points: 1", "Points: 2", "Exact answer: Yes", "Passage: 9"],
    ...["[True or false] j", "Answer: T"],
  );
  assert.deepEqual(codes(file), [
    [1, "1", "unknown-kind"],
    [5, "2", "unknown-id"],
    [9, "3", "several-right-answers"],
    [10, "4", "no-right-answer"],
    [12, "4", "repeated"],
    [14, "5", "no-right-answer"],
    [20, "6", "unknown-id"],
    [22, "7", "not-a-number"],
    [24, "8", "unexpected-paragraph"],
    [25, "8", "not-a-number"],
    [27, "9", "mixed-answers"],
    [28, "9", "unexpected-paragraph"],
    [30, "9", "repeated"],
    [32, "9", "unknown-id"],
  ]);
  assert.equal(readWord(file).questions.length, 1);
});

test("what is no Word document, or lies about itself, is refused", { timeout: 20_000 }, () => {
  const code = (bytes: Uint8Array) => readQuestions("word", bytes).mistakes.map((each) => each.code);
  assert.deepEqual(code(strToU8("[Single choice] a")), ["not-word"]);
  assert.deepEqual(code(zipSync({ "word/media/a.png": new Uint8Array(9) })), ["not-word"]);
  assert.deepEqual(code(docx("")), ["no-questions"]);
  assert.deepEqual(code(zipSync({ "word/document.xml": new Uint8Array(33 * 1024 * 1024) }, { level: 1 })), ["file-too-large"]);
  assert.deepEqual(code(zipSync({ "word/document.xml": strToU8('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>') })), ["document-type"]);
  assert.deepEqual(code(docx("<w:tbl>".repeat(5000))), ["not-well-formed"]);
  // A picture that is not asked for may be as large as it likes.
  const parts = { ...unzipSync(docx(p("[Essay] a"))), "word/media/a.png": new Uint8Array(33 * 1024 * 1024) };
  assert.deepEqual(code(zipSync(parts, { level: 1 })), []);
});

for (const [name, piece, before = ""] of [
  ["paragraphs", p("x"), p("[Essay] a")],
  ["options", p("A. x"), p("[Single choice] a")],
  ["answers", p("Answer: x"), p("[Short text] a")],
  ["empty questions", p("[Single choice] a")],
  ["passages", p("[Passage] a")],
  ["gaps", "{{a}}", "<w:p><w:r><w:t>[Gaps] "],
  ["blanks", "____ ", "<w:p><w:r><w:t>[Gaps] "],
  ["brackets", "[", "<w:p><w:r><w:t>"],
  ["spaces", " ", '<w:p><w:r><w:t xml:space="preserve">Answer'],
  ["pairs", "1-A ", `${p("[Matching] a")}<w:p><w:r><w:t>Answer: `],
] as const)
  test(`a document of ${name} costs what its length does`, { timeout: 20_000 }, () => {
    const closing = before.lastIndexOf("<w:p>") > before.lastIndexOf("</w:p>") ? "</w:t></w:r></w:p>" : "";
    const { mistakes, questions } = readWord(docx(before + piece.repeat(Math.floor((1024 * 1024) / piece.length)) + closing));
    assert.ok(mistakes.length <= 200 && questions.length <= 300);
  });

/** Everything that the template says of a question. */
const withMore = (of: fc.Arbitrary<made.Made>) =>
  fc
    .record({
      of,
      points: fc.integer({ min: 1, max: 200 }).map((half) => half / 2),
      knowledge: fc.uniqueArray(made.oneLine, { minLength: 1, maxLength: 3 }),
      difficulty: fc.integer({ min: 1, max: 5 }),
      isPlain: fc.boolean(),
    })
    .map(({ of: one, isPlain, ...more }) => (isPlain ? one : { ...one, draft: { ...one.draft, ...more } }));
const matching = made.made(
  fc
    .record({ text: made.anyText, left: fc.uniqueArray(made.oneLine, { minLength: 2, maxLength: 5 }), isAll: fc.boolean() })
    .map(({ text, left, isAll }) => {
      const right = made.optionsOf([...left, "none"]).map((one, i) => (i === left.length ? { ...one, isAnchored: true } : one));
      const pairs = Object.fromEntries(left.map((_, i) => [right[i]!.id, right[(i + 1) % right.length]!.id]));
      return {
        draft: { kind: "matching", text, left: made.optionsOf(left), right },
        solution: { kind: "matching", pairs, scoring: isAll ? "all" : "part" },
      };
    }),
);
const multiple = made.made(
  fc
    .record({ text: made.anyText, texts: fc.uniqueArray(made.oneLine, { minLength: 2, maxLength: 20 }), isAll: fc.boolean() })
    .map(({ text, texts, isAll }) => ({
      draft: {
        kind: "multiple",
        text,
        options: made.optionsOf(texts).map((one, i) => (i % 3 === 2 ? { ...one, isAnchored: true } : one)),
      },
      solution: {
        kind: "multiple",
        right: made
          .optionsOf(texts)
          .filter((_, i) => i % 2 === 1)
          .map(({ id }) => id),
        scoring: isAll ? "all" : "part",
      },
    })),
);
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
const unit = fc.constantFrom("km/h", "±", "e5", "° C", "元");
const gaps = made.made(
  fc
    .record({
      head: made.oneLine,
      texts: fc.uniqueArray(made.oneLine, { minLength: 1, maxLength: 3 }),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      unit,
      isExact: fc.boolean(),
    })
    .map(({ head, texts, value, unit: name, isExact }) => ({
      draft: {
        kind: "gaps",
        text: `${head} {{one}} and {{2}}.`,
        gaps: [
          { id: "one", form: "text" },
          { id: "2", form: "number", unit: name },
        ],
      },
      solution: {
        kind: "gaps",
        accepted: {
          one: { texts, ...(isExact ? { isCaseSensitive: true } : null) },
          2: { value: value + 0, tolerance: Math.abs(value) / 8, unit: name },
        },
        scoring: isExact ? "all" : "part",
      },
    })),
);
const essay = made.made(
  fc
    .record({
      text: made.anyText,
      rubric: made.anyText,
      points: fc.integer({ min: 1, max: 3 }),
      form: fc.constantFrom("typed" as const, "photos" as const),
    })
    .map(({ text, rubric, points, form }) => ({
      draft: { kind: "essay", text, form, points: 10, ...(form === "typed" ? { maxLetters: 900 } : null) },
      solution: {
        kind: "essay",
        rubric,
        criteria: [
          { id: "c1", text: rubric, points: points / 2 },
          { id: "c2", text, points },
        ],
      },
    })),
);
const speaking = made.made(
  fc.record({ text: made.anyText, maxSeconds: fc.integer({ min: 1, max: 300 }) }).map(({ text, maxSeconds }) => ({
    draft: { kind: "speaking", text, maxSeconds },
    solution: { kind: "speaking", rubric: "" },
  })),
);

for (const language of WORD_LANGUAGES)
  test(`what is written is read as it was: ${language}`, () => {
    const kinds = [...made.ALL_SAY.map(withMore), matching, multiple, ordering, gaps, essay, speaking];
    const read = (content: string | Uint8Array) => readWord(content as Uint8Array);
    made.assertReadAsWritten({ kinds, write: (paper) => writeWord(paper, language), read }, 300);
  });

test("passages of all sections are kept, and name what they belong to; ids and orders of other papers do not matter", () => {
  const [single, , , , , , , essayOf] = EVERY_KIND;
  assert.ok(single && essayOf);
  const passage = (id: string) => ({ id, title: `Title ${id}`, text: `Line\n\n[Essay] ${id}` });
  const of = (id: string, own: string) => ({ ...essayOf, question: { ...essayOf.question, id, passage: own } });
  const paper = paperWith([of("x1", "m")], { passages: [passage("m")] });
  const [section] = paper.sections;
  const both = {
    ...paper,
    sections: [
      section!,
      { ...section!, id: "s2", title: "Two", passages: [passage("k"), passage("l")], questions: [of("x2", "l"), single] },
    ],
  };
  const { content, leftOut } = writeWord(both, "en");
  const read = readWord(content as Uint8Array);
  assert.deepEqual([leftOut, read.mistakes], [[], []]);
  assert.deepEqual(
    read.passages.map(({ id, title, text }) => [id, title, text.at(-1)]),
    [
      ["p1", "Title m", "m"],
      ["p2", "Title k", "k"],
      ["p3", "Title l", "l"],
    ],
  );
  assert.deepEqual(
    read.questions.map(({ question }) => question.passage),
    ["p1", "p3", undefined],
  );
  const odd = {
    question: { id: "o", kind: "ordering", text: "Order", points: 1, items: options("b", "a") },
    solution: { kind: "ordering", order: ["b", "a"], scoring: "all" },
  } as const;
  const { question } = onlyQuestion(readWord(writeWord(paperWith([odd]), "zh-CN").content as Uint8Array));
  assert.deepEqual(question.kind === "ordering" && question.items.map(({ text }) => text), ["a", "b"]);
});

test("what Word cannot say is named: a unit that is shown and not asked for, and pictures", () => {
  const { leftOut } = writeWord(paperWith(EVERY_KIND), "en");
  assert.deepEqual(leftOut, [{ id: "q4", code: "unit" }]);
});

test("the template is read as its questions, in both languages, and says each kind once", () => {
  const [en, zh] = WORD_LANGUAGES.map((language) => {
    const { content, leftOut } = wordTemplate(language);
    const { questions, passages, mistakes, leftOut: notRead } = readWord(content as Uint8Array);
    assert.deepEqual([leftOut, mistakes, notRead, passages.length], [[], [], [], 1]);
    return questions.map(({ question, solution }) => [
      question.kind,
      question.points,
      question.passage,
      "right" in solution ? solution.right : null,
    ]);
  });
  assert.equal(en?.length, 10);
  assert.deepEqual(en, zh);
});

test("any bytes are read or refused, in the archive and in its XML", () => {
  const good = wordTemplate("en").content as Uint8Array;
  survivesAnyBytes(good, (bytes) => readWord(bytes));
  const parts = unzipSync(good);
  survivesAnyBytes(parts["word/document.xml"]!, (bytes) =>
    readWord(zipSync({ ...parts, "word/document.xml": bytes }, { level: 0 })),
  );
});
