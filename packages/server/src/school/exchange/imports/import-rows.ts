/** Reads the file of an import into rows of fields: columns are matched by their headings or as the person says, and every fault is collected. */
import { type Columns, type CsvRow, readTable, type TableRow, tooManyCells } from "../../foundation/csv/csv.ts";
import type { RowError } from "../../foundation/csv/row-error.ts";
import { forEachInSlices } from "../../foundation/csv/slices.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { importText } from "../../foundation/messages/import-texts.ts";
import { fieldsOf, PEOPLE_HEADINGS, TIMETABLE_HEADINGS } from "./headings.ts";
import type { ImportOptions } from "./import-options.ts";
import { loginMaker } from "./made-logins.ts";

export type ForgivingKind = "people" | "timetable";

const PEOPLE_COLUMNS: Columns = { required: ["login", "name"], optional: ["role", "email", "password", "course"] };
const TIMETABLE_COLUMNS: Columns = {
  required: ["date", "start", "end", "title"],
  optional: ["course", "teacher", "mode", "guests", "capacity"],
};
export const COLUMNS_OF: Readonly<Record<ForgivingKind, Columns>> = { people: PEOPLE_COLUMNS, timetable: TIMETABLE_COLUMNS };
const HEADINGS_OF = { people: PEOPLE_HEADINGS, timetable: TIMETABLE_HEADINGS } as const;

export type MatchedColumn = { readonly heading: string; readonly field: string | null };

export type ReadRows = {
  readonly columns: readonly MatchedColumn[];
  /** The cells of each row as they are, for a preview. */
  readonly table: readonly TableRow[];
  readonly rows: readonly CsvRow[];
  /** Of the whole file: nothing can be imported. */
  readonly fatal: readonly RowError[];
  /** Of single rows. */
  readonly errors: readonly RowError[];
};

export async function readImportRows(kind: ForgivingKind, text: string, options: ImportOptions): Promise<ReadRows> {
  const table = await readTable(text);
  if ("errors" in table) return { columns: [], table: [], rows: [], fatal: table.errors, errors: [] };
  const { header, headerLine } = table;
  // Spreadsheets save rows below the last one that has something, and those that were left free.
  const filled = table.rows.filter(({ record }) => record.some((cell) => cell !== ""));
  const matched = options.columns ?? fieldsOf(header, HEADINGS_OF[kind]);
  const fields = header.map((_, i) => matched[i] ?? null);
  const columns = header.map((heading, i) => ({ heading, field: fields[i] ?? null }));
  const fatal = columnErrors(kind, columns, options).map((mistake) => ({ line: headerLine, ...mistake }));
  if (filled.length === 0 && fatal.length === 0) fatal.push({ line: headerLine + 1, column: "", text: importText("no-rows") });
  const required = requiredOf(kind, fields, options);
  const loginOf = makesLogins(kind, fields, options) ? loginMaker() : null;
  const errors: RowError[] = [];
  const rows: CsvRow[] = [];
  await forEachInSlices(filled, ({ line, record }) => {
    if (record.slice(header.length).some((cell) => cell !== "")) errors.push(tooManyCells(line, record.length, header.length));
    const named = fields.flatMap((field, i): [string, string][] => (field === null ? [] : [[field, record[i] ?? ""]]));
    const cells: Record<string, string> = Object.fromEntries(named);
    if (loginOf) cells["login"] = loginOf(cells["name"] ?? "");
    for (const name of required) if (cells[name] === "") errors.push({ line, column: name, text: fieldText("empty") });
    rows.push({ line, cells });
  });
  return { columns, table: filled, rows, fatal, errors };
}

function makesLogins(kind: ForgivingKind, fields: readonly (string | null)[], { makeLogins = false }: ImportOptions): boolean {
  return makeLogins && kind === "people" && !fields.includes("login");
}

/** The columns that a file needs. @param fields of those that it has */
export function requiredOf(kind: ForgivingKind, fields: readonly (string | null)[], options: ImportOptions): readonly string[] {
  const { required } = COLUMNS_OF[kind];
  return makesLogins(kind, fields, options) ? required.filter((name) => name !== "login") : required;
}

/** What is wrong with the columns, all at once. */
function columnErrors(kind: ForgivingKind, columns: readonly MatchedColumn[], options: ImportOptions) {
  const { ignoreUnknown, columns: chosen } = options;
  const fields = columns.map(({ field }) => field);
  const { optional } = COLUMNS_OF[kind];
  const known = [...COLUMNS_OF[kind].required, ...optional];
  const required = requiredOf(kind, fields, options);
  const missing = required
    .filter((name) => !fields.includes(name))
    .map((column) => ({ column, text: importText("missing-column") }));
  const unknown = columns
    .filter(({ field }) => (field === null ? !ignoreUnknown && !chosen : !known.includes(field)))
    .map(({ heading }) => ({ column: heading, text: importText(`unknown-column-${kind}`) }));
  const repeated = columns
    .filter(({ field }, i) => field !== null && fields.indexOf(field) !== i)
    .map(({ heading }) => ({ column: heading, text: importText("repeated-column") }));
  return [...missing, ...unknown, ...repeated];
}
