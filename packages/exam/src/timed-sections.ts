/** Lists the sections of a paper that have a time of their own, with their questions: what decides whether an answer came within it. */
import type { Paper } from "./paper.ts";

export type TimedSection = {
  readonly id: string;
  /** What a candidate without more time has. */
  readonly seconds: number;
  /** Ids of its questions, also of those that are not drawn for everybody. */
  readonly questions: readonly string[];
};

export function timedSections({ sections }: Paper): readonly TimedSection[] {
  return sections.flatMap(({ id, minutes, questions }) =>
    minutes === undefined ? [] : [{ id, seconds: minutes * 60, questions: questions.map((question) => question.id) }],
  );
}
