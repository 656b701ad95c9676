/** Reads Moodle XML (https://docs.moodle.org/en/Moodle_XML_format). Each mistake has the line of its question, and its name. */

import { optionId, optionsOf } from "../option-ids.ts";
import type { AcceptedNumber, GapsQuestion } from "../question.ts";
import { solutionOfWeights } from "./choice-weights.ts";
import { addMatching, numberOf } from "./gift-read.ts";
import { textOfHtml, withDollars } from "./html-text.ts";
import { CLOZE, MAX_CLOZE_LETTERS, readClozeGap } from "./moodle-cloze.ts";
import { type FilePlace, QuestionCollector, type QuestionFile, unreadable } from "./question-file.ts";
import { textOfPattern } from "./short-answers.ts";
import { descendants, elementAt, elementsOf, isElement, parseXml, textIn, type XmlElement } from "./xml.ts";

type Item = {
  readonly element: XmlElement;
  readonly place: FilePlace;
  readonly base: { readonly text: string; readonly points: number; readonly knowledge?: readonly string[] };
  readonly explanation: string;
};

export function readMoodle(text: string): QuestionFile {
  const root = parseXml(text.replace(/^\uFEFF?\s+/, ""));
  if (!isElement(root)) return unreadable(root.code, root.line);
  const collector = new QuestionCollector();
  for (const [i, element] of elementsOf(root, "question").entries()) {
    if (collector.isFull) break;
    const name = textIn(elementAt(element, "name", "text")).trim();
    readQuestion(collector, element, { line: element.line, item: name === "" ? `${i + 1}` : name.slice(0, 100) });
  }
  return collector.read();
}

function readQuestion(collector: QuestionCollector, element: XmlElement, place: FilePlace): void {
  const kind = element.attributes.get("type") ?? "";
  if (kind === "category") return;
  const text = shown(collector, place, elementAt(element, "questiontext"));
  if (kind === "description") {
    collector.addPassage("", text);
    collector.leaveOut(place, "passage");
    return;
  }
  const explanation = shown(collector, place, elementAt(element, "generalfeedback"));
  const feedbacks = descendants(element, "feedback", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback");
  if (feedbacks.some((feedback) => textIn(elementAt(feedback, "text")).trim() !== "") && kind !== "cloze")
    collector.leaveOut(place, "feedback");
  const knowledge = elementsOf(elementAt(element, "tags") ?? element, "tag").map((tag) => textIn(tag).trim());
  const grade = Number(textIn(elementAt(element, "defaultgrade")) || "1");
  // Papers have points of a half or more.
  const points = Math.max(0.5, Math.round(grade * 2) / 2 || 1);
  if (points !== grade) collector.leaveOut(place, "points");
  const base = { text, points, ...(knowledge.length > 0 ? { knowledge } : null) };
  const read = READERS.get(kind);
  if (read) read(collector, { element, place, base, explanation });
  else collector.mistake(place, "unknown-kind");
}

const READERS: ReadonlyMap<string, (collector: QuestionCollector, item: Item) => void> = new Map([
  ["multichoice", readChoice],
  ["truefalse", readBoolean],
  ["shortanswer", readShortAnswer],
  ["numerical", readNumerical],
  ["matching", readMatching],
  ["match", readMatching],
  ["ordering", readOrdering],
  ["essay", readEssay],
  ["cloze", readCloze],
  ["multianswer", readCloze],
]);

function readChoice(collector: QuestionCollector, { element, place, base, explanation }: Item): void {
  const answers = elementsOf(element, "answer");
  const options = optionsOf(answers.map((answer) => shown(collector, place, answer)));
  const weighted = answers.map((answer, i) => ({ id: optionId(i), weight: fractionOf(answer) }));
  if (/^(false|0)$/i.test(textIn(elementAt(element, "single")).trim())) {
    const read = solutionOfWeights(weighted);
    if (read && !read.isExact) collector.leaveOut(place, "weights");
    if (read) collector.add(place, { ...base, kind: "multiple", options }, read.solution, explanation);
    else collector.mistake(place, "no-right-answer");
    return;
  }
  const [right, ...others] = weighted.filter(({ weight }) => weight >= 100);
  if (weighted.some(({ weight }) => weight !== 0 && weight < 100)) collector.leaveOut(place, "weights");
  if (right && others.length === 0)
    collector.add(place, { ...base, kind: "single", options }, { kind: "single", right: right.id }, explanation);
  else collector.mistake(place, right ? "several-right-answers" : "no-right-answer");
}

function readBoolean(collector: QuestionCollector, { element, place, base, explanation }: Item): void {
  const right = elementsOf(element, "answer").find((answer) => fractionOf(answer) > 0);
  const text = right && textIn(elementAt(right, "text")).trim().toLowerCase();
  if (text === "true" || text === "false")
    collector.add(place, { ...base, kind: "boolean" }, { kind: "boolean", right: text === "true" }, explanation);
  else collector.mistake(place, "no-right-answer");
}

function readShortAnswer(collector: QuestionCollector, { element, place, base, explanation }: Item): void {
  const answers = elementsOf(element, "answer");
  if (answers.some((answer) => fractionOf(answer) > 0 && fractionOf(answer) < 100)) collector.leaveOut(place, "weights");
  const texts = answers
    .filter((answer) => fractionOf(answer) >= 100)
    .flatMap((answer) => {
      const read = textOfPattern(textIn(elementAt(answer, "text")));
      if (read?.hasWildcard ?? true) collector.leaveOut(place, "wildcard");
      return read ? [read.text] : [];
    });
  const isCaseSensitive = textIn(elementAt(element, "usecase")).trim() === "1";
  const accepted = { texts, ...(isCaseSensitive ? { isCaseSensitive } : null) };
  if (texts.length === 0) collector.mistake(place, "no-right-answer");
  else collector.add(place, { ...base, kind: "text" }, { kind: "text", accepted }, explanation);
}

function readNumerical(collector: QuestionCollector, { element, place, base, explanation }: Item): void {
  const answers = elementsOf(element, "answer");
  const right = answers.filter((answer) => fractionOf(answer) >= 100);
  if (right.length > 1 || answers.some((answer) => fractionOf(answer) > 0 && fractionOf(answer) < 100))
    collector.leaveOut(place, "weights");
  const [best] = right;
  const tolerance = Number(textIn(best ? elementAt(best, "tolerance") : null).trim() || "0");
  const number = best && numberOf(textIn(elementAt(best, "text")));
  if (!number || !(tolerance >= 0)) {
    collector.mistake(place, best ? "not-a-number" : "no-right-answer");
    return;
  }
  const units = elementsOf(elementAt(element, "units") ?? element, "unit");
  const isMain = (unit: XmlElement) => Number(textIn(elementAt(unit, "multiplier"))) === 1;
  const unit = textIn(elementAt(units.find(isMain) ?? element, "unit_name")).trim();
  if (units.length > 1) collector.leaveOut(place, "unit");
  const accepted: AcceptedNumber = { value: number.value, tolerance, ...(unit === "" ? null : { unit }) };
  const gap = { id: "1", form: "number", ...(unit === "" ? null : { unit }) } as const;
  const draft = { ...base, kind: "gaps", text: `${base.text} {{1}}`, gaps: [gap] } as const;
  collector.add(place, draft, { kind: "gaps", accepted: { 1: accepted }, scoring: "all" }, explanation);
}

function readMatching(collector: QuestionCollector, { element, place, base, explanation }: Item): void {
  const pairs = elementsOf(element, "subquestion").map((subquestion) => {
    const right = textIn(elementAt(subquestion, "answer", "text")).trim();
    return [shown(collector, place, subquestion), right] as const;
  });
  addMatching(collector, place, base, pairs, explanation);
}

/** Core since Moodle 4.4; answers stand in their right order. */
function readOrdering(collector: QuestionCollector, { element, place, base, explanation }: Item): void {
  const items = optionsOf(elementsOf(element, "answer").map((answer) => shown(collector, place, answer)));
  const isWhole = /^(ALL_OR_NOTHING|-1)$/.test(textIn(elementAt(element, "gradingtype")).trim());
  const scoring = isWhole ? "all" : "part";
  collector.add(
    place,
    { ...base, kind: "ordering", items },
    { kind: "ordering", order: items.map(({ id }) => id), scoring },
    explanation,
  );
}

function readEssay(collector: QuestionCollector, { element, place, base, explanation }: Item): void {
  const form = textIn(elementAt(element, "responseformat")).trim() === "noinline" ? "photos" : "typed";
  const rubric = shown(collector, place, elementAt(element, "graderinfo"));
  collector.add(place, { ...base, kind: "essay", form }, { kind: "essay", rubric }, explanation);
}

function readCloze(collector: QuestionCollector, { element, place, base, explanation }: Item): void {
  const [raw, isHtml] = [textIn(elementAt(element, "questiontext", "text")), isHtmlText(elementAt(element, "questiontext"))];
  if (raw.length > MAX_CLOZE_LETTERS) {
    collector.mistake(place, "too-long", "question.text");
    return;
  }
  const plain = (text: string) => (isHtml ? textOfHtml(text).text : text);
  const found = [...raw.matchAll(CLOZE)].map(([, , kind = "", answers = ""]) => readClozeGap(kind, answers, plain));
  const gaps = found.filter((gap) => gap !== null);
  if (gaps.length < found.length) {
    collector.mistake(place, "unknown-kind");
    return;
  }
  if (gaps.some(({ isExact }) => !isExact)) collector.leaveOut(place, "weights");
  let next = 0;
  const text = plain(raw.replace(CLOZE, () => `{{${++next}}}`)).trim();
  const draft: Omit<GapsQuestion, "id"> = {
    ...base,
    kind: "gaps",
    text,
    gaps: gaps.map(({ form }, i) => ({ id: `${i + 1}`, form })),
  };
  const accepted = Object.fromEntries(gaps.map((gap, i) => [`${i + 1}`, gap.accepted]));
  // Scorings of one gap are the same.
  collector.add(place, draft, { kind: "gaps", accepted, scoring: gaps.length === 1 ? "all" : "part" }, explanation);
}

function fractionOf(answer: XmlElement): number {
  const fraction = Number(answer.attributes.get("fraction") ?? "0");
  return Number.isFinite(fraction) ? fraction : 0;
}

function isHtmlText(element: XmlElement | null): boolean {
  return !["plain_text", "plain", "markdown"].includes(element?.attributes.get("format") ?? "html");
}

/** The text of an element in its format. */
function shown(collector: QuestionCollector, place: FilePlace, element: XmlElement | null): string {
  if (!element) return "";
  const written = textIn(elementAt(element, "text"));
  const { text, hasFiles } = isHtmlText(element) ? textOfHtml(written) : { text: written, hasFiles: false };
  if (hasFiles || elementsOf(element, "file").length > 0) collector.leaveOut(place, "file");
  return (element.attributes.get("format") === "markdown" ? withDollars(text) : text).trim();
}
