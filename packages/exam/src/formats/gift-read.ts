/** Reads GIFT (https://docs.moodle.org/en/GIFT_format): questions in plain text, with empty lines between them. Each mistake has the line where its question begins. */
import { LIMITS } from "../limits.ts";
import { optionId, optionsOf } from "../option-ids.ts";
import type { Option } from "../question.ts";
import { solutionOfWeights } from "./choice-weights.ts";
import { hideEscapes, showEscapes } from "./gift-escapes.ts";
import { textOfHtml, withDollars } from "./html-text.ts";
import { type DraftQuestion, type FilePlace, QuestionCollector, type QuestionFile } from "./question-file.ts";
import { textOfPattern } from "./short-answers.ts";

type Block = { readonly line: number; readonly text: string; readonly tags: readonly string[] };
/** A question whose answers have still to be read; texts have their escapes hidden. */
type Parts = {
  readonly place: FilePlace;
  readonly format: string;
  readonly before: string;
  readonly inside: string;
  readonly after: string;
  readonly explanation: string;
  readonly tags: readonly string[];
};
type Answer = { readonly weight: number; readonly text: string };

const FORMAT = /^\[(html|plain|markdown|moodle)\]/i;
const WEIGHT = /^%(-?\d{1,3}(?:\.\d*)?)%/;

export function readGift(text: string): QuestionFile {
  const collector = new QuestionCollector();
  for (const [i, block] of blocksOf(text).entries()) {
    if (collector.isFull) break;
    readBlock(collector, block, { line: block.line, item: `${i + 1}` });
  }
  return collector.read();
}

/** Empty lines divide; lines that begin with `//` are comments, in which Moodle writes tags. */
function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let [line, lines, tags]: [number, string[], string[]] = [1, [], []];
  const end = () => {
    if (lines.length > 0) blocks.push({ line, text: lines.join("\n"), tags });
    [lines, tags] = [[], []];
  };
  for (const [i, each] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n?|\n/)
    .entries()) {
    const trimmed = each.trim();
    if (trimmed === "") end();
    else if (trimmed.startsWith("//"))
      tags.push(...[...trimmed.matchAll(/\[tag:([^\][]{1,200})\]/g)].map(([, tag = ""]) => tag.trim()));
    // A category is a line of its own, and papers have none.
    else if (!trimmed.startsWith("$CATEGORY:")) {
      if (lines.length === 0) line = i + 1;
      lines.push(trimmed);
    }
  }
  end();
  return blocks;
}

function readBlock(collector: QuestionCollector, block: Block, place: FilePlace): void {
  const text = withoutName(hideEscapes(block.text)).trim();
  const [start, end] = [text.indexOf("{"), text.indexOf("}")];
  if (start < 0 && end < 0) {
    collector.addPassage("", shown(text, "moodle"));
    collector.leaveOut(place, "passage");
    return;
  }
  const after = text.slice(end + 1);
  if (start < 0 || end < start || /[{}]/.test(after)) {
    collector.mistake(place, "braces");
    return;
  }
  const format = FORMAT.exec(text)?.[1]?.toLowerCase() ?? "moodle";
  const answers = text.slice(start + 1, end);
  // More than any kind may have, before time is spent on each.
  if (countOf(answers, /[~=]/g) > 2 * LIMITS.maxOptions) {
    collector.mistake(place, "too-many", "solution");
    return;
  }
  const feedback = answers.lastIndexOf("####");
  readQuestion(collector, {
    place,
    format,
    before: text.slice(0, start).replace(FORMAT, ""),
    inside: (feedback < 0 ? answers : answers.slice(0, feedback)).trim(),
    after,
    explanation: feedback < 0 ? "" : shown(answers.slice(feedback + 4), format),
    tags: block.tags,
  });
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function withoutName(text: string): string {
  const end = text.startsWith("::") ? text.indexOf("::", 2) : -1;
  return end < 0 ? text : text.slice(end + 2);
}

/** The same order of questions to the answers as in Moodle. */
function readQuestion(collector: QuestionCollector, parts: Parts): void {
  const { inside } = parts;
  if (inside === "")
    collector.add(
      parts.place,
      { ...baseOf(parts), kind: "essay", form: "typed" },
      { kind: "essay", rubric: "" },
      parts.explanation,
    );
  else if (inside.startsWith("#")) readNumerical(collector, parts);
  else if (inside.includes("~")) readChoice(collector, parts);
  else if (inside.includes("=") && inside.includes("->")) readMatching(collector, parts);
  else if (/^(T|TRUE|F|FALSE)\s*(#|$)/i.test(inside)) readBoolean(collector, parts);
  else readShortAnswer(collector, parts);
}

function readNumerical(collector: QuestionCollector, parts: Parts): void {
  const { place, inside, explanation } = parts;
  const [right = "", wrong = ""] = inside.slice(1).split("~", 2);
  if (wrong !== "") collector.leaveOut(place, "feedback");
  const answers = answersOf(collector, parts, right.includes("=") ? right.slice(right.indexOf("=") + 1).split("=") : [right]);
  const best = answers.find(({ weight }) => weight >= 100);
  if (answers.length > 1) collector.leaveOut(place, "weights");
  const accepted = best && numberOf(best.text);
  if (!accepted) {
    collector.mistake(place, "not-a-number");
    return;
  }
  const draft: DraftQuestion = { ...baseOf(parts), kind: "gaps", text: gapText(parts), gaps: [{ id: "1", form: "number" }] };
  collector.add(place, draft, { kind: "gaps", accepted: { 1: accepted }, scoring: "all" }, explanation);
}

/** `value`, `value:tolerance` or `from..to`; null: it is none of these. */
export function numberOf(written: string): { readonly value: number; readonly tolerance: number } | null {
  const text = showEscapes(written).trim();
  const range = text.indexOf("..");
  const [first = "", second = "0"] = range > 0 ? [text.slice(0, range), text.slice(range + 2)] : text.split(":", 2);
  if (first.trim() === "" || second.trim() === "") return null;
  const [one, other] = [Number(first), Number(second)];
  if (!Number.isFinite(one) || !Number.isFinite(other)) return null;
  if (range > 0) return { value: (one + other) / 2, tolerance: Math.abs(other - one) / 2 };
  return other < 0 ? null : { value: one + 0, tolerance: other };
}

function readChoice(collector: QuestionCollector, parts: Parts): void {
  const { place, inside, explanation } = parts;
  const written = [...inside.matchAll(/([~=])([^~=]*)/g)].map(([, sign = "", rest = ""]) => ({ sign, rest }));
  const isSingle = written.some(({ sign }) => sign === "=");
  const answers = written.map(({ sign, rest }): Answer => {
    const [, weight] = (sign === "~" && WEIGHT.exec(rest.trim())) || [];
    const text = weight === undefined ? rest : rest.trim().replace(WEIGHT, "");
    return { weight: sign === "=" ? 100 : Number(weight ?? 0), text: withoutFeedback(collector, parts, text) };
  });
  const options: readonly Option[] = optionsOf(answers.map(({ text }) => shown(text, parts.format)));
  const base = { ...baseOf(parts), text: stemText(parts), options };
  if (isSingle) {
    const right = options.filter((_, i) => (answers[i]?.weight ?? 0) >= 100);
    if (answers.some(({ weight }) => weight !== 0 && weight !== 100)) collector.leaveOut(place, "weights");
    const [first, ...others] = right;
    if (first && others.length === 0)
      collector.add(place, { ...base, kind: "single" }, { kind: "single", right: first.id }, explanation);
    else collector.mistake(place, "several-right-answers");
    return;
  }
  const read = solutionOfWeights(answers.map(({ weight }, i) => ({ id: optionId(i), weight })));
  if (!read) {
    collector.mistake(place, "no-right-answer");
    return;
  }
  if (!read.isExact) collector.leaveOut(place, "weights");
  collector.add(place, { ...base, kind: "multiple" }, read.solution, explanation);
}

function readMatching(collector: QuestionCollector, parts: Parts): void {
  const { place, inside, format, explanation } = parts;
  const pairs = inside
    .slice(inside.indexOf("=") + 1)
    .split("=")
    .map((pair) => {
      const arrow = pair.indexOf("->");
      return arrow < 0 ? null : ([shown(pair.slice(0, arrow), format), showEscapes(pair.slice(arrow + 2)).trim()] as const);
    });
  const whole = pairs.filter((pair) => pair !== null);
  if (whole.length < pairs.length) {
    collector.mistake(place, "pair-without-arrow");
    return;
  }
  addMatching(collector, place, { ...baseOf(parts), text: stemText(parts) }, whole, explanation);
}

/** @param pairs left and right; an empty left adds a right one that matches nothing */
export function addMatching(
  collector: QuestionCollector,
  place: FilePlace,
  base: { readonly text: string; readonly points?: number; readonly knowledge?: readonly string[] },
  pairs: readonly (readonly [left: string, right: string])[],
  explanation: string,
): void {
  const right = optionsOf([...new Set(pairs.map(([, text]) => text))]);
  const ids = new Map(right.map(({ id, text }) => [text, id]));
  const matched = pairs.filter(([text]) => text !== "");
  const left = optionsOf(matched.map(([text]) => text));
  const solution = matched.map(([, text], i) => [optionId(i), ids.get(text) ?? ""]);
  collector.add(
    place,
    { ...base, kind: "matching", left, right },
    { kind: "matching", pairs: Object.fromEntries(solution), scoring: "part" },
    explanation,
  );
}

function readBoolean(collector: QuestionCollector, parts: Parts): void {
  const [answer = "", ...feedback] = parts.inside.split("#");
  if (feedback.some((each) => each.trim() !== "")) collector.leaveOut(parts.place, "feedback");
  const right = /^T/i.test(answer.trim());
  collector.add(
    parts.place,
    { ...baseOf(parts), text: stemText(parts), kind: "boolean" },
    { kind: "boolean", right },
    parts.explanation,
  );
}

function readShortAnswer(collector: QuestionCollector, parts: Parts): void {
  const { place, inside, format, after, explanation } = parts;
  const answers = answersOf(collector, parts, inside.startsWith("=") ? inside.slice(1).split("=") : inside.split("="));
  if (answers.some(({ weight }) => weight < 100)) collector.leaveOut(place, "weights");
  const texts = answers.flatMap(({ weight, text }) => {
    const read = weight < 100 ? null : textOfPattern(shown(text, format));
    if (weight >= 100 && (read?.hasWildcard ?? true)) collector.leaveOut(place, "wildcard");
    return read ? [read.text] : [];
  });
  if (texts.length === 0) collector.mistake(place, "no-right-answer");
  else if (after.trim() === "")
    collector.add(place, { ...baseOf(parts), kind: "text" }, { kind: "text", accepted: { texts } }, explanation);
  else {
    const draft: DraftQuestion = { ...baseOf(parts), text: gapText(parts), kind: "gaps", gaps: [{ id: "1", form: "text" }] };
    collector.add(place, draft, { kind: "gaps", accepted: { 1: { texts } }, scoring: "all" }, explanation);
  }
}

function answersOf(collector: QuestionCollector, parts: Parts, written: readonly string[]): readonly Answer[] {
  return written.map((each) => {
    const trimmed = each.trim();
    const weight = WEIGHT.exec(trimmed)?.[1];
    return { weight: Number(weight ?? 100), text: withoutFeedback(collector, parts, trimmed.replace(WEIGHT, "")) };
  });
}

function withoutFeedback(collector: QuestionCollector, { place }: Parts, written: string): string {
  const [text = "", ...feedback] = written.split("#");
  if (feedback.some((each) => each.trim() !== "")) collector.leaveOut(place, "feedback");
  return text.trim();
}

function baseOf(parts: Parts): { readonly text: string; readonly knowledge?: readonly string[] } {
  return { text: shown(parts.before, parts.format), ...(parts.tags.length > 0 ? { knowledge: parts.tags } : null) };
}

/** Where the answers stand within the sentence, there is a line to fill in. */
function stemText({ before, after, format }: Parts): string {
  return shown(after.trim() === "" ? before : `${before}_____${after}`, format);
}

function gapText({ before, after, format }: Parts): string {
  if (after.trim() === "") return `${shown(before, format)} {{1}}`;
  // Spaces beside the gap belong to the sentence.
  const [head, tail] = [shown(`${before}|`, format).slice(0, -1), shown(`|${after}`, format).slice(1)];
  return `${head}{{1}}${tail}`;
}

/** Plain text of a text with hidden escapes. */
function shown(text: string, inherited: string): string {
  const trimmed = text.trim();
  const format = FORMAT.exec(trimmed)?.[1]?.toLowerCase() ?? inherited;
  const body = showEscapes(trimmed.replace(FORMAT, ""));
  if (format === "plain") return body.trim();
  return (format === "markdown" ? withDollars(body) : textOfHtml(body).text).trim();
}
