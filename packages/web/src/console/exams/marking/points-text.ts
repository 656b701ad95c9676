/** Reads points as a marker types them: whole and half ones, up to those of the question. */

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
