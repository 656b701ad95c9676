/** Counts the answers to a quiz: by option, by true and false, by number, or by text. */
import { type Choice, foldText, type TallyResult } from "@lectern/room";
import { isOptionIndexes, type Question } from "./question.ts";

/** Numbers and texts that are shown. */
const MAX_SHOWN = 20;

type Counted = { readonly choice: number | boolean | string; count: number };

export class Tally {
  private readonly question: Pick<Question, "type" | "options" | "correct">;
  private readonly counted = new Map<string | number | boolean, Counted>();
  private answered = 0;
  private right = 0;

  constructor(question: Pick<Question, "type" | "options" | "correct">) {
    this.question = question;
    if (question.type === "boolean") for (const choice of [true, false]) this.counted.set(choice, { choice, count: 0 });
    for (const choice of question.options.keys()) this.counted.set(choice, { choice, count: 0 });
  }

  /**
   * @param choice null: of a person whose text was erased
   * @param times how many people; negative: they have changed their answer
   */
  add(choice: Choice | null, isRight: boolean | null, times = 1): void {
    this.answered += times;
    if (isRight) this.right += times;
    for (const one of isOptionIndexes(choice) ? choice : choice === null ? [] : [choice]) this.count(one, times);
  }

  /** @param shown how a text is shown; null: it is not, and counts among the others */
  result(shown: (text: string) => string | null = (text) => text): TallyResult {
    const { answered, question } = this;
    const correct = question.correct === null ? null : this.right;
    if (question.type !== "number" && question.type !== "text")
      return { answered, correct, counts: [...this.counted.values()].map((one) => ({ ...one })), others: 0 };
    const all = [...this.counted].sort(([a, one], [b, other]) => other.count - one.count || compare(a, b));
    const counts = all.slice(0, MAX_SHOWN).flatMap(([, { choice, count }]): TallyResult["counts"][number][] => {
      const text = typeof choice === "string" ? shown(choice) : choice;
      return text === null ? [] : [{ choice: text, count }];
    });
    return { answered, correct, counts, others: answered - counts.reduce((sum, { count }) => sum + count, 0) };
  }

  private count(choice: number | boolean | string, times: number): void {
    const key = typeof choice === "string" ? foldText(choice) : choice;
    const counted = this.counted.get(key) ?? { choice, count: 0 };
    this.counted.set(key, counted);
    counted.count += times;
    const isOpen = this.question.type === "number" || this.question.type === "text";
    if (counted.count === 0 && isOpen) this.counted.delete(key);
  }
}

function compare(a: number | boolean | string, b: number | boolean | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
