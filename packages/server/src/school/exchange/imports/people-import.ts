/** Imports people from CSV: `login,name,role,email,password,course`. */

import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { mistakesOf } from "../../../platform/api/field-mistakes.ts";
import { newId } from "../../../platform/id.ts";
import type { Columns, CsvRow } from "../../foundation/csv/csv.ts";
import type { ImportMistake } from "../../foundation/csv/import-mistake.ts";
import { forEachInSlices } from "../../foundation/csv/slices.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { importText } from "../../foundation/messages/import-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Database, School, User } from "../../foundation/store/tables.ts";
import { missingScopes } from "../../people/accounts/account-rights.ts";
import { queuedHash } from "../../people/accounts/password-queue.ts";
import { email, login, password, personName, SCHOOL_ROLES } from "../../people/accounts/shapes.ts";
import { isOwnName, minPassword } from "../../people/accounts/weak-passwords.ts";

export const PEOPLE_COLUMNS: Columns = { required: ["login", "name"], optional: ["role", "email", "password", "course"] };

const row = z.object({
  login,
  name: personName,
  role: z.enum(SCHOOL_ROLES, fieldText.key("one-of")),
  email: email.nullable(),
  password: password.nullable(),
});
/** Logins that one query looks up. */
const LOGINS_PER_QUERY = 200;

export type Person = z.output<typeof row> & { readonly courseId: string | null; readonly existingId: string | null };

/** What the rows of a file refer to. */
export type PeopleSchool = {
  readonly courses: readonly { readonly id: string; readonly name: string }[];
  /** People who have a login of the file. */
  readonly people: readonly Pick<User, "id" | "login" | "name" | "role" | "email">[];
  /** Who imports. */
  readonly actor: Pick<Actor, "scopes">;
};

/** People to create, or every error. */
export async function checkPeople(
  db: Database,
  school: School,
  actor: Pick<Actor, "scopes">,
  rows: readonly CsvRow[],
): Promise<readonly Person[] | { readonly errors: readonly ImportMistake[] }> {
  const courses = await db.selectFrom("courses").select(["id", "name"]).where("school_id", "=", school.id).execute();
  return await readPeople({ courses, people: await findByLogin(db, school, rows), actor }, rows);
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
): Promise<readonly Person[] | { readonly errors: readonly ImportMistake[] }> {
  const courseByName = new Map(courses.map((course) => [course.name, course]));
  const errors: ImportMistake[] = [];
  const presentByLogin = new Map(present.map((user) => [user.login, user]));
  const lineByLogin = new Map<string, number>();
  const people: Person[] = [];
  await forEachInSlices(rows, ({ line, cells }) => {
    const { login: name, role, email, password: secret, course: courseName } = cells;
    const values = {
      login: name,
      name: cells["name"],
      role: role || "student",
      email: email || null,
      password: secret || null,
    };
    const read = row.safeParse(values);
    if (!read.success) for (const { path, message } of mistakesOf(row, values)) errors.push({ line, column: path, text: message });
    const course = courseByName.get(courseName ?? "");
    if (courseName && !course) errors.push({ line, column: "course", text: importText("no-course", { name: courseName }) });
    if (courseName && role === "administrator") errors.push({ line, column: "course", text: importText("administrator-course") });
    if (!read.data) return;
    const scopes = missingScopes(actor, read.data.role).join(", ");
    if (scopes !== "")
      errors.push({ line, column: "role", text: schoolText("key-manages-role", { role: read.data.role, scopes }) });
    const minimum = minPassword(read.data.role);
    if (read.data.password !== null && read.data.password.length < minimum)
      errors.push({ line, column: "password", text: fieldText("password-short", { minimum }) });
    if (read.data.password !== null && isOwnName(read.data.password, read.data))
      errors.push({ line, column: "password", text: fieldText("password-own-name") });
    const existing = presentByLogin.get(read.data.login);
    const earlier = lineByLogin.get(read.data.login);
    // The same person again changes nothing, so that a file can be sent twice.
    if (existing && !isSamePerson(existing, read.data)) errors.push({ line, column: "login", text: importText("taken-in-school") });
    if (earlier !== undefined) errors.push({ line, column: "login", text: importText("taken-in-line", { line: earlier }) });
    lineByLogin.set(read.data.login, line);
    people.push({ ...read.data, courseId: course?.id ?? null, existingId: existing?.id ?? null });
  });
  return errors.length > 0 ? { errors } : people;
}

function isSamePerson(user: PeopleSchool["people"][number], read: z.output<typeof row>): boolean {
  return user.name === read.name && user.role === read.role && (read.email === null || read.email === user.email);
}

/** Hashes the passwords of new people, which takes most of an import's time; null where a person has none. */
export async function hashPasswords(people: readonly Person[]): Promise<(string | null)[]> {
  const hashes: (string | null)[] = [];
  // One after the other: people who sign in meanwhile have their turns in the queue.
  for (const { password, existingId } of people)
    hashes.push(password === null || existingId !== null ? null : await queuedHash(password, "import"));
  return hashes;
}

/** Creates the people who are not there yet, puts all into their courses, and returns how many are new. */
export async function writePeople(
  { trx }: Pick<Change, "trx">,
  school: Pick<School, "id">,
  people: readonly Person[],
  hashes: readonly (string | null)[],
): Promise<number> {
  const ids = people.map(({ existingId }) => existingId ?? newId());
  const rows = people.flatMap(({ existingId, login, name, email, role }, i) => {
    const row = { id: ids[i] ?? "", school_id: school.id, login, name, email, role };
    return existingId === null ? [{ ...row, password_hash: hashes[i] ?? null, calendar_secret: null }] : [];
  });
  if (rows.length > 0) await trx.insertInto("users").values(rows).execute();
  const members = people.flatMap(({ courseId, role }, i) =>
    courseId !== null && role !== "administrator" ? [{ course_id: courseId, user_id: ids[i] ?? "", role }] : [],
  );
  if (members.length > 0)
    await trx
      .insertInto("course_members")
      .values(members)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  return rows.length;
}
