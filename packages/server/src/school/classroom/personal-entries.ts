/** Defines what the entries of rooms have about a person: for the person's archive, and to erase it. */
import { tagOf } from "@lectern/board";
import { sql, type Transaction } from "kysely";
import { json } from "../../platform/store/store.ts";
import type { Db, Tables } from "../foundation/store/tables.ts";

/** Kinds whose entries say nothing about a person: they are the lesson's. */
const IMPERSONAL = ["page"];
/** Kinds whose entries may name other people than their sender. */
const MENTIONING = ["hand", "question", "moderation", "pick", "star", "order", "group"];

/**
 * Overwrites what participants wrote, and what others' entries say about them. The entries stay, because numbers without holes prove that none is
 * missing.
 * @param name that stands in place of theirs
 */
export async function eraseEntriesOf(trx: Transaction<Tables>, participantIds: readonly string[], name: string): Promise<void> {
  if (participantIds.length === 0) return;
  const lessons = trx.selectFrom("participants").select("lesson_id").where("id", "in", participantIds);
  const isMentioned = sql<boolean>`kind in (${sql.join(MENTIONING)}) and body::text like any(${participantIds.map((id) => `%${id}%`)})`;
  const erased = sql<Readonly<Record<string, unknown>>>`jsonb_strip_nulls(jsonb_build_object('ref', body->'ref', 'deleted', true))`;
  await trx
    .updateTable("room_entries")
    .set({ body: erased, answer: null })
    .where("lesson_id", "in", lessons)
    .where("kind", "not in", IMPERSONAL)
    .where((where) => where.or([where("from_id", "in", participantIds), isMentioned]))
    .execute();
  await eraseStrokes(trx, participantIds);
  // What is left is put together again, without their words.
  await trx.deleteFrom("search_blocks").where("lesson_id", "in", lessons).execute();
  await trx.updateTable("rooms").set({ search_at: new Date() }).where("lesson_id", "in", lessons).execute();
  await trx
    .updateTable("room_entries")
    .set({ from_name: name })
    .where("lesson_id", "in", lessons)
    .where("from_id", "in", participantIds)
    .execute();
}

/** Whole pages have what a person drew: without them, pages are made again from the entries that are left. */
async function eraseStrokes(trx: Transaction<Tables>, participantIds: readonly string[]): Promise<void> {
  const drawn = trx.selectFrom("board_tags").select("lesson_id").where("person_id", "in", participantIds);
  await trx.deleteFrom("board_pages").where("lesson_id", "in", drawn).where("seq", ">=", 0).execute();
  await eraseFromFirstStates(trx, participantIds);
  await trx.deleteFrom("board_tags").where("person_id", "in", participantIds).execute();
}

/** Pages that came from an earlier lesson are made from no entries: what the person drew is taken out of them. */
async function eraseFromFirstStates(trx: Transaction<Tables>, participantIds: readonly string[]): Promise<void> {
  const rows = await trx
    .selectFrom("board_pages as page")
    .innerJoin("board_tags as tag", "tag.lesson_id", "page.lesson_id")
    .select(["page.lesson_id", "page.page", "page.epoch", "page.seq", "page.operations"])
    .select(({ fn }) => fn.agg<string[]>("array_agg", ["tag.tag"]).as("tags"))
    .where("tag.person_id", "in", participantIds)
    .where("page.seq", "<", 0)
    .groupBy(["page.lesson_id", "page.page", "page.epoch", "page.seq"])
    .execute();
  for (const { operations, tags, ...key } of rows) {
    const left = operations.filter(([, id]) => typeof id !== "string" || !tags.includes(tagOf(id)));
    await trx
      .updateTable("board_pages")
      .set({ operations: json(left) })
      .where("lesson_id", "=", key.lesson_id)
      .where("page", "=", key.page)
      .where("epoch", "=", key.epoch)
      .where("seq", "=", key.seq)
      .execute();
  }
}

/** What a person has said and done in rooms, oldest first. */
export async function entriesOfPerson(db: Db, userId: string) {
  return await db
    .selectFrom("room_entries")
    .innerJoin("participants", "participants.id", "room_entries.from_id")
    .select(["room_entries.lesson_id as lessonId", "room_entries.at", "room_entries.kind", "room_entries.body"])
    .where("participants.user_id", "=", userId)
    .orderBy("room_entries.at")
    .orderBy("room_entries.seq")
    .execute();
}
