/**
 * Rows of backups of version 1, as Lectern wrote them until its version 2: objects with cells as a driver of JavaScript gives them, bytes in
 * base 64 (RFC 4648, section 4). Writes those cells in PostgreSQL's text format.
 */

export type ColumnOfVersion1 = { readonly type: string; readonly isNullable: boolean };

/** @param column what the table has for a column of the row */
export function cellsOfVersion1(
  row: Readonly<Record<string, unknown>>,
  column: (name: string) => ColumnOfVersion1 | undefined,
): (string | null)[] {
  return Object.entries(row).map(([name, value]) => cellOf(value, column(name)));
}

function cellOf(value: unknown, column: ColumnOfVersion1 | undefined): string | null {
  const isJson = column?.type === "jsonb" || column?.type === "json";
  // A JSON null and no value looked the same.
  if (value === null || value === undefined) return isJson && !column.isNullable ? "null" : null;
  if (isJson) return JSON.stringify(value);
  if (column?.type === "bytea" && typeof value === "string") return `\\x${Buffer.from(value, "base64").toString("hex")}`;
  return String(value);
}
