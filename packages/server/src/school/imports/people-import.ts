/** Imports people from CSV: `login,name,role,email,password,course`. */

import { z } from "zod";
import { mistakesOf } from "../../platform/api/field-mistakes.ts";
import { newId } from "../../platform/id.ts";
import { queuedHash } from "../accounts/password-queue.ts";
import { email, login, password, personName, SCHOOL_ROLES } from "../accounts/shapes.ts";
import { fieldText } from "../messages/field-texts.ts";
import { importText } from "../messages/import-texts.ts";
import type { Change } from "../store/change.ts";
import type { Database, School } from "../store/tables.ts";
import type { Columns, CsvRow } from "./csv.ts";
import type { ImportMistake } from "./import-mistake.ts";

export const PEOPLE_COLUMNS: Columns = { required: ["login", "name"], optional: ["role", "email", "password", "course"] };

const row = z.object({
  login,
  name: personName,
  role: z.enum(SCHOOL_ROLES, fieldText.key("one-of")),
  email: email.nullable(),
  password: password.nullable(),
});
const ROWS_PER_INSERT = 500;
/** Password hashes are slow by design; this many at the same time keep the cores busy. */
const CONCURRENT_HASHES = 4;

type Person = z.output<typeof row> & { readonly courseId: string | null; hash: string | null };

/** What the rows of a file refer to. */
export type PeopleSchool = {
  readonly courses: readonly { readonly id: string; readonly name: string }[];
  readonly logins: readonly string[];
};

/** People to create, or every error. */
export async function checkPeople(
  db: Database,
  school: School,
  rows: readonly CsvRow[],
): Promise<readonly Person[] | { readonly errors: readonly ImportMistake[] }> {
  const courses = await db.selectFrom("courses").select(["id", "name"]).where("school_id", "=", school.id).execute();
  const users = await db.selectFrom("users").select("login").where("school_id", "=", school.id).execute();
  return readPeople({ courses, logins: users.map(({ login }) => login) }, rows);
}

export function readPeople(
  { courses, logins }: PeopleSchool,
  rows: readonly CsvRow[],
): readonly Person[] | { readonly errors: readonly ImportMistake[] } {
  const errors: ImportMistake[] = [];
  /** Logins in use, with the line that uses them; null: the database. */
  const taken = new Map<string, number | null>(logins.map((name) => [name, null]));
  const people: Person[] = [];
  for (const { line, cells } of rows) {
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
    const course = courses.find((other) => other.name === courseName);
    if (courseName && !course) errors.push({ line, column: "course", text: importText("no-course", { name: courseName }) });
    if (courseName && role === "administrator") errors.push({ line, column: "course", text: importText("administrator-course") });
    if (!read.data) continue;
    const before = taken.get(read.data.login);
    if (before !== undefined) {
      const text = before === null ? importText("taken-in-school") : importText("taken-in-line", { line: before });
      errors.push({ line, column: "login", text });
    }
    taken.set(read.data.login, line);
    people.push({ ...read.data, courseId: course?.id ?? null, hash: null });
  }
  return errors.length > 0 ? { errors } : people;
}

/** Hashes the passwords, which takes most of an import's time. */
export async function hashPasswords(people: readonly Person[], progress: (done: number) => void): Promise<void> {
  let done = 0;
  for (let i = 0; i < people.length; i += CONCURRENT_HASHES) {
    const batch = people.slice(i, i + CONCURRENT_HASHES);
    await Promise.all(
      batch.map(async (person) => {
        if (person.password !== null) person.hash = await queuedHash(person.password, "import");
      }),
    );
    done += batch.length;
    progress(done);
  }
}

export async function writePeople(change: Change, school: School, people: readonly Person[]): Promise<void> {
  for (let i = 0; i < people.length; i += ROWS_PER_INSERT) {
    const batch = people.slice(i, i + ROWS_PER_INSERT).map((person) => ({ person, id: newId() }));
    await change.trx
      .insertInto("users")
      .values(
        batch.map(({ person, id }) => ({
          id,
          school_id: school.id,
          login: person.login,
          name: person.name,
          email: person.email,
          role: person.role,
          password_hash: person.hash,
          calendar_secret: null,
        })),
      )
      .execute();
    const members = batch.flatMap(({ person, id }) =>
      person.courseId !== null && person.role !== "administrator"
        ? [{ course_id: person.courseId, user_id: id, role: person.role }]
        : [],
    );
    if (members.length > 0) await change.trx.insertInto("course_members").values(members).execute();
  }
}
