/** Blocks of values as the database has them: which block a time is in, merging what is known twice, and making hours of minutes. */
import type { BlockFigures } from "../../foundation/store/metrics-history-tables.ts";
import { rollUpValues, shortened } from "./roll-up-values.ts";

export const MINUTES = { step: 60, span: 3600 } as const;
export const HOURS = { step: 3600, span: 86_400 } as const;
export type Resolution = typeof MINUTES | typeof HOURS;

/** The start of the block that has this time, milliseconds. */
export function blockStart({ span }: Resolution, at: number): number {
  return Math.floor(at / (span * 1000)) * span * 1000;
}

/** What is known twice: later values count, and what they lack stays. */
export function mergeFigures(before: BlockFigures, later: BlockFigures): BlockFigures {
  const merged: Record<string, readonly (number | null)[]> = { ...before };
  for (const [metric, values] of Object.entries(later)) {
    const known = merged[metric] ?? [];
    const length = Math.max(known.length, values.length);
    merged[metric] = Array.from({ length }, (_, i) => values[i] ?? known[i] ?? null);
  }
  return merged;
}

/** A day's figures with the one hour that a block of minutes makes. @param hour its place in the day */
export function hourOf(minutes: BlockFigures, hour: number): BlockFigures {
  const figures: Record<string, (number | null)[]> = {};
  for (const [metric, values] of Object.entries(minutes)) {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) continue;
    figures[metric] = [...Array<null>(hour).fill(null), shortened(rollUpValues(metric, known))];
  }
  return figures;
}
