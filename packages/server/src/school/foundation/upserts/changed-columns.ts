/** Compares a row with how it should be. */

/** The columns whose values differ from the row's; undefined values are not asked for. Times are compared as instants. */
export function changedColumns<Columns extends Readonly<Record<string, unknown>>>(
  row: Readonly<Record<string, unknown>>,
  wanted: Columns,
): Partial<Columns> {
  const changed = Object.entries(wanted).filter(([column, value]) => value !== undefined && !isSame(row[column], value));
  return Object.fromEntries(changed) as Partial<Columns>;
}

function isSame(a: unknown, b: unknown): boolean {
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return a === b;
}
