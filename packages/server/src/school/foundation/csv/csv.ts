/** Reads CSV (RFC 4180) with a header line: rows with their line numbers, or every error with its line. */

import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { delimiterOf } from "../../../platform/csv-text.ts";
import type { Text } from "../../../platform/messages/message.ts";
import { fieldText } from "../messages/field-texts.ts";
import { importText } from "../messages/import-texts.ts";
import type { RowError } from "./row-error.ts";
import { forEachInSlices } from "./slices.ts";

export type CsvRow = { readonly line: number; readonly cells: Readonly<Record<string, string>> };

export type Columns = {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Whether a file may have other columns, which are not read. Default: they are errors. */
  readonly ignoresOthers?: boolean;
};

const MAX_ROWS = 50_000;
/** Errors reported for one file. */
export const MAX_ERRORS = 200;

/** Bytes parsed before other work of the process has its turn. */
const BYTES_PER_SLICE = 8 * 1024;

type Parsed = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

/** A file as it is: its first line, and the others, which are not empty. */
export type Table = {
  readonly headerLine: number;
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
};
/** A row has the number of its first line: a quoted cell may contain line breaks. */
export type TableRow = { readonly line: number; readonly record: readonly string[] };

type RowErrors = { readonly errors: readonly RowError[] };

/** Errors are those of the whole file: it cannot be read, is empty, or too long. */
export async function readTable(text: string): Promise<Table | RowErrors> {
  let parsed: Parsed[];
  try {
    parsed = await parseSlices(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { errors: [{ line: lineOf(error), column: "", text: importText("unreadable", { reason }) }] };
  }
  const [header, ...records] = parsed;
  if (!header) return { errors: [{ line: 1, column: "", text: importText("empty-file") }] };
  if (records.length > MAX_ROWS)
    return {
      errors: [{ line: records[MAX_ROWS]?.info.lines ?? 1, column: "", text: importText("too-many-rows", { max: MAX_ROWS }) }],
    };
  const rows: TableRow[] = [];
  let line = header.info.lines + 1;
  await forEachInSlices(records, ({ record, info }) => {
    rows.push({ line: Math.max(line, info.lines - record.join("").split("\n").length + 1), record });
    line = info.lines + 1;
  });
  return { headerLine: header.info.lines, header: header.record, rows };
}

/** Skips empty lines; cells missing at the end of a line are empty. */
export async function readCsv(text: string, columns: Columns): Promise<readonly CsvRow[] | RowErrors> {
  const table = await readTable(text);
  if ("errors" in table) return table;
  const { headerLine, header, rows } = table;
  const names = header.map((name) => name.toLowerCase());
  const errors = headerErrors(names, columns).map((error) => ({ line: headerLine, ...error }));
  if (rows.length === 0 && errors.length === 0) errors.push({ line: headerLine + 1, column: "", text: importText("no-rows") });
  if (errors.length > 0) return { errors };
  return await readRows(names, rows, columns);
}

async function readRows(
  names: readonly string[],
  rows: readonly TableRow[],
  columns: Columns,
): Promise<readonly CsvRow[] | RowErrors> {
  const errors: RowError[] = [];
  const read: CsvRow[] = [];
  await forEachInSlices(rows, ({ line, record }) => {
    if (record.length > names.length) {
      errors.push(tooManyCells(line, record.length, names.length));
      return;
    }
    read.push({ line, cells: Object.fromEntries(names.map((name, i) => [name, record[i] ?? ""])) });
    for (const name of columns.required)
      if (!read.at(-1)?.cells[name]) errors.push({ line, column: name, text: fieldText("empty") });
  });
  return errors.length > 0 ? { errors: errors.slice(0, MAX_ERRORS) } : read;
}

export function tooManyCells(line: number, cells: number, columns: number): RowError {
  return { line, column: "", text: importText("too-many-cells", { cells, columns }) };
}

/** The line that csv-parse names in its errors. */
function lineOf(error: unknown): number {
  const lines: unknown = error instanceof Error ? Reflect.get(error, "lines") : null;
  return typeof lines === "number" ? lines : 1;
}

async function parseSlices(text: string): Promise<Parsed[]> {
  const { parse } = await import("csv-parse");
  const bytes = Buffer.from(text);
  const { delimiter, skippedLines } = delimiterOf(text);
  const records: Parsed[] = [];
  const parser = parse({
    bom: true,
    delimiter,
    from_line: 1 + skippedLines,
    trim: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 100_000,
  });
  const slices = async function* () {
    for (let i = 0; i < bytes.length; i += BYTES_PER_SLICE) {
      yield bytes.subarray(i, i + BYTES_PER_SLICE);
      await setImmediate();
    }
  };
  parser.on("data", (record: Parsed) => records.push(record));
  await pipeline(slices, parser);
  return records;
}

function headerErrors(
  names: readonly string[],
  { required, optional, ignoresOthers = false }: Columns,
): { column: string; text: Text }[] {
  const known = [...required, ...optional];
  const missing = required
    .filter((name) => !names.includes(name))
    .map((column) => ({ column, text: importText("missing-column") }));
  const unknown = names
    .filter((name) => !ignoresOthers && !known.includes(name))
    .map((column) => ({ column, text: importText("unknown-column", { known: known.join(", ") }) }));
  const repeated = names
    .filter((name, i) => known.includes(name) && names.indexOf(name) !== i)
    .map((column) => ({ column, text: importText("repeated-column") }));
  return [...missing, ...unknown, ...repeated];
}
