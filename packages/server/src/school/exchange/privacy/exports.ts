/** Defines what the exports contain: the audit log, participants, and attendance, as columns of a table and in pages. */
import type { Actor } from "../../../access/actor.ts";
import type { CsvColumn } from "../../foundation/requests/csv.ts";
import type { AuditRow, Db } from "../../foundation/store/tables.ts";
import { visibleLessons } from "../../lessons/lesson-rights.ts";

export type ExportQuery = {
  readonly actor: Actor;
  /** Null: all schools. */
  readonly schoolId: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly lessonId: string | null;
  readonly after: string;
  readonly limit: number;
};

/** A page of rows; `next` continues after it. */
export type ExportPage<Row> = { readonly rows: readonly Row[]; readonly next: string | null };

export type Export<Row> = {
  readonly columns: readonly CsvColumn<Row>[];
  readonly read: (db: Db, query: ExportQuery) => Promise<ExportPage<Row>>;
};

/** Lessons of one page of attendance: each has as many rows as people. */
const LESSONS_PER_PAGE = 50;

export const auditExport: Export<AuditRow> = {
  columns: [
    { name: "id", valueOf: ({ id }) => id },
    { name: "at", valueOf: ({ at }) => at },
    { name: "actorKind", valueOf: ({ actor_kind }) => actor_kind },
    { name: "actorId", valueOf: ({ actor_id }) => actor_id },
    { name: "actorName", valueOf: ({ actor_name }) => actor_name },
    { name: "ip", valueOf: ({ ip }) => ip },
    { name: "action", valueOf: ({ action }) => action },
    { name: "targetKind", valueOf: ({ target_kind }) => target_kind },
    { name: "targetId", valueOf: ({ target_id }) => target_id },
    { name: "before", valueOf: ({ before }) => before && JSON.stringify(before) },
    { name: "after", valueOf: ({ after }) => after && JSON.stringify(after) },
  ],
  read: async (db, { schoolId, from, to, after, limit }) => {
    let matching = db.selectFrom("audit").selectAll().where("id", ">", after);
    if (schoolId !== null) matching = matching.where("school_id", "=", schoolId);
    if (from) matching = matching.where("at", ">=", from);
    if (to) matching = matching.where("at", "<", to);
    return pageOf(
      await matching
        .orderBy("id")
        .limit(limit + 1)
        .execute(),
      limit,
    );
  },
};

export type ParticipantRow = Awaited<ReturnType<typeof readParticipants>>[number];

export const participantsExport: Export<ParticipantRow> = {
  columns: [
    { name: "participantId", valueOf: ({ id }) => id },
    { name: "lessonId", valueOf: ({ lesson_id }) => lesson_id },
    { name: "lesson", valueOf: ({ title }) => title },
    { name: "startsAt", valueOf: ({ starts_at }) => starts_at },
    { name: "userId", valueOf: ({ user_id }) => user_id },
    { name: "externalId", valueOf: ({ external_id }) => external_id },
    { name: "name", valueOf: ({ name }) => name },
    { name: "role", valueOf: ({ role }) => role },
    { name: "joinedAt", valueOf: ({ joined_at }) => joined_at },
    { name: "seenAt", valueOf: ({ seen_at }) => seen_at },
    { name: "removedAt", valueOf: ({ removed_at }) => removed_at },
    { name: "consentedAt", valueOf: ({ consented_at }) => consented_at },
  ],
  read: async (db, query) => pageOf(await readParticipants(db, query), query.limit),
};

async function readParticipants(db: Db, { actor, schoolId, from, to, lessonId, after, limit }: ExportQuery) {
  let lessons = visibleLessons(db, actor).clearSelect().select("lessons.id");
  if (schoolId !== null) lessons = lessons.where("lessons.school_id", "=", schoolId);
  if (lessonId !== null) lessons = lessons.where("lessons.id", "=", lessonId);
  let matching = db
    .selectFrom("participants")
    .innerJoin("lessons", "lessons.id", "participants.lesson_id")
    .leftJoin("users", "users.id", "participants.user_id")
    .select(["participants.id", "participants.lesson_id", "lessons.title", "lessons.starts_at", "participants.user_id"])
    .select(["users.external_id", "participants.name", "participants.role", "participants.joined_at", "participants.seen_at"])
    .select(["participants.removed_at", "participants.consented_at"])
    .where("participants.lesson_id", "in", lessons)
    .where("participants.id", ">", after);
  if (from) matching = matching.where("participants.joined_at", ">=", from);
  if (to) matching = matching.where("participants.joined_at", "<", to);
  return await matching
    .orderBy("participants.id")
    .limit(limit + 1)
    .execute();
}

/** present: joined. absent: expected as a member of the course, and did not join. guest: joined, and was not expected. */
export type AttendanceRow = {
  readonly lessonId: string;
  readonly lesson: string;
  readonly startsAt: Date | null;
  readonly userId: string | null;
  readonly externalId: string | null;
  readonly login: string | null;
  readonly name: string;
  readonly role: string;
  readonly status: "present" | "absent" | "guest";
  readonly joinedAt: Date | null;
  readonly seenAt: Date | null;
};

export const attendanceExport: Export<AttendanceRow> = {
  columns: [
    { name: "lessonId", valueOf: ({ lessonId }) => lessonId },
    { name: "lesson", valueOf: ({ lesson }) => lesson },
    { name: "startsAt", valueOf: ({ startsAt }) => startsAt },
    { name: "userId", valueOf: ({ userId }) => userId },
    { name: "externalId", valueOf: ({ externalId }) => externalId },
    { name: "login", valueOf: ({ login }) => login },
    { name: "name", valueOf: ({ name }) => name },
    { name: "role", valueOf: ({ role }) => role },
    { name: "status", valueOf: ({ status }) => status },
    { name: "joinedAt", valueOf: ({ joinedAt }) => joinedAt },
    { name: "seenAt", valueOf: ({ seenAt }) => seenAt },
  ],
  read: readAttendance,
};

async function readAttendance(db: Db, query: ExportQuery): Promise<ExportPage<AttendanceRow>> {
  const { actor, schoolId, from, to, lessonId, after } = query;
  const limit = Math.min(query.limit, LESSONS_PER_PAGE);
  let matching = visibleLessons(db, actor).where("lessons.id", ">", after).where("lessons.state", "!=", "scheduled");
  if (schoolId !== null) matching = matching.where("lessons.school_id", "=", schoolId);
  if (lessonId !== null) matching = matching.where("lessons.id", "=", lessonId);
  if (from) matching = matching.where("lessons.started_at", ">=", from);
  if (to) matching = matching.where("lessons.started_at", "<", to);
  const found = await matching
    .orderBy("lessons.id")
    .limit(limit + 1)
    .execute();
  const { rows: lessons, next } = pageOf(found, limit);
  if (lessons.length === 0) return { rows: [], next };
  const members = await membersOf(
    db,
    lessons.map(({ course_id }) => course_id ?? ""),
  );
  const participants = await participantsOf(
    db,
    lessons.map(({ id }) => id),
  );
  const rows = lessons.flatMap((lesson) => {
    const about = { lessonId: lesson.id, lesson: lesson.title, startsAt: lesson.starts_at };
    const joined = participants.filter(({ lesson_id }) => lesson_id === lesson.id);
    const expected = members.filter(({ course_id }) => course_id === lesson.course_id);
    const absent = expected
      .filter(({ user_id }) => joined.every((one) => one.user_id !== user_id))
      .map(({ user_id, external_id, login, name, role }): AttendanceRow => {
        const person = { userId: user_id, externalId: external_id, login, name, role };
        return { ...about, ...person, status: "absent", joinedAt: null, seenAt: null };
      });
    const present = joined.map(({ user_id, external_id, login, name, role, joined_at, seen_at }): AttendanceRow => {
      const status = user_id !== null && role !== "guest" ? "present" : "guest";
      const person = { userId: user_id, externalId: external_id, login, name, role };
      return { ...about, ...person, status, joinedAt: joined_at, seenAt: seen_at };
    });
    return [...present, ...absent];
  });
  return { rows, next };
}

function membersOf(db: Db, courseIds: readonly string[]) {
  return db
    .selectFrom("course_members")
    .innerJoin("users", "users.id", "course_members.user_id")
    .select(["course_members.course_id", "course_members.user_id", "course_members.role"])
    .select(["users.external_id", "users.login", "users.name"])
    .where("course_members.course_id", "in", courseIds)
    .where("course_members.role", "=", "student")
    .where("users.disabled_at", "is", null)
    .orderBy("users.id")
    .execute();
}

function participantsOf(db: Db, lessonIds: readonly string[]) {
  return db
    .selectFrom("participants")
    .leftJoin("users", "users.id", "participants.user_id")
    .select(["participants.lesson_id", "participants.user_id", "participants.name", "participants.role"])
    .select(["participants.joined_at", "participants.seen_at", "users.external_id", "users.login"])
    .where("participants.lesson_id", "in", lessonIds)
    .orderBy("participants.id")
    .execute();
}

function pageOf<Row extends { readonly id: string }>(rows: readonly Row[], limit: number): ExportPage<Row> {
  const page = rows.slice(0, limit);
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
