/** Leaves out of a solution what candidates do not see. */
import type { Solution } from "@lectern/exam";

/** A rubric and its criteria are for those who mark. */
export function shownSolution(solution: Solution): Solution {
  return "rubric" in solution ? { kind: solution.kind, rubric: "" } : solution;
}
