/** Reads the attempts of a group with the times of their examinations, and writes what a group changes of them, each in one statement. */
import { sql } from "kysely";
import type { AttemptTimes } from "../../../contracts/exams/exam-messages.ts";
import type { HandedInBy } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { SupervisorNotices } from "./messages.ts";
import { type AttemptSections, readSections, toldSections, writeSections } from "./section-times.ts";

/** An attempt as a group changes it. Milliseconds since 1970. */
export type AttemptState = {
  readonly id: string;
  readonly exam: string;
  readonly seat: number;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly latestEntryAt: number | null;
  readonly seconds: number;
  readonly extraSeconds: number;
  /** Of them, those for which the clock stood. */
  readonly pausedSeconds: number;
  readonly offlineSeconds: number;
  /** Which are noted. */
  readonly facts: readonly string[];
  /** Whether people look at candidates, and may write to them. */
  readonly isSupervised: boolean;
  readonly pausedAt: number | null;
  /** Null: no section has a time of its own. */
  readonly sections: AttemptSections | null;
  heardAt: number | null;
  startedAt: number | null;
  endsAt: number | null;
  handedInAt: number | null;
  handedInBy: HandedInBy | null;
  gradeDueAt: number | null;
  isChanged: boolean;
};

/** Those of disabled accounts are none. @param isLocked until the end of the transaction, so that a hand-in and its grading come before or after all of a group */
export async function readAttempts(db: Db, ids: readonly string[], isLocked: boolean): Promise<Map<string, AttemptState>> {
  if (ids.length === 0) return new Map();
  // In one order, so that groups of several workers do not wait for each other.
  const rows = await db
    .selectFrom("exam_attempts")
    .innerJoin("exams", "exams.id", "exam_attempts.exam_id")
    .leftJoin("users", "users.id", "exam_attempts.user_id")
    .select(["exam_attempts.id", "exam_id", "seat", "started_at", "ends_at", "handed_in_at", "handed_in_by", "grade_due_at"])
    .select(["extra_seconds", "opens_at", "closes_at", "latest_entry_at", "seconds", "offline_seconds", "facts", "stream_name"])
    .select(["paused_at", "heard_at", "paused_seconds"])
    .select(sql<boolean>`timed_sections is not null`.as("is_timed"))
    .where(sql<boolean>`exam_attempts.id in (select jsonb_array_elements_text((${JSON.stringify(ids)}::text)::jsonb))`)
    .where("exams.deleted_at", "is", null)
    .where("users.disabled_at", "is", null)
    .orderBy("exam_attempts.id")
    .$if(isLocked, (query) => query.forNoKeyUpdate("exam_attempts"))
    .execute();
  const timed = rows.filter(({ is_timed }) => is_timed);
  const timedExams = [...new Set(timed.map(({ exam_id }) => exam_id))];
  const timedAttempts = timed.map(({ id }) => id);
  const sectionsOf = timed.length > 0 ? await readSections(db, timedExams, timedAttempts) : null;
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        exam: row.exam_id,
        seat: row.seat,
        opensAt: row.opens_at.getTime(),
        closesAt: row.closes_at.getTime(),
        latestEntryAt: timeOf(row.latest_entry_at),
        seconds: row.seconds,
        extraSeconds: row.extra_seconds,
        pausedSeconds: row.paused_seconds,
        offlineSeconds: row.offline_seconds,
        facts: row.facts,
        isSupervised: row.stream_name !== null,
        pausedAt: timeOf(row.paused_at),
        sections: row.is_timed && sectionsOf ? sectionsOf(row.exam_id, row.id) : null,
        heardAt: timeOf(row.heard_at),
        startedAt: timeOf(row.started_at),
        endsAt: timeOf(row.ends_at),
        handedInAt: timeOf(row.handed_in_at),
        handedInBy: row.handed_in_by,
        gradeDueAt: timeOf(row.grade_due_at),
        isChanged: false,
      },
    ]),
  );
}

/** Writes those that were changed. */
export async function writeAttempts(trx: Db, attempts: Iterable<AttemptState>): Promise<void> {
  const all = [...attempts];
  await writeSections(trx, all);
  const changed = all.filter(({ isChanged }) => isChanged);
  if (changed.length === 0) return;
  const rows = changed.map(({ id, startedAt, endsAt, handedInAt, handedInBy, gradeDueAt, heardAt }) => ({
    id,
    started_at: textOf(startedAt),
    ends_at: textOf(endsAt),
    handed_in_at: textOf(handedInAt),
    handed_in_by: handedInBy,
    grade_due_at: textOf(gradeDueAt),
    heard_at: textOf(heardAt),
  }));
  await sql`
    update exam_attempts set started_at = new.started_at, ends_at = new.ends_at, handed_in_at = new.handed_in_at,
      handed_in_by = new.handed_in_by, grade_due_at = new.grade_due_at, heard_at = new.heard_at
    from jsonb_to_recordset((${JSON.stringify(rows)}::text)::jsonb) as new (id text, started_at timestamptz, ends_at timestamptz,
      handed_in_at timestamptz, handed_in_by text, grade_due_at timestamptz, heard_at timestamptz)
    where exam_attempts.id = new.id`.execute(trx);
}

/** @param notices of all attempts */
export function timesOf(attempt: AttemptState, notices: SupervisorNotices): AttemptTimes {
  const { id, startedAt, endsAt, handedInAt, pausedAt } = attempt;
  const messages = notices.messages.get(id);
  const talk = notices.talks.get(id);
  const paused = pausedAt !== null && handedInAt === null ? { paused: true as const, pausedAt } : {};
  const sections = toldSections(attempt);
  const own = { ...(messages ? { messages } : {}), ...(talk ? { talk } : {}), ...(sections ? { sections } : {}) };
  return { startedAt, endsAt, handedInAt, ...paused, ...own };
}

function timeOf(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}

function textOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
