/** Reads and checks the file of an import, and writes its rows piece by piece. */
import type { Actor } from "../../../access/actor.ts";
import { type CsvRow, readCsv } from "../../foundation/csv/csv.ts";
import type { ImportMistake } from "../../foundation/csv/import-mistake.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Database, ImportTable, School } from "../../foundation/store/tables.ts";
import { ONEROSTER_COLUMNS } from "./oneroster.ts";
import { planOneRoster } from "./oneroster-import.ts";
import { checkPeople, hashPasswords, PEOPLE_COLUMNS, writePeople } from "./people-import.ts";
import { checkTimetable, TIMETABLE_COLUMNS, writeTimetable } from "./timetable-import.ts";

export type ImportKind = ImportTable["kind"];

export type ImportPlan = {
  /** Does the slow part of some rows, outside the transaction, and returns their writing: it returns how many were new. */
  readonly prepare: (from: number, to: number) => Promise<(change: Change) => Promise<number>>;
};

export type ReadImport = readonly CsvRow[] | { readonly errors: readonly ImportMistake[] };

export function readImport(kind: ImportKind, text: string): Promise<ReadImport> {
  if (kind === "people") return readCsv(text, PEOPLE_COLUMNS);
  return readCsv(text, kind === "timetable" ? TIMETABLE_COLUMNS : ONEROSTER_COLUMNS[kind]);
}

/** The plan to write the rows, or every error of theirs. @param actor who imports */
export async function planImport(
  db: Database,
  kind: ImportKind,
  school: School,
  actor: Actor,
  rows: readonly CsvRow[],
): Promise<ImportPlan | { readonly errors: readonly ImportMistake[] }> {
  if (kind === "people") {
    const people = await checkPeople(db, school, actor, rows);
    if ("errors" in people) return people;
    return {
      prepare: async (from, to) => {
        const some = people.slice(from, to);
        const hashes = await hashPasswords(some);
        return (change) => writePeople(change, school, some, hashes);
      },
    };
  }
  if (kind !== "timetable") {
    const write = await planOneRoster(db, kind, school, actor, rows);
    if (typeof write !== "function") return write;
    return { prepare: async (from, to) => (change) => write(change, from, to) };
  }
  const lessons = await checkTimetable(db, school, rows);
  if ("errors" in lessons) return lessons;
  return { prepare: async (from, to) => (change) => writeTimetable(change, school, lessons.slice(from, to)) };
}
