/** Builds a person's timetable as iCalendar (RFC 5545). */
import { ICalCalendar } from "ical-generator";
import type { Actor } from "../../../access/actor.ts";
import type { Db, Lesson } from "../../foundation/store/tables.ts";
import { visibleLessons } from "../lesson-rights.ts";

/** A calendar contains lessons within these days. */
const DAYS = { back: 60, ahead: 400 } as const;
const MAX_LESSONS = 5000;
const DAY_MS = 24 * 3600 * 1000;
/** Calendar programs need an end; a lesson without one is shown as one hour. */
const DEFAULT_LENGTH_MS = 3600 * 1000;
/** How often calendar programs should refresh. */
const REFRESH_SECONDS = 900;

/** The person whose calendar has this secret; null where there is none, or the account is disabled. */
export async function findCalendarOwner(
  db: Db,
  secret: string,
  ip: string,
): Promise<{ readonly actor: Actor; readonly school: string | null } | null> {
  const user = await db
    .selectFrom("users")
    .leftJoin("schools", "schools.id", "users.school_id")
    .select(["users.id", "users.role", "users.name", "users.school_id as schoolId", "schools.name as school"])
    .where("calendar_secret", "=", secret)
    .where("users.disabled_at", "is", null)
    .where("schools.archived_at", "is", null)
    .executeTakeFirst();
  if (!user) return null;
  const { id, name, role, schoolId, school } = user;
  return { actor: { kind: "user", id, name, role, schoolId, scopes: null, ip }, school };
}

/** @param now milliseconds since 1970 */
export function timetableLessons(db: Db, actor: Actor, now: number): Promise<Lesson[]> {
  return visibleLessons(db, actor)
    .where("lessons.starts_at", ">", new Date(now - DAYS.back * DAY_MS))
    .where("lessons.starts_at", "<", new Date(now + DAYS.ahead * DAY_MS))
    .orderBy("lessons.starts_at")
    .limit(MAX_LESSONS)
    .execute();
}

type TimetableLesson = Pick<Lesson, "id" | "version" | "starts_at" | "ends_at" | "created_at" | "title" | "code">;

/** Lessons without a start time are left out. */
export function timetable(name: string, lessons: readonly TimetableLesson[], origin: string): string {
  const calendar = new ICalCalendar({ name, prodId: "//Lectern//Timetable//EN", ttl: REFRESH_SECONDS });
  for (const lesson of lessons) {
    if (!lesson.starts_at) continue;
    calendar.createEvent({
      id: `${lesson.id}@lectern`,
      sequence: lesson.version,
      start: lesson.starts_at,
      end: lesson.ends_at ?? new Date(lesson.starts_at.getTime() + DEFAULT_LENGTH_MS),
      stamp: lesson.created_at,
      summary: lesson.title,
      url: `${origin}/j/${lesson.code}`,
    });
  }
  // RFC 5545 section 3.1: each line ends with CRLF, the last one too.
  return `${calendar.toString().trimEnd()}\r\n`;
}
