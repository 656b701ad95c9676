/** Compares a candidate's result with those of all: the rank or percentile where the examination allows it, and the means of the class. */
import { ranker, type Standings } from "@lectern/exam/analysis";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";

/** With fewer, a mean tells what another one has. */
export const LEAST_CANDIDATES = 5;

export type Compared = {
  readonly standing: { readonly rank: number | null; readonly percentile: number | null; readonly candidates: number } | null;
  readonly classShare: number | null;
  /** @param part the id of a section, or what is tested */
  readonly shareOf: (of: "sections" | "knowledge", part: string) => number | null;
};

/** @param standings null: not computed yet */
export function compared(
  { standing }: Pick<Exam, "standing">,
  { points, waiting }: Pick<ExamAttempt, "points" | "waiting">,
  standings: Standings | null,
): Compared {
  const rank = standings && points !== null && waiting === 0 && standing !== "none" ? ranker(standings.totals)(points) : null;
  const hasClass = standings !== null && standings.candidates >= LEAST_CANDIDATES;
  return {
    standing: rank && {
      rank: standing === "rank" ? rank.rank : null,
      percentile: standing === "percentile" ? Math.round(rank.percentile) : null,
      candidates: standings?.candidates ?? 0,
    },
    classShare: hasClass ? standings.share : null,
    shareOf: (of, part) => {
      const mean = standings && Object.hasOwn(standings[of], part) ? standings[of][part] : undefined;
      return mean && mean.candidates >= LEAST_CANDIDATES ? mean.share : null;
    },
  };
}
