/** Creates, changes and deletes courses, with their members, as a directory says. */
import type { Actor } from "../../../access/actor.ts";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import { newId } from "../../../platform/id.ts";
import { brokenUniqueness } from "../../../platform/store/database-errors.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { scimText } from "../../foundation/messages/scim-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import { deletePolicies } from "../../foundation/store/delete-policies.ts";
import type { Course, School, User } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { changedColumns } from "../../foundation/upserts/changed-columns.ts";
import { DEFAULT_MEMBER_ROLE, MAY_BE } from "../../people/courses/add-members-route.ts";
import { courseEventData } from "../../people/courses/course.ts";
import { type GroupBefore, type GroupMember, type MemberRole, type WantedMembers, wantedGroup } from "./group-changes.ts";
import type { AttributeChange } from "./patch.ts";
import { scimError } from "./scim-form.ts";
import { scimUsers } from "./scim-users.ts";

/** Ids that one query looks up, rows that one statement writes. */
const AT_ONCE = 1000;
const NEW: GroupBefore = { name: "", external_id: null, members: new Map() };

export type GroupCall = {
  readonly change: Change;
  readonly actor: Actor;
  readonly school: School;
  readonly policyNotices: PolicyNotices;
};

/** A course with the same external id that the directory has deleted comes back with its lessons; the name of such a course is free. */
export async function createGroup(call: GroupCall, changes: readonly AttributeChange[]): Promise<Course> {
  const { change, school } = call;
  const wanted = wantedGroup(NEW, changes);
  const deleted = await deletedGroups(change, school, wanted);
  const returning = deleted.find(({ external_id: id }) => id !== null && id === wanted.external_id);
  for (const one of deleted) if (one !== returning && one.name === wanted.name) await freeName(call, one);
  if (returning) {
    const back = await save(call, returning, { deprovisioned_at: null });
    return await changeGroup(call, back, [], changes);
  }
  const row = { id: newId(), school_id: school.id, name: wanted.name, description: "", external_id: wanted.external_id };
  const course = await change.trx.insertInto("courses").values(row).returningAll().executeTakeFirstOrThrow();
  await change.audit({ action: "course.create", schoolId: school.id, targetKind: "course", targetId: course.id, after: course });
  await setMembers(call, course, new Map(), wanted.members);
  await change.emit("course.created", school.id, courseEventData(course));
  return course;
}

export async function changeGroup(
  call: GroupCall,
  before: Course,
  present: readonly GroupMember[],
  changes: readonly AttributeChange[],
): Promise<Course> {
  const { change, school } = call;
  const members = new Map(present.map(({ user_id: id, role, name }) => [id, { role, name }] as const));
  const { members: wanted, ...columns } = wantedGroup({ ...before, members }, changes);
  const after = await save(call, before, columns);
  const own = new Map([...members].map(([id, { role }]) => [id, role] as const));
  const hasChanged = await setMembers(call, before, own, wanted);
  if (hasChanged || after !== before) await change.emit("course.changed", school.id, courseEventData(after));
  return after;
}

/**
 * A course without lessons is deleted. One with lessons stays the school's, without its members, and the directory no longer sees it (RFC 7644
 * section 3.6): lessons and recordings are not the directory's to delete.
 */
export async function deleteGroup(call: GroupCall, before: Course, present: readonly GroupMember[]): Promise<void> {
  const { change, school, policyNotices } = call;
  const { trx } = change;
  const lessons = trx.selectFrom("lessons").select("id").where("course_id", "=", before.id);
  if (await lessons.limit(1).executeTakeFirst()) {
    await setMembers(call, before, new Map(present.map(({ user_id: id, role }) => [id, role])), new Map());
    const after = await save(call, before, { deprovisioned_at: new Date() });
    await change.emit("course.changed", school.id, courseEventData(after));
    return;
  }
  change.afterCommit(await deletePolicies(trx, policyNotices, { courseId: before.id }));
  await deleteRow(change, "courses", before);
  await change.audit({ action: "course.delete", schoolId: school.id, targetKind: "course", targetId: before.id, before });
  await change.emit("course.deleted", school.id, courseEventData(before));
}

type Columns = Partial<Pick<Course, "name" | "external_id" | "deprovisioned_at">>;

async function save({ change, school }: GroupCall, before: Course, columns: Columns): Promise<Course> {
  const changed = changedColumns(before, columns);
  if (Object.keys(changed).length === 0) return before;
  const after = await updateRow(change, "courses", before, changed);
  await change.audit({ action: "course.change", schoolId: school.id, targetKind: "course", targetId: before.id, before, after });
  return after;
}

/** Returns whether anybody was added, taken out, or has another role. @throws RefusalError invalidValue, where a member is unknown */
async function setMembers(
  { change, school }: GroupCall,
  course: Course,
  present: ReadonlyMap<string, MemberRole>,
  wanted: WantedMembers,
): Promise<boolean> {
  const { trx } = change;
  const gone = [...present.keys()].filter((id) => !wanted.has(id));
  const fresh = [...wanted].filter(([id, role]) => !present.has(id) || present.get(id) !== role);
  if (gone.length + fresh.length === 0) return false;
  const people = await peopleOf(
    change,
    school,
    fresh.map(([id]) => id),
  );
  const rows = fresh.map(([id, role]) => ({ course_id: course.id, user_id: id, role: roleOf(people.get(id), id, role) }));
  for (let i = 0; i < gone.length; i += AT_ONCE)
    await trx
      .deleteFrom("course_members")
      .where("course_id", "=", course.id)
      .where("user_id", "in", gone.slice(i, i + AT_ONCE))
      .execute();
  for (let i = 0; i < rows.length; i += AT_ONCE)
    await trx
      .insertInto("course_members")
      .values(rows.slice(i, i + AT_ONCE))
      .onConflict((conflict) =>
        conflict.columns(["course_id", "user_id"]).doUpdateSet((row) => ({ role: row.ref("excluded.role") })),
      )
      .execute();
  const counts = { removed: gone.length, added: fresh.length };
  await change.audit({ action: "course.members", schoolId: school.id, targetKind: "course", targetId: course.id, after: counts });
  return true;
}

type Person = Pick<User, "id" | "role">;

async function peopleOf({ trx }: Change, school: School, ids: readonly string[]): Promise<ReadonlyMap<string, Person>> {
  const people = new Map<string, Person>();
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    const some = scimUsers(trx, school.id).where("users.id", "in", ids.slice(i, i + AT_ONCE));
    for (const person of await some.select(["users.id", "users.role"]).execute()) people.set(person.id, person);
  }
  return people;
}

/** @throws RefusalError invalidValue, where the school has no such person, or the account may not have the role */
function roleOf(person: Person | undefined, id: string, wanted: MemberRole | null): MemberRole {
  if (!person) throw scimError("invalidValue", scimText("no-member", { id: id.slice(0, 100) }));
  const role = wanted ?? DEFAULT_MEMBER_ROLE[person.role];
  if (MAY_BE[role].includes(person.role)) return role;
  throw scimError("invalidValue", schoolText("member-role"));
}

function deletedGroups({ trx }: Change, school: School, wanted: Pick<Course, "name" | "external_id">): Promise<Course[]> {
  return trx
    .selectFrom("courses")
    .selectAll()
    .where("school_id", "=", school.id)
    .where("deprovisioned_at", "is not", null)
    .where((where) => where.or([where("name", "=", wanted.name), where("external_id", "=", wanted.external_id ?? "")]))
    .execute();
}

/** The deleted course keeps its name with a part of its id, which no other has. */
async function freeName(call: GroupCall, one: Course): Promise<void> {
  await save(call, one, { name: `${one.name.slice(0, 190)} (${one.id.slice(-7)})` });
}

/** For `catch` on a change of a course: another one has the name or the external id (RFC 7644 section 3.3). */
export function uniqueGroup(error: unknown): never {
  const constraint = brokenUniqueness(error);
  if (constraint === null) throw error;
  throw scimError("uniqueness", schoolText(constraint.endsWith("_external") ? "external-id-taken" : "course-name-taken"));
}
