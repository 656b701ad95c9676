/** Compares what was measured with the goals of a plan. */
import type { GoalResult, LoadResult } from "./result.ts";

type Measured = Pick<LoadResult, "steps" | "refused" | "failed" | "stalls" | "stalledSeconds" | "watchedSeconds">;
const FIGURES = ["p50", "p95", "p99", "max"] as const;

export function judgeGoals(goals: Readonly<Record<string, number>>, result: Measured): GoalResult[] {
  return Object.entries(goals).map(([goal, most]) => {
    const measured = measuredOf(goal, result);
    return { goal, most, measured, isMet: measured !== null && measured <= most };
  });
}

function measuredOf(goal: string, result: Measured): number | null {
  if (goal === "refused" || goal === "failed" || goal === "stalls") return result[goal];
  if (goal === "stalledShare") return result.watchedSeconds === 0 ? null : result.stalledSeconds / result.watchedSeconds;
  const at = goal.lastIndexOf(".");
  const figure = FIGURES.find((one) => one === goal.slice(at + 1));
  const step = result.steps[goal.slice(0, at)];
  return step && figure && step.count > 0 ? step[figure] : null;
}
