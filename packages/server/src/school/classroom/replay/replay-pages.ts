/** Provides the pages of the board as they were at a time: from the newest whole page before it, and the strokes after that. */
import { Page, type PageId } from "@lectern/board";
import type { RetainedEntries } from "@lectern/room";
import { sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";
import { operationsOf, type StoredPage } from "../board/board-rows.ts";
import { BoardState } from "../board/board-state.ts";
import type { LoggedEntry } from "./replay-log.ts";

/** Of all pages of a snapshot: hours of writing. Pages beyond are left out, those that were written on longest ago first. */
const MAX_BYTES = 1_500_000;
const ROWS = 2000;

/** One entry for each page of an open set that has something on it. @param held what newcomers would have got at the time */
export async function pagesAt(db: Db, lessonId: string, at: number, retained: RetainedEntries): Promise<LoggedEntry[]> {
  const state = new BoardState(retained);
  if (state.sets.size === 0) return [];
  const entries: LoggedEntry[] = [];
  let bytes = 0;
  for (const page of await writtenPages(db, lessonId, at, state.shown.page)) {
    if (!state.hasPage(page)) continue;
    const entry = await pageAt(db, lessonId, page, at);
    if (!entry) continue;
    bytes += JSON.stringify(entry.body).length;
    if (bytes > MAX_BYTES) break;
    entries.push(entry);
  }
  return entries;
}

/** The one that is shown first, and then those that were written on last. */
async function writtenPages(db: Db, lessonId: string, at: number, shown: PageId | null): Promise<PageId[]> {
  const { rows } = await sql<{ page: PageId }>`
    select page from (
      select body ->> 'page' as page, at from room_entries
      where lesson_id = ${lessonId} and kind = 'stroke' and at < ${new Date(at)} and body ->> 'page' is not null
      union all
      select page, at from board_pages where lesson_id = ${lessonId} and seq < 0 and at < ${new Date(at)}
    ) as written group by page order by max(at) desc, page`.execute(db);
  const pages = rows.map(({ page }) => page);
  return shown !== null && pages.includes(shown) ? [shown, ...pages.filter((page) => page !== shown)] : pages;
}

/** Null: it is empty. */
async function pageAt(db: Db, lessonId: string, id: PageId, at: number): Promise<LoggedEntry | null> {
  const whole = await newestBefore(db, lessonId, id, at);
  const page = Page.of(whole?.operations ?? []);
  let last = { epoch: whole?.epoch ?? "", seq: whole?.seq ?? 0, at: whole?.at ?? new Date(0) };
  for (let isMore = true; isMore; ) {
    // An epoch that begins later has its entries later.
    const after =
      last.epoch === ""
        ? sql<boolean>`true`
        : sql<boolean>`((epoch = ${last.epoch} and seq > ${last.seq}) or (epoch <> ${last.epoch} and at >= ${last.at}))`;
    const rows = await db
      .selectFrom("room_entries")
      .select(["epoch", "seq", "at", "body"])
      .where("lesson_id", "=", lessonId)
      .where("kind", "=", "stroke")
      .where(sql<boolean>`body ->> 'page' = ${id}`)
      .where("at", "<", new Date(at))
      .where(after)
      .orderBy("at")
      .orderBy("epoch")
      .orderBy("seq")
      .limit(ROWS)
      .execute();
    for (const { body } of rows) for (const operation of operationsOf(body)) page.apply(operation);
    last = rows.at(-1) ?? last;
    isMore = rows.length === ROWS;
  }
  if (page.isEmpty) return null;
  return {
    epoch: last.epoch,
    seq: last.seq,
    at: last.at.getTime(),
    mediaTime: null,
    id: "",
    from: null,
    kind: "stroke",
    to: "all",
    key: `stroke/${id}`,
    gone: false,
    sampled: false,
    body: { page: id, ops: page.operations() },
  };
}

async function newestBefore(db: Db, lessonId: string, page: PageId, at: number): Promise<StoredPage | null> {
  const row = await db
    .selectFrom("board_pages")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("page", "=", page)
    .where("at", "<", new Date(at))
    .orderBy("at", "desc")
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? { page, epoch: row.epoch, seq: row.seq, at: row.at, operations: row.operations } : null;
}
