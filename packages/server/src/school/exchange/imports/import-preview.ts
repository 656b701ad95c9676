/** Defines what an import would do: how its columns are read, its first rows, and every error. Nothing is written. */
import type { Actor } from "../../../access/actor.ts";
import { MAX_ERRORS } from "../../foundation/csv/csv.ts";
import type { RowError } from "../../foundation/csv/row-error.ts";
import type { Database, School } from "../../foundation/store/tables.ts";
import type { ImportOptions } from "./import-options.ts";
import { planImport } from "./import-plan.ts";
import { COLUMNS_OF, type ForgivingKind, type MatchedColumn, readImportRows, requiredOf } from "./import-rows.ts";

const SHOWN_ROWS = 8;
const MAX_COURSES = 50;
const COVERED = "••••";

export type ImportPreview = {
  readonly columns: MatchedColumn[];
  readonly fields: { readonly name: string; readonly required: boolean }[];
  readonly rows: { readonly line: number; readonly cells: string[] }[];
  readonly rowsTotal: number;
  readonly rowsRight: number;
  readonly missingCourses: string[];
  readonly canImport: boolean;
  readonly errors: readonly RowError[];
};

export async function previewImport(
  db: Database,
  kind: ForgivingKind,
  school: School,
  actor: Actor,
  text: string,
  options: ImportOptions,
): Promise<ImportPreview> {
  const { columns, table, rows, fatal, errors: faults } = await readImportRows(kind, text, options);
  const plan = await planImport(db, kind, school, actor, { rows, faults }, options);
  const wrongLines = new Set(plan.errors.map(({ line }) => line));
  const rowsRight = rows.filter(({ line }) => !wrongLines.has(line)).length;
  const errors = [...fatal, ...plan.errors];
  const { required, optional } = COLUMNS_OF[kind];
  const needed = requiredOf(
    kind,
    columns.map(({ field }) => field),
    options,
  );
  const named = new Set(rows.flatMap(({ cells }) => cells["course"] || []));
  const courses = await db.selectFrom("courses").select("name").where("school_id", "=", school.id).execute();
  for (const { name } of courses) named.delete(name);
  return {
    columns: [...columns],
    fields: [...required, ...optional].map((name) => ({ name, required: needed.includes(name) })),
    rows: table.slice(0, SHOWN_ROWS).map(({ line, record }) => ({
      line,
      cells: record.map((cell, i) => (columns[i]?.field === "password" && cell !== "" ? COVERED : cell)),
    })),
    rowsTotal: rows.length,
    rowsRight,
    missingCourses: [...named].slice(0, MAX_COURSES),
    canImport: fatal.length === 0 && (plan.errors.length === 0 || (options.skipFaulty === true && rowsRight > 0)),
    errors: errors.slice(0, MAX_ERRORS),
  };
}
