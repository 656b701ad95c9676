/**
 * Tells webhooks that the attendance of a lesson is ready: once after each end of the lesson, when a publisher that comes back has not continued it.
 * What was told is in the rows, so a restart tells nothing twice.
 */
import { type SqlBool, sql } from "kysely";
import type { Change, Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, Lesson } from "../../foundation/store/tables.ts";
import type { Look, WorkItem, WorkKind } from "../../foundation/work/work-kind.ts";
import { tellOfAbsences } from "../../people/guardians/absences.ts";
import { countSigned } from "../sign-in/signin-rounds.ts";
import { roundsOf, wholeAttendance } from "./attendance-export.ts";
import type { AttendanceStatus, Attended } from "./attendance-report.ts";

/** A publisher that comes back continues the lesson; the last people leave. */
const SETTLED_AFTER_MS = 2 * 60_000;
/** A lesson that ended earlier, while this server was off, is no news. */
const NEWS_MS = 7 * 24 * 3600 * 1000;
const LESSONS_AT_ONCE = 20;

export type AttendanceReportsOptions = { readonly db: Database; readonly changes: Changes };

type Ended = WorkItem & { readonly lesson: Lesson };

/** No wake-up is needed: a lesson settles for longer than the work sleeps. */
export function attendanceReports({ db, changes }: AttendanceReportsOptions): WorkKind<Ended> {
  return {
    name: "attendance-reports",
    // Long lists are added up one after the other.
    places: { total: 1 },
    failure: "attendance not reported, trying again",
    find: (look) => findEnded(db, look),
    perform: async ({ lesson }, { now }) => {
      // Not in the transaction, which on the embedded database others wait for.
      const people = await wholeAttendance(db, lesson, now);
      const totals = await totalsOf(db, lesson, people);
      await changes.transact(SYSTEM, async (change) => {
        await tellOfAbsences(change, lesson, people);
        await tell(change, lesson, totals);
        return { body: null };
      });
    },
  };
}

async function findEnded(db: Database, { now, until, busy }: Look): Promise<Ended[]> {
  const lessons = await db
    .selectFrom("lessons")
    .innerJoin("room_presence", "room_presence.lesson_id", "lessons.id")
    .selectAll("lessons")
    .where("lessons.ended_at", ">", new Date(now - NEWS_MS))
    .where("lessons.ended_at", "<=", new Date(until - SETTLED_AFTER_MS))
    .where("lessons.state", "=", "ended")
    .where("lessons.deleted_at", "is", null)
    .where(sql<SqlBool>`(room_presence.reported_until is null or room_presence.reported_until < lessons.ended_at)`)
    .where("lessons.id", "not in", ["", ...busy])
    .orderBy("lessons.ended_at")
    .limit(LESSONS_AT_ONCE)
    .execute();
  return lessons.map((lesson) => {
    const { id, school_id: schoolId, ended_at: endedAt } = lesson;
    return { id, schoolId, target: id, failures: 0, dueAt: (endedAt?.getTime() ?? 0) + SETTLED_AFTER_MS, lesson };
  });
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
