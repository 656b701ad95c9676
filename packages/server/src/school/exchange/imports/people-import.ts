/** Imports people from the rows of a file: login, name, role, email, password, course. */

import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { validationErrorsOf } from "../../../platform/api/validation-errors.ts";
import { newId } from "../../../platform/id.ts";
import type { CsvRow } from "../../foundation/csv/csv.ts";
import type { RowError } from "../../foundation/csv/row-error.ts";
import { forEachInSlices } from "../../foundation/csv/slices.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { importText } from "../../foundation/messages/import-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Database, School, User } from "../../foundation/store/tables.ts";
import { scopesMissingFor } from "../../people/accounts/account-rights.ts";
import { passwordQueue } from "../../people/accounts/password-queue.ts";
import { email, login, password, personName, SCHOOL_ROLES } from "../../people/accounts/shapes.ts";
import { isOwnName, minPassword } from "../../people/accounts/weak-passwords.ts";
import { type CheckedRows, checkRows, type Report } from "./checked-rows.ts";
import { roleOfWord } from "./headings.ts";
import { findOrCreateCourses } from "./import-courses.ts";
import type { Written } from "./import-items.ts";
import type { ImportOptions } from "./import-options.ts";

const row = z.object({
  login,
  name: personName,
  role: z.enum(SCHOOL_ROLES, importText.key("role")),
  email: email.nullable(),
  password: password.nullable(),
});
const MAX_COURSE_NAME = 200;
/** Logins that one query looks up. */
const LOGINS_PER_QUERY = 200;

export type Person = z.output<typeof row> & {
  readonly courseId: string | null;
  /** The name of a course that the school does not have yet. */
  readonly newCourse: string | null;
  readonly existingId: string | null;
};

/** What the rows of a file refer to. */
export type PeopleSchool = {
  readonly courses: readonly { readonly id: string; readonly name: string }[];
  /** People who have a login of the file. */
  readonly people: readonly Pick<User, "id" | "login" | "name" | "role" | "email">[];
  /** Who imports. */
  readonly actor: Pick<Actor, "scopes">;
};

/** People to create, and every error. @param faults of the rows that were found before */
export async function checkPeople(
  db: Database,
  school: School,
  actor: Pick<Actor, "scopes">,
  rows: readonly CsvRow[],
  options: ImportOptions = {},
  faults: readonly RowError[] = [],
): Promise<CheckedRows<Person>> {
  const courses = await db.selectFrom("courses").select(["id", "name"]).where("school_id", "=", school.id).execute();
  return await readPeople({ courses, people: await findByLogin(db, school, rows), actor }, rows, options, faults);
}

/** People of the school who have the login of a row. */
async function findByLogin(db: Database, school: School, rows: readonly CsvRow[]): Promise<PeopleSchool["people"]> {
  const wanted: string[] = [];
  await forEachInSlices(rows, ({ cells }) => {
    const read = login.safeParse(cells["login"]).data;
    if (read !== undefined) wanted.push(read);
  });
  const people: PeopleSchool["people"][number][] = [];
  for (let i = 0; i < wanted.length; i += LOGINS_PER_QUERY) {
    const users = await db
      .selectFrom("users")
      .select(["id", "login", "name", "role", "email"])
      .where("school_id", "=", school.id)
      .where("login", "in", wanted.slice(i, i + LOGINS_PER_QUERY))
      .execute();
    people.push(...users);
  }
  return people;
}

export async function readPeople(
  { courses, people: present, actor }: PeopleSchool,
  rows: readonly CsvRow[],
  { createCourses = false, courseId: usualCourse }: ImportOptions = {},
  faults: readonly RowError[] = [],
): Promise<CheckedRows<Person>> {
  const courseByName = new Map(courses.map((course) => [course.name, course.id]));
  const presentByLogin = new Map(present.map((user) => [user.login, user]));
  const lineByLogin = new Map<string, number>();
  return await checkRows(rows, faults, ({ line, cells }, wrong) => {
    const { course: courseName = "" } = cells;
    const values = {
      login: cells["login"],
      name: cells["name"],
      role: roleOfWord(cells["role"] || "student"),
      email: cells["email"] || null,
      password: cells["password"] || null,
    };
    const read = row.safeParse(values);
    if (!read.success) for (const { path, message } of validationErrorsOf(row, values)) wrong(path, message);
    const courseId = courseName === "" ? (usualCourse ?? null) : (courseByName.get(courseName) ?? null);
    const isMissing = courseName !== "" && courseId === null;
    if (isMissing && !createCourses) wrong("course", importText("no-course", { name: courseName }));
    if (isMissing && courseName.length > MAX_COURSE_NAME) wrong("course", importText("title-too-long", { max: MAX_COURSE_NAME }));
    if (courseName !== "" && values.role === "administrator") wrong("course", importText("administrator-course"));
    if (!read.data) return null;
    checkRights(read.data, actor, wrong);
    const existing = presentByLogin.get(read.data.login);
    const earlier = lineByLogin.get(read.data.login);
    // The same person again changes nothing, so that a file can be sent twice.
    if (existing && !isSamePerson(existing, read.data)) wrong("login", importText("taken-in-school"));
    if (earlier !== undefined) wrong("login", importText("taken-in-line", { line: earlier }));
    lineByLogin.set(read.data.login, line);
    return { ...read.data, courseId, newCourse: isMissing ? courseName : null, existingId: existing?.id ?? null };
  });
}

/** Whether who imports may create such a person, with such a password. */
function checkRights(read: z.output<typeof row>, actor: PeopleSchool["actor"], wrong: Report): void {
  const scopes = scopesMissingFor(actor, read.role).join(", ");
  if (scopes !== "") wrong("role", schoolText("key-manages-role", { role: read.role, scopes }));
  const minimum = minPassword(read.role);
  if (read.password !== null && read.password.length < minimum) wrong("password", fieldText("password-short", { minimum }));
  if (read.password !== null && isOwnName(read.password, read)) wrong("password", fieldText("password-own-name"));
}

function isSamePerson(user: PeopleSchool["people"][number], read: z.output<typeof row>): boolean {
  return user.name === read.name && user.role === read.role && (read.email === null || read.email === user.email);
}

/** Hashes the passwords of new people, which takes most of an import's time; null where a person has none. */
export async function hashPasswords(people: readonly Person[]): Promise<(string | null)[]> {
  const hashes: (string | null)[] = [];
  // One after the other: people who sign in meanwhile have their turns in the queue.
  for (const { password, existingId } of people)
    hashes.push(password === null || existingId !== null ? null : await passwordQueue.hash(password, "import"));
  return hashes;
}

/** Creates the people who are not there yet, and puts all into their courses. Returns how many people are new, and what was made. */
export async function writePeople(
  change: Change,
  school: Pick<School, "id">,
  people: readonly Person[],
  hashes: readonly (string | null)[],
): Promise<Written> {
  const { trx } = change;
  const { made, idOf } = await findOrCreateCourses(
    change,
    school,
    people.flatMap(({ newCourse }) => newCourse ?? []),
  );
  const ids = people.map(({ existingId }) => existingId ?? newId());
  const rows = people.flatMap(({ existingId, login, name, email, role }, i) => {
    const row = { id: ids[i] ?? "", school_id: school.id, login, name, email, role };
    return existingId === null ? [{ ...row, password_hash: hashes[i] ?? null, calendar_secret: null }] : [];
  });
  if (rows.length > 0) await trx.insertInto("users").values(rows).execute();
  const members = people.flatMap(({ courseId, newCourse, role }, i) => {
    const course_id = courseId ?? idOf.get(newCourse ?? "");
    return course_id !== undefined && role !== "administrator" ? [{ course_id, user_id: ids[i] ?? "", role }] : [];
  });
  const joined =
    members.length === 0
      ? []
      : await trx
          .insertInto("course_members")
          .values(members)
          .onConflict((conflict) => conflict.doNothing())
          .returning(["course_id", "user_id"])
          .execute();
  return {
    added: rows.length,
    items: [
      ...rows.map(({ id }) => ({ kind: "user" as const, item_id: id })),
      ...made.map((id) => ({ kind: "course" as const, item_id: id })),
      ...joined.map(({ course_id, user_id }) => ({ kind: "member" as const, item_id: user_id, course_id })),
    ],
  };
}
