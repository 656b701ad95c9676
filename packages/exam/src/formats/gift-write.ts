/** Writes GIFT (https://docs.moodle.org/en/GIFT_format) as Moodle reads it. It has no points, orderings and several gaps in a text. */
import type { AuthoredPaper } from "../paper.ts";
import type { AcceptedTexts, AuthoredQuestion, ChoiceQuestion, GapsQuestion, MatchingQuestion, Solution } from "../question.ts";
import { weightsOf } from "./choice-weights.ts";
import { giftEscaped } from "./gift-escapes.ts";
import { patternOf } from "./short-answers.ts";
import { type LeaveOut, leaveOutCommon, type WrittenFile, writeEach } from "./written-file.ts";

export function writeGift(paper: AuthoredPaper): WrittenFile {
  const { written, leftOut } = writeEach(paper, writeQuestion);
  return {
    content: `${written.map(({ text }) => text).join("\n\n")}\n`,
    contentType: "text/plain; charset=utf-8",
    extension: "gift.txt",
    leftOut,
  };
}

function writeQuestion(authored: AuthoredQuestion, leaveOut: LeaveOut): string | null {
  const { question, explanation = "" } = authored;
  const answers = answersOf(authored, leaveOut);
  if (answers === null) return null;
  leaveOutCommon(authored, leaveOut);
  if (question.points !== 1) leaveOut("points");
  const tags = (question.knowledge ?? []).filter((tag) => !/[\]\r\n]/.test(tag));
  if (tags.length < (question.knowledge ?? []).length) leaveOut("knowledge");
  const comment = tags.length > 0 ? `// ${tags.map((tag) => `[tag:${tag}]`).join(" ")}\n` : "";
  const feedback = explanation === "" ? "" : `####${plain(explanation)}`;
  const { before, after } = aroundAnswers(question, answers.gap);
  return `${comment}::${giftEscaped(question.id)}::[plain]${giftEscaped(before)}{${answers.text}${feedback}}${giftEscaped(after)}`;
}

type Answers = { readonly text: string /** The gap in whose place they stand. */; readonly gap?: string };

/** Null: GIFT has no such question. */
function answersOf({ question, solution }: AuthoredQuestion, leaveOut: LeaveOut): Answers | null {
  switch (solution.kind) {
    case "single":
      return question.kind === "single" ? { text: lines(singleAnswers(question, solution.right, leaveOut)) } : null;
    case "multiple":
      return question.kind === "multiple" ? { text: lines(multipleAnswers(question, solution, leaveOut)) } : null;
    case "boolean":
      return { text: solution.right ? "TRUE" : "FALSE" };
    case "text":
      return solution.accepted.texts.length === 0 ? null : shortAnswers(solution.accepted, leaveOut);
    case "gaps":
      return question.kind === "gaps" ? gapAnswers(question, solution, leaveOut) : null;
    case "matching":
      return question.kind === "matching" ? matchingAnswers(question, solution, leaveOut) : null;
    case "essay":
      if (question.kind !== "essay" || question.form !== "typed") return null;
      if (solution.rubric !== "") leaveOut("rubric");
      if (solution.criteria?.length) leaveOut("criteria");
      if (question.maxLetters !== undefined) leaveOut("max-letters");
      return { text: "" };
    default:
      return null;
  }
}

function singleAnswers({ options }: ChoiceQuestion, right: string, leaveOut: LeaveOut): readonly string[] {
  if (options.some(({ isAnchored }) => isAnchored)) leaveOut("anchor");
  return options.map(({ id, text }) => (id === right ? `=${plain(text)}` : `~%0%${plain(text)}`));
}

function multipleAnswers(
  { options }: ChoiceQuestion,
  solution: Solution & { readonly kind: "multiple" },
  leaveOut: LeaveOut,
): readonly string[] {
  if (options.some(({ isAnchored }) => isAnchored)) leaveOut("anchor");
  const weights = weightsOf(
    solution,
    options.map(({ id }) => id),
  );
  return options.map(({ text }, i) => `~%${weights[i]}%${plain(text)}`);
}

/** Null: one has an arrow, which would make pairs of them. */
function shortAnswers(accepted: AcceptedTexts, leaveOut: LeaveOut): Answers | null {
  if (accepted.texts.some((text) => text.includes("->"))) return null;
  if (accepted.isCaseSensitive) leaveOut("case");
  return { text: lines(accepted.texts.map((text) => `=%100%${plain(patternOf(text))}`)) };
}

function gapAnswers(
  question: GapsQuestion,
  { accepted }: Solution & { readonly kind: "gaps" },
  leaveOut: LeaveOut,
): Answers | null {
  const [gap, ...others] = question.gaps;
  const ofGap = gap && accepted[gap.id];
  if (!ofGap || others.length > 0) return null;
  if (gap.unit !== undefined) leaveOut("unit");
  if ("texts" in ofGap) {
    if (aroundAnswers(question, gap.id).after.trim() === "") leaveOut("kind");
    const answers = shortAnswers(ofGap, leaveOut);
    return answers && { ...answers, gap: gap.id };
  }
  if (ofGap.unit !== undefined) leaveOut("unit");
  return { text: `#${ofGap.value}:${ofGap.tolerance}`, gap: gap.id };
}

function matchingAnswers(
  { left, right }: MatchingQuestion,
  { pairs, scoring }: Solution & { readonly kind: "matching" },
  leaveOut: LeaveOut,
): Answers | null {
  // The arrow has no escape.
  if ([...left, ...right].some(({ text }) => text.includes("->"))) return null;
  if (scoring === "all") leaveOut("scoring");
  if (right.some(({ isAnchored }) => isAnchored)) leaveOut("anchor");
  const textOf = (id: string | undefined) => giftEscaped(right.find((option) => option.id === id)?.text ?? "");
  const matched = left.map(({ id, text }) => `=${plain(text)} -> ${textOf(pairs[id])}`);
  const used = new Set(Object.values(pairs));
  const unused = right.filter(({ id }) => !used.has(id)).map(({ id }) => `= -> ${textOf(id)}`);
  return { text: lines([...matched, ...unused]) };
}

function aroundAnswers({ text }: { readonly text: string }, gap?: string): { readonly before: string; readonly after: string } {
  const [before = "", after = ""] = gap === undefined ? [text] : text.split(`{{${gap}}}`);
  return { before, after };
}

/** A text that begins with a bracket could name a format. */
function plain(text: string): string {
  return text.startsWith("[") ? `[plain]${giftEscaped(text)}` : giftEscaped(text);
}

function lines(answers: readonly string[]): string {
  return `\n${answers.map((answer) => `\t${answer}\n`).join("")}`;
}
