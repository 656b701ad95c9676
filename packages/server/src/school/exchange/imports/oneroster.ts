/**
 * Reads the files of OneRoster (1EdTech OneRoster 1.1 and 1.2, CSV binding): users.csv, classes.csv and enrollments.csv. A person's or a class's
 * sourcedId is its external id here. Columns that have no use here are left unread, as the binding demands (section 2).
 */
import { z } from "zod";
import { validationErrorsOf } from "../../../platform/api/validation-errors.ts";
import type { Columns, CsvRow } from "../../foundation/csv/csv.ts";
import type { RowError } from "../../foundation/csv/row-error.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { externalId, text } from "../../foundation/requests/fields.ts";
import type { SCHOOL_ROLES } from "../../people/accounts/shapes.ts";
import { email, login, personName } from "../../people/accounts/shapes.ts";

export const ONEROSTER_KINDS = ["oneroster-users", "oneroster-classes", "oneroster-enrollments"] as const;
export type OneRosterKind = (typeof ONEROSTER_KINDS)[number];

export const ONEROSTER_COLUMNS: Readonly<Record<OneRosterKind, Columns>> = {
  "oneroster-users": {
    required: ["sourcedid", "username"],
    optional: ["status", "enableduser", "role", "givenname", "familyname", "email"],
    ignoresOthers: true,
  },
  "oneroster-classes": { required: ["sourcedid", "title"], optional: ["status"], ignoresOthers: true },
  "oneroster-enrollments": {
    required: ["classsourcedid", "usersourcedid", "role"],
    optional: ["sourcedid", "status"],
    ignoresOthers: true,
  },
};

type SchoolRole = (typeof SCHOOL_ROLES)[number];

/** OneRoster 1.1, 4.13.5 (RoleType), and the roles that 1.2 adds. 1.2 keeps roles in a file of their own: without one, a student. */
const ROLES: Readonly<Record<string, SchoolRole>> = {
  "": "student",
  student: "student",
  teacher: "teacher",
  aide: "assistant",
  proctor: "assistant",
  parent: "supervisor",
  guardian: "supervisor",
  relative: "supervisor",
  administrator: "administrator",
  sysadmin: "administrator",
};

export type RosterPerson = {
  readonly externalId: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: SchoolRole;
  readonly disabled: boolean;
};
export type RosterClass = { readonly externalId: string; readonly name: string; readonly isDeleted: boolean };
export type RosterEnrollment = {
  readonly classId: string;
  readonly userId: string;
  readonly role: Exclude<SchoolRole, "administrator">;
  readonly isDeleted: boolean;
};

export type ReadRow<Row> = { readonly value: Row } | { readonly errors: readonly RowError[] };

const personShape = z.object({ sourcedid: externalId, username: login, name: personName, email: email.nullable() });
const classShape = z.object({ sourcedid: externalId, title: text(200) });
const enrollmentShape = z.object({ classsourcedid: externalId, usersourcedid: externalId });

export function readRosterPerson({ line, cells }: CsvRow): ReadRow<RosterPerson> {
  const cell = cellsOf(cells);
  const name = fullName(cell("givenname"), cell("familyname")) || cell("username");
  const read = readFields(line, personShape, { ...cells, name, email: cell("email") || null });
  const role = ROLES[cell("role").toLowerCase()];
  const errors = [...("errors" in read ? read.errors : []), ...(role ? [] : [wrongRole(line)])];
  if (errors.length > 0 || "errors" in read || !role) return { errors };
  const { sourcedid, username, email: mail } = read.value;
  const disabled = isDeleted(cell("status")) || cell("enableduser").toLowerCase() === "false";
  return { value: { externalId: sourcedid, login: username, name: read.value.name, email: mail, role, disabled } };
}

export function readRosterClass({ line, cells }: CsvRow): ReadRow<RosterClass> {
  const read = readFields(line, classShape, cells);
  if ("errors" in read) return read;
  const { sourcedid, title } = read.value;
  return { value: { externalId: sourcedid, name: title, isDeleted: isDeleted(cells["status"] ?? "") } };
}

export function readRosterEnrollment({ line, cells }: CsvRow): ReadRow<RosterEnrollment> {
  const read = readFields(line, enrollmentShape, cells);
  const role = ROLES[(cells["role"] ?? "").toLowerCase()];
  const errors = [...("errors" in read ? read.errors : []), ...(role && role !== "administrator" ? [] : [wrongRole(line)])];
  if (errors.length > 0 || "errors" in read || !role || role === "administrator") return { errors };
  const { classsourcedid: classId, usersourcedid: userId } = read.value;
  return { value: { classId, userId, role, isDeleted: isDeleted(cells["status"] ?? "") } };
}

function readFields<S extends z.ZodType>(
  line: number,
  shape: S,
  values: Readonly<Record<string, unknown>>,
): { readonly value: z.output<S> } | { readonly errors: readonly RowError[] } {
  const read = shape.safeParse(values);
  if (read.success) return { value: read.data };
  return { errors: validationErrorsOf(shape, values).map(({ path, message }) => ({ line, column: path, text: message })) };
}

function cellsOf(cells: CsvRow["cells"]): (name: string) => string {
  return (name) => cells[name] ?? "";
}

/** Chinese, Japanese and Korean names have the family name first, and no space. */
function fullName(given: string, family: string): string {
  if (/^[\p{sc=Han}\p{sc=Hangul}]+$/u.test(given + family)) return family + given;
  return [given, family].filter((part) => part !== "").join(" ");
}

function isDeleted(status: string): boolean {
  return status.toLowerCase() === "tobedeleted";
}

function wrongRole(line: number): RowError {
  const values = Object.keys(ROLES).filter((role) => role !== "");
  return { line, column: "role", text: fieldText("one-of", { values: values.join(", ") }) };
}
