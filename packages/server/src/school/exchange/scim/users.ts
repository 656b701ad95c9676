/** Makes the people of a school the Users of its directory: RFC 7643 section 4.1. */
import { type SqlBool, sql } from "kysely";
import { hasMail, hidesMail } from "../../foundation/encryption/blind-index.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import type { AccountContext } from "../../people/accounts/account-context.ts";
import { loginName } from "../../people/accounts/login-name.ts";
import type { Columns } from "./conditions.ts";
import { GROUP_PATH } from "./groups.ts";
import { hasAttribute } from "./projection.ts";
import { type Kind, locationOf } from "./resource-routes.ts";
import { scimUsers, USER_PATH } from "./scim-users.ts";
import { changePerson, createPerson, deletePerson, uniquePerson } from "./write-person.ts";

export const USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";

const withMail = sql<SqlBool>`(users.email is not null)`;
const always = sql<SqlBool>`true`;
/** What a provider alone has said of somebody is found by nobody who looks for a person of the directory: the external id is, or the account's id. */
const confirmed = sql<SqlBool>`(not users.login_asserted)`;
const mail = { type: "text", column: sql`users.email`, only: confirmed } as const;
const role = { type: "text", column: sql`users.role` } as const;
const name = { type: "text", column: sql`users.name`, only: confirmed } as const;

const USER_COLUMNS: Columns = {
  id: { type: "exact", column: sql`users.id` },
  externalid: { type: "exact", column: sql`users.external_id` },
  username: { type: "exact", column: sql`users.login`, stored: loginName, only: confirmed },
  displayname: name,
  "name.formatted": name,
  emails: mail,
  "emails.value": mail,
  "emails.type": { type: "constant", value: "work", present: withMail },
  "emails.primary": { type: "constant", value: true, present: withMail },
  active: { type: "boolean", column: sql`(users.disabled_at is null)` },
  roles: role,
  "roles.value": role,
  "roles.primary": { type: "constant", value: true, present: always },
  groups: {
    type: "many",
    some: (condition) => sql<SqlBool>`exists (select 1 from course_members join courses on courses.id = course_members.course_id
      where course_members.user_id = users.id and courses.deprovisioned_at is null and ${condition})`,
    columns: {
      value: { type: "exact", column: sql`courses.id` },
      display: { type: "text", column: sql`courses.name` },
    },
  },
  "meta.resourcetype": { type: "constant", value: "User", present: always },
  "meta.created": { type: "instant", column: sql`users.created_at` },
  "meta.lastmodified": { type: "instant", column: sql`users.updated_at` },
};

/** A mail address that is encrypted is found as a whole. */
function userColumns(db: Db): Columns {
  if (!hidesMail(db)) return USER_COLUMNS;
  const column = sql<string | null>`users.email`;
  const equals = (text: string) => sql<SqlBool>`(${hasMail(db, column, [text])} and ${confirmed})`;
  const hidden = { type: "equal", column, equals } as const;
  return { ...USER_COLUMNS, emails: hidden, "emails.value": hidden };
}

/** The tag of an account: weak, because what is shown depends on the request (RFC 7644 section 3.14). */
function userTag(user: Pick<User, "version">): string {
  return `W/"v${user.version}"`;
}

type GroupOfUser = { readonly id: string; readonly name: string };

/** @param origin of this server, for addresses */
function userResource(user: User, groups: readonly GroupOfUser[], origin: string) {
  return {
    schemas: [USER_SCHEMA],
    id: user.id,
    ...(user.external_id === null ? {} : { externalId: user.external_id }),
    userName: user.login,
    name: { formatted: user.name },
    displayName: user.name,
    active: user.disabled_at === null,
    emails: user.email === null ? [] : [{ value: user.email, type: "work", primary: true }],
    roles: [{ value: user.role, primary: true }],
    groups: groups.map(({ id: value, name: display }) => ({
      value,
      display,
      $ref: locationOf(GROUP_PATH, value, origin),
      type: "direct",
    })),
    meta: {
      resourceType: "User",
      created: user.created_at.toISOString(),
      lastModified: user.updated_at.toISOString(),
      location: locationOf(USER_PATH, user.id, origin),
      version: userTag(user),
    },
  };
}

/** The courses of each of the people, by their ids. */
async function groupsOfUsers(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, readonly GroupOfUser[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("course_members")
    .innerJoin("courses", "courses.id", "course_members.course_id")
    .select(["course_members.user_id", "courses.id", "courses.name"])
    .where("course_members.user_id", "in", ids)
    .where("courses.deprovisioned_at", "is", null)
    .orderBy("courses.id")
    .execute();
  return Map.groupBy(rows, ({ user_id }) => user_id);
}

export function userKind(context: AccountContext): Kind<User> {
  return {
    name: "User",
    path: USER_PATH.path,
    param: "userId",
    what: "person",
    missing: schoolText("no-person"),
    columns: userColumns,
    list: async (db, schoolId, { condition, order, direction, page }) => {
      const matching = scimUsers(db, schoolId).where(condition);
      const { total } = await matching.select(({ fn }) => fn.countAll<string>().as("total")).executeTakeFirstOrThrow();
      const sorted = matching.selectAll("users").orderBy(order, direction).orderBy("users.id");
      const rows = page.limit === 0 ? [] : await sorted.offset(page.offset).limit(page.limit).execute();
      return { total: Number(total), rows };
    },
    find: async (db, schoolId, id) =>
      (await scimUsers(db, schoolId).where("users.id", "=", id).selectAll("users").executeTakeFirst()) ?? null,
    show: async (db, users, query, origin) => {
      const ids = users.map(({ id }) => id);
      const groups = hasAttribute(query, "groups") ? await groupsOfUsers(db, ids) : new Map<string, GroupOfUser[]>();
      return users.map((user) => userResource(user, groups.get(user.id) ?? [], origin));
    },
    tagOf: userTag,
    create: (call, changes) => createPerson({ context, ...call }, changes),
    change: (call, user, changes) => changePerson({ context, ...call }, user, changes),
    delete: (call, user) => deletePerson({ context, ...call }, user),
    unique: uniquePerson,
  };
}
