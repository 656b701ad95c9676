/** Decides what counts for an answer from what its markers gave: one person's points, the mean of two, or those of a third where the two differ too much. */

export type Given = { readonly turn: number; readonly points: number | null; readonly comment: string };

/** waiting: nobody has marked it. once: the second is missing. differing: a third decides. settled: the points count. */
export type Settled =
  | { readonly state: "waiting" | "once" | "differing" }
  | { readonly state: "settled"; readonly points: number; readonly comment: string };

const THIRD = 3;

/** @param tolerance points by which two may differ; null: one person marks */
export function settle(markings: readonly Given[], tolerance: number | null): Settled {
  const given = markings.flatMap(({ turn, points, comment }) => (points === null ? [] : [{ turn, points, comment }]));
  const [first, second] = given.filter(({ turn }) => turn < THIRD).toSorted((a, b) => a.turn - b.turn);
  const third = given.find(({ turn }) => turn === THIRD);
  if (third) return { state: "settled", points: third.points, comment: third.comment };
  if (!first) return { state: "waiting" };
  if (tolerance === null) return { state: "settled", points: first.points, comment: first.comment };
  if (!second) return { state: "once" };
  if (Math.abs(first.points - second.points) > tolerance) return { state: "differing" };
  const comments = [...new Set([first.comment, second.comment])].filter((comment) => comment !== "");
  return { state: "settled", points: meanInSteps(first.points, second.points), comment: comments.join("\n\n") };
}

/** The half between is given to the candidate. */
function meanInSteps(a: number, b: number): number {
  return Math.round(a + b) / 2;
}
