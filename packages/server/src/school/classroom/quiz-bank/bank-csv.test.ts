/** The question bank as CSV: what is exported is imported again as it was, also after a spreadsheet has saved it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { QUIZ_TYPES } from "@lectern/room";
import fc from "fast-check";
import { newId } from "../../../platform/id.ts";
import { textIn } from "../../../platform/messages/message.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import type { BankItem } from "../../foundation/store/quiz-tables.ts";
import { checkQuestion, type Question } from "../quiz/question.ts";
import { isQuestion } from "../quiz/quiz-domain.ts";
import { BANK_COLUMNS, decodeFile, type ReadItem, readItems } from "./bank-csv.ts";

async function itemsOf(text: string): Promise<readonly ReadItem[]> {
  const read = await readItems(text);
  if ("errors" in read) throw new Error(JSON.stringify(read.errors));
  return read.items;
}

async function validationErrorsOf(text: string): Promise<string[]> {
  const read = await readItems(text);
  assert.ok("errors" in read, "the file has mistakes");
  return read.errors.map(({ line, column, text: message }) => `${line} ${column}: ${textIn("en", message)}`);
}

function rowOf(question: Question, rest: Partial<BankItem> = {}): BankItem {
  const place = { id: newId(), school_id: newId(), course_id: null, created_at: new Date(), version: 1 };
  return { ...place, ...question, seconds: null, anonymous: false, tags: [], ...rest };
}

test("every type is read as a teacher writes it, in English and in Chinese", async () => {
  const file = [
    "type,text,options,correct,tolerance,explanation,seconds,anonymous,tags",
    "single,1+1?,1|2|3,B,,Two.,30,yes,sums|easy",
    "多选题,偶数？,1|2|4,2|3,,,,,",
    "multiple,Even?,1|2|4,BC,,,,,",
    "判断,地球是圆的。,,对,,,,,",
    "number,π?,,3.14,0.01,,,,",
    "填空,首都？,,北京|Beijing,,,,,",
    "boolean,Ready?,,,,,,,",
  ].join("\n");
  const items = await itemsOf(file);
  assert.deepEqual(
    items.map(({ question }) => [question.type, question.correct]),
    [
      ["single", [1]],
      ["multiple", [1, 2]],
      ["multiple", [1, 2]],
      ["boolean", true],
      ["number", { value: 3.14, tolerance: 0.01 }],
      ["text", ["北京", "Beijing"]],
      ["boolean", null],
    ],
  );
  assert.deepEqual(items[0], {
    question: { type: "single", text: "1+1?", options: ["1", "2", "3"], correct: [1], explanation: "Two." },
    seconds: 30,
    anonymous: true,
    tags: ["sums", "easy"],
  });
});

test("mistakes name their line and column", async () => {
  const file = ["type,text,options,correct,seconds", "essay,a,,,", "single,b,1|2,C,", "single,c,1,,", "number,d,,x,3"].join("\n");
  assert.deepEqual(await validationErrorsOf(file), [
    "2 type: is one of single, multiple, boolean, number, text",
    "3 correct: does not fit the type: letters or numbers of options (A|C), true or false, a number, or texts (a|b)",
    "4 : A choice needs at least two options.",
    "5 correct: does not fit the type: letters or numbers of options (A|C), true or false, a number, or texts (a|b)",
    "5 seconds: is not a number, or not one that is allowed here",
  ]);
});

test("a file may be UTF-8 with or without byte order mark, or GBK; other bytes are refused", async () => {
  const text = "type,text\nboolean,地球是圆的。\n";
  // 地球是圆的。 in GBK.
  const gbk = Buffer.concat([
    Buffer.from("type,text\nboolean,"),
    Buffer.from("b5d8c7f2cac7d4b2b5c4a1a3", "hex"),
    Buffer.from("\n"),
  ]);
  for (const bytes of [Buffer.from(text), Buffer.from(`\uFEFF${text}`), gbk]) {
    const decoded = decodeFile(bytes);
    assert.ok(decoded !== null);
    assert.equal((await itemsOf(decoded))[0]?.question.text, "地球是圆的。");
  }
  assert.equal(decodeFile(Buffer.from([0xff, 0xff, 0xff])), null);
  assert.equal(decodeFile(Buffer.from("type,text\nboolean,\0\n")), null);
});

test("what is exported is imported again as it was", async () => {
  const line = fc
    .string({
      unit: fc.constantFrom("a", "B", "1", " ", "=", "-", "|", "\\", ",", '"', "'", "李", "＝", "@"),
      minLength: 1,
      maxLength: 12,
    })
    .map((text) => text.trim())
    .filter((text) => text !== "");
  const asked = fc.record({
    type: fc.constantFrom(...QUIZ_TYPES),
    text: line,
    options: fc.uniqueArray(line, { minLength: 2, maxLength: 5 }),
    place: fc.nat(1),
    number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    tags: fc.uniqueArray(line, { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 4 }), async (all) => {
      const rows = all.map(({ type, text, options, place, number, tags }) => {
        const correct = { single: [place], multiple: [0, 1], boolean: place === 0, number, text: options }[type];
        const question = checkQuestion({ type, text, options: type === "single" || type === "multiple" ? options : [], correct });
        assert.ok(isQuestion(question));
        return rowOf(question, { tags });
      });
      const items = await itemsOf(writeCsv(BANK_COLUMNS, rows));
      assert.deepEqual(
        items.map(({ question, tags }) => ({ ...question, tags })),
        rows.map(({ type, text, options, correct, explanation, tags }) => ({ type, text, options, correct, explanation, tags })),
      );
    }),
    { numRuns: 300 },
  );
});
