/** Provides two schools with people of every role on a database that undoes what is tried, for tests of who may do what. */
import assert from "node:assert/strict";
import { sql } from "kysely";
import type { Actor } from "../packages/server/src/access/actor.ts";
import type { ApiRoute } from "../packages/server/src/access/route.ts";
import type { Store } from "../packages/server/src/platform/store/store.ts";
import type { Database, Tables } from "../packages/server/src/school/foundation/store/tables.ts";
import { resourceTables } from "./fresh-resources.ts";
import { type Scope, until } from "./lectern.ts";
import { type RollbackStore, rollbackStore } from "./rollback-store.ts";
import { openSchool, type TestSchool } from "./school.ts";
import { requestFor } from "./school-requests.ts";
import { LETTERS, type Letter, openWorld, ROLE_OF, type SchoolWorld, type Things } from "./school-world.ts";

export type Rights = Pick<RollbackStore, "attempt"> & {
  readonly school: TestSchool;
  readonly own: SchoolWorld;
  readonly other: SchoolWorld;
  readonly ownThings: Things;
  readonly otherThings: Things;
  /** People of the own school, and a stranger. */
  readonly people: Readonly<Record<Letter, { readonly token: string | null; readonly actor: Actor }>>;
};

export async function openRights(t: Scope, store: Store<Tables>): Promise<Rights> {
  const rollback = await rollbackStore(store);
  const school = await openSchool(t, { store: rollback });
  const resources = resourceTables(school.routes);
  const own = await openWorld(rollback.db, "own", resources);
  const other = await openWorld(rollback.db, "other", resources);
  const people = await Promise.all(
    LETTERS.map(async (letter) => {
      const token = await own.signIn(letter, false);
      return [letter, { token, actor: await actorOf(school, token) }] as const;
    }),
  );
  return {
    attempt: rollback.attempt,
    school,
    own,
    other,
    ownThings: await own.fresh(),
    otherThings: await other.fresh(),
    people: Object.fromEntries(people) as Rights["people"],
  };
}

export function actorOf({ service }: TestSchool, token: string | null): Promise<Actor> {
  return service.actorOf(token === null ? null : { token, from: "bearer", isActive: true }, "10.0.0.1");
}

/** How the tests name a person's call about things of the own school or of another. */
export function cellName(route: ApiRoute, letter: Letter, isOwn: boolean): string {
  return `${route.id} ${letter === "G" ? "stranger" : ROLE_OF[letter]}(${letter}) ${isOwn ? "own" : "other"}`;
}

let serial = 0;

/** Makes a request that fits the route, from an address that no other has. */
export async function send({ call }: TestSchool, route: ApiRoute, things: Things, as: string | null) {
  const unique = `x${++serial}`;
  const { path, ...rest } = requestFor(route, things, unique);
  const answer = await call(route.method, path, {
    as,
    ...rest,
    ip: `10.${1 + (serial >> 16)}.${(serial >> 8) & 255}.${serial & 255}`,
  });
  return { status: answer.status, text: typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? null) };
}

/**
 * Makes calls that are to be refused, those of each group of routes in one attempt.
 * @returns what the calls say is wrong, and the tables that those of a group have changed
 */
export async function tryRefused(
  { school, attempt }: Rights,
  tryRoute: (route: ApiRoute) => Promise<readonly string[]>,
): Promise<string[]> {
  const { db } = school.service;
  const wrong: string[] = [];
  for (const [tag, routes] of Map.groupBy(school.routes, (route) => route.tag))
    await attempt(async () => {
      // What was looked at before is written now; a look at a thing of a school becomes one into the school with the second write.
      for (let write = 0; write < 2; write++) await school.service.writeReadings();
      const before = await contentOf(db);
      const newest = await newestOf(db);
      for (const route of routes) wrong.push(...(await tryRoute(route)));
      const now = await contentOf(db);
      const changed = Object.keys(now).filter((table) => now[table] !== before[table]);
      wrong.push(
        ...changed.map((table) => `${routes.map(({ id }) => id).join(", ")} (${tag}): a refused call has changed ${table}`),
      );
      if (changed.includes("audit")) wrong.push(...(await auditedSince(db, newest)));
    });
  return wrong;
}

async function newestOf(db: Database): Promise<string> {
  const newest = await db.selectFrom("audit").select("id").orderBy("id", "desc").limit(1).executeTakeFirst();
  return newest?.id ?? "";
}

/** What the audit log says of a change. */
async function auditedSince(db: Database, newest: string): Promise<readonly string[]> {
  const rows = await db.selectFrom("audit").selectAll().where("id", ">", newest).orderBy("id").execute();
  return rows.map((row) => JSON.stringify(row));
}

/** Waits for what goes on after its call: imports, grading, and the deletion of examinations and schools. */
export async function settled(db: Database): Promise<void> {
  await until(
    async () => !(await db.selectFrom("imports").select("id").where("state", "=", "running").executeTakeFirst()),
    "imports",
  );
  await until(
    async () => !(await db.selectFrom("schools").select("id").where("deleting_since", "is not", null).executeTakeFirst()),
    "schools that are deleted",
  );
  await until(
    async () => !(await db.selectFrom("exams").select("id").where("deleted_at", "is not", null).executeTakeFirst()),
    "examinations that are deleted",
  );
  await until(
    async () => !(await db.selectFrom("exam_attempts").select("id").where("grade_due_at", "is not", null).executeTakeFirst()),
    "attempts that are graded",
  );
}

/** Of each table. */
type Content = Readonly<Record<string, string>>;

/** Tables without versions. Those with versions are found in the schema, as the rows of all resources have one. */
const DIGESTED = [
  "passkeys",
  "course_members",
  "participants",
  "lesson_invitations",
  "places",
  "imports",
  "exemptions",
  "watchers",
  "screens",
  "guardians",
  "check_ins",
  "quality_rules",
  "exam_attempts",
  "exam_marks",
  "exam_markers",
  "exam_double_questions",
  "exam_markings",
  "marking_comments",
  "exam_regrades",
  "deliveries",
  "password_resets",
  "idempotency",
  "staff_notices",
];

/** A digest of each table of what the school holds, without sessions and the last use of keys, which the calls themselves need. */
async function contentOf(db: Database): Promise<Content> {
  await settled(db);
  const versioned = await tablesWithVersion(db);
  const digest = (table: string, row = "t::text", where = "true") =>
    sql`(${sql.lit(table)}, (select concat(count(*), ' ', sum(hashtextextended(${sql.raw(row)}, 0))) from ${sql.table(table)} t where ${sql.raw(where)}))`;
  // A lesson's roll-up proposes them from time to time; what was decided stays.
  const decided = digest("make_ups", "t::text", "state <> 'proposed'");
  // Uses of the environment's token are noted a moment after the call, and by address. Each minute the entries are put under a checkpoint.
  const entry = "(to_jsonb(t) - '{checkpoint,salt,digest}'::text[])::text";
  const audited = digest("audit", entry, "action not like 'operator-token.%'");
  const keys = digest("api_keys", "id || name || scopes::text");
  const digests = sql.join([...[...DIGESTED, ...versioned].map((table) => digest(table)), keys, decided, audited]);
  // `json_build_object` takes a hundred arguments.
  const { rows } = await sql<{ content: Content }>`
    select json_object_agg(name, digest) as content from (values ${digests}) digests (name, digest)`.execute(db);
  return rows[0]?.content ?? assert.fail("no content");
}

async function tablesWithVersion(db: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ table: string }>`
    select table_name as table from information_schema.columns
    where table_schema = current_schema() and column_name in ('id', 'version')
    group by table_name having count(*) = 2 order by table_name`.execute(db);
  return rows.map(({ table }) => table);
}
