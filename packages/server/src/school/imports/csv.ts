/** Reads CSV (RFC 4180) with a header line: rows with their line numbers, or every error with its line. */
import { CsvError, parse } from "csv-parse/sync";
import type { ImportError } from "../store/tables.ts";

export type CsvRow = { readonly line: number; readonly cells: Readonly<Record<string, string>> };

export type Columns = {
  readonly required: readonly string[];
  readonly optional: readonly string[];
};

const MAX_ROWS = 50_000;
/** Errors reported for one file. */
export const MAX_ERRORS = 200;

type Parsed = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

/** Skips empty lines; cells missing at the end of a line are empty. */
export function readCsv(text: string, columns: Columns): readonly CsvRow[] | { readonly errors: readonly ImportError[] } {
  let parsed: Parsed[];
  try {
    parsed = parse(text, {
      bom: true,
      trim: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 100_000,
    }) as never;
  } catch (error) {
    const line = error instanceof CsvError && typeof error["lines"] === "number" ? error["lines"] : 1;
    return { errors: [{ line, column: "", message: error instanceof Error ? error.message : String(error) }] };
  }
  const [header, ...rows] = parsed;
  if (!header) return { errors: [{ line: 1, column: "", message: "The file is empty; the first line names the columns." }] };
  const names = header.record.map((name) => name.toLowerCase());
  const errors = headerErrors(names, columns).map((error) => ({ line: header.info.lines, ...error }));
  if (rows.length === 0 && errors.length === 0)
    errors.push({ line: header.info.lines + 1, column: "", message: "There are no rows." });
  if (rows.length > MAX_ROWS)
    errors.push({ line: rows[MAX_ROWS]?.info.lines ?? 1, column: "", message: `More than ${MAX_ROWS} rows; cut the file.` });
  if (errors.length > 0) return { errors };
  const read: CsvRow[] = [];
  let line = header.info.lines + 1;
  for (const { record, info } of rows) {
    // A quoted cell may contain line breaks: a row has the number of its first line.
    const begin = Math.max(line, info.lines - record.join("").split("\n").length + 1);
    line = info.lines + 1;
    if (record.length > names.length) {
      errors.push({ line: begin, column: "", message: `${record.length} cells, but only ${names.length} columns are named.` });
      continue;
    }
    read.push({ line: begin, cells: Object.fromEntries(names.map((name, i) => [name, record[i] ?? ""])) });
    for (const name of columns.required)
      if (!read.at(-1)?.cells[name]) errors.push({ line: begin, column: name, message: "is empty" });
  }
  return errors.length > 0 ? { errors: errors.slice(0, MAX_ERRORS) } : read;
}

function headerErrors(names: readonly string[], { required, optional }: Columns): { column: string; message: string }[] {
  const known = [...required, ...optional];
  const missing = required.filter((name) => !names.includes(name)).map((column) => ({ column, message: "this column is missing" }));
  const unknown = names
    .filter((name) => !known.includes(name))
    .map((column) => ({ column, message: `there is no such column; known are ${known.join(", ")}` }));
  const repeated = names
    .filter((name, i) => names.indexOf(name) !== i)
    .map((column) => ({ column, message: "this column is there twice" }));
  return [...missing, ...unknown, ...repeated];
}
