/** Finds or makes the account of a person whom a platform names, and their place in a course. The account belongs to issuer and subject. */
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { ltiText } from "../../foundation/messages/lti-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Course, User } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { recordChanged } from "../../people/accounts/person-record.ts";
import { courseEventData } from "../../people/courses/course.ts";
import { insertPerson } from "../../people/sign-on/identity.ts";
import type { Claims } from "../../people/sign-on/protocol/claims.ts";
import { isNameless, profileOf } from "../../people/sign-on/protocol/claims.ts";
import type { Launch } from "./claims.ts";
import { isStandIn, standInName } from "./nameless.ts";
import { isStronger, type LaunchRole } from "./roles.ts";

/** @throws RefusalError refused-by-rule, where the account is disabled, or is one of an administrator */
export async function personOfLaunch(
  change: Change,
  platform: LtiPlatform,
  launch: Launch,
  role: LaunchRole,
  claims: Claims,
): Promise<User> {
  const { school_id, issuer } = platform;
  const user = await change.trx
    .selectFrom("lti_people")
    .innerJoin("users", "users.id", "lti_people.user_id")
    .selectAll("users")
    .where("lti_people.school_id", "=", school_id)
    .where("issuer", "=", issuer)
    .where("subject", "=", launch.subject)
    .executeTakeFirst();
  if (user?.disabled_at) throw new RefusalError("refused-by-rule", schoolText("account-disabled"));
  // Somebody made the account an administrator by hand. The platform must not be able to act as one.
  if (user && (user.role === "administrator" || user.role === "operator"))
    throw new RefusalError("refused-by-rule", ltiText("launch-administrator"));
  const profile = profileOf(claims);
  const nameOf = async () => (isNameless(claims) ? await standInName(change, platform, launch, role, claims) : profile.name);
  if (user) {
    // Platforms may begin to send names, and stop it again.
    const name = isStandIn(user.name, isNameless(claims)) ? await nameOf() : user.name;
    return await follow(change, user, { name, role: isStronger(role, user.role) ? role : user.role });
  }
  const made = await insertPerson(change, school_id, { ...profile, name: await nameOf() }, role);
  const row = { school_id, issuer, subject: launch.subject, user_id: made.id };
  await change.trx.insertInto("lti_people").values(row).execute();
  return made;
}

async function follow(change: Change, before: User, now: Pick<User, "name" | "role">): Promise<User> {
  if (now.name === before.name && now.role === before.role) return before;
  const after = await updateRow(change, "users", before, now);
  await recordChanged(change, before, after);
  return after;
}

/** Follows the role that the platform names for the course. A membership that was made by hand stays as it is. */
export async function joinCourse(
  change: Change,
  platform: LtiPlatform,
  course: Course,
  user: User,
  role: LaunchRole,
): Promise<void> {
  const { trx } = change;
  const members = trx.selectFrom("course_members").selectAll().where("course_id", "=", course.id).where("user_id", "=", user.id);
  const before = await members.executeTakeFirst();
  if (before && (before.role === role || before.provider_id !== platform.id)) return;
  const row = { course_id: course.id, user_id: user.id, role, provider_id: platform.id };
  await trx
    .insertInto("course_members")
    .values(row)
    .onConflict((conflict) => conflict.columns(["course_id", "user_id"]).doUpdateSet({ role }))
    .execute();
  const target = { schoolId: course.school_id, targetKind: "course", targetId: course.id };
  await change.audit({ action: "course.member", ...target, before: before ?? null, after: row });
  await change.emit("course.changed", course.school_id, courseEventData(course));
}

/** The course of a platform's context; null where no teacher has opened anything of it yet. */
export async function courseOfContext(
  { trx }: Pick<Change, "trx">,
  platform: LtiPlatform,
  { deploymentId, context }: Launch,
): Promise<Course | null> {
  const course = await trx
    .selectFrom("lti_courses")
    .innerJoin("courses", "courses.id", "lti_courses.course_id")
    .selectAll("courses")
    .where("platform_id", "=", platform.id)
    .where("deployment_id", "=", deploymentId)
    .where("context_id", "=", context.id)
    .executeTakeFirst();
  return course ?? null;
}

/** Makes the course of a context that has none. */
export async function makeCourse(change: Change, platform: LtiPlatform, { deploymentId, context }: Launch): Promise<Course> {
  const { trx } = change;
  const name = await freeCourseName(change, platform, context.title || platform.name);
  const course = await trx
    .insertInto("courses")
    .values({ id: newId(), school_id: platform.school_id, name, description: "", external_id: null })
    .returningAll()
    .executeTakeFirstOrThrow();
  const row = { platform_id: platform.id, deployment_id: deploymentId, context_id: context.id, course_id: course.id };
  await trx.insertInto("lti_courses").values(row).execute();
  const target = { schoolId: course.school_id, targetKind: "course", targetId: course.id };
  await change.audit({ action: "course.create", ...target, after: course });
  await change.emit("course.created", course.school_id, courseEventData(course));
  return course;
}

async function freeCourseName({ trx }: Change, platform: LtiPlatform, wanted: string): Promise<string> {
  const names = [wanted, `${wanted} (${platform.name})`.slice(0, 200)];
  for (const name of names) {
    const taken = trx.selectFrom("courses").select("id").where("school_id", "=", platform.school_id).where("name", "=", name);
    if (!(await taken.executeTakeFirst())) return name;
  }
  return `${wanted.slice(0, 150)} (${newId().slice(-8)})`;
}
