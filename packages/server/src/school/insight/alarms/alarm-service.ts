/**
 * Keeps alarms in the database: conditions that need attention, such as a stopped recording or a full disk.
 * A source always reports all of its open alarms; new ones are raised and missing ones cleared. So a restart of a process
 * or of the database loses no alarm. What channels are told is written in the same transaction.
 */
import { lessonStreamOf } from "../../../access/policies/stream-policy.ts";
import { systemClock } from "../../../platform/clock.ts";
import { ID, newId } from "../../../platform/id.ts";
import type { Logger } from "../../../platform/log.ts";
import { isDiskFull } from "../../../platform/store/database-errors.ts";
import type { DiskReserve } from "../../../platform/store/disk-reserve.ts";
import { json } from "../../../platform/store/store.ts";
import { type AlarmCode, reportedSeverity, type Severity } from "../../foundation/store/alarm-codes.ts";
import type { Alarm, Seen } from "../../foundation/store/alarm-tables.ts";
import type { Change, Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { countSeverities, openAlarms } from "./count-open.ts";
import type { Measurements } from "./measurements.ts";
import { ALARM_NOTICES, queueEnd, queueNotices } from "./queue-notices.ts";
import { seenSubjectOf, seenUntil, whatIsSeen } from "./seen.ts";

/**
 * Who reports alarms. Nodes report their own, as `media`, `storage` or `node NAME`; `space` and `nodes` are seen by every control
 * process, of which the leader reports them. `rule ID` and
 * `operators` are reported by the leader alone.
 */
export type AlarmSource = "media" | "storage" | "space" | "nodes" | "operators" | `node ${string}` | `rule ${string}`;

export type OpenAlarm = {
  readonly code: AlarmCode;
  /** The stream (`live/math`) or the school's id; empty for the platform. */
  readonly subject: string;
  /** The cause, in words for the operator. */
  readonly detail: string;
  readonly schoolId?: string;
  /** The rule that was broken; none: the server itself noticed the condition. */
  readonly rule?: {
    readonly id: string;
    readonly severity: Severity;
    /** Channels that are told; none: all. */
    readonly channels: readonly string[];
    /** Nobody is told. */
    readonly isSilent: boolean;
    readonly seen: Seen | null;
  };
};

export type AlarmServiceOptions = {
  readonly db: Database;
  readonly changes: Changes;
  readonly log: Logger;
  /** Whether this process runs the leader tasks. */
  readonly isLeader: () => boolean;
  /** What is seen at an alarm. */
  readonly measurements: Measurements;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
  /** Room for alarms while the disk of the database is full; default: none is kept. */
  readonly reserve?: Pick<DiskReserve, "release"> | null;
};

const RETRY_AFTER_MS = 2000;

export class AlarmService {
  private readonly options: Required<AlarmServiceOptions>;
  /** Reports that are not written yet. */
  private readonly pending = new Map<AlarmSource, readonly OpenAlarm[]>();
  /** Sources whose reports could not be written: the disk of the database may be full. What they report is known here alone. */
  private readonly unwritten = new Set<string>();
  /** Latest reports of sources that only the leader writes. */
  private readonly leaderOnly = new Map<AlarmSource, readonly OpenAlarm[]>();
  private writing: Promise<void> | null = null;
  private closed = false;

  constructor(options: AlarmServiceOptions) {
    this.options = { now: systemClock.utc, reserve: null, ...options };
  }

  /** Replaces the open alarms of a source. */
  report(source: AlarmSource, open: readonly OpenAlarm[]): void {
    if (source === "nodes" || source === "space") {
      this.leaderOnly.set(source, open);
      if (!this.options.isLeader()) return;
    }
    this.pending.set(source, open);
    this.writing ??= this.writePending().finally(() => {
      this.writing = null;
    });
  }

  /** Writes what was reported before this process became the leader. */
  resume(): void {
    for (const [source, open] of this.leaderOnly) this.report(source, open);
  }

  /** Nodes whose heartbeats have ended. */
  goneNodes(): ReadonlySet<string> {
    const open = this.leaderOnly.get("nodes") ?? [];
    return new Set(open.filter(({ code }) => code === "node-gone").map(({ subject }) => subject));
  }

  /**
   * Open alarms by severity: those of the database, and of sources whose reports could not be written those that are reported.
   * @throws when the database does not answer, and nothing else is known
   */
  async countOpen(): Promise<Readonly<Record<Severity, number>>> {
    const waiting = [...this.pending].filter(([source]) => this.unwritten.has(source)).flatMap(([, open]) => open);
    const stored = await openAlarms(this.options.db).catch((error: unknown) => {
      if (waiting.length === 0) throw error;
      return [];
    });
    const written = stored.filter(({ source }) => !this.unwritten.has(source));
    return countSeverities([...written.map(({ severity }) => severity), ...waiting.map(severityOf)]);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.writing;
  }

  private async writePending(): Promise<void> {
    for (let next = this.pending.entries().next().value; next && !this.closed; next = this.pending.entries().next().value) {
      const [source, open] = next;
      try {
        await this.write(source, open);
        this.unwritten.delete(source);
        // A newer report of the same source stays pending.
        if (this.pending.get(source) === open) this.pending.delete(source);
      } catch (error) {
        if (isDiskFull(error) && (await this.releaseReserve(source))) continue;
        this.unwritten.add(source);
        const alarms = open.map(({ code, subject }) => `${code} ${subject}`.trim());
        this.options.log.warn(
          { source, alarms, reason: String(error), retryAfterMs: RETRY_AFTER_MS },
          "alarms not written, retrying",
        );
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS).unref());
      }
    }
  }

  /** False: there is no more room to release. */
  private async releaseReserve(source: AlarmSource): Promise<boolean> {
    const { reserve, log } = this.options;
    const leftBytes = (await reserve?.release()) ?? null;
    if (leftBytes !== null) log.warn({ source, leftBytes }, "disk of the database is full, reserved room released for alarms");
    return leftBytes !== null;
  }

  private async write(source: AlarmSource, open: readonly OpenAlarm[]): Promise<void> {
    const { db, changes } = this.options;
    const known = await db.selectFrom("alarms").selectAll().where("source", "=", source).where("cleared_at", "is", null).execute();
    const { raised, cleared } = compareAlarms(known, open);
    if (raised.length + cleared.length === 0) return;
    await changes.transact(SYSTEM, async (change) => {
      for (const alarm of raised) await this.raise(change, source, alarm);
      for (const alarm of cleared) await this.clear(change, alarm);
      change.wake(ALARM_NOTICES);
      return { body: null };
    });
  }

  private async raise(change: Change, source: AlarmSource, alarm: OpenAlarm): Promise<void> {
    const { code, subject, detail, rule } = alarm;
    const { measurements, now } = this.options;
    const at = now();
    // A rule that was deleted just now raises nothing any more.
    if (rule && !(await lockRule(change, rule.id))) return;
    const lesson = await lessonOf(change, subject);
    const about = rule ? null : seenSubjectOf(code, subject);
    const seen = rule ? rule.seen : about && whatIsSeen(measurements, about, at);
    const row = {
      id: newId(),
      source,
      code,
      subject,
      detail,
      raised_at: new Date(at),
      rule_id: rule?.id ?? null,
      // An alarm of a lesson, or of its stream, belongs to the lesson's school.
      school_id: alarm.schoolId ?? lesson?.school_id ?? null,
      lesson_id: lesson?.id ?? null,
      severity: severityOf(alarm),
      seen: json<Seen | null>(seen),
    };
    const raised = await change.trx.insertInto("alarms").values(row).returningAll().executeTakeFirstOrThrow();
    await change.emit("alarm.raised", raised.school_id, alarmEventData(raised));
    if (!rule?.isSilent) await queueNotices(change.trx, raised, rule?.channels ?? [], at);
  }

  private async clear(change: Change, { id, seen }: Alarm): Promise<void> {
    const { measurements, now } = this.options;
    const at = now();
    const cleared = await change.trx
      .updateTable("alarms")
      .set({ cleared_at: new Date(at), seen: json<Seen | null>(seen && seenUntil(measurements, seen, at)) })
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await change.emit("alarm.cleared", cleared.school_id, alarmEventData(cleared));
    await queueEnd(change.trx, id, at);
  }
}

function severityOf({ code, rule }: OpenAlarm): Severity {
  return rule?.severity ?? reportedSeverity(code);
}

/** Alarms to raise and to clear so that the known ones equal the open ones. Code and subject identify an alarm. */
export function compareAlarms<Known extends Pick<Alarm, "code" | "subject">, Open extends Pick<OpenAlarm, "code" | "subject">>(
  known: readonly Known[],
  open: readonly Open[],
): { readonly raised: Open[]; readonly cleared: Known[] } {
  const isSame = (a: Pick<Alarm, "code" | "subject">, b: Pick<Alarm, "code" | "subject">) =>
    a.code === b.code && a.subject === b.subject;
  return {
    raised: open.filter((alarm) => !known.some((other) => isSame(alarm, other))),
    cleared: known.filter((alarm) => !open.some((other) => isSame(alarm, other))),
  };
}

async function lockRule({ trx }: Change, id: string): Promise<boolean> {
  const rule = await trx.selectFrom("alarm_rules").select("id").where("id", "=", id).forKeyShare().executeTakeFirst();
  return rule !== undefined;
}

/** The lesson that a subject names, or whose stream it names. */
async function lessonOf({ trx }: Change, subject: string) {
  const [app = "", name = ""] = subject.split("/");
  const lessons = trx.selectFrom("lessons").select(["id", "school_id"]);
  const named = ID.test(subject)
    ? lessons.where("id", "=", subject)
    : lessons.where("stream_app", "=", app).where("stream_name", "=", lessonStreamOf(name));
  return await named.executeTakeFirst();
}

/** The data of an alarm's webhook events. */
function alarmEventData({ id, code, subject, detail, severity }: Alarm) {
  return { alarmId: id, code, subject, detail, severity };
}
