/** Reads and checks the file of an import, and writes its rows piece by piece. */
import type { Actor } from "../../access/actor.ts";
import type { Change } from "../store/change.ts";
import type { Database, ImportTable, School } from "../store/tables.ts";
import { type CsvRow, readCsv } from "./csv.ts";
import type { ImportMistake } from "./import-mistake.ts";
import { checkPeople, hashPasswords, PEOPLE_COLUMNS, writePeople } from "./people-import.ts";
import { checkTimetable, TIMETABLE_COLUMNS, writeTimetable } from "./timetable-import.ts";

export type ImportKind = ImportTable["kind"];

export type ImportPlan = {
  /** Does the slow part of some rows, outside the transaction, and returns their writing: it returns how many were new. */
  readonly prepare: (from: number, to: number) => Promise<(change: Change) => Promise<number>>;
};

export type ReadImport = readonly CsvRow[] | { readonly errors: readonly ImportMistake[] };

export function readImport(kind: ImportKind, text: string): Promise<ReadImport> {
  return readCsv(text, kind === "people" ? PEOPLE_COLUMNS : TIMETABLE_COLUMNS);
}

/** The plan to write the rows, or every error of theirs. @param actor who imports */
export async function planImport(
  db: Database,
  kind: ImportKind,
  school: School,
  actor: Pick<Actor, "scopes">,
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
  const lessons = await checkTimetable(db, school, rows);
  if ("errors" in lessons) return lessons;
  return { prepare: async (from, to) => (change) => writeTimetable(change, school, lessons.slice(from, to)) };
}
