/**
 * Erases what tells who a person was. Rows stay where others need them, under the name "removed person": recordings, attendance and counts are
 * as before. Erasing cannot be undone.
 */
import { type RawBuilder, sql, type Transaction } from "kysely";
import { json } from "../../../platform/store/store.ts";
import { eraseEntriesOf } from "../../classroom/personal-entries.ts";
import { eraseDevicesOf } from "../../classroom/presence/personal-attendance.ts";
import { eraseAnswers } from "../../classroom/quiz/personal-answers.ts";
import type { EventName } from "../../foundation/store/events.ts";
import { TABLE_PRIVACY, type Tables, type User } from "../../foundation/store/tables.ts";
import { eraseViewsOf } from "../../insight/playback-sessions/personal-views.ts";
import { readReferences } from "./delete-rows.ts";

export const REMOVED_PERSON = "removed person";

/** Fields of entries in the audit log that tell who somebody is, or what somebody wrote. */
const PERSONAL_COLUMNS = ["login", "name", "email", "external_id", "ip", "text"];

/**
 * References to people whose rows stay: what they taught, and where they were. Where a row may be without the person, such as slides that
 * others teach with, it stays without. All others go, also those of tables that are added later.
 */
const KEPT = ["lessons.teacher_id", "participants.user_id"];

/** Columns with the name of the account that did something. */
const NAMED = Object.entries(TABLE_PRIVACY).flatMap(([table, { erasure }]) =>
  Object.entries(erasure).flatMap(([column, word]) => (word === "by-name" ? [{ table, column }] : [])),
);

/** Everything about a person but the account's row, which `erasedColumns` overwrites. */
export async function eraseTraces(trx: Transaction<Tables>, user: User): Promise<void> {
  const { id } = user;
  // What was asked for about the person, and by the person, in words that may name somebody.
  await trx
    .updateTable("approvals")
    .set({ reason: "" })
    .where((where) => where.or([where("target_id", "=", id), where("asked_by", "=", id)]))
    .execute();
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
  await eraseParticipants(
    trx,
    participants.map((participant) => participant.id),
  );
  await trx
    .updateTable("audit")
    .set({ actor_name: REMOVED_PERSON, ip: "", ...REDACTED })
    .where("actor_id", "=", id)
    .execute();
  await eraseFromAudit(trx, [id]);
  await deleteDeliveries(trx, [id]);
  const who = json({ name: REMOVED_PERSON, ip: "" });
  await trx
    .updateTable("imports")
    .set({ requested_by: sql`requested_by || ${who}` })
    .where("created_by", "=", id)
    .execute();
  for (const { table, column } of NAMED)
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${REMOVED_PERSON} where ${sql.ref(column)} = ${user.name}`.execute(
      trx,
    );
  // Answers that were kept for repeated requests: of the person, and about the person.
  await trx
    .deleteFrom("idempotency")
    .where((where) => where.or([where("actor", "=", `user ${id}`), sql<boolean>`body::text like ${`%${id}%`}`]))
    .execute();
}

/** Everything about participants but their own rows: what they said, wrote and drew, with what they came, and what others' rows say of them. */
export async function eraseParticipants(trx: Transaction<Tables>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await eraseEntriesOf(trx, ids, REMOVED_PERSON);
  await eraseAnswers(trx, ids);
  await eraseDevicesOf(trx, ids);
  await eraseViewsOf(trx, ids);
  await eraseFromAudit(trx, ids);
  await deleteDeliveries(trx, ids);
  await eraseFromTitles(trx, ids);
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

/** Events that name people by their id alone, and that other systems go by: lessons and their recordings stay as they are. */
const WITHOUT_NAMES: readonly EventName[] = [
  ...(["lesson.created", "lesson.changed", "lesson.deleted", "lesson.restored"] as const),
  ...(["lesson.started", "lesson.ended", "stream.started", "stream.ended"] as const),
];

/**
 * Deletes deliveries that are about people or participants, also those that wait: they must not tell the name or the words any more. Events name
 * people in different fields (`userId`, `participantId`, `author`, `from`, `person`, a stream's name), so the ids are looked for anywhere.
 */
async function deleteDeliveries(trx: Transaction<Tables>, ids: readonly string[]): Promise<void> {
  await trx
    .deleteFrom("deliveries")
    .where("event", "not in", WITHOUT_NAMES)
    .where(mentions(sql.ref("body"), ids))
    .execute();
}

/** Whether a text contains one of the ids. They are so long that nothing else contains them. */
function mentions(text: RawBuilder<unknown>, ids: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`${text}::text like any(${ids.map((id) => `%${id}%`)}::text[])`;
}

/** The recording of a member's own camera has the name at the end of its title (`recordings/recording-update.ts`). */
async function eraseFromTitles(trx: Transaction<Tables>, participantIds: readonly string[]): Promise<void> {
  await trx
    .updateTable("recordings")
    .set((row) => ({
      title: sql`regexp_replace(title, ' · [^·]*$', ${` · ${REMOVED_PERSON}`})`,
      version: row("version", "+", 1),
    }))
    .where(sql<boolean>`name like any(${participantIds.map((id) => `%~${id}`)}::text[])`)
    .execute();
}

/** Without the salt nobody can guess from the digest of an entry what it said; the checkpoint holds on (`foundation/audit/checkpoint-digest.ts`). */
const REDACTED = { salt: null, redacted_at: sql<Date>`now()` };

/** Overwrites names, addresses and words in the audit entries about people or participants; what was done stays. */
async function eraseFromAudit(trx: Transaction<Tables>, ids: readonly string[]): Promise<void> {
  const entries = await trx
    .selectFrom("audit")
    .select(["id", "before", "after"])
    .where((where) => where.or([where("target_id", "in", ids), mentions(sql.ref("before"), ids), mentions(sql.ref("after"), ids)]))
    .execute();
  for (const { id, before, after } of entries)
    await trx
      .updateTable("audit")
      .set({ before: before && json(withoutPerson(before)), after: after && json(withoutPerson(after)), ...REDACTED })
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
