/** Creates or changes courses, with their members, by ids of the school's own system. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import type { ApiRoute } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { externalId, text } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Course, School } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { changedColumns } from "../../foundation/upserts/changed-columns.ts";
import { type UpsertCall, type Upserted, upsertRoutes } from "../../foundation/upserts/upsert-routes.ts";
import { checkMayManage } from "../accounts/account-rights.ts";
import { courseEventData } from "./course.ts";
import { memberRole } from "./shapes.ts";

const MAX_MEMBERS = 2000;
const courseFields = {
  name: text(200),
  description: z.string().max(10_000).optional(),
  members: z
    .array(z.strictObject({ externalId, role: memberRole }))
    .max(MAX_MEMBERS)
    .optional()
    .describe("All members of the course, by their own external ids; others are taken out. Without it, the members stay."),
};
export type CourseFields = z.output<z.ZodObject<typeof courseFields>>;

export function upsertCoursesRoutes(context: RouteContext): ApiRoute[] {
  return upsertRoutes(context, {
    name: "Course",
    path: "/courses",
    tag: "Courses",
    what: "a course and its members",
    scope: "people:write",
    roles: ADMINISTRATORS,
    fields: courseFields,
    upsert: upsertCourse,
  });
}

/** A course with the same name and no external id becomes this course. */
export async function upsertCourse({ change, actor, school, externalId, fields }: UpsertCall<CourseFields>): Promise<Upserted> {
  const { trx } = change;
  const ofSchool = trx.selectFrom("courses").selectAll().where("school_id", "=", school.id);
  const before =
    (await ofSchool.where("external_id", "=", externalId).executeTakeFirst()) ??
    (await ofSchool.where("name", "=", fields.name).where("external_id", "is", null).executeTakeFirst());
  const { members, ...columns } = fields;
  const target = { schoolId: school.id, targetKind: "course" };
  let course: Course;
  let result: Upserted["result"] = "unchanged";
  if (before) {
    const changed = changedColumns(before, { ...columns, external_id: externalId });
    course = before;
    if (Object.keys(changed).length > 0) {
      course = await updateRow(change, "courses", before, changed);
      result = "changed";
      await change.audit({ action: "course.change", ...target, targetId: course.id, before, after: course });
    }
  } else {
    const row = { id: newId(), school_id: school.id, external_id: externalId, ...columns, description: fields.description ?? "" };
    course = await trx.insertInto("courses").values(row).returningAll().executeTakeFirstOrThrow();
    result = "created";
    await change.audit({ action: "course.create", ...target, targetId: course.id, after: course });
  }
  const haveMembersChanged = members !== undefined && (await setMembers(change, actor, school, course, members));
  if (haveMembersChanged && result === "unchanged") result = "changed";
  if (result !== "unchanged")
    await change.emit(result === "created" ? "course.created" : "course.changed", school.id, courseEventData(course));
  return { id: course.id, result };
}

/** Returns whether anybody was added, taken out, or has another role. @throws RefusalError not-found, where a member is unknown */
async function setMembers(
  change: Change,
  actor: Actor,
  school: School,
  course: Course,
  members: NonNullable<CourseFields["members"]>,
): Promise<boolean> {
  const { trx } = change;
  const present = await trx.selectFrom("course_members").selectAll().where("course_id", "=", course.id).execute();
  const people = await trx
    .selectFrom("users")
    .select(["id", "external_id"])
    .where("school_id", "=", school.id)
    .where("external_id", "in", ["", ...members.map((member) => member.externalId)])
    .execute();
  const idOf = new Map(people.map((person) => [person.external_id, person.id]));
  const wanted = new Map<string, z.output<typeof memberRole>>();
  for (const member of members) {
    const userId = idOf.get(member.externalId);
    if (userId === undefined) throw new RefusalError("not-found", schoolText("no-external-person", { id: member.externalId }));
    wanted.set(userId, member.role);
  }
  const gone = present.filter(({ user_id }) => !wanted.has(user_id));
  const fresh = [...wanted].filter(([userId, role]) => present.every((row) => row.user_id !== userId || row.role !== role));
  if (gone.length + fresh.length === 0) return false;
  checkMayManage(actor, ...fresh.map(([, role]) => role), ...gone.map(({ role }) => role));
  for (const { user_id: userId } of gone)
    await trx.deleteFrom("course_members").where("course_id", "=", course.id).where("user_id", "=", userId).execute();
  for (const [userId, role] of fresh)
    await trx
      .insertInto("course_members")
      .values({ course_id: course.id, user_id: userId, role })
      .onConflict((conflict) => conflict.columns(["course_id", "user_id"]).doUpdateSet({ role }))
      .execute();
  const counts = { removed: gone.length, added: fresh.length };
  await change.audit({ action: "course.members", schoolId: school.id, targetKind: "course", targetId: course.id, after: counts });
  return true;
}
