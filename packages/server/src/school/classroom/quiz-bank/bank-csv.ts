/**
 * Writes and reads the question bank as CSV: one question in a line, `|` between several values in a cell. Teachers write such files in spreadsheets,
 * which save them as UTF-8 or, in China, as GBK.
 */

import { QUIZ_TYPES, type QuizType } from "@lectern/room";
import { z } from "zod";
import type { Text } from "../../../platform/messages/message.ts";
import { type Columns, type CsvRow, readCsv } from "../../foundation/csv/csv.ts";
import type { RowError } from "../../foundation/csv/row-error.ts";
import { quizText } from "../../foundation/messages/quiz-texts.ts";
import { type CsvColumn, writtenCell } from "../../foundation/requests/csv.ts";
import type { BankItem } from "../../foundation/store/quiz-tables.ts";
import { checkQuestion, isOptionIndexes, type Question, type QuestionDraft, questionFields, timeLimit } from "../quiz/question.ts";
import { isQuestion } from "../quiz/quiz-domain.ts";
import { MAX_TAGS, tag } from "./bank-items.ts";

const SEPARATOR = "|";
const COLUMNS: Columns = {
  required: ["type", "text"],
  optional: ["options", "correct", "tolerance", "explanation", "seconds", "anonymous", "tags"],
};
const TYPE_NAMES: Readonly<Record<string, QuizType>> = {
  ...Object.fromEntries(QUIZ_TYPES.map((type) => [type, type])),
  单选: "single",
  单选题: "single",
  多选: "multiple",
  多选题: "multiple",
  判断: "boolean",
  判断题: "boolean",
  数字: "number",
  数字题: "number",
  简答: "text",
  简答题: "text",
  填空: "text",
  填空题: "text",
};
const YES = ["true", "yes", "1", "对", "正确", "是", "√", "✓"];
const NO = ["false", "no", "0", "错", "错误", "否", "×", "✗"];

export const BANK_COLUMNS: readonly CsvColumn<BankItem>[] = [
  { name: "type", valueOf: ({ type }) => type },
  { name: "text", valueOf: ({ text }) => text },
  { name: "options", valueOf: ({ options }) => joined(options) },
  { name: "correct", valueOf: ({ correct }) => writtenCorrect(correct) },
  { name: "tolerance", valueOf: ({ correct }) => toleranceOf(correct) },
  { name: "explanation", valueOf: ({ explanation }) => explanation },
  { name: "seconds", valueOf: ({ seconds }) => seconds },
  { name: "anonymous", valueOf: ({ anonymous }) => (anonymous ? "yes" : "") },
  { name: "tags", valueOf: ({ tags }) => joined(tags) },
];

export type ReadItem = {
  readonly question: Question;
  readonly seconds: number | null;
  readonly anonymous: boolean;
  readonly tags: readonly string[];
};

/** The text of a file in UTF-8, with or without byte order mark, or in GBK; null: it is neither. */
export function decodeFile(bytes: Uint8Array): string | null {
  for (const encoding of ["utf-8", "gb18030"])
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      // The database cannot store it.
      return text.includes("\0") ? null : text;
    } catch {
      // Not this encoding.
    }
  return null;
}

export async function readItems(
  text: string,
): Promise<{ readonly items: readonly ReadItem[] } | { readonly errors: readonly RowError[] }> {
  const rows = await readCsv(text, COLUMNS);
  if ("errors" in rows) return { errors: rows.errors };
  const errors: RowError[] = [];
  const items = rows.flatMap((row) => readItem(row, (column, message) => errors.push({ line: row.line, column, text: message })));
  return errors.length > 0 ? { errors } : { items };
}

const { text: textField, options: optionsField, explanation: explanationField } = questionFields;
const writtenFields = z.object({ text: textField, options: optionsField, explanation: explanationField });
type Report = (column: string, message: Text) => void;

function readItem({ cells }: CsvRow, report: Report): ReadItem[] {
  const cell = (name: string) => writtenCell(cells[name] ?? "").trim();
  const type = TYPE_NAMES[cell("type").toLowerCase()];
  if (!type) {
    report("type", quizText("type-cell"));
    return [];
  }
  const options = list(cell("options"));
  const correct = cell("correct") === "" ? null : readCorrect(type, options, cell("correct"), cell("tolerance"));
  if (correct === undefined) report("correct", quizText("correct-cell"));
  const seconds = cell("seconds") === "" ? null : timeLimit.safeParse(Number(cell("seconds"))).data;
  if (seconds === undefined) report("seconds", quizText("number-cell"));
  const tags = list(cell("tags"))
    .slice(0, MAX_TAGS)
    .flatMap((name) => tag.safeParse(name).data ?? []);
  const asked = { type, text: cell("text"), options, correct: correct ?? null, explanation: cell("explanation") || null };
  const question = readQuestion(asked, report);
  const anonymous = YES.includes(cell("anonymous").toLowerCase());
  return question ? [{ question, seconds: seconds ?? null, anonymous, tags }] : [];
}

function readQuestion(asked: QuestionDraft, report: Report): Question | null {
  const clean = writtenFields.safeParse(asked);
  if (!clean.success) {
    report(String(clean.error.issues[0]?.path[0] ?? ""), quizText("cell-length"));
    return null;
  }
  const question = checkQuestion({ ...asked, ...clean.data });
  if (isQuestion(question)) return question;
  report("", question);
  return null;
}

/** Undefined: it does not fit the type. */
function readCorrect(type: QuizType, options: readonly string[], written: string, tolerance: string): QuestionDraft["correct"] {
  switch (type) {
    case "single":
    case "multiple": {
      const places = (/^[A-T]{2,}$/i.test(written) ? [...written] : list(written)).map((one) => placeOf(one, options));
      return places.every((place) => place >= 0 && place < options.length) ? places : undefined;
    }
    case "boolean":
      return YES.includes(written.toLowerCase()) ? true : NO.includes(written.toLowerCase()) ? false : undefined;
    case "number": {
      const [value, within] = [Number(written), tolerance === "" ? 0 : Number(tolerance)];
      return Number.isFinite(value) && within >= 0 && Number.isFinite(within) ? { value, tolerance: within } : undefined;
    }
    case "text":
      return list(written);
  }
}

/** A letter (A is the first), the option itself, or a number from 1; -1: none. */
function placeOf(written: string, options: readonly string[]): number {
  if (/^[A-T]$/i.test(written)) return written.toUpperCase().charCodeAt(0) - "A".charCodeAt(0);
  const place = options.indexOf(written);
  if (place >= 0) return place;
  return /^\d{1,2}$/.test(written) ? Number(written) - 1 : -1;
}

function writtenCorrect(correct: BankItem["correct"]): string | number | null {
  if (correct === null) return null;
  if (typeof correct === "boolean") return String(correct);
  if (isOptionIndexes(correct)) return correct.map((place) => String.fromCharCode("A".charCodeAt(0) + place)).join(SEPARATOR);
  return "value" in correct ? correct.value : joined(correct);
}

function toleranceOf(correct: BankItem["correct"]): number | null {
  return typeof correct === "object" && correct !== null && "tolerance" in correct ? correct.tolerance : null;
}

/** Several values of a cell. A separator within a value has a backslash before it. */
function joined(values: readonly string[]): string {
  return values.map((value) => value.replace(/[\\|]/g, "\\$&")).join(SEPARATOR);
}

function list(cell: string): string[] {
  const values = cell.match(/(?:\\.|[^\\|]|\\$)+/g) ?? [];
  return values.map((value) => value.replace(/\\([\\|])/g, "$1").trim()).filter((value) => value !== "");
}
