/** Reads and writes the gaps of Moodle's embedded answers ("Cloze", https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type): `{1:SHORTANSWER:=Paris~=Paname}`. */
import type { AcceptedNumber, AcceptedTexts } from "../question.ts";
import { numberOf } from "./gift-read.ts";
import { patternOf, textOfPattern } from "./short-answers.ts";

export type ClozeGap = {
  readonly form: "text" | "number";
  readonly accepted: AcceptedTexts | AcceptedNumber;
  readonly isExact: boolean;
};

/** A gap; answers have no closing brace but an escaped one. Bounded, so that opening braces alone cost no time that grows with their square. */
export const CLOZE = /\{(\d{0,3}):([A-Z_]{1,20}):((?:\\.|[^\\}]){0,5000})\}/gs;
/** Of a text with gaps, before they are read. */
export const MAX_CLOZE_LETTERS = 50_000;
const TEXT_KINDS = ["SHORTANSWER", "SA", "MW"];
const CASE_KINDS = ["SHORTANSWER_C", "SAC", "MWC"];
const NUMBER_KINDS = ["NUMERICAL", "NM"];

/**
 * Null: gaps with options, and gaps without a right answer, are none of a paper.
 *
 * @param plain makes plain text of the answers' format
 */
export function readClozeGap(kind: string, answers: string, plain: (text: string) => string): ClozeGap | null {
  const all = (answers.match(/(?:\\.|[^\\~])+/gs) ?? []).map(readAnswer);
  const right = all.filter(({ weight }) => weight === 100);
  const isExact = all.every(({ weight, hasFeedback }) => (weight === 100 || weight === 0) && !hasFeedback);
  if (NUMBER_KINDS.includes(kind)) {
    const number = right[0] && numberOf(right[0].text);
    return number ? { form: "number", accepted: number, isExact: isExact && right.length === 1 } : null;
  }
  const isCaseSensitive = CASE_KINDS.includes(kind);
  if (!isCaseSensitive && !TEXT_KINDS.includes(kind)) return null;
  const patterns = right.map(({ text }) => textOfPattern(plain(text)));
  const texts = patterns.flatMap((pattern) => (pattern && pattern.text !== "" ? [pattern.text] : []));
  if (texts.length === 0) return null;
  const hasWildcard = patterns.some((pattern) => pattern?.hasWildcard ?? true);
  return { form: "text", accepted: { texts, ...(isCaseSensitive ? { isCaseSensitive } : null) }, isExact: isExact && !hasWildcard };
}

export function writeClozeGap(accepted: AcceptedTexts | AcceptedNumber): string {
  if (!("texts" in accepted)) return `{1:NUMERICAL:=${accepted.value}:${accepted.tolerance}}`;
  const answers = accepted.texts.map((text) => `=${patternOf(text).replace(/[\\}~#"/]/g, "\\$&")}`);
  return `{1:${accepted.isCaseSensitive ? "SHORTANSWER_C" : "SHORTANSWER"}:${answers.join("~")}}`;
}

function readAnswer(written: string): { readonly weight: number; readonly text: string; readonly hasFeedback: boolean } {
  const [, sign = "", percent, rest = ""] = /^\s*(?:(=)|%(-?\d+)%)?(.*)$/s.exec(written) ?? [];
  const feedback = /(?<!\\)(?:\\\\)*#/.exec(rest);
  const end = feedback ? feedback.index + feedback[0].length - 1 : rest.length;
  const text = rest.slice(0, end).replace(/\\(.)/gs, "$1");
  return { weight: sign === "=" ? 100 : Number(percent ?? 0), text: text.trim(), hasFeedback: rest.slice(end + 1).trim() !== "" };
}
