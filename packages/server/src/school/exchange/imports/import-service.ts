/**
 * Imports CSV files in the background. The leader checks the whole file first: a file with errors changes nothing, and every error is reported
 * with its line. It then writes the rows in small transactions, so that other requests are answered between them. Each transaction also saves
 * how far the import is, so an import that a restart or a lost database interrupts continues after the last saved row.
 */
import { setTimeout } from "node:timers/promises";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import type { Logger } from "../../../platform/log.ts";
import type { Text } from "../../../platform/messages/message.ts";
import { Semaphore } from "../../../platform/semaphore.ts";
import { brokenUniqueness, isDatabaseUnavailable } from "../../../platform/store/database-errors.ts";
import { json } from "../../../platform/store/store.ts";
import { MAX_ERRORS } from "../../foundation/csv/csv.ts";
import { type ImportMistake, storedError } from "../../foundation/csv/import-mistake.ts";
import { importText } from "../../foundation/messages/import-texts.ts";
import type { Changes } from "../../foundation/store/change.ts";
import { type Requester, SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, Import, ImportError, School } from "../../foundation/store/tables.ts";
import { type ImportKind, type ImportPlan, planImport, readImport } from "./import-plan.ts";
import { decryptSource, encryptSource } from "./import-source.ts";

/** Rows written in one transaction: a few milliseconds, for which others wait on the embedded database. */
const ROWS_PER_CHANGE = 5;
/** After each transaction imports pause for so many times as long as it took: they have a quarter of the database. */
const PAUSE_SHARE = 3;
/** How often the leader looks for imports that other processes accepted, and tries again after an error. */
const POLL_MS = 2000;
/** The same where no other process uses the database: this one hears of its own imports at once. */
const ALONE_POLL_MS = 30_000;
/** Errors that neither the file causes nor time mends, before an import is given up. */
const MAX_RETRIES = 3;

export type ImportServiceOptions = {
  readonly db: Database;
  readonly changes: Changes;
  readonly log: Logger;
  /** Whether this process runs the leader tasks; only the leader imports. */
  readonly isLeader: () => boolean;
  /** Protects the files of imports that have not ended. */
  readonly secret: () => string;
  /** Other processes may accept imports, which this one looks for. Default: true. */
  readonly isOneOfMany?: boolean;
};

/** Another process continues the import. */
class Superseded extends Error {}

export class ImportService {
  private readonly options: ImportServiceOptions;
  /** The work of each school that has imports now. */
  private readonly working = new Map<string, Promise<void>>();
  /** Schools take turns: one set of rows each. */
  private readonly turns = new Semaphore(1);
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;

  constructor(options: ImportServiceOptions) {
    this.options = options;
  }

  /** Looks for imports to run now, and from time to time. */
  start(): void {
    const { isOneOfMany = true } = this.options;
    this.timer = setInterval(() => this.wake(), isOneOfMany ? POLL_MS : ALONE_POLL_MS);
    this.timer.unref();
    this.wake();
  }

  /** Looks for imports to run, where this process is the leader. */
  wake(): void {
    if (!this.options.isLeader() || this.stopping.signal.aborted) return;
    this.startWaiting().catch((error: unknown) =>
      this.options.log.warn({ reason: String(error) }, "imports not readable, they wait"),
    );
  }

  /** Saves an import and its file, and returns its id. Imports of a school run one after the other. */
  async add(requester: Requester, school: School, kind: ImportKind, text: string): Promise<string> {
    const id = newId();
    const source = await encryptSource(id, text, this.options.secret());
    const { body } = await this.options.changes.transact(requester, async (change) => {
      const { actor } = requester;
      const row = { id, school_id: school.id, kind, state: "running" as const, rows_total: 0, rows_done: 0 };
      const origin = { source, requested_by: json(actor), created_by: actor.id ?? actor.kind };
      await change.trx
        .insertInto("imports")
        .values({ ...row, ...origin, errors: json<readonly ImportError[]>([]) })
        .execute();
      change.afterCommit(() => this.wake());
      return { body: id };
    });
    return body;
  }

  /** Stops after the rows that are being written. The imports continue when a process starts. */
  async close(): Promise<void> {
    this.stopping.abort();
    if (this.timer) clearInterval(this.timer);
    await Promise.all(this.working.values());
  }

  private async startWaiting(): Promise<void> {
    const { db } = this.options;
    const waiting = await db.selectFrom("imports").select("school_id").distinct().where("state", "=", "running").execute();
    for (const { school_id: schoolId } of waiting) {
      if (this.working.has(schoolId) || this.stopping.signal.aborted) continue;
      const work = this.runAll(schoolId).finally(() => this.working.delete(schoolId));
      this.working.set(schoolId, work);
    }
  }

  /** Runs the school's imports, oldest first, until none is left. */
  private async runAll(schoolId: string): Promise<void> {
    const { db, log, isLeader } = this.options;
    let failures = 0;
    while (isLeader() && !this.stopping.signal.aborted) {
      let current: Import | undefined;
      try {
        const waiting = db.selectFrom("imports").selectAll().where("school_id", "=", schoolId).where("state", "=", "running");
        current = await waiting.orderBy("id").limit(1).executeTakeFirst();
        if (!current) return;
        await this.run(current);
        failures = 0;
      } catch (error) {
        if (error instanceof Superseded) continue;
        log.warn({ import: current?.id, reason: String(error) }, "import interrupted, continuing later");
        if (current && !isPassing(error) && ++failures > MAX_RETRIES)
          await this.fail(current.id, [wholeFile(importText("not-saved"))]).catch(() => {});
        await this.pause(POLL_MS);
      }
    }
  }

  /** Ends early when the service closes. */
  private async pause(milliseconds: number): Promise<void> {
    await setTimeout(milliseconds, undefined, { ref: false, signal: this.stopping.signal }).catch(() => {});
  }

  private async run(row: Import): Promise<void> {
    const { db, secret } = this.options;
    const text = row.source === null ? null : await decryptSource(row.id, row.source, secret());
    if (text === null) return await this.fail(row.id, [wholeFile(importText("interrupted"))]);
    const rows = await readImport(row.kind, text);
    if ("errors" in rows) return await this.fail(row.id, rows.errors);
    await db.updateTable("imports").set({ rows_total: rows.length }).where("id", "=", row.id).execute();
    const school = await db.selectFrom("schools").selectAll().where("id", "=", row.school_id).executeTakeFirstOrThrow();
    const left = rows.slice(row.rows_done);
    const actor = row.requested_by ?? SYSTEM.actor;
    const plan = await planImport(db, row.kind, school, actor, left);
    if ("errors" in plan) return await this.fail(row.id, plan.errors);
    for (let i = 0; i < left.length && !this.stopping.signal.aborted; i += ROWS_PER_CHANGE) {
      const to = Math.min(i + ROWS_PER_CHANGE, left.length);
      try {
        await this.turns.run(async () => {
          const tookMs = await this.writeRows(row, plan, i, to, to === left.length);
          if (to < left.length) await this.pause(PAUSE_SHARE * tookMs);
        });
      } catch (error) {
        if (brokenUniqueness(error) === null) throw error;
        // Somebody made the same person in the meantime. Checking the rest again tells in which line.
        const again = await planImport(db, row.kind, school, actor, left.slice(i));
        if ("errors" in again) return await this.fail(row.id, again.errors);
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
      const added = await write(change);
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

  private async fail(id: string, errors: readonly ImportMistake[]): Promise<void> {
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

function wholeFile(text: Text): ImportMistake {
  return { line: 0, column: "", text };
}
