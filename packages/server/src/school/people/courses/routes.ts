/** Serves the API routes for courses and their members. */
import { z } from "zod";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, externalId, id, idParam, search } from "../../foundation/requests/fields.ts";
import { hasWords } from "../../foundation/requests/folded.ts";
import { listingQuery, listOf, listPage } from "../../foundation/requests/listing.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, EVERY_ROLE, requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import { checkLadder, ladderColumns, type PolicyControl, resendPolicies } from "../../foundation/schools/ladder-choice.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import { deletePolicies } from "../../foundation/store/delete-policies.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { checkMayManage } from "../accounts/account-rights.ts";
import { findUser } from "../accounts/user.ts";
import { addMembersRoute, MAY_BE } from "./add-members-route.ts";
import { COURSE_ORDERS, courseEventData, courseResponse, findCourse, visibleCourses } from "./course.ts";
import { changedCourse, courseShape, memberRole, memberShape, newCourse, newMember } from "./shapes.ts";

const TAG = "Courses";
const READ = requires("lessons:read", ...EVERY_ROLE);

export type CourseContext = RouteContext & { readonly streams: PolicyControl; readonly policyNotices: PolicyNotices };

export function courseRoutes(context: CourseContext): ApiRoute[] {
  const { streams, policyNotices } = context;
  const taken = schoolText("course-name-taken");
  const courses = resource(context, {
    table: "courses",
    path: "/courses/:courseId",
    tag: TAG,
    kind: "course",
    read: READ,
    write: requires("lessons:write", ...ADMINISTRATORS),
    owner: "school",
    missing: schoolText("no-course"),
    shape: courseShape,
    present: () => courseResponse,
    visible: visibleCourses,
  });
  return [
    listCoursesRoute(context),
    courses.create("createCourse", {
      summary: "Create a course",
      rights: ["++------", "+0------"],
      body: newCourse,
      taken,
      row: async (body, { trx, schoolId }) => {
        await checkLadder(trx, schoolId, body.ladder);
        const { name, description, externalId: external_id = null } = body;
        return { name, description, external_id, ...ladderColumns(body) };
      },
      also: ({ emit }, course) => emit("course.created", course.school_id, courseEventData(course)),
    }),
    courses.get("getCourse", { summary: "Get a course", rights: ["+++++++-", "+000000-"] }),
    courses.change("changeCourse", {
      summary: "Change a course",
      rights: ["++------", "+0------"],
      body: changedCourse,
      taken,
      columns: async (body, { school_id: schoolId }, { trx }) => {
        await checkLadder(trx, schoolId, body.ladder);
        const { name, description, externalId: external_id } = body;
        return definedFields({ name, description, external_id, ...ladderColumns(body) });
      },
      also: async (change, after, before) => {
        await resendPolicies(change, streams, { courseId: before.id }, before, after);
        await change.emit("course.changed", after.school_id, courseEventData(after));
      },
    }),
    courses.delete("deleteCourse", {
      summary: "Delete a course; refused while it has lessons, papers or examinations",
      rights: ["++------", "+0------"],
      refusals: ["conflict"],
      check: async ({ trx, afterCommit }, { id: courseId }) => {
        await leaveCourse(trx, courseId);
        afterCommit(await deletePolicies(trx, policyNotices, { courseId }));
      },
      also: ({ emit }, course) => emit("course.deleted", course.school_id, courseEventData(course)),
    }),
    listMembersRoute(context),
    addMembersRoute(context),
    putMemberRoute(context),
    deleteMemberRoute(context),
  ];
}

/** Lessons in the bin lose it. @throws RefusalError conflict, where it has others */
async function leaveCourse(db: Db, courseId: string): Promise<void> {
  const lessons = db.selectFrom("lessons").select("id").where("course_id", "=", courseId).where("deleted_at", "is", null);
  if (await lessons.limit(1).executeTakeFirst()) throw new RefusalError("conflict", schoolText("course-has-lessons"));
  // Without the course everybody of the school would be a candidate, and all teachers would see the questions.
  const exams = db.selectFrom("exams").select("id").where("course_id", "=", courseId).where("deleted_at", "is", null);
  const papers = db.selectFrom("exam_papers").select("id").where("course_id", "=", courseId);
  if ((await exams.limit(1).executeTakeFirst()) || (await papers.limit(1).executeTakeFirst()))
    throw new RefusalError("conflict", schoolText("course-has-exams"));
  await db
    .updateTable("lessons")
    .set((row) => ({ course_id: null, version: row("version", "+", 1) }))
    .where("course_id", "=", courseId)
    .execute();
}

function listCoursesRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listCourses",
    method: "GET",
    path: "/courses",
    tag: TAG,
    summary: "List courses: all of the school for its staff, else the own courses",
    access: READ,
    rights: ["+++++++-", "+000000-"],
    query: z.strictObject({
      ...listingQuery("name", "updatedAt"),
      externalId: externalId.optional(),
      schoolId: id.optional(),
      search: search.describe("Words of the name, in any order, without accents."),
    }),
    status: 200,
    answer: listOf(courseShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { schoolId, search, ...rest } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = visibleCourses(db, actor);
      if (school !== null) matching = matching.where("courses.school_id", "=", school);
      if (search) matching = matching.where(({ ref }) => hasWords(search, [ref("courses.name")]));
      if (rest.externalId) matching = matching.where("courses.external_id", "=", rest.externalId);
      return { body: await listPage(matching, "courses", COURSE_ORDERS, rest, courseResponse) };
    },
  });
}

function listMembersRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listMembers",
    method: "GET",
    path: "/courses/:courseId/members",
    tag: TAG,
    summary: "List members of a course",
    access: requires("people:read", ...STAFF),
    rights: ["+++++---", "+0000---"],
    reads: "people",
    params: idParam("courseId"),
    query: z.strictObject({
      ...paging,
      role: memberRole.optional(),
      search: search.describe("Words of the name or the login, in any order, without accents."),
    }),
    status: 200,
    answer: pageOf(memberShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "", role, search } }) => {
      const course = await findCourse(db, actor, params.courseId);
      let matching = db
        .selectFrom("course_members")
        .innerJoin("users", "users.id", "course_members.user_id")
        .select(["users.id", "users.login", "users.name", "course_members.role"])
        .where("course_id", "=", course.id)
        .where("users.id", ">", cursor);
      if (role) matching = matching.where("course_members.role", "=", role);
      if (search) matching = matching.where(({ ref }) => hasWords(search, [ref("users.name"), ref("users.login")]));
      const rows = await matching
        .orderBy("users.id")
        .limit(limit + 1)
        .execute();
      return { body: toPage(rows, limit, ({ id: userId, ...rest }) => ({ userId, ...rest })) };
    },
  });
}

function putMemberRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "putMember",
    method: "PUT",
    path: "/courses/:courseId/members/:userId",
    tag: TAG,
    summary: "Add a person to a course, or change their role in it",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: z.strictObject({ courseId: id, userId: id }),
    body: newMember,
    status: 200,
    answer: memberShape,
    refusals: ["not-found", "bad-request", "database-away"],
    handle: ({ actor, params, body }) =>
      changes.transact({ actor }, async (change) => {
        const course = await findCourse(change.trx, actor, params.courseId);
        const user = await findUser(change.trx, actor, params.userId);
        const before = await change.trx
          .selectFrom("course_members")
          .select("role")
          .where("course_id", "=", course.id)
          .where("user_id", "=", user.id)
          .executeTakeFirst();
        checkMayManage(actor, body.role, ...staffRole(before));
        if (user.school_id !== course.school_id) throw new RefusalError("not-found", schoolText("no-person-in-school"));
        if (!MAY_BE[body.role].includes(user.role)) throw new RefusalError("bad-request", schoolText("member-role"));
        const row = { course_id: course.id, user_id: user.id, role: body.role };
        await change.trx
          .insertInto("course_members")
          .values(row)
          .onConflict((conflict) => conflict.columns(["course_id", "user_id"]).doUpdateSet({ role: body.role }))
          .execute();
        await change.audit({
          action: "course.member",
          schoolId: course.school_id,
          targetKind: "course",
          targetId: course.id,
          after: row,
        });
        await change.emit("course.changed", course.school_id, courseEventData(course));
        return { body: { userId: user.id, login: user.login, name: user.name, role: body.role } };
      }),
  });
}

function deleteMemberRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "deleteMember",
    method: "DELETE",
    path: "/courses/:courseId/members/:userId",
    tag: TAG,
    summary: "Remove a person from a course",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: z.strictObject({ courseId: id, userId: id }),
    status: 204,
    answer: null,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const course = await findCourse(change.trx, actor, params.courseId);
        const removed = await change.trx
          .deleteFrom("course_members")
          .where("course_id", "=", course.id)
          .where("user_id", "=", params.userId)
          .returningAll()
          .executeTakeFirst();
        if (!removed) throw new RefusalError("not-found", schoolText("not-a-member"));
        checkMayManage(actor, ...staffRole(removed));
        await change.audit({
          action: "course.leave",
          schoolId: course.school_id,
          targetKind: "course",
          targetId: course.id,
          before: removed,
        });
        await change.emit("course.changed", course.school_id, courseEventData(course));
        return { body: null };
      }),
  });
}

/** What a key needs to take a membership away: nobody is below students and observers. */
function staffRole(member: { readonly role: z.output<typeof memberRole> } | undefined): readonly ("teacher" | "assistant")[] {
  return member?.role === "teacher" || member?.role === "assistant" ? [member.role] : [];
}
