/**
 * Reads items of IMS QTI 2.1, 2.2 and 3.0 (Assessment Test, Section and Item Information Model): choice, match, order, text entry, extended text and upload. An item whose
 * interaction is another one is named as a mistake.
 */
import { isId } from "../limits.ts";
import { optionId } from "../option-ids.ts";
import type { AcceptedNumber, AcceptedTexts, GapsQuestion, Option, Scoring } from "../question.ts";
import { plainText, type QtiBody, readBody } from "./qti-body.ts";
import { idOf } from "./qti-names.ts";
import type { FilePlace, QuestionCollector } from "./question-file.ts";
import { descendants, elementAt, elementsOf, textIn, type XmlElement } from "./xml.ts";

type Item = {
  readonly item: XmlElement;
  readonly place: FilePlace;
  readonly body: QtiBody;
  readonly base: { readonly text: string; readonly points: number };
  readonly explanation: string;
  readonly scoring: Scoring;
};
/** What is right in a response: its values, or the keys that give points. */
type Response = {
  readonly cardinality: string;
  readonly baseType: string;
  readonly right: readonly string[];
  readonly isCaseSensitive: boolean;
};

/** @param item `assessmentItem`, with the names of QTI 2 */
export function readItem(collector: QuestionCollector, item: XmlElement, file?: string): void {
  const name = (item.attributes.get("title") || item.attributes.get("identifier")) ?? null;
  const place: FilePlace = { line: item.line, item: name, ...(file === undefined ? null : { file }) };
  const bodyElement = elementAt(item, "itemBody");
  const body = bodyElement && readBody(bodyElement);
  const feedbacks = elementsOf(item, "modalFeedback").map(plainText);
  if (body?.hasFiles) collector.leaveOut(place, "file");
  if (feedbacks.length > 1) collector.leaveOut(place, "feedback");
  const points = pointsOf(item);
  if (points.isRounded) collector.leaveOut(place, "points");
  const [interaction, ...others] = body?.interactions ?? [];
  if (!body || others.length > 0 || (interaction ? body.entries.length > 0 : body.entries.length === 0)) {
    collector.mistake(place, "unknown-kind");
    return;
  }
  const base = { text: body.text, points: points.value };
  const read = { item, place, body, base, explanation: feedbacks[0] ?? "", scoring: scoringOf(item) };
  const reader = interaction && READERS.get(interaction.name);
  if (!interaction) readEntries(collector, read);
  else if (reader) reader(collector, read, interaction);
  else collector.mistake(place, "unknown-kind");
}

type Reader = (collector: QuestionCollector, item: Item, interaction: XmlElement) => void;
const READERS: ReadonlyMap<string, Reader> = new Map([
  ["choiceInteraction", readChoice],
  ["matchInteraction", readMatch],
  ["orderInteraction", readOrder],
  ["extendedTextInteraction", readEssay("typed")],
  ["uploadInteraction", readEssay("photos")],
]);

function readChoice(
  collector: QuestionCollector,
  { item, place, base, explanation, scoring }: Item,
  interaction: XmlElement,
): void {
  const { cardinality, right } = responseOf(item, interaction);
  const choices = choicesIn(elementsOf(interaction, "simpleChoice"));
  const rightIds = right.flatMap((identifier) => choices.ids.get(identifier) ?? []);
  const [first] = rightIds;
  if (first === undefined) collector.mistake(place, "no-right-answer");
  else if (cardinality !== "single")
    collector.add(
      place,
      { ...base, kind: "multiple", options: choices.options },
      { kind: "multiple", right: rightIds, scoring },
      explanation,
    );
  else if (rightIds.length > 1) collector.mistake(place, "several-right-answers");
  else if (
    choices.options
      .map(({ id }) => id.toLowerCase())
      .sort()
      .join() === "false,true"
  )
    collector.add(place, { ...base, kind: "boolean" }, { kind: "boolean", right: first.toLowerCase() === "true" }, explanation);
  else collector.add(place, { ...base, kind: "single", options: choices.options }, { kind: "single", right: first }, explanation);
}

function readMatch(collector: QuestionCollector, { item, place, base, explanation, scoring }: Item, interaction: XmlElement): void {
  const [one, other] = elementsOf(interaction, "simpleMatchSet").map((set) => choicesIn(elementsOf(set, "simpleAssociableChoice")));
  const { right } = responseOf(item, interaction);
  const pairs = right.flatMap((pair) => {
    const [left = "", match = ""] = pair.split(/\s+/);
    const [leftId, matchId] = [one?.ids.get(left), other?.ids.get(match)];
    return leftId === undefined || matchId === undefined ? [] : [[leftId, matchId] as const];
  });
  if (!one || !other || pairs.length === 0) {
    collector.mistake(place, "no-right-answer");
    return;
  }
  // Several pairs of one left would be one pair here.
  if (new Set(pairs.map(([left]) => left)).size < pairs.length) {
    collector.mistake(place, "several-right-answers");
    return;
  }
  const draft = { ...base, kind: "matching", left: one.options, right: other.options } as const;
  collector.add(place, draft, { kind: "matching", pairs: Object.fromEntries(pairs), scoring }, explanation);
}

function readOrder(collector: QuestionCollector, { item, place, base, explanation, scoring }: Item, interaction: XmlElement): void {
  const choices = choicesIn(elementsOf(interaction, "simpleChoice"));
  const order = responseOf(item, interaction).right.flatMap((identifier) => choices.ids.get(identifier) ?? []);
  collector.add(place, { ...base, kind: "ordering", items: choices.options }, { kind: "ordering", order, scoring }, explanation);
}

function readEssay(form: "typed" | "photos"): Reader {
  return (collector, { place, base, explanation, body }) =>
    collector.add(place, { ...base, kind: "essay", form }, { kind: "essay", rubric: body.rubric }, explanation);
}

/** One text behind everything is a short text; others are gaps. */
function readEntries(collector: QuestionCollector, { item, place, body, base, explanation }: Item): void {
  const accepted = body.entries.map((entry) => acceptedOf(item, entry));
  const whole = accepted.filter((each) => each !== null);
  const [first, ...others] = whole;
  if (!first || whole.length < accepted.length) {
    collector.mistake(place, "no-right-answer");
    return;
  }
  if (others.length === 0 && "texts" in first && base.text.endsWith("{{1}}")) {
    const text = base.text.slice(0, -"{{1}}".length).trim();
    collector.add(place, { ...base, text, kind: "text" }, { kind: "text", accepted: first }, explanation);
    return;
  }
  const gaps: GapsQuestion["gaps"] = whole.map((each, i) => ({ id: `${i + 1}`, form: "texts" in each ? "text" : "number" }));
  const byGap = Object.fromEntries(whole.map((each, i) => [`${i + 1}`, each]));
  const scoring = whole.length === 1 ? "all" : "part";
  collector.add(place, { ...base, kind: "gaps", gaps }, { kind: "gaps", accepted: byGap, scoring }, explanation);
}

/** Null: the item does not say what is right. */
function acceptedOf(item: XmlElement, entry: XmlElement): AcceptedTexts | AcceptedNumber | null {
  const { baseType, right, isCaseSensitive } = responseOf(item, entry);
  const [first] = right;
  if (first === undefined) return null;
  if (baseType !== "float" && baseType !== "integer") return { texts: right, ...(isCaseSensitive ? { isCaseSensitive } : null) };
  const value = Number(first);
  return first !== "" && Number.isFinite(value) ? { value, tolerance: toleranceOf(item, entry, value) } : null;
}

/** Of `equal` in the response processing (2.1, 15.5): as it is, or in percent. */
function toleranceOf(item: XmlElement, entry: XmlElement, value: number): number {
  const identifier = entry.attributes.get("responseIdentifier");
  const equal = descendants(item, "equal").find((each) =>
    elementsOf(each, "variable").some((variable) => variable.attributes.get("identifier") === identifier),
  );
  const tolerance = Number(equal?.attributes.get("tolerance")?.trim().split(/\s+/)[0] ?? "0");
  if (!Number.isFinite(tolerance) || tolerance < 0) return 0;
  return equal?.attributes.get("toleranceMode") === "relative" ? (Math.abs(value) * tolerance) / 100 : tolerance;
}

function responseOf(item: XmlElement, interaction: XmlElement): Response {
  const identifier = interaction.attributes.get("responseIdentifier");
  const declaration = elementsOf(item, "responseDeclaration").find((each) => each.attributes.get("identifier") === identifier);
  const entries = declaration ? elementsOf(elementAt(declaration, "mapping") ?? declaration, "mapEntry") : [];
  const correct = elementAt(declaration ?? item, "correctResponse");
  const values = correct && declaration ? elementsOf(correct, "value").map((value) => textIn(value).trim()) : [];
  const keys = entries
    .filter((entry) => Number(entry.attributes.get("mappedValue")) > 0)
    .map((entry) => entry.attributes.get("mapKey") ?? "");
  const baseType = declaration?.attributes.get("baseType") ?? "";
  // A text may be one of several, of which the correct response names one.
  const right = values.length > 0 && baseType !== "string" ? values : [...new Set([...keys, ...values])];
  const isCaseSensitive = keys.length === 0 || entries.some((entry) => entry.attributes.get("caseSensitive") !== "false");
  return { cardinality: declaration?.attributes.get("cardinality") ?? "single", baseType, right, isCaseSensitive };
}

/** Identifiers stay where they can be ids of options. */
function choicesIn(elements: readonly XmlElement[]): {
  readonly options: readonly Option[];
  readonly ids: ReadonlyMap<string, string>;
} {
  const identifiers = elements.map((element) => element.attributes.get("identifier") ?? "");
  const canStay = identifiers.every((identifier) => isId(idOf(identifier)));
  const options = elements.map((element, i): Option => {
    const isAnchored = element.attributes.get("fixed") === "true";
    return {
      id: canStay ? idOf(identifiers[i] ?? "") : optionId(i),
      text: plainText(element),
      ...(isAnchored ? { isAnchored } : null),
    };
  });
  return { options, ids: new Map(identifiers.map((identifier, i) => [identifier, options[i]?.id ?? ""])) };
}

function scoringOf(item: XmlElement): Scoring {
  const template = elementAt(item, "responseProcessing")?.attributes.get("template") ?? "";
  if (/match_correct/.test(template)) return "all";
  return descendants(item, "mapping").length > 0 ? "part" : "all";
}

/** MAXSCORE, or the normal maximum of SCORE. */
function pointsOf(item: XmlElement): { readonly value: number; readonly isRounded: boolean } {
  const outcomes = elementsOf(item, "outcomeDeclaration");
  const named = (name: string) => outcomes.find((each) => each.attributes.get("identifier") === name);
  const highest = named("MAXSCORE");
  const written =
    (highest && textIn(elementAt(highest, "defaultValue", "value")).trim()) ||
    named("SCORE")?.attributes.get("normalMaximum") ||
    "1";
  const value = Math.max(0.5, Math.round(Number(written) * 2) / 2 || 1);
  return { value, isRounded: value !== Number(written) };
}
