/** Reads points as a marker types them: whole and half ones, up to those of the question. */
import type { Criterion } from "@lectern/exam";

/** Null: nothing is typed, or it cannot be given. */
export function readPoints(typed: string, of: number): number | null {
  const text = typed.normalize("NFKC").trim().replace(",", ".");
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(text)) return null;
  const points = Number(text);
  return points <= of && Number.isInteger(points * 2) ? points : null;
}

/** Points to press, where they are few. */
export function pointButtons(of: number): readonly number[] {
  return of > 10 ? [] : Array.from({ length: Math.floor(of) + 1 }, (_, points) => points);
}

/** Adds 0.5, or takes it away from what is not whole. */
export function withHalf(typed: string, of: number): string {
  const points = readPoints(typed, of) ?? 0;
  if (!Number.isInteger(points)) return String(points - 0.5);
  return String(points + 0.5 <= of ? points + 0.5 : Math.max(0, points - 0.5));
}

/** The points of the criteria that are met. */
export function sumOf(criteria: readonly Criterion[], met: readonly string[]): number {
  return criteria.reduce((sum, { id, points }) => sum + (met.includes(id) ? points : 0), 0);
}
