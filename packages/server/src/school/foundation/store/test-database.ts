/** An empty school database for unit tests, and rows to fill it with. */
import { pino } from "pino";
import type { Actor, Role } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { openStore } from "../../../platform/store/open-store.ts";
import { json, type Store } from "../../../platform/store/store.ts";
import { newLessonRow } from "../../lessons/lesson-row.ts";
import { MIGRATIONS } from "../migrations/index.ts";
import { migratedDatabase } from "./migrated-database.ts";
import type { Course, Database, Lesson, School, Tables, User } from "./tables.ts";
import { DatabasePool, openCopy } from "./test-database-pool.ts";

/** Of a database without rows for one file of tests (`e2e/alarms-postgresql.test.ts`); empty: they share an embedded one. */
const POSTGRESQL = process.env["TEST_POSTGRESQL"] ?? "";

export const silentLog = pino({ level: "silent" });

/** Of this process. */
export const embeddedDatabases = new DatabasePool(async () => openCopy(await migratedDatabase()));

export type TestDatabase = { readonly db: Database; readonly store: Store<Tables>; readonly close: () => Promise<void> };

export async function openTestDatabase(): Promise<TestDatabase> {
  const ofServer = { url: POSTGRESQL, dataDir: "", migrations: MIGRATIONS, log: silentLog };
  const store = await (POSTGRESQL === "" ? embeddedDatabases.borrow() : openStore<Tables>(ofServer));
  return { db: store.db, store, close: store.close };
}

export async function insertSchool(
  db: Database,
  limits: Partial<Pick<School, "keep_days" | "keep_bytes" | "quota_bytes">> = {},
): Promise<School> {
  const id = newId();
  const row = { id, slug: id, name: "School", time_zone: "UTC", guests: true, admin_networks: json<readonly string[]>([]) };
  return await db
    .insertInto("schools")
    .values({ ...row, ...limits })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function insertUser(db: Database, schoolId: string | null, role: Role): Promise<User> {
  const id = newId();
  const row = { id, school_id: schoolId, login: id, name: `A ${role}`, email: null, role };
  return await db
    .insertInto("users")
    .values({ ...row, password_hash: null, calendar_secret: null })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** A course with members. */
export async function insertCourse(db: Database, schoolId: string, members: readonly User[] = []): Promise<Course> {
  const id = newId();
  const course = await db
    .insertInto("courses")
    .values({ id, school_id: schoolId, name: id, description: "" })
    .returningAll()
    .executeTakeFirstOrThrow();
  for (const { id: user_id, role } of members)
    if (role !== "operator" && role !== "administrator")
      await db.insertInto("course_members").values({ course_id: id, user_id, role }).execute();
  return course;
}

type LessonFields = Partial<
  Pick<
    Lesson,
    | "course_id"
    | "teacher_id"
    | "guests"
    | "capacity"
    | "ended_by"
    | "deleted_at"
    | "state"
    | "starts_at"
    | "locked"
    | "waiting_room"
    | "open_to_school"
    | "mode"
  >
>;

export async function insertLesson(db: Database, schoolId: string, fields: LessonFields = {}): Promise<Lesson> {
  const row = newLessonRow({
    schoolId,
    title: "Fractions",
    courseId: null,
    teacherId: null,
    startsAt: null,
    endsAt: null,
    mode: "broadcast",
    record: false,
    guests: true,
  });
  return await db
    .insertInto("lessons")
    .values({ ...row, ...fields })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function actorOf(user: User): Actor {
  return { kind: "user", id: user.id, name: user.name, role: user.role, schoolId: user.school_id, scopes: null, ip: "10.0.0.1" };
}

export const STRANGER: Actor = { kind: "nobody", id: null, name: "", role: null, schoolId: null, scopes: null, ip: "10.0.0.9" };

/** The code of the refusal that an attempt ends with; null where it succeeds. */
export async function refusalCode(attempt: Promise<unknown> | (() => Promise<unknown>)): Promise<string | null> {
  try {
    await (typeof attempt === "function" ? attempt() : attempt);
    return null;
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal.code;
    throw error;
  }
}
