/** Writes an item of IMS QTI 2.1 (Assessment Test, Section and Item Information Model) for each question, with response processing that gives the same points. */
import type { AcceptedNumber, AcceptedTexts, AuthoredQuestion, GapsQuestion, Option, Solution } from "../question.ts";
import { escaped } from "./html-text.ts";
import { identifierOf } from "./qti-names.ts";
import { type LeaveOut, leaveOutCommon } from "./written-file.ts";

const NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1";
const TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates";

type Parts = { readonly declarations: readonly string[]; readonly body: string; readonly processing: string };

/** Null: QTI 2.1 has no such question. */
export function writeItem(authored: AuthoredQuestion, leaveOut: LeaveOut): string | null {
  const { question, explanation = "" } = authored;
  const parts = partsOf(authored, leaveOut);
  if (parts === null) return null;
  leaveOutCommon(authored, leaveOut);
  if (question.knowledge !== undefined) leaveOut("knowledge");
  const identifier = identifierOf(question.id);
  const feedback = `<modalFeedback outcomeIdentifier="FEEDBACK" identifier="EXPLANATION" showHide="show"><p>${inline(explanation)}</p></modalFeedback>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<assessmentItem xmlns="${NAMESPACE}" identifier="${identifier}" title="${escaped(question.id)}" adaptive="false" timeDependent="false">`,
    ...parts.declarations,
    '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"><defaultValue><value>0</value></defaultValue></outcomeDeclaration>',
    `<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>${question.points}</value></defaultValue></outcomeDeclaration>`,
    ...(explanation === "" ? [] : ['<outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier"/>']),
    `<itemBody>${parts.body}</itemBody>`,
    parts.processing,
    ...(explanation === "" ? [] : [feedback]),
    "</assessmentItem>",
    "",
  ].join("\n");
}

function partsOf({ question, solution }: AuthoredQuestion, leaveOut: LeaveOut): Parts | null {
  switch (solution.kind) {
    case "single":
      if (question.kind !== "single") return null;
      return { ...choiceParts(question, question.options, [solution.right], 1), processing: template("match_correct") };
    case "boolean": {
      const options = ["true", "false"].map((id) => ({ id, text: id }));
      return { ...choiceParts(question, options, [String(solution.right)], 1), processing: template("match_correct") };
    }
    case "multiple":
      return question.kind === "multiple" ? multipleParts(question, question.options, solution) : null;
    case "matching":
      return question.kind === "matching" ? matchParts(question, solution) : null;
    case "ordering":
      if (question.kind !== "ordering") return null;
      // No template gives points for neighbours.
      if (solution.scoring === "part") leaveOut("scoring");
      return {
        declarations: [declaration("RESPONSE", "ordered", "identifier", solution.order.map(identifierOf))],
        body: `${paragraph(question.text)}<orderInteraction responseIdentifier="RESPONSE" shuffle="true">${choices(question.items)}</orderInteraction>`,
        processing: template("match_correct"),
      };
    case "text":
      if (solution.accepted.texts.length === 0) return null;
      return entryParts(`${question.text} {{1}}`, { 1: solution.accepted }, question.points);
    case "gaps":
      return question.kind === "gaps" ? gapsParts(question, solution, leaveOut) : null;
    case "essay":
      if (solution.criteria?.length) leaveOut("criteria");
      return question.kind === "essay" ? essayParts(question, solution.rubric, leaveOut) : null;
    case "speaking":
      return null;
  }
}

type Stem = { readonly text: string; readonly points: number };

function choiceParts({ text }: Stem, options: readonly Option[], right: readonly string[], max: number): Omit<Parts, "processing"> {
  const cardinality = max === 1 ? "single" : "multiple";
  return {
    declarations: [declaration("RESPONSE", cardinality, "identifier", right.map(identifierOf))],
    body: `${paragraph(text)}<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="${max}">${choices(options)}</choiceInteraction>`,
  };
}

function multipleParts(
  question: Stem,
  options: readonly Option[],
  { right, scoring }: Solution & { readonly kind: "multiple" },
): Parts {
  const parts = choiceParts(question, options, right, 0);
  if (scoring === "all") return { ...parts, processing: template("match_correct") };
  const share = question.points / right.length;
  const entries = options.map(({ id }): Entry => [identifierOf(id), right.includes(id) ? share : -share]);
  const declared = declaration("RESPONSE", "multiple", "identifier", right.map(identifierOf), mapping(entries, 'lowerBound="0" '));
  return { ...parts, declarations: [declared], processing: template("map_response") };
}

function matchParts(
  question: AuthoredQuestion["question"] & { readonly kind: "matching" },
  solution: Solution & { readonly kind: "matching" },
): Parts {
  const { text, left, right, points } = question;
  const pairs = Object.entries(solution.pairs).map(([one, other]) => `${identifierOf(one)} ${identifierOf(other)}`);
  const set = (options: readonly Option[], max: number) =>
    `<simpleMatchSet>${options.map((option) => `<simpleAssociableChoice ${attributesOf(option)} matchMax="${max}">${inline(option.text)}</simpleAssociableChoice>`).join("")}</simpleMatchSet>`;
  const isPart = solution.scoring === "part";
  const map = isPart ? mapping(pairs.map((pair) => [pair, points / pairs.length])) : "";
  return {
    declarations: [declaration("RESPONSE", "multiple", "directedPair", pairs, map)],
    body: `${paragraph(text)}<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="${left.length}">${set(left, 1)}${set(right, 0)}</matchInteraction>`,
    processing: template(isPart ? "map_response" : "match_correct"),
  };
}

function gapsParts(
  { text, gaps, points }: GapsQuestion,
  { accepted, scoring }: Solution & { readonly kind: "gaps" },
  leaveOut: LeaveOut,
): Parts {
  const all = Object.entries(accepted);
  if (scoring === "all" && all.length > 1) leaveOut("scoring");
  const hasUnit = all.some(([, each]) => "unit" in each && each.unit !== undefined) || gaps.some(({ unit }) => unit !== undefined);
  if (hasUnit) leaveOut("unit");
  const [first] = all;
  // It is read as a short text.
  if (first && all.length === 1 && "texts" in first[1] && text.trimEnd().endsWith(`{{${first[0]}}}`)) leaveOut("kind");
  return entryParts(text, accepted, points);
}

/** Points of the entries add up. */
function entryParts(text: string, accepted: Readonly<Record<string, AcceptedTexts | AcceptedNumber>>, points: number): Parts {
  const all = Object.entries(accepted);
  const share = points / all.length;
  const name = (id: string) => `RESPONSE_${id}`;
  const declarations = all.map(([id, each]) =>
    "texts" in each
      ? declaration(
          name(id),
          "single",
          "string",
          each.texts.slice(0, 1),
          mapping(
            each.texts.map((one) => [one, share]),
            "",
            each.isCaseSensitive ?? false,
          ),
        )
      : declaration(name(id), "single", "float", [String(each.value)]),
  );
  const rules = all.map(([id, each]) =>
    "texts" in each ? addToScore(`<mapResponse identifier="${name(id)}"/>`) : numberRule(name(id), each.tolerance, share),
  );
  const body = text.replace(/\{\{([^{}]*)\}\}|[^{]+|\{/g, (piece, id?: string) =>
    id !== undefined && Object.hasOwn(accepted, id) ? `<textEntryInteraction responseIdentifier="${name(id)}"/>` : inline(piece),
  );
  return { declarations, body: `<p>${body}</p>`, processing: `<responseProcessing>${rules.join("")}</responseProcessing>` };
}

function essayParts(
  question: AuthoredQuestion["question"] & { readonly kind: "essay" },
  rubric: string,
  leaveOut: LeaveOut,
): Parts {
  if (question.maxLetters !== undefined) leaveOut("max-letters");
  const isTyped = question.form === "typed";
  const block = rubric === "" ? "" : `<rubricBlock view="scorer"><p>${inline(rubric)}</p></rubricBlock>`;
  const interaction = isTyped ? "extendedTextInteraction" : "uploadInteraction";
  return {
    declarations: [`<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="${isTyped ? "string" : "file"}"/>`],
    body: `${paragraph(question.text)}<${interaction} responseIdentifier="RESPONSE"/>${block}`,
    processing: "",
  };
}

type Entry = readonly [key: string, value: number];

function declaration(identifier: string, cardinality: string, baseType: string, right: readonly string[], map = ""): string {
  const values = right.map((value) => `<value>${escaped(value)}</value>`).join("");
  return `<responseDeclaration identifier="${identifier}" cardinality="${cardinality}" baseType="${baseType}"><correctResponse>${values}</correctResponse>${map}</responseDeclaration>`;
}

function mapping(entries: readonly Entry[], bounds = "", isCaseSensitive = true): string {
  const sensitivity = isCaseSensitive ? "" : ' caseSensitive="false"';
  const rows = entries.map(([key, value]) => `<mapEntry mapKey="${escaped(key)}" mappedValue="${value}"${sensitivity}/>`);
  return `<mapping ${bounds}defaultValue="0">${rows.join("")}</mapping>`;
}

function numberRule(identifier: string, tolerance: number, share: number): string {
  const equal = `<equal toleranceMode="absolute" tolerance="${tolerance} ${tolerance}"><variable identifier="${identifier}"/><correct identifier="${identifier}"/></equal>`;
  const add = addToScore(`<baseValue baseType="float">${share}</baseValue>`);
  return `<responseCondition><responseIf>${equal}${add}</responseIf></responseCondition>`;
}

function addToScore(value: string): string {
  return `<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>${value}</sum></setOutcomeValue>`;
}

function template(name: string): string {
  return `<responseProcessing template="${TEMPLATES}/${name}"/>`;
}

function choices(options: readonly Option[]): string {
  return options.map((option) => `<simpleChoice ${attributesOf(option)}>${inline(option.text)}</simpleChoice>`).join("");
}

function attributesOf({ id, isAnchored }: Option): string {
  return `identifier="${identifierOf(id)}"${isAnchored ? ' fixed="true"' : ""}`;
}

function paragraph(text: string): string {
  return `<p>${inline(text)}</p>`;
}

/** Spaces that XHTML would join are no-break spaces. */
function inline(text: string): string {
  return escaped(text)
    .replaceAll("\n", "<br/>")
    .replace(/ {2,}/g, (spaces) => "\u00A0".repeat(spaces.length));
}
