/** Reads CSV (RFC 4180) with a header line: rows with their line numbers, or every error with its line. */

import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { delimiterOf } from "../../../platform/csv-text.ts";
import type { Text } from "../../../platform/messages/message.ts";
import { fieldText } from "../messages/field-texts.ts";
import { importText } from "../messages/import-texts.ts";
import type { ImportMistake } from "./import-mistake.ts";
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

/** Skips empty lines; cells missing at the end of a line are empty. */
export async function readCsv(
  text: string,
  columns: Columns,
): Promise<readonly CsvRow[] | { readonly errors: readonly ImportMistake[] }> {
  let parsed: Parsed[];
  try {
    parsed = await parseSlices(text);
  } catch (error) {
    const line = lineOf(error);
    return {
      errors: [
        { line, column: "", text: importText("unreadable", { reason: error instanceof Error ? error.message : String(error) }) },
      ],
    };
  }
  const [header, ...rows] = parsed;
  if (!header) return { errors: [{ line: 1, column: "", text: importText("empty-file") }] };
  const names = header.record.map((name) => name.toLowerCase());
  const errors = headerErrors(names, columns).map((error) => ({ line: header.info.lines, ...error }));
  if (rows.length === 0 && errors.length === 0)
    errors.push({ line: header.info.lines + 1, column: "", text: importText("no-rows") });
  if (rows.length > MAX_ROWS)
    errors.push({ line: rows[MAX_ROWS]?.info.lines ?? 1, column: "", text: importText("too-many-rows", { max: MAX_ROWS }) });
  if (errors.length > 0) return { errors };
  return await readRows(names, header.info.lines, rows, columns);
}

async function readRows(
  names: readonly string[],
  headerLine: number,
  rows: readonly Parsed[],
  columns: Columns,
): Promise<readonly CsvRow[] | { readonly errors: readonly ImportMistake[] }> {
  const errors: ImportMistake[] = [];
  const read: CsvRow[] = [];
  let line = headerLine + 1;
  await forEachInSlices(rows, ({ record, info }) => {
    // A quoted cell may contain line breaks: a row has the number of its first line.
    const begin = Math.max(line, info.lines - record.join("").split("\n").length + 1);
    line = info.lines + 1;
    if (record.length > names.length) {
      errors.push({ line: begin, column: "", text: importText("too-many-cells", { cells: record.length, columns: names.length }) });
      return;
    }
    read.push({ line: begin, cells: Object.fromEntries(names.map((name, i) => [name, record[i] ?? ""])) });
    for (const name of columns.required)
      if (!read.at(-1)?.cells[name]) errors.push({ line: begin, column: name, text: fieldText("empty") });
  });
  return errors.length > 0 ? { errors: errors.slice(0, MAX_ERRORS) } : read;
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
