/**
 * Imports: read, checked as a whole, and then written in one transaction, so that nothing is ever half there. A file with mistakes
 * changes nothing and says every line that is wrong.
 */

import { newId } from "../../platform/id.ts";
import type { Logger } from "../../platform/log.ts";
import { json } from "../../platform/store/store.ts";
import type { Change, Changes, Requester } from "../store/change.ts";
import type { Database, ImportError, ImportTable, School } from "../store/tables.ts";
import { type CsvRow, MAX_ERRORS, readCsv } from "./csv.ts";
import { checkPeople, hashPasswords, PEOPLE_COLUMNS, writePeople } from "./people.ts";
import { checkTimetable, TIMETABLE_COLUMNS, writeTimetable } from "./timetable.ts";

export type ImportKind = ImportTable["kind"];
type Checked = {
  readonly count: number;
  /** What takes time and writes nothing. */
  readonly prepare: (progress: (done: number) => void) => Promise<void>;
  readonly write: (change: Change) => Promise<void>;
};

export class ImportService {
  private readonly db: Database;
  private readonly changes: Changes;
  private readonly log: Logger;
  private readonly progress = new Map<string, number>();
  /** Of this process, which are not over. */
  private readonly begun = new Set<string>();
  private last: Promise<void> = Promise.resolve();

  constructor(db: Database, changes: Changes, log: Logger) {
    this.db = db;
    this.changes = changes;
    this.log = log;
  }

  /** Those that were running in a process that is no more have failed, and have written nothing. */
  async failInterrupted(): Promise<void> {
    const error = {
      line: 0,
      column: "",
      message: "The server was restarted meanwhile. Nothing was imported; send the file again.",
    };
    await this.db
      .updateTable("imports")
      .set({ state: "failed", errors: json([error]), finished_at: new Date() })
      .where("state", "=", "running")
      .where("id", "not in", ["", ...this.begun])
      .execute();
  }

  /** Begins an import, which goes on by itself: one after the other. Gives its id. */
  async start(asker: Requester, school: School, kind: ImportKind, text: string): Promise<string> {
    const { body: id } = await this.changes.transact(asker, async (change) => {
      const row = { id: newId(), school_id: school.id, kind, state: "running" as const, rows_total: 0, rows_done: 0 };
      await change.trx
        .insertInto("imports")
        .values({ ...row, errors: json<readonly ImportError[]>([]), created_by: asker.actor.id ?? asker.actor.kind })
        .execute();
      this.begun.add(row.id);
      change.afterCommit(() => this.queue(row.id, asker, school, kind, text));
      return { body: row.id };
    });
    return id;
  }

  /** Rows that are done of one that is running. */
  progressOf(id: string): number | null {
    return this.progress.get(id) ?? null;
  }

  /** When those that were begun are over. */
  async close(): Promise<void> {
    await this.last;
  }

  private queue(id: string, asker: Requester, school: School, kind: ImportKind, text: string): void {
    this.last = this.last.then(() =>
      this.run(id, asker, school, kind, text)
        .catch((error: unknown) => {
          this.log.error({ import: id, reason: String(error) }, "an import failed");
          const message = "The server could not write it. Nothing was imported; send the file again.";
          return this.finish(id, "failed", 0, [{ line: 0, column: "", message }]);
        })
        .catch((error: unknown) =>
          this.log.error({ import: id, reason: String(error) }, "the end of an import could not be written"),
        )
        .finally(() => {
          this.progress.delete(id);
          this.begun.delete(id);
        }),
    );
  }

  private async run(id: string, { actor }: Requester, school: School, kind: ImportKind, text: string): Promise<void> {
    const rows = readCsv(text, kind === "people" ? PEOPLE_COLUMNS : TIMETABLE_COLUMNS);
    if ("errors" in rows) return this.finish(id, "failed", 0, rows.errors);
    await this.db.updateTable("imports").set({ rows_total: rows.length }).where("id", "=", id).execute();
    this.progress.set(id, 0);
    const checked = await this.check(kind, school, rows);
    if ("errors" in checked) return this.finish(id, "failed", 0, checked.errors);
    await checked.prepare((done) => this.progress.set(id, done));
    await this.changes.transact({ actor }, async (change) => {
      await checked.write(change);
      await change.audit({
        action: `${kind}.import`,
        schoolId: school.id,
        targetKind: "import",
        targetId: id,
        after: { rows: checked.count },
      });
      await change.trx
        .updateTable("imports")
        .set({ state: "done", rows_done: checked.count, finished_at: new Date() })
        .where("id", "=", id)
        .execute();
      return { body: null };
    });
  }

  private async check(
    kind: ImportKind,
    school: School,
    rows: readonly CsvRow[],
  ): Promise<Checked | { errors: readonly ImportError[] }> {
    if (kind === "people") {
      const people = await checkPeople(this.db, school, rows);
      if ("errors" in people) return people;
      return {
        count: people.length,
        prepare: (progress) => hashPasswords(people, progress),
        write: (change) => writePeople(change, school, people),
      };
    }
    const lessons = await checkTimetable(this.db, school, rows);
    if ("errors" in lessons) return lessons;
    return { count: lessons.length, prepare: async () => {}, write: (change) => writeTimetable(change, school, lessons) };
  }

  private async finish(id: string, state: "failed", done: number, errors: readonly ImportError[]): Promise<void> {
    await this.db
      .updateTable("imports")
      .set({ state, rows_done: done, errors: json(errors.slice(0, MAX_ERRORS)), finished_at: new Date() })
      .where("id", "=", id)
      .execute();
  }
}
