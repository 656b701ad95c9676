/** Reads and writes pages of the board: as they were at a place in the log, and the operations after it. */
import { type Operation, type PageId, partsOfPage } from "@lectern/board";
import { sql } from "kysely";
import { json } from "../../../platform/store/store.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** Where something is in a room's log. */
export type LogPosition = { readonly epoch: string; readonly seq: number; readonly at: Date };

export type StoredPage = LogPosition & { readonly page: PageId; readonly operations: readonly Operation[] };

/** Operations of one entry. */
export type StoredStroke = { readonly seq: number; readonly at: Date; readonly ops: readonly Operation[] };

export async function loadPage(db: Db, lessonId: string, epoch: string, page: PageId): Promise<StoredPage | null> {
  const row = await db
    .selectFrom("board_pages")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("page", "=", page)
    .where("epoch", "=", epoch)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? { page, epoch, seq: row.seq, at: row.at, operations: row.operations } : null;
}

/** Calls with the entries of a page after a place, in their order. */
export async function loadStrokes(
  db: Db,
  lessonId: string,
  { epoch, seq }: { readonly epoch: string; readonly seq: number },
  page: PageId,
  take: (stroke: StoredStroke) => void,
): Promise<void> {
  let last: number | null = seq;
  while (last !== null) {
    const rows: readonly { seq: number; at: Date; body: Readonly<Record<string, unknown>> }[] = await db
      .selectFrom("room_entries")
      .select(["seq", "at", "body"])
      .where("lesson_id", "=", lessonId)
      .where("epoch", "=", epoch)
      .where("kind", "=", "stroke")
      .where(sql<boolean>`body ->> 'page' = ${page}`)
      .where("seq", ">", last)
      .orderBy("seq")
      .limit(ROWS)
      .execute();
    for (const { seq: at, body, ...row } of rows) take({ seq: at, at: row.at, ops: operationsOf(body) });
    last = rows.length === ROWS ? (rows.at(-1)?.seq ?? null) : null;
  }
}

const ROWS = 2000;

/** Of a stored entry, which was parsed before it was stored. */
export function operationsOf({ ops }: Readonly<Record<string, unknown>>): readonly Operation[] {
  return Array.isArray(ops) ? ops : [];
}

export async function storePage(trx: Db, lessonId: string, { page, epoch, seq, at, operations }: StoredPage): Promise<void> {
  await trx
    .insertInto("board_pages")
    .values({ lesson_id: lessonId, page, epoch, seq, at, operations: json(operations) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The place of what a page began with: before every entry of its room, and no other page's. */
export function firstStateSeq(page: PageId): number {
  const { set, number } = partsOfPage(page);
  return -(set * MAX_NUMBERS + number);
}

/** More than pages of a set can have. */
const MAX_NUMBERS = 100_000;

/** Pages that did not begin empty: an entry of strokes for each, between two times in milliseconds since 1970. */
export async function loadFirstStates(db: Db, lessonId: string, from: number, to: number): Promise<readonly StoredPage[]> {
  return await db
    .selectFrom("board_pages")
    .select(["page", "epoch", "seq", "at", "operations"])
    .where("lesson_id", "=", lessonId)
    .where("seq", "<", 0)
    .where("at", ">=", new Date(from))
    .where("at", "<", new Date(to))
    .orderBy("at")
    .orderBy("epoch")
    .orderBy("seq")
    .execute();
}

/** Whose items a tag marks. */
export async function loadTags(db: Db, lessonId: string): Promise<Map<string, string>> {
  const rows = await db.selectFrom("board_tags").select(["tag", "person_id"]).where("lesson_id", "=", lessonId).execute();
  return new Map(rows.map(({ tag, person_id: person }) => [tag, person]));
}

export async function storeTag(trx: Db, lessonId: string, tag: string, person: string): Promise<void> {
  await trx.insertInto("board_tags").values({ lesson_id: lessonId, tag, person_id: person }).execute();
}

/** The highest number that a set of pages ever had in a room. */
export async function lastSetOf(db: Db, lessonId: string): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`
    select max((body ->> 'set')::int) as last from room_entries
    where lesson_id = ${lessonId} and kind = 'page' and key ~ '^page/[0-9]+$'`.execute(db);
  return rows[0]?.last ?? 0;
}
