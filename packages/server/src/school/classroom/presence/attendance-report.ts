/** Reads the attendance of a lesson: when each participant was in the room, who signed in, the stars that each got, and who of the course did not come. */
import { sql } from "kysely";
import type { Role } from "../../../access/actor.ts";
import type { Db, Lesson } from "../../foundation/store/tables.ts";
import { givenStars } from "../../lessons/given-stars.ts";

/** More intervals of one person are counted and not listed. */
const MAX_INTERVALS = 100;

export type AttendedInterval = { readonly from: Date; readonly to: Date | null; readonly device: string };
export type AttendedSignin = { readonly ref: string; readonly at: Date; readonly late: boolean };

/** present: joined. absent: expected as a student of the course, and did not join. guest: joined, and was not expected. */
export type AttendanceStatus = "present" | "absent" | "guest";

export type Attended = {
  /** Of the participant; of those who were absent, of the person. */
  readonly id: string;
  readonly participantId: string | null;
  readonly userId: string | null;
  readonly externalId: string | null;
  readonly name: string;
  readonly role: Role | "guest";
  readonly status: AttendanceStatus;
  readonly inRoom: boolean;
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  /** In the room, before and after the lesson too. */
  readonly seconds: number;
  /** While the lesson went on. */
  readonly lessonSeconds: number;
  readonly devices: string[];
  readonly intervals: AttendedInterval[];
  readonly signins: AttendedSignin[];
  /** That staff gave in the room. */
  readonly stars: number;
};

export type AttendedPage = { readonly items: Attended[]; readonly nextCursor: string | null };

/** @param now milliseconds since 1970 */
export async function attendanceOf(
  db: Db,
  lesson: Lesson,
  { limit, after, now }: { readonly limit: number; readonly after: string; readonly now: number },
): Promise<AttendedPage> {
  const people = await peoplePage(db, lesson, after, limit + 1);
  const page = people.slice(0, limit);
  const ids = page.flatMap(({ participantId }) => participantId ?? []);
  const intervals = await intervalsOf(db, lesson, ids);
  const signins = await signinsOf(db, ids);
  const stars = await givenStars(db, { lessonIds: [lesson.id], participants: ids });
  const items = page.map((person): Attended => {
    const key = person.participantId ?? "";
    return {
      ...person,
      ...summary(intervals.get(key) ?? [], lesson, now),
      signins: signins.get(key) ?? [],
      stars: stars.get(key) ?? 0,
    };
  });
  return { items, nextCursor: people.length > limit ? (page.at(-1)?.id ?? null) : null };
}

type PersonRow = Pick<Attended, "id" | "participantId" | "userId" | "externalId" | "name" | "role" | "status">;

/** Participants, and students of the course who have not joined, in the order of their ids. */
async function peoplePage(db: Db, lesson: Lesson, after: string, limit: number): Promise<PersonRow[]> {
  const { rows } = await sql<PersonRow>`
    select * from (
      select p.id, p.id as "participantId", p.user_id as "userId", u.external_id as "externalId", coalesce(u.name, p.name) as name, p.role,
        case when p.user_id is not null and p.role <> 'guest' then 'present' else 'guest' end as status
      from participants p left join users u on u.id = p.user_id
      where p.lesson_id = ${lesson.id} and p.waiting_since is null
      union all
      select u.id, null, u.id, u.external_id, u.name, m.role, 'absent'
      from course_members m join users u on u.id = m.user_id
      where m.course_id = ${lesson.course_id} and m.role = 'student' and u.disabled_at is null and not exists (
        select 1 from participants p where p.lesson_id = ${lesson.id} and p.user_id = u.id and p.waiting_since is null)
    ) as people where id > ${after} order by id limit ${limit}`.execute(db);
  return rows;
}

type IntervalRow = AttendedInterval & { readonly end: Date; readonly present: boolean };

async function intervalsOf(db: Db, lesson: Lesson, participants: readonly string[]): Promise<Map<string, IntervalRow[]>> {
  if (participants.length === 0) return new Map();
  const rows = await db
    .selectFrom("attendance")
    .innerJoin("room_presence", "room_presence.lesson_id", "attendance.lesson_id")
    .select(["participant_id as participant", "from_at as from", "to_at as to", "device", "present", "seen_at"])
    .where("attendance.lesson_id", "=", lesson.id)
    .where("participant_id", "=", sql<string>`any(${[...participants]}::text[])`)
    .orderBy("from_at")
    .execute();
  // Those who are there were there until the owner of the room last wrote.
  const ended = rows.map(({ seen_at: seenAt, ...row }) => ({ ...row, end: row.to ?? new Date(Math.max(+seenAt, +row.from)) }));
  return Map.groupBy(ended, ({ participant }) => participant);
}

async function signinsOf(db: Db, participants: readonly string[]): Promise<Map<string, AttendedSignin[]>> {
  if (participants.length === 0) return new Map();
  const rows = await db
    .selectFrom("signins")
    .select(["participant_id as participant", "round_id as ref", "at", "late"])
    .where("participant_id", "=", sql<string>`any(${[...participants]}::text[])`)
    .orderBy("round_id")
    .execute();
  const signed = new Map<string, AttendedSignin[]>();
  for (const { participant, ...signin } of rows) signed.set(participant, [...(signed.get(participant) ?? []), signin]);
  return signed;
}

function summary(rows: readonly IntervalRow[], lesson: Lesson, now: number) {
  const start = lesson.started_at?.getTime() ?? Number.POSITIVE_INFINITY;
  const end = lesson.ended_at?.getTime() ?? now;
  const within = (from: number, to: number) => rows.reduce((sum, row) => sum + overlap(row, from, to), 0);
  return {
    inRoom: rows.some(({ present }) => present),
    firstAt: rows[0]?.from ?? null,
    lastAt: rows.at(-1)?.end ?? null,
    seconds: Math.round(within(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY) / 1000),
    lessonSeconds: Math.round(within(start, end) / 1000),
    devices: [...new Set(rows.flatMap(({ device }) => (device === "" ? [] : device.split("; "))))],
    intervals: rows.slice(-MAX_INTERVALS).map(({ from, to, device }) => ({ from, to, device })),
  };
}

function overlap({ from, end }: IntervalRow, start: number, stop: number): number {
  return Math.max(0, Math.min(end.getTime(), stop) - Math.max(from.getTime(), start));
}
