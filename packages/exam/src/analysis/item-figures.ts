/** Accumulates the figures of one question over all candidates who were asked it. */
import type { AnswerValue } from "../answer.ts";
import { hasContent } from "../grade-answer.ts";
import type { AuthoredQuestion, Solution } from "../question.ts";
import type { QuestionScore } from "../score.ts";
import { type ChoiceCount, ChoiceCounts } from "./choice-counts.ts";
import { RunningCorrelation, RunningMoments } from "./moments.ts";
import { type ReviseRule, reviseRules } from "./revise.ts";

export type ItemFigures = {
  readonly question: string;
  /** Who were asked it and whose answer is graded. */
  readonly candidates: number;
  /** Who gave an answer, of these. */
  readonly answered: number;
  /** Whose answer a person has still to mark. */
  readonly waiting: number;
  /** The mean share of its points, 0 to 1: the p value where points are all or none. Null: nobody's answer is graded. */
  readonly difficulty: number | null;
  /** The correlation of its points with the share of points in the rest of the sheet: the corrected point-biserial where points are all or none. */
  readonly discrimination: number | null;
  /** Candidates in each fifth, the weakest first. */
  readonly groups: readonly number[];
  /** Of questions with options; null: of others. */
  readonly choices: readonly (ChoiceCount & { readonly isRight: boolean })[] | null;
  readonly revise: readonly ReviseRule[];
};

export class RunningItem {
  readonly #authored: AuthoredQuestion;
  readonly #points = new RunningMoments();
  readonly #rest = new RunningCorrelation();
  readonly #choices: ChoiceCounts;
  #answered = 0;
  #waiting = 0;

  constructor(authored: AuthoredQuestion) {
    this.#authored = authored;
    this.#choices = new ChoiceCounts(choicesOf(authored));
  }

  /** @param sheet the points of the whole sheet that are graded */
  add(score: QuestionScore, value: AnswerValue | undefined, sheet: { readonly points: number; readonly of: number }): void {
    if (score.by === "waits") {
      this.#waiting++;
      return;
    }
    const isAnswered = value !== undefined && value !== null && isGiven(value);
    if (isAnswered) this.#answered++;
    const share = score.points / score.of;
    this.#points.add(share);
    const restOf = sheet.of - score.of;
    if (restOf > 0) this.#rest.add(share, (sheet.points - score.points) / restOf);
    this.#choices.add(sheet.points / sheet.of, isAnswered ? chosen(value) : NO_ANSWER);
  }

  read(): ItemFigures {
    const { question, solution } = this.#authored;
    const { count: candidates, mean } = this.#points.read();
    const difficulty = candidates === 0 ? null : mean;
    const discrimination = this.#rest.read();
    const { groups, choices: counted } = this.#choices.read();
    const right = rightChoices(solution);
    const choices = right && counted.map((each) => ({ ...each, isRight: right.includes(each.choice) }));
    const revise = reviseRules({ candidates, difficulty, discrimination, choices });
    const [answered, waiting] = [this.#answered, this.#waiting];
    return { question: question.id, candidates, answered, waiting, difficulty, discrimination, groups, choices, revise };
  }
}

const NO_ANSWER = [""];

function choicesOf({ question }: AuthoredQuestion): readonly string[] {
  if (question.kind === "boolean") return ["true", "false", ...NO_ANSWER];
  return question.kind === "single" || question.kind === "multiple" ? [...question.options.map(({ id }) => id), ...NO_ANSWER] : [];
}

/** Null: a question without options. */
function rightChoices(solution: Solution): readonly string[] | null {
  if (solution.kind === "boolean") return [String(solution.right)];
  return solution.kind === "single" || solution.kind === "multiple" ? [solution.right].flat() : null;
}

function chosen(value: NonNullable<AnswerValue>): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "boolean") return [String(value)];
  return Array.isArray(value) ? [...new Set(value.filter((each) => typeof each === "string"))] : [];
}

function isGiven(value: NonNullable<AnswerValue>): boolean {
  if (typeof value === "boolean") return true;
  if (Array.isArray(value)) return value.length > 0;
  return (
    hasContent(value) ||
    (typeof value === "object" && !("typed" in value) && !("uploads" in value) && Object.keys(value).length > 0)
  );
}
