/** Finds values without a neighbour: no line leads to them, so that a plot has to show them as points. */
export function isolatedValues(values: readonly (number | null | undefined)[]): number[] {
  const has = (i: number) => values[i] !== null && values[i] !== undefined;
  return values.flatMap((_, i) => (has(i) && !has(i - 1) && !has(i + 1) ? [i] : []));
}
