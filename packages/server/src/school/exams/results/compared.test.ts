/** Comparisons: a rank only where the examination allows it and all is marked, and no mean of so few that it tells what another one has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Standings } from "@lectern/exam/analysis";
import { compared } from "./compared.ts";

const STANDINGS: Standings = {
  candidates: 5,
  share: 0.5,
  totals: [
    { points: 6, count: 1 },
    { points: 3, count: 4 },
  ],
  sections: { s1: { candidates: 5, share: 0.5 } },
  knowledge: { sums: { candidates: 4, share: 0.25 } },
};
const ATTEMPT = { points: 3, waiting: 0 };

test("a result has a rank or a percentile, as the examination allows", () => {
  const of = (standing: "none" | "rank" | "percentile", attempt: Parameters<typeof compared>[1] = ATTEMPT) =>
    compared({ standing }, attempt, STANDINGS).standing;
  assert.equal(of("none"), null);
  assert.deepEqual(of("rank"), { rank: 2, percentile: null, candidates: 5 });
  assert.deepEqual(of("percentile"), { rank: null, percentile: 40, candidates: 5 });
  assert.equal(of("rank", { points: 3, waiting: 1 }), null);
  assert.equal(of("rank", { points: 2, waiting: 0 }), null, "points that were computed after the standings");
});

test("means of fewer than five candidates are not shown", () => {
  const { classShare, shareOf } = compared({ standing: "none" }, ATTEMPT, STANDINGS);
  assert.deepEqual([classShare, shareOf("sections", "s1"), shareOf("knowledge", "sums")], [0.5, 0.5, null]);
  assert.equal(shareOf("sections", "constructor"), null);
  const few = compared({ standing: "rank" }, ATTEMPT, { ...STANDINGS, candidates: 4 });
  assert.deepEqual([few.classShare, few.standing?.rank], [null, 2]);
  assert.deepEqual(compared({ standing: "rank" }, ATTEMPT, null).standing, null);
});
