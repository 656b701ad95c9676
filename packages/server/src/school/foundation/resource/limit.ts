/** Limits how many rows of a table belong to a school, a lesson or a person. Rows that are created at the same time count one after the other. */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Message } from "../../../platform/messages/message.ts";
import { noSuchSchool } from "../schools/scope.ts";
import type { Db, Tables } from "../store/tables.ts";

export type Limit = {
  readonly max: number;
  readonly refusal: Message;
  /** Which of the owner's rows count; default: all. */
  readonly counted?: RawBuilder<SqlBool>;
};

/** Whose rows are counted. A school of null: those of the platform. everybody: all rows of the table. */
export type Owner =
  | { readonly school: string | null }
  | { readonly lesson: string }
  | { readonly student: string }
  /** Whose passkeys they are. */
  | { readonly person: string }
  /** Whose address lists are being uploaded. */
  | { readonly listsOf: string | null }
  /** Who let in televisions. */
  | { readonly participant: string }
  | "everybody";

/**
 * Counts under a lock that is held until the end of the transaction: on the owner, or on the name of the table where no row stands for the owner.
 * @throws RefusalError not-found, where there is no such school; conflict, where the owner has as many as it may have
 */
export async function assertQuota(db: Db, table: keyof Tables, owner: Owner, limit: Limit): Promise<void> {
  const { max, refusal, counted = sql<SqlBool>`true` } = limit;
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)} where ${await lockedOwner(db, table, owner)} and ${counted}`.execute(db);
  if (Number(rows[0]?.count) >= max) throw new RefusalError("conflict", refusal);
}

/** Locks the owner. @returns which rows are the owner's */
async function lockedOwner(db: Db, table: string, owner: Owner) {
  if (owner === "everybody") {
    await lockTable(db, table);
    return sql<SqlBool>`true`;
  }
  if ("lesson" in owner) {
    await db.selectFrom("lessons").select("id").where("id", "=", owner.lesson).forNoKeyUpdate().execute();
    return sql<SqlBool>`lesson_id = ${owner.lesson}`;
  }
  if ("student" in owner) {
    await db.selectFrom("users").select("id").where("id", "=", owner.student).forNoKeyUpdate().execute();
    return sql<SqlBool>`child_id = ${owner.student}`;
  }
  if ("person" in owner) {
    await db.selectFrom("users").select("id").where("id", "=", owner.person).forNoKeyUpdate().execute();
    return sql<SqlBool>`user_id = ${owner.person}`;
  }
  if ("participant" in owner) {
    await db.selectFrom("participants").select("id").where("id", "=", owner.participant).forNoKeyUpdate().execute();
    return sql<SqlBool>`screen_of = ${owner.participant}`;
  }
  if ("listsOf" in owner) {
    await lockSchool(db, table, owner.listsOf);
    return sql<SqlBool>`list_id in (select id from address_lists where ${ofSchool(owner.listsOf)})`;
  }
  await lockSchool(db, table, owner.school);
  return ofSchool(owner.school);
}

function ofSchool(schoolId: string | null) {
  return schoolId === null ? sql<SqlBool>`school_id is null` : sql<SqlBool>`school_id = ${schoolId}`;
}

/** @param schoolId null: the platform, for which the table stands. @throws RefusalError not-found */
async function lockSchool(db: Db, table: string, schoolId: string | null): Promise<void> {
  if (schoolId === null) return await lockTable(db, table);
  const school = db.selectFrom("schools").select("id").where("id", "=", schoolId).forNoKeyUpdate();
  if (!(await school.executeTakeFirst())) throw noSuchSchool();
}

/** An advisory lock of the transaction (PostgreSQL manual, section 13.3.5). */
async function lockTable(db: Db, table: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`limit of ${table}`}))`.execute(db);
}
