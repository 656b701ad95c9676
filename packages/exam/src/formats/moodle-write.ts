/** Writes Moodle XML (https://docs.moodle.org/en/Moodle_XML_format). It has all kinds but sounds that candidates record. */
import type { AuthoredPaper } from "../paper.ts";
import type { AcceptedNumber, AuthoredQuestion, GapsQuestion, Option, Solution } from "../question.ts";
import { weightsOf } from "./choice-weights.ts";
import { escaped } from "./html-text.ts";
import { writeClozeGap } from "./moodle-cloze.ts";
import { patternOf } from "./short-answers.ts";
import { type LeaveOut, leaveOutCommon, type WrittenFile, writeEach } from "./written-file.ts";

export function writeMoodle(paper: AuthoredPaper): WrittenFile {
  const { written, leftOut } = writeEach(paper, writeQuestion);
  const content = `<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n${written.map(({ text }) => text).join("\n")}\n</quiz>\n`;
  return { content, contentType: "application/xml; charset=utf-8", extension: "xml", leftOut };
}

type Body = { readonly type: string /** Of the question. */; readonly text: string; readonly answers: readonly string[] };

function writeQuestion(authored: AuthoredQuestion, leaveOut: LeaveOut): string | null {
  const { question, explanation = "" } = authored;
  const body = bodyOf(authored, leaveOut);
  if (body === null) return null;
  leaveOutCommon(authored, leaveOut);
  const { type, text, answers } = body;
  const tags = (question.knowledge ?? []).map((tag) => `<tag>${textElement(tag)}</tag>`);
  return [
    `<question type="${type}">`,
    `<name>${textElement(question.id)}</name>`,
    formatted("questiontext", text),
    ...(explanation === "" ? [] : [formatted("generalfeedback", explanation)]),
    `<defaultgrade>${question.points}</defaultgrade>`,
    ...answers,
    ...(tags.length > 0 ? [`<tags>${tags.join("")}</tags>`] : []),
    "</question>",
  ].join("\n");
}

/** Null: Moodle has no such question without plugins. */
function bodyOf({ question, solution }: AuthoredQuestion, leaveOut: LeaveOut): Body | null {
  const { text } = question;
  switch (solution.kind) {
    case "single":
    case "multiple":
      return "options" in question
        ? { type: "multichoice", text, answers: choiceAnswers(question.options, solution, leaveOut) }
        : null;
    case "boolean":
      return {
        type: "truefalse",
        text,
        answers: [answer(solution.right ? 100 : 0, "true"), answer(solution.right ? 0 : 100, "false")],
      };
    case "text": {
      const { texts, isCaseSensitive = false } = solution.accepted;
      if (texts.length === 0) return null;
      const usecase = `<usecase>${isCaseSensitive ? 1 : 0}</usecase>`;
      return { type: "shortanswer", text, answers: [usecase, ...texts.map((each) => answer(100, patternOf(each)))] };
    }
    case "gaps":
      return question.kind === "gaps" ? gapsBody(question, solution, leaveOut) : null;
    case "matching": {
      if (question.kind !== "matching") return null;
      if (solution.scoring === "all") leaveOut("scoring");
      leaveOutAnchors(question.right, leaveOut);
      return { type: "matching", text, answers: subquestions(question.left, question.right, solution.pairs) };
    }
    case "ordering": {
      const items = question.kind === "ordering" ? question.items : [];
      const inOrder = solution.order.flatMap((id) => items.find((item) => item.id === id) ?? []);
      const grading = `<gradingtype>${solution.scoring === "all" ? "ALL_OR_NOTHING" : "RELATIVE_NEXT_EXCLUDE_LAST"}</gradingtype>`;
      return { type: "ordering", text, answers: [grading, ...inOrder.map((item) => answer(100, item.text, "plain_text"))] };
    }
    case "essay": {
      if (question.kind !== "essay") return null;
      if (question.maxLetters !== undefined) leaveOut("max-letters");
      if (solution.criteria?.length) leaveOut("criteria");
      const isPhotos = question.form === "photos";
      const form = isPhotos
        ? "<responseformat>noinline</responseformat>\n<attachments>-1</attachments>"
        : "<responseformat>plain</responseformat>";
      return { type: "essay", text, answers: [form, formatted("graderinfo", solution.rubric)] };
    }
    case "speaking":
      return null;
  }
}

function choiceAnswers(
  options: readonly Option[],
  solution: Solution & { readonly kind: "single" | "multiple" },
  leaveOut: LeaveOut,
): readonly string[] {
  leaveOutAnchors(options, leaveOut);
  const ids = options.map(({ id }) => id);
  const weights = solution.kind === "single" ? ids.map((id) => (id === solution.right ? 100 : 0)) : weightsOf(solution, ids);
  const single = `<single>${solution.kind === "single"}</single>`;
  return [single, ...options.map(({ text }, i) => answer(weights[i] ?? 0, text, "plain_text"))];
}

/** One number behind the text is Moodle's own kind, which has a unit; other gaps are embedded answers. */
function gapsBody(question: GapsQuestion, { accepted, scoring }: Solution & { readonly kind: "gaps" }, leaveOut: LeaveOut): Body {
  const [first, ...others] = question.gaps;
  const number = first && accepted[first.id];
  const mark = ` {{${first?.id ?? ""}}}`;
  if (number && "value" in number && others.length === 0 && question.text.endsWith(mark))
    return { type: "numerical", text: question.text.slice(0, -mark.length), answers: numericalAnswers(number, first.unit) };
  if (scoring === "all" && others.length > 0) leaveOut("scoring");
  const hasUnit = question.gaps.some(({ id, unit }) => unit !== undefined || Reflect.get(accepted[id] ?? {}, "unit") !== undefined);
  if (hasUnit) leaveOut("unit");
  const text = question.text.replace(/\{\{([^{}]*)\}\}/g, (whole, id: string) => {
    const ofGap = Object.hasOwn(accepted, id) ? accepted[id] : undefined;
    return ofGap ? writeClozeGap(ofGap) : whole;
  });
  return { type: "cloze", text, answers: [] };
}

function numericalAnswers({ value, tolerance, unit }: AcceptedNumber, shownUnit?: string): readonly string[] {
  const right = `<answer fraction="100">${textElement(String(value))}<tolerance>${tolerance}</tolerance></answer>`;
  const name = unit ?? shownUnit;
  if (name === undefined) return [right];
  return [right, `<units><unit><multiplier>1</multiplier><unit_name>${escaped(name)}</unit_name></unit></units>`];
}

function subquestions(
  left: readonly Option[],
  right: readonly Option[],
  pairs: Readonly<Record<string, string>>,
): readonly string[] {
  const used = new Set(Object.values(pairs));
  const pair = (text: string, match: string | undefined) =>
    `<subquestion format="plain_text">${textElement(text)}<answer>${textElement(match ?? "")}</answer></subquestion>`;
  const textOf = (id: string | undefined) => right.find((option) => option.id === id)?.text;
  return [
    ...left.map(({ id, text }) => pair(text, textOf(pairs[id]))),
    ...right.filter(({ id }) => !used.has(id)).map(({ text }) => pair("", text)),
  ];
}

function leaveOutAnchors(options: readonly Option[], leaveOut: LeaveOut): void {
  if (options.some(({ isAnchored }) => isAnchored)) leaveOut("anchor");
}

function answer(fraction: number, text: string, format?: string): string {
  const formatOf = format === undefined ? "" : ` format="${format}"`;
  return `<answer fraction="${fraction}"${formatOf}>${textElement(text)}</answer>`;
}

function formatted(name: string, text: string): string {
  return `<${name} format="plain_text">${textElement(text)}</${name}>`;
}

function textElement(text: string): string {
  return `<text>${escaped(text)}</text>`;
}
