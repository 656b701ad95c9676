/** Accumulates what a candidate's result is compared with: the points of all, for ranks, and the mean share of each section and of what questions test. */
import type { AuthoredPaper } from "../paper.ts";
import type { SheetScore } from "../score.ts";
import { type ScorePart, scoreParts } from "../score-parts.ts";
import { type PointTotal, RunningDistribution } from "./distribution.ts";
import { RunningMoments } from "./moments.ts";

/** @field share the mean of the candidates' shares of the points, 0 to 1 */
export type MeanShare = { readonly candidates: number; readonly share: number };
export type Standings = {
  /** Those whose points are final. */
  readonly candidates: number;
  /** Null: there is no candidate. */
  readonly share: number | null;
  /** The most points first, for `ranker`. */
  readonly totals: readonly PointTotal[];
  /** By the id of a section. Of those whose points in it are final, and who were asked something of it. */
  readonly sections: Readonly<Record<string, MeanShare>>;
  /** By what questions test. */
  readonly knowledge: Readonly<Record<string, MeanShare>>;
};

type Means = Map<string, RunningMoments>;

export class RunningStandings {
  readonly #paper: AuthoredPaper;
  readonly #points = new RunningDistribution();
  readonly #share = new RunningMoments();
  readonly #sections: Means = new Map();
  readonly #knowledge: Means = new Map();

  constructor(paper: AuthoredPaper) {
    this.#paper = paper;
  }

  /** A part that waits for a person is in no mean, and a sheet with one in no rank. */
  add(score: SheetScore): void {
    const { sections, knowledge } = scoreParts(this.#paper, score);
    addParts(this.#sections, sections);
    addParts(this.#knowledge, knowledge);
    if (score.waiting > 0) return;
    this.#points.add(score.points, score.of);
    if (score.of > 0) this.#share.add(score.points / score.of);
  }

  read(): Standings {
    const points = this.#points.read();
    const { count, mean } = this.#share.read();
    return {
      candidates: points?.candidates ?? 0,
      share: count === 0 ? null : mean,
      totals: points?.totals ?? [],
      sections: meansOf(this.#sections),
      knowledge: meansOf(this.#knowledge),
    };
  }
}

function addParts(means: Means, parts: readonly ScorePart[]): void {
  for (const { name, points, of, waiting } of parts) {
    if (waiting > 0 || of <= 0) continue;
    const moments = means.get(name) ?? new RunningMoments();
    means.set(name, moments);
    moments.add(points / of);
  }
}

/** Names are the school's, so that `__proto__` must be one like others. */
function meansOf(means: Means): Readonly<Record<string, MeanShare>> {
  return Object.fromEntries(
    [...means].map(([name, moments]) => {
      const { count, mean } = moments.read();
      return [name, { candidates: count, share: mean }];
    }),
  );
}
