/** Checks the files of OneRoster against the school, and writes their rows: what is there is changed to what the file says. */
import type { Actor } from "../../../access/actor.ts";
import type { CsvRow } from "../../foundation/csv/csv.ts";
import type { RowError } from "../../foundation/csv/row-error.ts";
import { forEachInSlices } from "../../foundation/csv/slices.ts";
import { importText } from "../../foundation/messages/import-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Database, School } from "../../foundation/store/tables.ts";
import { scopesMissingFor } from "../../people/accounts/account-rights.ts";
import { upsertPerson } from "../../people/accounts/upsert-people.ts";
import { courseEventData } from "../../people/courses/course.ts";
import { upsertCourse } from "../../people/courses/upsert-courses.ts";
import {
  type OneRosterKind,
  type ReadRow,
  type RosterClass,
  type RosterEnrollment,
  type RosterPerson,
  readRosterClass,
  readRosterEnrollment,
  readRosterPerson,
} from "./oneroster.ts";

/** Values that one query looks up. */
const VALUES_PER_QUERY = 200;

type RowErrors = { readonly errors: readonly RowError[] };
/** Writes some of the rows; returns how many made something new. */
type WriteRows = (change: Change, from: number, to: number) => Promise<number>;

export async function planOneRoster(
  db: Database,
  kind: OneRosterKind,
  school: School,
  actor: Actor,
  rows: readonly CsvRow[],
): Promise<WriteRows | RowErrors> {
  if (kind === "oneroster-users") return await planPeople(db, school, actor, rows);
  if (kind === "oneroster-classes") return await planClasses(db, school, actor, rows);
  return await planEnrollments(db, school, actor, rows);
}

async function planPeople(db: Database, school: School, actor: Actor, rows: readonly CsvRow[]): Promise<WriteRows | RowErrors> {
  const read = await readAll(rows, readRosterPerson);
  if ("errors" in read) return read;
  const { values, mistakes, fail } = read;
  const present = await lookUp(
    values,
    ({ login }) => login,
    (logins) =>
      db
        .selectFrom("users")
        .select(["login", "external_id"])
        .where("school_id", "=", school.id)
        .where("login", "in", logins)
        .execute(),
  );
  const ownerOf = new Map(present.map(({ login, external_id }) => [login, external_id]));
  const ids = new Set<string>();
  const logins = new Set<string>();
  for (const [i, person] of values.entries()) {
    const owner = ownerOf.get(person.login) ?? null;
    if (owner !== null && owner !== person.externalId) fail(i, "username", importText("taken-in-school"));
    if (ids.has(person.externalId)) fail(i, "sourcedId", importText("twice-in-file"));
    if (logins.has(person.login)) fail(i, "username", importText("twice-in-file"));
    ids.add(person.externalId);
    logins.add(person.login);
    const scopes = scopesMissingFor(actor, person.role).join(", ");
    if (scopes !== "") fail(i, "role", schoolText("key-manages-role", { role: person.role, scopes }));
  }
  if (mistakes.length > 0) return { errors: mistakes };
  return (change, from, to) =>
    countCreated(values.slice(from, to), ({ externalId, ...fields }: RosterPerson) =>
      upsertPerson({ change, actor, school, externalId, fields }),
    );
}

async function planClasses(db: Database, school: School, actor: Actor, rows: readonly CsvRow[]): Promise<WriteRows | RowErrors> {
  const read = await readAll(rows, readRosterClass);
  if ("errors" in read) return read;
  const { mistakes, fail } = read;
  const present = await lookUp(
    read.values,
    ({ name }) => name,
    (names) =>
      db
        .selectFrom("courses")
        .select(["name", "external_id"])
        .where("school_id", "=", school.id)
        .where("name", "in", names)
        .execute(),
  );
  const ownerOf = new Map(present.map(({ name, external_id }) => [name, external_id]));
  const names = new Set<string>();
  for (const [i, one] of read.values.entries()) {
    const owner = ownerOf.get(one.name) ?? null;
    if (owner !== null && owner !== one.externalId) fail(i, "title", schoolText("course-name-taken"));
    if (names.has(one.name)) fail(i, "title", importText("twice-in-file"));
    names.add(one.name);
  }
  if (mistakes.length > 0) return { errors: mistakes };
  // A class that the file deletes stays, with its lessons; an administrator decides.
  return (change, from, to) =>
    countCreated(
      read.values.slice(from, to).filter(({ isDeleted }) => !isDeleted),
      ({ externalId, name }: RosterClass) => upsertCourse({ change, actor, school, externalId, fields: { name } }),
    );
}

async function planEnrollments(
  db: Database,
  school: School,
  actor: Actor,
  rows: readonly CsvRow[],
): Promise<WriteRows | RowErrors> {
  const read = await readAll(rows, readRosterEnrollment);
  if ("errors" in read) return read;
  const { values, mistakes, fail } = read;
  const people = await lookUp(
    values,
    ({ userId }) => userId,
    (ids) =>
      db
        .selectFrom("users")
        .select(["id", "external_id"])
        .where("school_id", "=", school.id)
        .where("external_id", "in", ids)
        .execute(),
  );
  const courses = await lookUp(
    values,
    ({ classId }) => classId,
    (ids) => db.selectFrom("courses").selectAll().where("school_id", "=", school.id).where("external_id", "in", ids).execute(),
  );
  const personOf = new Map(people.map(({ id, external_id }) => [external_id, id]));
  const courseOf = new Map(courses.map((course) => [course.external_id, course]));
  for (const [i, { userId, classId, role }] of values.entries()) {
    if (!personOf.has(userId)) fail(i, "userSourcedId", schoolText("no-external-person", { id: userId }));
    if (!courseOf.has(classId)) fail(i, "classSourcedId", importText("no-course", { name: classId }));
    const scopes = scopesMissingFor(actor, role).join(", ");
    if (scopes !== "") fail(i, "role", schoolText("key-manages-role", { role, scopes }));
  }
  if (mistakes.length > 0) return { errors: mistakes };
  return async (change, from, to) => {
    const touched = new Set<string>();
    let added = 0;
    for (const enrollment of values.slice(from, to)) {
      const result = await enroll(
        change,
        courseOf.get(enrollment.classId)?.id ?? "",
        personOf.get(enrollment.userId) ?? "",
        enrollment,
      );
      if (result !== "unchanged") touched.add(enrollment.classId);
      if (result === "added") added++;
    }
    for (const classId of touched) {
      const course = courseOf.get(classId);
      if (!course) continue;
      const target = { schoolId: school.id, targetKind: "course", targetId: course.id };
      await change.audit({ action: "course.members", ...target, after: { source: "OneRoster" } });
      await change.emit("course.changed", school.id, courseEventData(course));
    }
    return added;
  };
}

async function enroll(
  { trx }: Change,
  courseId: string,
  userId: string,
  { role, isDeleted }: RosterEnrollment,
): Promise<"added" | "changed" | "unchanged"> {
  const members = trx.selectFrom("course_members").select("role").where("course_id", "=", courseId).where("user_id", "=", userId);
  const present = await members.executeTakeFirst();
  if (isDeleted) {
    if (!present) return "unchanged";
    await trx.deleteFrom("course_members").where("course_id", "=", courseId).where("user_id", "=", userId).execute();
    return "changed";
  }
  if (present?.role === role) return "unchanged";
  await trx
    .insertInto("course_members")
    .values({ course_id: courseId, user_id: userId, role })
    .onConflict((conflict) => conflict.columns(["course_id", "user_id"]).doUpdateSet({ role }))
    .execute();
  return present ? "changed" : "added";
}

type AllRows<Row> = {
  readonly values: readonly Row[];
  readonly mistakes: readonly RowError[];
  /** Reports what is wrong with the row of this index. */
  readonly fail: (i: number, column: string, text: RowError["text"]) => void;
};

/** The values of all rows, with a way to report what is wrong with one of them; or every error. */
async function readAll<Row>(rows: readonly CsvRow[], readRow: (row: CsvRow) => ReadRow<Row>): Promise<AllRows<Row> | RowErrors> {
  const errors: RowError[] = [];
  const values: Row[] = [];
  await forEachInSlices(rows, (row) => {
    const read = readRow(row);
    if ("errors" in read) errors.push(...read.errors);
    else values.push(read.value);
  });
  if (errors.length > 0) return { errors };
  const mistakes: RowError[] = [];
  const fail = (i: number, column: string, text: RowError["text"]): void => {
    mistakes.push({ line: rows[i]?.line ?? 0, column, text });
  };
  return { values, fail, mistakes };
}

async function lookUp<Row, FoundRow>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  query: (values: readonly string[]) => Promise<readonly FoundRow[]>,
): Promise<readonly FoundRow[]> {
  const values = [...new Set(rows.map(keyOf))];
  const found: FoundRow[] = [];
  for (let i = 0; i < values.length; i += VALUES_PER_QUERY) found.push(...(await query(values.slice(i, i + VALUES_PER_QUERY))));
  return found;
}

async function countCreated<Row>(
  rows: readonly Row[],
  upsert: (row: Row) => Promise<{ readonly result: string }>,
): Promise<number> {
  let created = 0;
  for (const row of rows) if ((await upsert(row)).result === "created") created++;
  return created;
}
