/**
 * Reads the stored entries of a room, as far as the reader may see them: of each key the newest one, so that nobody reads what was deleted, and
 * all entries without a key.
 */
import type { Selectable, SelectQueryBuilder } from "kysely";
import type { RoomEntryTable } from "../foundation/store/room-tables.ts";
import type { Db, Tables } from "../foundation/store/tables.ts";
import { IS_NEWEST, isForParticipant } from "./entry-store.ts";
import type { RoomReader } from "./room-requester.ts";

export type EntryQuery = {
  readonly kind?: string | undefined;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
};

export type EntryPage = {
  /** Empty: nothing was ever said in the room. */
  readonly epoch: string;
  /** In their order. */
  readonly rows: readonly Selectable<RoomEntryTable>[];
  /** Whether there are others behind the page, in the direction of reading. */
  readonly hasMore: boolean;
};

/** The first entries after a place, or else the last ones before a place or the end. */
export async function readEntries(db: Db, reader: RoomReader, { kind, before, after, limit }: EntryQuery): Promise<EntryPage> {
  const room = await db.selectFrom("rooms").select("epoch").where("lesson_id", "=", reader.lesson.id).executeTakeFirst();
  const epoch = room?.epoch ?? "";
  let matching = visibleEntries(db, reader, epoch);
  // What a pen writes are many entries a second, which say nothing to who reads all of a room.
  matching = kind === undefined ? matching.where("kind", "<>", "stroke") : matching.where("kind", "=", kind);
  if (before !== undefined) matching = matching.where("seq", "<", before);
  if (after !== undefined) matching = matching.where("seq", ">", after);
  const isForward = after !== undefined;
  const found = await matching
    .orderBy("seq", isForward ? "asc" : "desc")
    .limit(limit + 1)
    .execute();
  const page = found.slice(0, limit);
  return { epoch, rows: isForward ? page : page.reverse(), hasMore: found.length > limit };
}

function visibleEntries(
  db: Db,
  { lesson, isStaff, participant }: RoomReader,
  epoch: string,
): SelectQueryBuilder<Tables, "room_entries", Selectable<RoomEntryTable>> {
  const all = db
    .selectFrom("room_entries")
    .selectAll()
    .where("lesson_id", "=", lesson.id)
    .where("epoch", "=", epoch)
    .where(IS_NEWEST);
  if (isStaff) return all;
  const own = participant === null ? [] : [participant.id];
  return all.where((where) =>
    where.or([where("audience", "=", "all"), ...own.flatMap((id) => [isForParticipant(id), where("from_id", "=", id)])]),
  );
}
