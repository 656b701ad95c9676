/**
 * Imports CSV files in the background: checks the whole file first, then writes it in one transaction.
 * A file with errors changes nothing, and every error is reported with its line.
 */

import { newId } from "../../platform/id.ts";
import type { Logger } from "../../platform/log.ts";
import { json } from "../../platform/store/store.ts";
import { importText } from "../messages/import-texts.ts";
import type { Change, Changes } from "../store/change.ts";
import type { Requester } from "../store/requester.ts";
import type { Database, ImportError, ImportTable, School } from "../store/tables.ts";
import { type CsvRow, MAX_ERRORS, readCsv } from "./csv.ts";
import { type ImportMistake, storedError } from "./import-mistake.ts";
import { checkPeople, hashPasswords, PEOPLE_COLUMNS, writePeople } from "./people-import.ts";
import { checkTimetable, TIMETABLE_COLUMNS, writeTimetable } from "./timetable-import.ts";

export type ImportKind = ImportTable["kind"];
type CheckedImport = {
  readonly count: number;
  /** The slow part, outside the transaction. */
  readonly prepare: (progress: (done: number) => void) => Promise<void>;
  readonly write: (change: Change) => Promise<void>;
};

export class ImportService {
  private readonly db: Database;
  private readonly changes: Changes;
  private readonly log: Logger;
  private readonly progress = new Map<string, number>();
  /** Imports of this process that have not finished. */
  private readonly running = new Set<string>();
  private last: Promise<void> = Promise.resolve();

  constructor(db: Database, changes: Changes, log: Logger) {
    this.db = db;
    this.changes = changes;
    this.log = log;
  }

  /** Marks imports as failed whose process has ended; they have written nothing. */
  async failInterrupted(): Promise<void> {
    const error = {
      line: 0,
      column: "",
      text: importText("interrupted"),
    };
    await this.db
      .updateTable("imports")
      .set({ state: "failed", errors: json([storedError(error)]), finished_at: new Date() })
      .where("state", "=", "running")
      .where("id", "not in", ["", ...this.running])
      .execute();
  }

  /** Queues an import and returns its id. Imports run one after the other. */
  async start(requester: Requester, school: School, kind: ImportKind, text: string): Promise<string> {
    const { body: id } = await this.changes.transact(requester, async (change) => {
      const row = { id: newId(), school_id: school.id, kind, state: "running" as const, rows_total: 0, rows_done: 0 };
      await change.trx
        .insertInto("imports")
        .values({ ...row, errors: json<readonly ImportError[]>([]), created_by: requester.actor.id ?? requester.actor.kind })
        .execute();
      this.running.add(row.id);
      change.afterCommit(() => this.queue(row.id, requester, school, kind, text));
      return { body: row.id };
    });
    return id;
  }

  /** Rows that a running import has processed; null where it is not running. */
  progressOf(id: string): number | null {
    return this.progress.get(id) ?? null;
  }

  /** Resolves when all queued imports have finished. */
  async close(): Promise<void> {
    await this.last;
  }

  private queue(id: string, requester: Requester, school: School, kind: ImportKind, text: string): void {
    this.last = this.last.then(() =>
      this.run(id, requester, school, kind, text)
        .catch((error: unknown) => {
          this.log.error({ import: id, reason: String(error) }, "import failed");
          const text = importText("not-saved");
          return this.finish(id, "failed", 0, [{ line: 0, column: "", text }]);
        })
        .catch((error: unknown) => this.log.error({ import: id, reason: String(error) }, "import result not saved"))
        .finally(() => {
          this.progress.delete(id);
          this.running.delete(id);
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
  ): Promise<CheckedImport | { errors: readonly ImportMistake[] }> {
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
    return { count: lessons.length, prepare: async () => {}, write: (change) => writeTimetable(change, lessons) };
  }

  private async finish(id: string, state: "failed", done: number, errors: readonly ImportMistake[]): Promise<void> {
    await this.db
      .updateTable("imports")
      .set({ state, rows_done: done, errors: json(errors.slice(0, MAX_ERRORS).map(storedError)), finished_at: new Date() })
      .where("id", "=", id)
      .execute();
  }
}
