/**
 * Imports files in the background. The whole file is checked first, and every error is reported with its line: a file with errors changes
 * nothing, unless who imports wants what is right of it. It then writes the rows in small transactions, so that other requests are answered between them. Each transaction also saves
 * how far the import is, so an import that a restart or a lost database interrupts continues after the last saved row.
 */
import { setTimeout } from "node:timers/promises";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import type { Text } from "../../../platform/messages/message.ts";
import { Semaphore } from "../../../platform/semaphore.ts";
import { brokenUniqueness, isDatabaseUnavailable } from "../../../platform/store/database-errors.ts";
import { json } from "../../../platform/store/store.ts";
import { MAX_ERRORS } from "../../foundation/csv/csv.ts";
import { type RowError, storedError } from "../../foundation/csv/row-error.ts";
import { importText } from "../../foundation/messages/import-texts.ts";
import type { Changes } from "../../foundation/store/change.ts";
import type { Import, ImportError } from "../../foundation/store/import-tables.ts";
import { type Requester, SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, School } from "../../foundation/store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import { keepItems } from "./import-items.ts";
import { type ImportOptions, storedImportOptions } from "./import-options.ts";
import { type ImportKind, type ImportPlan, isForgiving, planImport, readImport } from "./import-plan.ts";
import { decryptSource, encryptSource } from "./import-source.ts";

/** Rows written in one transaction: a few milliseconds, for which others wait on the embedded database. */
const ROWS_PER_CHANGE = 5;
/** After each transaction imports pause for so many times as long as it took: they have a quarter of the database. */
const PAUSE_SHARE = 3;
export const IMPORTS = "imports";
/** Errors that neither the file causes nor time mends, before an import is given up. */
const MAX_RETRIES = 3;

export type ImportWorkOptions = {
  readonly db: Database;
  readonly changes: Changes;
  /** Protects the files of imports that have not ended. */
  readonly secret: () => string;
};

/** Another process continues the import. */
class Superseded extends Error {}

/** Saves an import and its file, and returns its id. Imports of a school run one after the other. */
export async function addImport(
  { changes, secret }: Pick<ImportWorkOptions, "changes" | "secret">,
  requester: Requester,
  school: School,
  kind: ImportKind,
  text: string,
  options: ImportOptions = {},
): Promise<string> {
  const id = newId();
  const source = await encryptSource(id, text, secret());
  const { body } = await changes.transact(requester, async (change) => {
    const { actor } = requester;
    const row = { id, school_id: school.id, kind, state: "running" as const, rows_total: 0, rows_done: 0 };
    const origin = { source, requested_by: json(actor), created_by: actor.id ?? actor.kind };
    await change.trx
      .insertInto("imports")
      .values({ ...row, ...origin, options: JSON.stringify(options), errors: json<readonly ImportError[]>([]) })
      .execute();
    change.wake(IMPORTS);
    return { body: id };
  });
  return body;
}

/** An item is a school: its oldest import is run. */
export function importWork(options: ImportWorkOptions): WorkKind<WorkItem> {
  const { db } = options;
  // Schools take turns: one set of rows each.
  const turns = new Semaphore(1);
  /** Errors of an import that time does not mend. */
  const failures = new Map<string, number>();
  return {
    name: IMPORTS,
    // Each school has its turn between the sets of rows of the others.
    places: { total: Number.POSITIVE_INFINITY },
    restMs: 0,
    failure: "import interrupted, continuing later",
    find: async ({ busy }) => {
      const waiting = db.selectFrom("imports").select("school_id").distinct().where("state", "=", "running");
      const schools = await waiting.where("school_id", "not in", ["", ...busy]).execute();
      return schools.map(({ school_id: id }) => soleItem(id, 0));
    },
    perform: async ({ id: schoolId }, { signal }) => {
      const waiting = db.selectFrom("imports").selectAll().where("school_id", "=", schoolId).where("state", "=", "running");
      const current = await waiting.orderBy("id").limit(1).executeTakeFirst();
      if (!current) return;
      const run = new ImportRun(options, turns, signal);
      try {
        await run.run(current);
        failures.delete(current.id);
      } catch (error) {
        if (error instanceof Superseded) return;
        const count = (failures.get(current.id) ?? 0) + (isPassing(error) ? 0 : 1);
        failures.set(current.id, count);
        if (count <= MAX_RETRIES) throw error;
        failures.delete(current.id);
        await run.fail(current.id, [wholeFile(importText("not-saved"))]);
      }
    },
  };
}

/** Runs imports, and stops after the rows that are being written when the process ends. They continue when one starts. */
class ImportRun {
  private readonly options: ImportWorkOptions;
  private readonly turns: Semaphore;
  private readonly signal: AbortSignal;

  constructor(options: ImportWorkOptions, turns: Semaphore, signal: AbortSignal) {
    this.options = options;
    this.turns = turns;
    this.signal = signal;
  }

  async run(row: Import): Promise<void> {
    const { db, secret } = this.options;
    const text = row.source === null ? null : await decryptSource(row.id, row.source, secret());
    if (text === null) return await this.fail(row.id, [wholeFile(importText("interrupted"))]);
    const options = storedImportOptions(row.options);
    const { rows, fatal, faults } = await readImport(row.kind, text, options);
    await db.updateTable("imports").set({ rows_total: rows.length }).where("id", "=", row.id).execute();
    const school = await db.selectFrom("schools").selectAll().where("id", "=", row.school_id).executeTakeFirstOrThrow();
    const left = rows.slice(row.rows_done);
    const actor = row.requested_by ?? SYSTEM.actor;
    const plan = await planImport(db, row.kind, school, actor, { rows: left, faults }, options);
    const skipsFaulty = options.skipFaulty === true && isForgiving(row.kind);
    if (fatal.length > 0 || (plan.errors.length > 0 && !skipsFaulty)) return await this.fail(row.id, [...fatal, ...plan.errors]);
    if (plan.errors.length > 0 && row.rows_done === 0) await this.keepErrors(row.id, plan.errors);
    for (let i = 0; i < left.length && !this.signal.aborted; i += ROWS_PER_CHANGE) {
      const to = Math.min(i + ROWS_PER_CHANGE, left.length);
      try {
        await this.turns.run(async () => {
          const tookMs = await this.writeRows(row, plan, i, to, to === left.length);
          if (to < left.length)
            await setTimeout(PAUSE_SHARE * tookMs, undefined, { ref: false, signal: this.signal }).catch(() => {});
        });
      } catch (error) {
        if (brokenUniqueness(error) === null) throw error;
        // Somebody made the same person in the meantime. Checking the rest again tells in which line.
        const again = await planImport(db, row.kind, school, actor, { rows: left.slice(i), faults }, options);
        if (again.errors.length > 0 && !skipsFaulty) return await this.fail(row.id, again.errors);
        throw error;
      }
    }
  }

  /** Writes some rows and how far the import is, in one transaction; returns its milliseconds. @param from index among the rows that were left */
  private async writeRows(row: Import, plan: ImportPlan, from: number, to: number, isLast: boolean): Promise<number> {
    const write = await plan.prepare(from, to);
    const actor = row.requested_by ?? SYSTEM.actor;
    const done = row.rows_done + to;
    const begun = performance.now();
    await this.options.changes.transact({ actor }, async (change) => {
      // Of two processes that continue an import, only one gets the row in this state.
      const saved = await change.trx
        .updateTable("imports")
        .set({ rows_done: done, ...(isLast ? { state: "done" as const, source: null, finished_at: new Date() } : {}) })
        .where("id", "=", row.id)
        .where("state", "=", "running")
        .where("rows_done", "=", row.rows_done + from)
        .returning("id")
        .executeTakeFirst();
      if (!saved) throw new Superseded();
      const { added, items } = await write(change);
      await keepItems(change.trx, row.id, items);
      const { rows_added } = await change.trx
        .updateTable("imports")
        .set((old) => ({ rows_added: old("rows_added", "+", added) }))
        .where("id", "=", row.id)
        .returning("rows_added")
        .executeTakeFirstOrThrow();
      if (isLast) {
        const result = { rows: done, added: rows_added };
        const target = { targetKind: "import", targetId: row.id };
        await change.audit({ action: `${row.kind}.import`, schoolId: row.school_id, ...target, after: result });
        await change.emit("import.finished", row.school_id, { importId: row.id, kind: row.kind, ...result });
      }
      return { body: null };
    });
    return performance.now() - begun;
  }

  /** Of rows that are left out. */
  private async keepErrors(id: string, errors: readonly RowError[]): Promise<void> {
    const stored = json(errors.slice(0, MAX_ERRORS).map(storedError));
    await this.options.db.updateTable("imports").set({ errors: stored }).where("id", "=", id).execute();
  }

  async fail(id: string, errors: readonly RowError[]): Promise<void> {
    const stored = json(errors.slice(0, MAX_ERRORS).map(storedError));
    await this.options.db
      .updateTable("imports")
      .set({ state: "failed", errors: stored, source: null, finished_at: new Date() })
      .where("id", "=", id)
      .where("state", "=", "running")
      .execute();
  }
}

/** Whether an error passes by itself: the database is unreachable, or too many people sign in for a hash. */
function isPassing(error: unknown): boolean {
  return isDatabaseUnavailable(error) || (error instanceof RefusalError && error.refusal.code === "too-many");
}

function wholeFile(text: Text): RowError {
  return { line: 0, column: "", text };
}
