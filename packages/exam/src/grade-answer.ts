/** Grades one answer by the rules of `Scoring`: points are rounded to 2 decimals, half a hundredth up. */
import type { AnswerValue } from "./answer.ts";
import { ownValue } from "./own.ts";
import type { AuthoredQuestion, Question, Solution } from "./question.ts";
import type { QuestionScore } from "./score.ts";
import { numberMatcher, textMatcher } from "./typed-text.ts";

/** Answers that do not fit the question, and questions without an answer, have 0 points. What a person has to mark waits, if there is something to mark. */
export type AnswerGrader = (value: AnswerValue | undefined) => QuestionScore;

/** Prepares what is the same for all candidates. */
export function answerGrader(question: Question, solution: Solution): AnswerGrader {
  const { points: of } = question;
  const share = shareOf(question, solution);
  if (share === null) return (value) => ({ points: 0, of, by: value !== undefined && hasContent(value) ? "waits" : "rules" });
  return (value) => ({ points: value === null || value === undefined ? 0 : share(value, of), of, by: "rules" });
}

/** Whether no rule grades it. */
export function isMarkedByPeople({ question, solution }: AuthoredQuestion): boolean {
  return shareOf(question, solution) === null;
}

export function gradeAnswer(question: Question, solution: Solution, value: AnswerValue | undefined): QuestionScore {
  return answerGrader(question, solution)(value);
}

/** Whether there is something that a person can look at. */
export function hasContent(value: AnswerValue): boolean {
  if (typeof value === "string") return value.trim() !== "";
  if (typeof value !== "object" || value === null) return false;
  if ("typed" in value && typeof value["typed"] === "string") return value["typed"].trim() !== "";
  return "uploads" in value && Array.isArray(value["uploads"]) && value["uploads"].length > 0;
}

type Share = (value: NonNullable<AnswerValue>, of: number) => number;

/** Null: a person marks it. */
function shareOf(question: Question, solution: Solution): Share | null {
  switch (solution.kind) {
    case "single":
    case "boolean":
      return (value, of) => (value === solution.right ? of : 0);
    case "multiple":
      return multipleShare(solution.right, solution.scoring);
    case "gaps":
      return gapsShare(question, solution);
    case "matching":
      return partsShare(
        Object.entries(solution.pairs).map(([left, right]) => [left, (chosen: string) => chosen === right]),
        solution.scoring,
      );
    case "ordering":
      return orderingShare(solution.order, solution.scoring);
    case "text": {
      if (solution.accepted.texts.length === 0) return null;
      const isRight = textMatcher(solution.accepted);
      return (value, of) => (typeof value === "string" && isRight(value) ? of : 0);
    }
    case "essay":
    case "speaking":
      return null;
  }
}

function multipleShare(right: readonly string[], scoring: "all" | "part"): Share {
  const rights = new Set(right);
  return (value, of) => {
    if (!Array.isArray(value)) return 0;
    const chosen = new Set<string>(value);
    const hits = [...chosen].filter((id) => rights.has(id)).length;
    const wrong = chosen.size - hits;
    if (scoring === "all") return hits === rights.size && wrong === 0 ? of : 0;
    return partOf(of, Math.max(0, hits - wrong), rights.size);
  };
}

function gapsShare(question: Question, solution: Solution & { readonly kind: "gaps" }): Share {
  const units = new Map(question.kind === "gaps" ? question.gaps.map(({ id, unit }) => [id, unit]) : []);
  const matchers = Object.entries(solution.accepted).map(
    ([gap, accepted]) => [gap, "texts" in accepted ? textMatcher(accepted) : numberMatcher(accepted, units.get(gap))] as const,
  );
  return partsShare(matchers, solution.scoring);
}

/** Of answers that name something for each part. */
function partsShare(parts: readonly (readonly [string, (value: string) => boolean])[], scoring: "all" | "part"): Share {
  return (value, of) => {
    if (typeof value !== "object" || Array.isArray(value)) return 0;
    const record: Readonly<Record<string, unknown>> = { ...value };
    const hits = parts.filter(([part, isRight]) => {
      const given = ownValue(record, part);
      return typeof given === "string" && isRight(given);
    }).length;
    if (scoring === "all") return hits === parts.length ? of : 0;
    return partOf(of, hits, parts.length);
  };
}

function orderingShare(order: readonly string[], scoring: "all" | "part"): Share {
  const followers = new Map(order.slice(1).map((id, i) => [order[i], id]));
  return (value, of) => {
    if (!Array.isArray(value) || new Set(value).size !== value.length) return 0;
    const hits = value.filter((id, i) => i + 1 < value.length && followers.get(id) === value[i + 1]).length;
    if (scoring === "all") return hits === followers.size && value.length === order.length ? of : 0;
    return partOf(of, hits, followers.size);
  };
}

/** Points are multiples of 0.5, so that hundredths before the division are whole, and a half is a half. */
function partOf(of: number, hits: number, parts: number): number {
  return parts === 0 ? 0 : Math.round((of * 100 * hits) / parts) / 100;
}
