/**
 * Tells webhooks that the attendance of a lesson is ready: once after each end of the lesson, when a publisher that comes back has not continued it.
 * What was told is in the rows, so a restart tells nothing twice.
 */
import { type SqlBool, sql } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import { PeriodicWork } from "../../../platform/periodic-work.ts";
import type { Change, Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, Lesson } from "../../foundation/store/tables.ts";
import { tellOfAbsences } from "../../people/guardians/absences.ts";
import { countSigned } from "../sign-in/signin-rounds.ts";
import { roundsOf, wholeAttendance } from "./attendance-export.ts";
import type { AttendanceStatus, Attended } from "./attendance-report.ts";

const POLL_MS = 10_000;
/** A publisher that comes back continues the lesson; the last people leave. */
const SETTLED_AFTER_MS = 2 * 60_000;
/** A lesson that ended earlier, while this server was off, is no news. */
const NEWS_MS = 7 * 24 * 3600 * 1000;
const LESSONS_AT_ONCE = 20;

export type AttendanceReportsOptions = {
  readonly db: Database;
  readonly changes: Changes;
  readonly log: Logger;
  /** Whether this process runs the leader tasks; only the leader tells. */
  readonly isLeader: () => boolean;
};

export class AttendanceReports {
  private readonly options: AttendanceReportsOptions;
  private readonly work: PeriodicWork;

  constructor(options: AttendanceReportsOptions) {
    this.options = options;
    this.work = new PeriodicWork({
      everyMs: POLL_MS,
      work: (now) => this.report(now),
      log: options.log,
      failure: "attendance not reported, trying again",
      isWanted: options.isLeader,
    });
  }

  start(): void {
    this.work.start();
  }

  async close(): Promise<void> {
    await this.work.close();
  }

  /** Tells of all lessons that have settled. @param now milliseconds since 1970 */
  async report(now: number): Promise<void> {
    const { db, changes } = this.options;
    const lessons = await db
      .selectFrom("lessons")
      .innerJoin("room_presence", "room_presence.lesson_id", "lessons.id")
      .selectAll("lessons")
      .where("lessons.ended_at", ">", new Date(now - NEWS_MS))
      .where("lessons.ended_at", "<=", new Date(now - SETTLED_AFTER_MS))
      .where("lessons.state", "=", "ended")
      .where("lessons.deleted_at", "is", null)
      .where(sql<SqlBool>`(room_presence.reported_until is null or room_presence.reported_until < lessons.ended_at)`)
      .orderBy("lessons.ended_at")
      .limit(LESSONS_AT_ONCE)
      .execute();
    for (const lesson of lessons) {
      // Not in the transaction, which on the embedded database others wait for.
      const people = await wholeAttendance(db, lesson, now);
      const totals = await totalsOf(db, lesson, people);
      await changes.transact(SYSTEM, async (change) => {
        await tellOfAbsences(change, lesson, people);
        await tell(change, lesson, totals);
        return { body: null };
      });
    }
  }
}

/** What the event has, without names. */
async function totalsOf(db: Database, lesson: Lesson, people: readonly Attended[]) {
  const { id: lessonId, title, started_at: startedAt, ended_at: endedAt } = lesson;
  const rounds = await roundsOf(db, lessonId);
  const count = await countSigned(
    db,
    rounds.map(({ id }) => id),
  );
  const of = (wanted: AttendanceStatus) => people.filter(({ status }) => status === wanted).length;
  const attended = people.filter(({ lessonSeconds }) => lessonSeconds > 0);
  const seconds = attended.reduce((sum, { lessonSeconds }) => sum + lessonSeconds, 0);
  return {
    lessonId,
    title,
    startedAt,
    endedAt,
    present: of("present"),
    guests: of("guest"),
    absent: of("absent"),
    attended: attended.length,
    averageSeconds: attended.length === 0 ? 0 : Math.round(seconds / attended.length),
    signins: rounds.map(({ id: ref, title: called }) => ({ ref, title: called, ...count(ref) })),
  };
}

async function tell({ trx, emit }: Change, lesson: Lesson, totals: Readonly<Record<string, unknown>>): Promise<void> {
  await trx.updateTable("room_presence").set({ reported_until: lesson.ended_at }).where("lesson_id", "=", lesson.id).execute();
  await emit("attendance.ready", lesson.school_id, totals);
}
