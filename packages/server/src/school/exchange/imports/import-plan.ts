/** Reads and checks the file of an import, and writes its rows piece by piece. */
import type { Actor } from "../../../access/actor.ts";
import { type CsvRow, readCsv } from "../../foundation/csv/csv.ts";
import type { RowError } from "../../foundation/csv/row-error.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { ImportTable } from "../../foundation/store/import-tables.ts";
import type { Database, School } from "../../foundation/store/tables.ts";
import type { CheckedRows } from "./checked-rows.ts";
import type { Written } from "./import-items.ts";
import type { ImportOptions } from "./import-options.ts";
import { type ForgivingKind, readImportRows } from "./import-rows.ts";
import { ONEROSTER_COLUMNS, type OneRosterKind } from "./oneroster.ts";
import { planOneRoster } from "./oneroster-import.ts";
import { checkPeople, hashPasswords, writePeople } from "./people-import.ts";
import { checkTimetable, writeTimetable } from "./timetable-import.ts";

export type ImportKind = ImportTable["kind"];

/** The rows of a file, and what is wrong with it as it stands. */
export type ReadImport = {
  readonly rows: readonly CsvRow[];
  /** Of the whole file: nothing of it can be imported. */
  readonly fatal: readonly RowError[];
  /** Of single rows. */
  readonly faults: readonly RowError[];
};

export type ImportPlan = {
  /** Of the rows; those with errors are not written. */
  readonly errors: readonly RowError[];
  /** Does the slow part of some rows, outside the transaction, and returns their writing. */
  readonly prepare: (from: number, to: number) => Promise<(change: Change) => Promise<Written>>;
};

export async function readImport(kind: ImportKind, text: string, options: ImportOptions): Promise<ReadImport> {
  if (isForgiving(kind)) {
    const { rows, fatal, errors } = await readImportRows(kind, text, options);
    return { rows, fatal, faults: errors };
  }
  const read = await readCsv(text, ONEROSTER_COLUMNS[kind]);
  return "errors" in read ? { rows: [], fatal: read.errors, faults: [] } : { rows: read, fatal: [], faults: [] };
}

/** Whether an import of this kind can leave wrong rows out. */
export function isForgiving(kind: ImportKind): kind is ForgivingKind {
  return kind === "people" || kind === "timetable";
}

/** @param actor who imports */
export async function planImport(
  db: Database,
  kind: ImportKind,
  school: School,
  actor: Actor,
  { rows, faults }: Pick<ReadImport, "rows" | "faults">,
  options: ImportOptions,
): Promise<ImportPlan> {
  if (kind === "people") {
    const { values, errors } = await checkPeople(db, school, actor, rows, options, faults);
    return {
      errors,
      prepare: async (from, to) => {
        const people = rightOnes(values, from, to);
        const hashes = await hashPasswords(people);
        return (change) => writePeople(change, school, people, hashes);
      },
    };
  }
  if (kind === "timetable") {
    const { values, errors } = await checkTimetable(db, school, rows, options, faults);
    return { errors, prepare: async (from, to) => (change) => writeTimetable(change, school, rightOnes(values, from, to)) };
  }
  return await planRoster(db, kind, school, actor, rows);
}

async function planRoster(
  db: Database,
  kind: OneRosterKind,
  school: School,
  actor: Actor,
  rows: readonly CsvRow[],
): Promise<ImportPlan> {
  const write = await planOneRoster(db, kind, school, actor, rows);
  if (typeof write !== "function") return { errors: write.errors, prepare: async () => async () => ({ added: 0, items: [] }) };
  return { errors: [], prepare: async (from, to) => async (change) => ({ added: await write(change, from, to), items: [] }) };
}

function rightOnes<T>(values: CheckedRows<T>["values"], from: number, to: number): readonly T[] {
  return values.slice(from, to).flatMap((value) => (value === null ? [] : [value]));
}
