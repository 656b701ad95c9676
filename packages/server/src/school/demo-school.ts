/**
 * Creates the demonstration school: a course, a timetable, a teacher, students, a lesson that is always live and an examination that is always open.
 * It is created once; what visitors change stays changed.
 */
import { DateTime } from "luxon";
import { newId } from "../platform/id.ts";
import { json } from "../platform/store/store.ts";
import { openDemoExam } from "./exams/examinations/demo-exam.ts";
import type { Change, Changes } from "./foundation/store/change.ts";
import { SYSTEM } from "./foundation/store/requester.ts";
import type { StoredSecrets } from "./foundation/store/stored-secrets.ts";
import type { Database, Lesson, School } from "./foundation/store/tables.ts";
import { updateRow } from "./foundation/store/update-row.ts";
import { newLessonRow } from "./lessons/lesson-row.ts";
import { startLesson } from "./lessons/lesson-state.ts";
import { generatePassword, hashPassword } from "./people/accounts/password.ts";

export type DemoSchool = {
  readonly lesson: {
    readonly id: string;
    readonly code: string;
    readonly app: string;
    readonly name: string;
    readonly key: string;
  };
  /** Of the examination that anybody may sit. */
  readonly examCode: string;
  readonly login: string;
  /** Changes with each start. */
  readonly password: string;
};

const SLUG = "demo";
const NAME = "Demonstration School";
const TEACHER = { login: "demo-teacher", name: "Wang Fang" };
const STUDENTS = ["Li Mei", "Chen Jie", "Zhao Lei", "Sun Yue", "Zhou Tao"];
const COURSE = "Mathematics 7b";
const LIVE = "A lesson that is always on";
/** Weekday (1: Monday) and hour of the week's lessons. */
const WEEK = [
  { day: 1, hour: 9, title: "Fractions" },
  { day: 2, hour: 10, title: "Decimals" },
  { day: 3, hour: 9, title: "Angles" },
  { day: 4, hour: 14, title: "Areas" },
  { day: 5, hour: 9, title: "What we have learned" },
];
const LESSON_MINUTES = 45;

export async function openDemoSchool(db: Database, changes: Changes, storedSecrets: StoredSecrets): Promise<DemoSchool> {
  const password = generatePassword();
  const hash = await hashPassword(password);
  const known = await db.selectFrom("schools").selectAll().where("slug", "=", SLUG).executeTakeFirst();
  const { body } = await changes.transact(SYSTEM, async (change) => {
    const school = known ?? (await createDemoSchool(change));
    await change.trx
      .updateTable("users")
      .set((row) => ({ password_hash: hash, version: row("version", "+", 1) }))
      .where("school_id", "=", school.id)
      .where("login", "=", TEACHER.login)
      .execute();
    const examCode = await openDemoExam(change, storedSecrets, school.id);
    return { body: { lesson: await liveLesson(change, school), examCode } };
  });
  const { id, code, stream_app: app, stream_name: name, publish_key: key } = body.lesson;
  return { lesson: { id, code, app, name, key }, examCode: body.examCode, login: TEACHER.login, password };
}

/** The lesson that is always live: started by hand, so that it continues whatever its stream does. */
async function liveLesson(change: Change, school: School): Promise<Lesson> {
  const lesson = await change.trx
    .selectFrom("lessons")
    .selectAll()
    .where("school_id", "=", school.id)
    .where("title", "=", LIVE)
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  if (lesson) return await startLesson(change, lesson, "hand");
  const teacher = await change.trx
    .selectFrom("users")
    .select("id")
    .where("school_id", "=", school.id)
    .where("login", "=", TEACHER.login)
    .executeTakeFirst();
  const row = newLessonRow({
    ...lessonDefaults(school),
    title: LIVE,
    courseId: null,
    teacherId: teacher?.id ?? null,
    startsAt: null,
    endsAt: null,
  });
  const created = await change.trx.insertInto("lessons").values(row).returningAll().executeTakeFirstOrThrow();
  return await startLesson(change, created, "hand");
}

async function createDemoSchool(change: Change): Promise<School> {
  const { trx } = change;
  const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const school = (await untouchedSchool(trx)) ?? (await newSchool(trx, time_zone));
  const course = { id: newId(), school_id: school.id, name: COURSE, description: "" };
  await trx.insertInto("courses").values(course).execute();
  const person = (login: string, name: string, role: "teacher" | "student") => ({
    id: newId(),
    school_id: school.id,
    login,
    name,
    email: null,
    role,
    password_hash: null,
    calendar_secret: null,
  });
  const teacher = person(TEACHER.login, TEACHER.name, "teacher");
  const people = [teacher, ...STUDENTS.map((name, i) => person(`demo-student${i + 1}`, name, "student"))];
  await trx.insertInto("users").values(people).execute();
  await trx
    .insertInto("course_members")
    .values(people.map(({ id, role }) => ({ course_id: course.id, user_id: id, role })))
    .execute();
  const monday = DateTime.now().setZone(time_zone).startOf("week");
  const rows = WEEK.map(({ day, hour, title }) => {
    const startsAt = monday.plus({ days: day - 1 }).set({ hour });
    const endsAt = startsAt.plus({ minutes: LESSON_MINUTES });
    const row = newLessonRow({
      ...lessonDefaults(school),
      title,
      courseId: course.id,
      teacherId: teacher.id,
      startsAt: startsAt.toJSDate(),
      endsAt: endsAt.toJSDate(),
    });
    if (startsAt > DateTime.now()) return row;
    // Lessons of earlier days have taken place.
    const past = { started_at: row.starts_at, started_by: "hand" as const, ended_at: row.ends_at, ended_by: "hand" as const };
    return { ...row, ...past, state: "ended" as const };
  });
  await trx.insertInto("lessons").values(rows).execute();
  await change.audit({ action: "school.create", schoolId: school.id, targetKind: "school", targetId: school.id, after: school });
  return school;
}

/** The school of the first start, where nobody has used it yet: the demonstration needs no second one. */
async function untouchedSchool(trx: Change["trx"]): Promise<School | undefined> {
  const [only, another] = await trx.selectFrom("schools").selectAll().limit(2).execute();
  if (!only || another || only.version > 1) return undefined;
  const person = await trx.selectFrom("users").select("id").where("school_id", "=", only.id).limit(1).executeTakeFirst();
  const lesson = await trx.selectFrom("lessons").select("id").where("school_id", "=", only.id).limit(1).executeTakeFirst();
  if (person || lesson) return undefined;
  return await updateRow({ trx }, "schools", only, { slug: SLUG, name: NAME });
}

async function newSchool(trx: Change["trx"], time_zone: string): Promise<School> {
  const row = { id: newId(), slug: SLUG, name: NAME, time_zone, guests: true, admin_networks: json<readonly string[]>([]) };
  return await trx.insertInto("schools").values(row).returningAll().executeTakeFirstOrThrow();
}

function lessonDefaults(school: School) {
  return { schoolId: school.id, mode: "broadcast" as const, record: false, guests: true };
}
