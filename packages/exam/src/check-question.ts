/** Checks a question with its solution: bounds, ids, and whether they fit each other. */
import { checkAnswer } from "./check-answer.ts";
import { isId, LIMITS } from "./limits.ts";
import { checkCount, checkId, checkText, type Report, within } from "./paper-errors.ts";
import { checkMedia } from "./paper-media.ts";
import type {
  AcceptedNumber,
  AcceptedTexts,
  AuthoredQuestion,
  Criterion,
  GapsQuestion,
  Option,
  Question,
  Solution,
} from "./question.ts";

/** @param report what is wrong, by paths from the authored question */
export function checkQuestion(report: Report, { question, solution, explanation = "" }: AuthoredQuestion): void {
  const at = within(report, "question");
  const { text, points, knowledge = [], difficulty } = question;
  checkText(at, "text", text, LIMITS.textLetters, true);
  if (!(points > 0 && points <= LIMITS.points && Number.isInteger(points * 2))) at("points", "out-of-range");
  checkCount(at, "knowledge", knowledge.length, 0, LIMITS.knowledge);
  for (const [i, name] of knowledge.entries()) checkText(at, `knowledge.${i}`, name, LIMITS.knowledgeLetters, true);
  if (difficulty !== undefined && !isWhole(difficulty, 1, LIMITS.maxDifficulty)) at("difficulty", "out-of-range");
  checkText(report, "explanation", explanation, LIMITS.textLetters);
  checkMedia(at, question);
  checkParts(at, question);
  if (solution.kind === question.kind) checkSolution(within(report, "solution"), question, solution);
  else report("solution.kind", "kind-differs");
}

function checkParts(report: Report, question: Question): void {
  switch (question.kind) {
    case "single":
    case "multiple":
      return checkOptions(report, "options", question.options);
    case "ordering":
      return checkOptions(report, "items", question.items);
    case "matching":
      checkOptions(report, "left", question.left);
      return checkOptions(report, "right", question.right);
    case "gaps":
      return checkGaps(report, question);
    case "essay": {
      const { maxLetters } = question;
      if (maxLetters !== undefined && !isWhole(maxLetters, 1, LIMITS.essayLetters)) report("maxLetters", "out-of-range");
      return;
    }
    case "speaking":
      if (!isWhole(question.maxSeconds, 1, LIMITS.speakingSeconds)) report("maxSeconds", "out-of-range");
      return;
    case "boolean":
    case "text":
      return;
  }
}

function checkOptions(report: Report, name: string, options: readonly Option[]): void {
  checkCount(report, name, options.length, LIMITS.minOptions, LIMITS.maxOptions);
  const [ids, texts] = [new Set<string>(), new Set<string>()];
  for (const [i, { id, text }] of options.entries()) {
    const at = within(within(report, name), i);
    checkId(at, "id", id, ids, isId(id));
    checkText(at, "text", text, LIMITS.optionLetters, true);
    // Candidates could not tell them apart.
    if (texts.has(text)) at("text", "repeated");
    texts.add(text);
  }
}

function checkGaps(report: Report, { text, gaps }: GapsQuestion): void {
  checkCount(report, "gaps", gaps.length, 1, LIMITS.gaps);
  const inText = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, id = ""]) => id);
  const ids = new Set<string>();
  for (const [i, { id, unit = "" }] of gaps.entries()) {
    const at = within(within(report, "gaps"), i);
    checkId(at, "id", id, ids, isId(id));
    checkText(at, "unit", unit, LIMITS.unitLetters);
    if (inText.filter((each) => each === id).length !== 1) at("id", "gap-not-in-text");
  }
  if (inText.some((id) => !ids.has(id))) report("text", "unknown-gap-in-text");
}

function checkSolution(report: Report, question: Question, solution: Solution): void {
  switch (solution.kind) {
    case "single":
      if (!checkAnswer(question, solution.right)) report("right", "unknown-id");
      return;
    case "multiple":
      if (solution.right.length === 0) report("right", "empty");
      if (!checkAnswer(question, solution.right)) report("right", "unknown-id");
      return;
    case "gaps":
      return checkAcceptedOfGaps(report, question, solution.accepted);
    case "matching": {
      const left = question.kind === "matching" ? question.left : [];
      if (!checkAnswer(question, solution.pairs)) report("pairs", "unknown-id");
      if (left.some(({ id }) => !Object.hasOwn(solution.pairs, id))) report("pairs", "missing");
      return;
    }
    case "ordering":
      if (!checkAnswer(question, solution.order)) report("order", "unknown-id");
      if (question.kind === "ordering" && solution.order.length < question.items.length) report("order", "missing");
      return;
    case "text":
      return checkTexts(within(report, "accepted"), solution.accepted, 0);
    case "essay":
    case "speaking":
      checkText(report, "rubric", solution.rubric, LIMITS.textLetters);
      return checkCriteria(report, solution.criteria ?? [], question.points);
    case "boolean":
      return;
  }
}

function checkCriteria(report: Report, criteria: readonly Criterion[], of: number): void {
  checkCount(report, "criteria", criteria.length, 0, LIMITS.criteria);
  const ids = new Set<string>();
  let sum = 0;
  for (const [i, { id, text, points }] of criteria.entries()) {
    const at = within(within(report, "criteria"), i);
    checkId(at, "id", id, ids, isId(id));
    checkText(at, "text", text, LIMITS.criterionLetters, true);
    sum += points;
    if (!(points > 0 && Number.isInteger(points * 2)) || sum > of) at("points", "out-of-range");
  }
}

function checkAcceptedOfGaps(
  report: Report,
  question: Question,
  accepted: Readonly<Record<string, AcceptedTexts | AcceptedNumber>>,
): void {
  const gaps = question.kind === "gaps" ? question.gaps : [];
  for (const { id, form } of gaps) {
    const at = within(within(report, "accepted"), id);
    const ofGap = Object.hasOwn(accepted, id) ? accepted[id] : undefined;
    if (!ofGap) at("", "missing");
    else if ("texts" in ofGap !== (form === "text")) at("", "kind-differs");
    else if ("texts" in ofGap) checkTexts(at, ofGap, 1);
    else checkNumber(at, ofGap);
  }
  if (Object.keys(accepted).some((id) => !gaps.some((gap) => gap.id === id))) report("accepted", "unknown-id");
}

function checkTexts(report: Report, { texts }: AcceptedTexts, min: number): void {
  checkCount(report, "texts", texts.length, min, LIMITS.acceptedTexts);
  for (const [i, text] of texts.entries()) checkText(report, `texts.${i}`, text, LIMITS.typedLetters, true);
}

function checkNumber(report: Report, { value, tolerance, unit = "" }: AcceptedNumber): void {
  if (!Number.isFinite(value)) report("value", "out-of-range");
  if (!(tolerance >= 0 && Number.isFinite(tolerance))) report("tolerance", "out-of-range");
  checkText(report, "unit", unit, LIMITS.unitLetters);
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
