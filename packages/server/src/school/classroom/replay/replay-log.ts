/** Reads the log of a room for those who see it later: what everybody saw, without what was deleted since. */

import type { RoomEntry } from "@lectern/room";
import { type Selectable, sql } from "kysely";
import { byPlace } from "../../../contracts/rooms/board-log.ts";
import type { RoomPart } from "../../../contracts/rooms/room-replay.ts";
import type { RoomEntryTable } from "../../foundation/store/room-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { loadFirstStates, type StoredPage } from "../board/board-rows.ts";
import { entryOf } from "../entry-store.ts";

/** As many as can be read, of those that live members get only some of. */
const SAMPLED_PER_SECOND = 20;
/** Of one minute: a thousand people who all write at once for a minute. The newest stay. */
const MAX_PART_ENTRIES = 20_000;
/** Of one minute: a small lesson in which all write all the time has a tenth of that. Each changes a page, so none may be left out. */
const MAX_PART_STROKES = 200_000;
const PAGE = 2000;

export type LoggedEntry = RoomEntry & { readonly epoch: string };

export type Deleted = {
  /** Of `KIND/REF`: what was deleted and not restored. */
  readonly refs: ReadonlySet<string>;
  /** Entries without their text, also of people who were erased. */
  readonly count: number;
};

export async function findDeleted(db: Db, lessonId: string): Promise<Deleted> {
  const { count } = await db
    .selectFrom("room_entries")
    .select(({ fn }) => fn.countAll().as("count"))
    .where("lesson_id", "=", lessonId)
    .where(sql<boolean>`(body ->> 'deleted') = 'true'`)
    .executeTakeFirstOrThrow();
  const { rows } = await sql<{ key: string }>`
    select marked.key from (
      select distinct key from room_entries
      where lesson_id = ${lessonId} and (body ->> 'deleted') = 'true' and key is not null
    ) as marked cross join lateral (
      select body from room_entries
      where lesson_id = ${lessonId} and key = marked.key and not gone order by at desc, seq desc limit 1
    ) as newest where (newest.body ->> 'deleted') = 'true'`.execute(db);
  return { refs: new Set(rows.map(({ key }) => refOf(key))), count: Number(count) };
}

/** The position of the newest entry, and the times of the first and the last; null: the room has none. */
export async function findEnds(db: Db, lessonId: string): Promise<{ head: string; first: number; last: number } | null> {
  const room = await db.selectFrom("rooms").select(["epoch", "head"]).where("lesson_id", "=", lessonId).executeTakeFirst();
  const ends = await db
    .selectFrom("room_entries")
    .select(({ fn }) => [fn.min("at").as("first"), fn.max("at").as("last")])
    .where("lesson_id", "=", lessonId)
    .executeTakeFirst();
  if (!ends?.first || !ends.last) return null;
  return { head: room ? `${room.epoch}.${room.head}` : "", first: ends.first.getTime(), last: ends.last.getTime() };
}

/**
 * What everybody saw in a part of a recording. Of what is shown for a moment only: what came while the recording went on. What was written on the board stays, and
 * counts in pauses as well.
 */
export async function readPart(db: Db, lessonId: string, part: RoomPart, deleted: Deleted): Promise<LoggedEntry[]> {
  const inSpans = sql.join(
    part.spans.map(({ at, lasts }) => sql`(at >= ${new Date(at)} and at < ${new Date(at + lasts)})`),
    sql` or `,
  );
  const { rows } = await sql<Selectable<RoomEntryTable>>`
    select * from (
      select *, case when sampled
        then row_number() over (partition by sampled, date_trunc('second', at) order by md5(id), id) else 0 end as rank
      from room_entries
      where lesson_id = ${lessonId} and at >= ${new Date(part.from)} and at < ${new Date(part.to)} and audience = 'all'
        and kind <> 'stroke' and (key is not null or (${inSpans}))
    ) as ranked where rank <= ${SAMPLED_PER_SECOND}
    order by at desc, epoch desc, seq desc limit ${MAX_PART_ENTRIES}`.execute(db);
  const strokes = await db
    .selectFrom("room_entries")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("kind", "=", "stroke")
    .where("at", ">=", new Date(part.from))
    .where("at", "<", new Date(part.to))
    .orderBy("at")
    .orderBy("epoch")
    .orderBy("seq")
    .limit(MAX_PART_STROKES)
    .execute();
  const firstStates = (await loadFirstStates(db, lessonId, part.from, part.to)).map(firstStateEntry);
  const entries = [...rows, ...strokes].map(loggedEntry).filter(isShown(deleted));
  return [...firstStates, ...entries].sort(byPlace);
}

/** As if it was drawn at once, just before the page was opened. */
function firstStateEntry({ page, epoch, seq, at, operations }: StoredPage): LoggedEntry {
  return {
    epoch,
    seq,
    at: at.getTime(),
    mediaTime: null,
    id: "",
    from: null,
    kind: "stroke",
    to: "all",
    key: null,
    gone: false,
    sampled: false,
    body: { page, ops: operations },
  };
}

/** Calls with pages of what newcomers are given, from one time until before another. */
export async function readRetained(
  db: Db,
  lessonId: string,
  { from, to }: { readonly from: number; readonly to: number },
  deleted: Deleted,
  take: (entry: LoggedEntry) => void,
): Promise<void> {
  let last: Selectable<RoomEntryTable> | undefined;
  do {
    const rows: Selectable<RoomEntryTable>[] = await db
      .selectFrom("room_entries")
      .selectAll()
      .where("lesson_id", "=", lessonId)
      .where("key", "is not", null)
      .where("audience", "=", "all")
      .where("at", ">=", last?.at ?? new Date(from))
      .where("at", "<", new Date(to))
      .$if(last !== undefined, (query) =>
        query.where(sql<boolean>`(at, epoch, seq) > (${last?.at}::timestamptz, ${last?.epoch}::text, ${last?.seq}::bigint)`),
      )
      .orderBy("at")
      .orderBy("epoch")
      .orderBy("seq")
      .limit(PAGE)
      .execute();
    for (const entry of rows.map(loggedEntry).filter(isShown(deleted))) take(entry);
    last = rows.length === PAGE ? rows.at(-1) : undefined;
  } while (last);
}

function loggedEntry(row: Selectable<RoomEntryTable>): LoggedEntry {
  return { ...entryOf(row), epoch: row.epoch };
}

/** A deletion is no event of the past: what was deleted was never there. */
function isShown(deleted: Deleted): (entry: LoggedEntry) => boolean {
  return ({ kind, key, body }) => {
    if ((kind === "moderation" && key === null) || body["deleted"] === true) return false;
    const refs = [key, body["ref"]].filter((value) => typeof value === "string").map(refOf);
    return !refs.some((ref) => deleted.refs.has(ref));
  };
}

function refOf(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}
