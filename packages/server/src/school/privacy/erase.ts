/**
 * Erases what tells who a person was. Rows stay where others need them, under the name "removed person": recordings, attendance and counts are
 * as before. Erasing cannot be undone.
 */
import { sql, type Transaction } from "kysely";
import { json } from "../../platform/store/store.ts";
import { eraseEntriesOf } from "../classroom/personal-entries.ts";
import { eraseDevicesOf } from "../classroom/presence/personal-attendance.ts";
import { eraseAnswers } from "../classroom/quiz/personal-answers.ts";
import type { Tables, User } from "../store/tables.ts";
import { eraseViewsOf } from "../views/personal-views.ts";
import { readReferences } from "./delete-rows.ts";

export const REMOVED_PERSON = "removed person";

/** Columns of rows in the audit log that tell who somebody is. */
const PERSONAL_COLUMNS = ["login", "name", "email", "external_id", "ip"];

/**
 * References to people whose rows stay: what they taught, and where they were. Where a row may be without the person, such as slides that
 * others teach with, it stays without. All others go, also those of tables that are added later.
 */
const KEPT = ["lessons.teacher_id", "participants.user_id"];

/** Everything about a person but the account's row, which `erasedColumns` overwrites. */
export async function eraseTraces(trx: Transaction<Tables>, user: User): Promise<void> {
  const { id } = user;
  for (const { child, column, parent, isLoose } of await readReferences(trx)) {
    if (parent !== "users" || KEPT.includes(`${child}.${column}`)) continue;
    const theirs = sql`${sql.ref(column)} = ${id}`;
    if (isLoose) await sql`update ${sql.table(child)} set ${sql.ref(column)} = null where ${theirs}`.execute(trx);
    else await sql`delete from ${sql.table(child)} where ${theirs}`.execute(trx);
  }
  const participants = await trx
    .updateTable("participants")
    .set(ERASED_PARTICIPANT)
    .where("user_id", "=", id)
    .returning("id")
    .execute();
  const participantIds = participants.map((participant) => participant.id);
  await eraseEntriesOf(trx, participantIds, REMOVED_PERSON);
  await eraseAnswers(trx, participantIds);
  await eraseDevicesOf(trx, participantIds);
  await eraseViewsOf(trx, participantIds);
  await trx.updateTable("audit").set({ actor_name: REMOVED_PERSON, ip: "" }).where("actor_id", "=", id).execute();
  await eraseFromAudit(trx, [id, ...participantIds]);
  // Events and answers that were sent or kept with the person's name. What waits for a webhook goes too: it must not tell the name any more.
  await deleteDeliveries(trx, user.school_id, `"userId":"${id}"`);
  await trx.deleteFrom("idempotency").where(sql<boolean>`body->>'id' = ${id}`).execute();
}

/** The account's row after erasing: nobody can sign in with it. */
export function erasedColumns(user: User, now: Date) {
  return {
    login: `removed-${user.id}`,
    name: REMOVED_PERSON,
    email: null,
    external_id: null,
    password_hash: null,
    calendar_secret: null,
    disabled_at: user.disabled_at ?? now,
    erased_at: now,
  };
}

export const ERASED_PARTICIPANT = {
  name: REMOVED_PERSON,
  token_hash: null,
  device_hash: null,
  browser_hash: null,
  erased_at: sql<Date>`now()`,
};

/** Deletes the deliveries of a school's webhooks, and of the platform's, whose body has this text. */
export async function deleteDeliveries(trx: Transaction<Tables>, schoolId: string | null, text: string): Promise<void> {
  const webhooks = trx
    .selectFrom("webhooks")
    .select("id")
    .where((where) => where.or([where("school_id", "is", null), where("school_id", "=", schoolId)]));
  await trx.deleteFrom("deliveries").where("webhook_id", "in", webhooks).where("body", "like", `%${text}%`).execute();
}

/** Overwrites names and addresses in the audit entries about people or participants; what was done stays. */
export async function eraseFromAudit(trx: Transaction<Tables>, targetIds: readonly string[]): Promise<void> {
  const entries = await trx.selectFrom("audit").select(["id", "before", "after"]).where("target_id", "in", targetIds).execute();
  for (const { id, before, after } of entries)
    await trx
      .updateTable("audit")
      .set({ before: before && json(withoutPerson(before)), after: after && json(withoutPerson(after)) })
      .where("id", "=", id)
      .execute();
}

function withoutPerson(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      PERSONAL_COLUMNS.includes(column) && value !== null ? REMOVED_PERSON : value,
    ]),
  );
}
