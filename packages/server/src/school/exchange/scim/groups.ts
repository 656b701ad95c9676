/** Makes the courses of a school the Groups of its directory: RFC 7643 section 4.2. */
import { createHash } from "node:crypto";
import { type SqlBool, sql } from "kysely";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Course, Db } from "../../foundation/store/tables.ts";
import type { Columns } from "./conditions.ts";
import type { GroupMember } from "./group-changes.ts";
import { type Kind, locationOf } from "./resource-routes.ts";
import { USER_PATH } from "./scim-users.ts";
import { changeGroup, createGroup, deleteGroup, uniqueGroup } from "./write-group.ts";

export const GROUP_PATH = { path: "/Groups" } as const;

export const GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** 72 bits. */
const DIGEST_LETTERS = 12;

const GROUP_COLUMNS: Columns = {
  id: { type: "exact", column: sql`courses.id` },
  externalid: { type: "exact", column: sql`courses.external_id` },
  displayname: { type: "text", column: sql`courses.name` },
  members: {
    type: "many",
    some: (condition) => sql<SqlBool>`exists (select 1 from course_members join users on users.id = course_members.user_id
      where course_members.course_id = courses.id and ${condition})`,
    columns: {
      value: { type: "exact", column: sql`course_members.user_id` },
      display: { type: "text", column: sql`users.name` },
      role: { type: "text", column: sql`course_members.role` },
      type: { type: "constant", value: "User", present: sql<SqlBool>`true` },
    },
  },
  "meta.resourcetype": { type: "constant", value: "Group", present: sql<SqlBool>`true` },
  "meta.created": { type: "instant", column: sql`courses.created_at` },
  "meta.lastmodified": { type: "instant", column: sql`courses.updated_at` },
};

/** Courses of a school that its directory sees: not those that it has deleted and that stay for their lessons. */
function scimGroups(db: Db, schoolId: string) {
  return db.selectFrom("courses").where("courses.school_id", "=", schoolId).where("courses.deprovisioned_at", "is", null);
}

/** In the order of their ids. */
function membersOf(db: Db, courseIds: readonly string[]): Promise<readonly GroupMember[]> {
  if (courseIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom("course_members")
    .innerJoin("users", "users.id", "course_members.user_id")
    .select(["course_members.course_id", "course_members.user_id", "course_members.role", "users.name"])
    .where("course_members.course_id", "in", courseIds)
    .orderBy("course_members.user_id")
    .execute();
}

type Group = { readonly course: Course; readonly members: readonly GroupMember[] };

/** The tag of a course with its members, whom other routes change without a new version of the course. */
function groupTag({ course: { version }, members }: Group): string {
  const hash = createHash("sha256");
  for (const { user_id: id, role } of members) hash.update(`${id} ${role}\n`);
  return `W/"v${version}.${hash.digest("base64url").slice(0, DIGEST_LETTERS)}"`;
}

/** @param origin of this server, for addresses */
function groupResource({ course, members }: Group, origin: string) {
  return {
    schemas: [GROUP_SCHEMA],
    id: course.id,
    ...(course.external_id === null ? {} : { externalId: course.external_id }),
    displayName: course.name,
    members: members.map(({ user_id: value, name: display, role }) => ({
      value,
      display,
      role,
      type: "User",
      $ref: locationOf(USER_PATH, value, origin),
    })),
    meta: {
      resourceType: "Group",
      created: course.created_at.toISOString(),
      lastModified: course.updated_at.toISOString(),
      location: locationOf(GROUP_PATH, course.id, origin),
      version: groupTag({ course, members }),
    },
  };
}

export function groupKind(policyNotices: PolicyNotices): Kind<Group & { readonly id: string }> {
  const withMembers = async (db: Db, courses: readonly Course[]) => {
    const members = Map.groupBy(
      await membersOf(
        db,
        courses.map(({ id }) => id),
      ),
      ({ course_id: id }) => id,
    );
    return courses.map((course) => ({ id: course.id, course, members: members.get(course.id) ?? [] }));
  };
  const one = async (db: Db, course: Course) => {
    const [group] = await withMembers(db, [course]);
    return group ?? { id: course.id, course, members: [] };
  };
  return {
    name: "Group",
    path: GROUP_PATH.path,
    param: "courseId",
    what: "course",
    missing: schoolText("no-course"),
    columns: () => GROUP_COLUMNS,
    list: async (db, schoolId, { condition, order, direction, page }) => {
      const matching = scimGroups(db, schoolId).where(condition);
      const { total } = await matching.select(({ fn }) => fn.countAll<string>().as("total")).executeTakeFirstOrThrow();
      const sorted = matching.selectAll("courses").orderBy(order, direction).orderBy("courses.id");
      const rows = page.limit === 0 ? [] : await sorted.offset(page.offset).limit(page.limit).execute();
      return { total: Number(total), rows: await withMembers(db, rows) };
    },
    find: async (db, schoolId, id) => {
      const course = await scimGroups(db, schoolId).where("courses.id", "=", id).selectAll("courses").executeTakeFirst();
      return course ? await one(db, course) : null;
    },
    show: async (_db, groups, _query, origin) => groups.map((group) => groupResource(group, origin)),
    tagOf: groupTag,
    create: async (call, changes) => await one(call.change.trx, await createGroup({ policyNotices, ...call }, changes)),
    change: async (call, { course, members }, changes) =>
      await one(call.change.trx, await changeGroup({ policyNotices, ...call }, course, members, changes)),
    delete: (call, { course, members }) => deleteGroup({ policyNotices, ...call }, course, members),
    unique: uniqueGroup,
  };
}
