/**
 * Writes CSV (RFC 4180) that spreadsheets open without running anything in it. A cell that a spreadsheet would take for a formula gets an
 * apostrophe in front (OWASP, CSV Injection).
 */

export type CsvColumn<Row> = { readonly name: string; readonly valueOf: (row: Row) => string | number | boolean | Date | null };

/**
 * Spreadsheets also take the full-width forms, and characters that they skip at the beginning. A text that has the apostrophe by itself gets another
 * one, so that `writtenCell` finds what was written.
 */
const FORMULA = /^'*(?:[\s\uFEFF]*[=+\-@＝＋－＠|%]|[\t\r\n])/u;
/**
 * Where the comma is the decimal sign, a spreadsheet takes semicolons for what divides cells, and quotes within a cell for nothing: then a cell begins within a text, also behind
 * a line break.
 */
const FORMULA_WITHIN = /([;\t\r\n][\s\uFEFF"]*)('*[=+\-@＝＋－＠|%])/gu;
const WRITTEN_WITHIN = /([;\t\r\n][\s\uFEFF"]*)'('*[=+\-@＝＋－＠|%])/gu;
/** Without it, spreadsheets take UTF-8 for the local encoding. */
const BYTE_ORDER_MARK = "\uFEFF";

export function writeCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ name }) => cellOf(name)),
    ...rows.map((row) => columns.map((column) => cellOf(column.valueOf(row)))),
  ];
  return BYTE_ORDER_MARK + lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** A cell that was read, as it was before `writeCsv`. */
export function writtenCell(cell: string): string {
  const text = cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
  return text.replace(WRITTEN_WITHIN, "$1$2");
}

function cellOf(value: string | number | boolean | Date | null): string {
  if (value === null) return "";
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "string") return String(value);
  const within = value.replace(FORMULA_WITHIN, "$1'$2");
  const safe = FORMULA.test(within) ? `'${within}` : within;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
