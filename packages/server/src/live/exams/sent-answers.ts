/** Reads what a candidate's device has sent, and refuses everything that is no answer: what passes here can be stored. */
import { type Answer, type AnswerValue, FACT_KINDS, type Fact, SECTION_BEGUN, SOUND_PLAYED } from "@lectern/exam";
import { ID } from "../../platform/id.ts";

/** Of a request. */
export const MAX_BODY_BYTES = 256 * 1024;
const MAX_ENTRIES = 200;
/** Of a device: a change of an answer every second for more than a day. */
const MAX_SEQ = 100_000;
const MAX_ID = 64;
const MAX_PARTS = 100;
/** Of an essay; of other texts. */
const MAX_TEXT = 40_000;
const MAX_GAP = 2000;
const MAX_UPLOAD = 200;
const MAX_DETAIL = 500;
const MAX_SEEN = 50;
const KNOWN_FACTS: readonly string[] = [...FACT_KINDS, SOUND_PLAYED, SECTION_BEGUN];
/** The last millisecond of the year 9999. */
const MAX_TIME = 253_402_300_799_999;

export type SentBody = {
  readonly answers: readonly Answer[];
  readonly facts: readonly Fact[];
  /** Ids of messages that the page has shown; absent: none. */
  readonly seen?: readonly string[];
};

/** @param text empty: nothing @returns null: it is malformed */
export function readSentAnswers(text: string): SentBody | null {
  if (text === "") return { answers: [], facts: [] };
  const body = parsed(text);
  if (!isObject(body)) return null;
  const answers = listOf(body["answers"], answerOf);
  const facts = listOf(body["facts"], factOf);
  const seen = listOf(body["seen"], (one) => (typeof one === "string" && ID.test(one) ? one : null));
  if (!answers || !facts || !seen || seen.length > MAX_SEEN || answers.length + facts.length > MAX_ENTRIES) return null;
  return seen.length > 0 ? { answers, facts, seen } : { answers, facts };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function listOf<T>(value: unknown, read: (one: unknown) => T | null): T[] | null {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MAX_ENTRIES) return null;
  const list: T[] = [];
  for (const one of value) {
    const entry = read(one);
    if (entry === null) return null;
    list.push(entry);
  }
  return list;
}

function answerOf(value: unknown): Answer | null {
  if (!isObject(value)) return null;
  const { seq, question, isMarked, writtenAt } = value;
  const given = value["value"];
  if (!isSeq(seq) || !isText(question, MAX_ID) || question === "" || !isTime(writtenAt) || !isAnswerValue(given)) return null;
  if (isMarked !== undefined && typeof isMarked !== "boolean") return null;
  return { seq, question, value: given, ...(isMarked === undefined ? {} : { isMarked }), writtenAt: Math.floor(writtenAt) };
}

function factOf(value: unknown): Fact | null {
  if (!isObject(value)) return null;
  const { seq, fact, detail, writtenAt } = value;
  if (!isSeq(seq) || !isFactKind(fact) || !isTime(writtenAt)) return null;
  if (detail !== undefined && !isText(detail, MAX_DETAIL)) return null;
  return { seq, fact, ...(detail === undefined ? {} : { detail }), writtenAt: Math.floor(writtenAt) };
}

function isAnswerValue(value: unknown): value is AnswerValue {
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "string") return isText(value, MAX_TEXT);
  if (Array.isArray(value)) return isListOfTexts(value, MAX_ID);
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  if (entries.length === 1 && isText(value["typed"], MAX_TEXT)) return true;
  if (entries.length === 1 && Array.isArray(value["uploads"])) return isListOfTexts(value["uploads"], MAX_UPLOAD);
  return entries.length <= MAX_PARTS && entries.every(([name, text]) => isText(name, MAX_ID) && isText(text, MAX_GAP));
}

function isListOfTexts(value: readonly unknown[], most: number): boolean {
  return value.length <= MAX_PARTS && value.every((one) => isText(one, most));
}

/** A database takes no zero character, and no half of a pair. */
function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value.length <= most && !value.includes("\0") && value.isWellFormed();
}

function isSeq(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MAX_SEQ;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= MAX_TIME;
}

function isFactKind(value: unknown): value is Fact["fact"] {
  return typeof value === "string" && KNOWN_FACTS.includes(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
