/**
 * Writes who looked at what into the audit log. The first look of a person at something within an hour is written within seconds, those that follow within that hour
 * together when it is over: a list is one look, however many pages it has and however often a page of the console asks for it. Requests never wait for that.
 */
import { sql, type Transaction } from "kysely";
import type { ApiRoute } from "../../../access/route.ts";
import type { Logger } from "../../../platform/log.ts";
import { PeriodicWork } from "../../../platform/periodic-work.ts";
import { auditRow } from "../store/audit-log.ts";
import type { Database, Tables } from "../store/tables.ts";
import { type Look, looksOf } from "./looks.ts";

const WRITE_EVERY_MS = 5000;
const HOUR_MS = 3_600_000;
/** Counted and not written at one time: the looks of thousands of staff within an hour. */
const MAX_LOOKS = 20_000;
/** PostgreSQL takes 65 535 parameters in a statement. */
const ROWS_OF_STATEMENT = 500;
/** Operations that an entry names. */
const MAX_OPERATIONS = 20;

/** Which schools they are of, by the kinds of targets. */
const TABLES = {
  user: "users",
  lesson: "lessons",
  course: "courses",
  recording: "recordings",
  form: "check_in_forms",
  view: "view_sessions",
  webhook: "webhooks",
  examination: "exams",
  paper: "exam_papers",
} as const;

type Counted = Omit<Look, "operation"> & {
  readonly operations: ReadonlySet<string>;
  readonly requests: number;
  /** Milliseconds since 1970. */
  readonly firstAt: number;
  readonly lastAt: number;
};
type Window = { counted: Counted | null; readonly hour: number; isWritten: boolean };

export type ReadingLogOptions = {
  readonly db: Database;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export class ReadingLog {
  private readonly options: ReadingLogOptions;
  private readonly windows = new Map<string, Window>();
  private waiting: Counted[] = [];
  private readonly writing: PeriodicWork;
  private last: Promise<void> = Promise.resolve();
  /** Looks that are in no entry, because the database was unreachable for long. */
  lost = 0;

  constructor(options: ReadingLogOptions) {
    this.options = options;
    this.writing = new PeriodicWork({
      everyMs: WRITE_EVERY_MS,
      log: options.log,
      failure: "looks not written to the audit log, trying again",
      work: () => this.write(false),
    });
  }

  start(): void {
    this.writing.start();
  }

  /** Writes what was counted. May be called twice. */
  async close(): Promise<void> {
    await this.writing.close();
    await this.write(true).catch((error: unknown) => {
      this.options.log.error({ reason: String(error), looks: this.waiting.length }, "looks not written to the audit log");
    });
  }

  /** The same route, whose looks are noted once it has answered. */
  audited(route: ApiRoute): ApiRoute {
    if (route.method !== "GET" && typeof route.reads !== "string") return route;
    const handle: ApiRoute["handle"] = async (call) => {
      const answer = await route.handle(call);
      for (const look of looksOf(route, call, answer.body)) this.note(look);
      return answer;
    };
    return { ...route, handle };
  }

  note(look: Look): void {
    const at = this.options.now();
    const hour = Math.floor(at / HOUR_MS);
    const { actor, reading, schoolId, targetKind, targetId } = look;
    const key = JSON.stringify([actor.kind, actor.id, actor.ip, reading, schoolId, targetKind, targetId]);
    let window = this.windows.get(key);
    if (window?.hour !== hour) {
      if (window?.counted) this.waiting.push(window.counted);
      if (this.windows.size + this.waiting.length >= MAX_LOOKS) {
        this.lost++;
        return;
      }
      window = { counted: null, hour, isWritten: false };
      this.windows.set(key, window);
    }
    window.counted = added(window.counted, look, at);
  }

  /** @param isAll also those whose hour is not over */
  write(isAll: boolean): Promise<void> {
    const next = this.last.then(() => this.writeNow(isAll));
    this.last = next.catch(() => {});
    return next;
  }

  private async writeNow(isAll: boolean): Promise<void> {
    do {
      this.collect(isAll);
      await this.insert();
      // Writing looks at a thing tells that its school was looked into.
    } while (isAll && this.windows.size > 0);
  }

  private collect(isAll: boolean): void {
    const hour = Math.floor(this.options.now() / HOUR_MS);
    for (const [key, window] of this.windows) {
      const isOver = window.hour !== hour;
      if (window.counted && (isAll || isOver || !window.isWritten)) {
        this.waiting.push(window.counted);
        window.counted = null;
        window.isWritten = true;
      }
      if (isOver || isAll) this.windows.delete(key);
    }
  }

  private async insert(): Promise<void> {
    while (this.waiting.length > 0) {
      const taken = this.waiting.slice(0, ROWS_OF_STATEMENT);
      const schools = await this.schoolsOf(taken);
      const erased = await this.erasedOf(taken);
      const rows = taken.flatMap((counted) => {
        const { actor } = counted;
        const name = actor.kind === "user" ? erased.get(actor.id ?? "") : undefined;
        return this.rowOf(name === undefined ? counted : { ...counted, actor: { ...actor, name, ip: "" } }, schools);
      });
      if (rows.length > 0) await this.options.db.transaction().execute((trx) => insertRows(trx, rows));
      this.waiting = this.waiting.slice(taken.length);
    }
  }

  private rowOf(counted: Counted, schools: ReadonlyMap<string, string | null>) {
    const { actor, reading, targetKind, targetId, requests, rows, operations, firstAt, lastAt } = counted;
    const isKnown = counted.schoolId !== undefined;
    const schoolId = counted.schoolId === undefined ? (schools.get(targetId) ?? null) : counted.schoolId;
    // The looks of an operator at what belongs to one school are one.
    if (reading === "school" && !isKnown) {
      if (schoolId !== null)
        for (const operation of operations)
          this.note({ actor, reading, operation, schoolId, targetKind: "school", targetId: schoolId, rows: 0 });
      return [];
    }
    const after = {
      operations: [...operations],
      requests,
      ...(rows > 0 ? { rows } : {}),
      ...(requests > 1 ? { until: new Date(lastAt).toISOString() } : {}),
    };
    return [{ ...auditRow(actor, { action: `read.${reading}`, schoolId, targetKind, targetId, after }), at: new Date(firstAt) }];
  }

  /** The names, from now on, of people who were erased since they looked. */
  private async erasedOf(looks: readonly Counted[]): Promise<ReadonlyMap<string, string>> {
    const ids = [...new Set(looks.flatMap(({ actor }) => (actor.kind === "user" ? (actor.id ?? []) : [])))];
    if (ids.length === 0) return new Map();
    const people = this.options.db.selectFrom("users").select(["id", "name"]).where("id", "in", ids);
    const erased = await people.where("erased_at", "is not", null).execute();
    return new Map(erased.map(({ id, name }) => [id, name]));
  }

  /** The schools of targets whose schools are not known. */
  private async schoolsOf(looks: readonly Counted[]): Promise<ReadonlyMap<string, string | null>> {
    const unknown = looks.filter(({ schoolId }) => schoolId === undefined);
    const schools = new Map<string, string | null>();
    for (const [kind, table] of Object.entries(TABLES)) {
      const ids = unknown.filter(({ targetKind }) => targetKind === kind).map(({ targetId }) => targetId);
      if (ids.length === 0) continue;
      const found = await sql<{ id: string; school_id: string | null }>`
        select id, school_id from ${sql.table(table)} where id = any(${ids}::text[])`.execute(this.options.db);
      for (const { id, school_id } of found.rows) schools.set(id, school_id);
    }
    return schools;
  }
}

/** What was looked at in a school that was deleted meanwhile is told of the platform: the school's own entries have gone with it. */
async function insertRows(trx: Transaction<Tables>, rows: readonly ReturnType<typeof auditRow>[]): Promise<void> {
  const ids = [...new Set(rows.flatMap(({ school_id }) => school_id ?? []))];
  // Locked, so that none is deleted before its entries are there to be deleted too.
  const found = await trx
    .selectFrom("schools")
    .select("id")
    .where("id", "in", ["", ...ids])
    .forKeyShare()
    .execute();
  const schools = new Set(found.map(({ id }) => id));
  const values = rows.map((row) => ({ ...row, school_id: schools.has(row.school_id ?? "") ? row.school_id : null }));
  await trx.insertInto("audit").values(values).execute();
}

function added(before: Counted | null, look: Look, at: number): Counted {
  const { operation, ...rest } = look;
  if (!before) return { ...rest, operations: new Set([operation]), requests: 1, firstAt: at, lastAt: at };
  const operations = before.operations.size < MAX_OPERATIONS ? new Set([...before.operations, operation]) : before.operations;
  return { ...before, operations, requests: before.requests + 1, rows: before.rows + look.rows, lastAt: at };
}
