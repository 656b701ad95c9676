/** Stores the entries of rooms, and decides which control process owns a room: the one that holds its term. */
import { randomBytes } from "node:crypto";
import { MAX_HELD_OF_KIND, type RoomAudience, type RoomEntry, type RoomPerson, type RoomRole } from "@lectern/room";
import { type RawBuilder, type Selectable, sql } from "kysely";
import { json } from "../../platform/store/store.ts";
import type { RoomEntryTable } from "../foundation/store/room-tables.ts";
import type { Database, Db } from "../foundation/store/tables.ts";

/** The right to stamp a room's entries. */
export type RoomTerm = { readonly epoch: string; readonly term: number; readonly head: number };

type ActionAnswer = Readonly<Record<string, unknown>>;
/** What an action that was done is acknowledged with. */
export type StoredAction = { readonly seq: number; readonly body?: ActionAnswer };
export type StoredEntry = { readonly entry: RoomEntry; readonly answer: ActionAnswer | null };

type Claim = { readonly mine: RoomTerm } | { readonly owner: string };

/**
 * Claims a room for a process, where its owner is gone.
 * @param self `NODE/INSTANCE`
 * @param isAlive whether the process that owns it may still stamp
 */
export async function claimRoom(db: Database, lessonId: string, self: string, isAlive: (owner: string) => boolean): Promise<Claim> {
  const epoch = randomBytes(9).toString("base64url");
  await db
    .insertInto("rooms")
    .values({ lesson_id: lessonId, epoch, term: 0, owner: "", head: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return await db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom("rooms").selectAll().where("lesson_id", "=", lessonId).forUpdate().executeTakeFirstOrThrow();
    if (row.owner !== "" && row.owner !== self && isAlive(row.owner)) return { owner: row.owner };
    const term = row.term + 1;
    await trx.updateTable("rooms").set({ owner: self, term }).where("lesson_id", "=", lessonId).execute();
    return { mine: { epoch: row.epoch, term, head: row.head } };
  });
}

/** Gives a room back, so that another process claims it at once. */
export async function releaseRoom(db: Db, lessonId: string, self: string): Promise<void> {
  await db.updateTable("rooms").set({ owner: "" }).where("lesson_id", "=", lessonId).where("owner", "=", self).execute();
}

/** Moves the head of a room. False when another process has claimed it: the transaction must be rolled back. */
export async function moveHead(trx: Db, lessonId: string, self: string, { term }: RoomTerm, head: number): Promise<boolean> {
  const rows = await trx
    .updateTable("rooms")
    .set({ head, search_at: sql`coalesce(search_at, now())` })
    .where("lesson_id", "=", lessonId)
    .where("owner", "=", self)
    .where("term", "=", term)
    .returning("term")
    .execute();
  return rows.length === 1;
}

/** Columns are parameters, and one statement has at most 65 535. */
const ROWS_OF_STATEMENT = 1000;

/** @param answers what the senders are told, by the entry's number */
export async function storeEntries(
  trx: Db,
  lessonId: string,
  epoch: string,
  entries: readonly RoomEntry[],
  answers: ReadonlyMap<number, ActionAnswer> = new Map(),
): Promise<void> {
  for (let i = 0; i < entries.length; i += ROWS_OF_STATEMENT) {
    const rows = entries.slice(i, i + ROWS_OF_STATEMENT).map((entry) => {
      const answer = answers.get(entry.seq);
      return { ...rowOf(lessonId, epoch, entry), answer: answer ? json(answer) : null };
    });
    await trx.insertInto("room_entries").values(rows).execute();
  }
}

/** The newest entries of each key, as many of a kind as rooms hold, in their order. */
export async function loadRetained(db: Db, lessonId: string, epoch: string): Promise<RoomEntry[]> {
  const { rows } = await sql<Selectable<RoomEntryTable>>`
    select * from (
      select newest.*, row_number() over (partition by split_part(key, '/', 1) order by seq desc) as rank from (
        select distinct on (key) * from room_entries
        where lesson_id = ${lessonId} and epoch = ${epoch} and key is not null order by key, seq desc
      ) as newest where not gone
    ) as ranked where rank <= ${MAX_HELD_OF_KIND} order by seq`.execute(db);
  return rows.map(entryOf);
}

/** The newest entries of a room, in their order, and what their senders were told. */
export async function loadTail(db: Db, lessonId: string, epoch: string, count: number): Promise<StoredEntry[]> {
  const rows = await db
    .selectFrom("room_entries")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("epoch", "=", epoch)
    .orderBy("seq", "desc")
    .limit(count)
    .execute();
  return rows.reverse().map((row) => ({ entry: entryOf(row), answer: row.answer }));
}

/** A page of a room's keyed entries before a number: of each key the newest one of the room, the newest first. */
export async function loadOlder(db: Db, lessonId: string, epoch: string, before: number, count: number): Promise<RoomEntry[]> {
  const rows = await db
    .selectFrom("room_entries")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("epoch", "=", epoch)
    .where("key", "is not", null)
    .where(IS_NEWEST)
    .where("seq", "<", before)
    .orderBy("seq", "desc")
    .limit(count)
    .execute();
  return rows.map(entryOf);
}

/** Whether an entry is what is to be shown of its key: entries without a key always are. */
export const IS_NEWEST = sql<boolean>`(room_entries.key is null or not exists (
  select 1 from room_entries as newer
  where newer.lesson_id = room_entries.lesson_id and newer.epoch = room_entries.epoch
  and newer.key = room_entries.key and newer.seq > room_entries.seq
))`;

/** Actions that were done before, by `PARTICIPANT/ID`. */
export async function findDone(
  db: Db,
  lessonId: string,
  actions: readonly { readonly id: string; readonly person: string }[],
): Promise<Map<string, StoredAction>> {
  const rows = await db
    .selectFrom("room_entries")
    .select(["from_id", "id", "seq", "answer"])
    .where("lesson_id", "=", lessonId)
    .where("from_id", "in", [...new Set(actions.map(({ person }) => person))])
    .where("id", "in", [...new Set(actions.map(({ id }) => id))])
    .execute();
  return new Map(rows.map(({ from_id, id, seq, answer }) => [`${from_id}/${id}`, storedAction(seq, answer)]));
}

export function storedAction(seq: number, answer: ActionAnswer | null): StoredAction {
  return answer === null ? { seq } : { seq, body: answer };
}

export function entryOf(row: Selectable<RoomEntryTable>): RoomEntry {
  return {
    seq: row.seq,
    at: row.at.getTime(),
    mediaTime: row.media_time,
    id: row.id,
    from: senderOf(row),
    kind: row.kind,
    to: audienceOf(row.audience),
    key: row.key,
    gone: row.gone,
    sampled: row.sampled,
    body: row.body,
  };
}

function rowOf(lessonId: string, epoch: string, { from, to, body, at, mediaTime, ...entry }: RoomEntry) {
  return {
    lesson_id: lessonId,
    epoch,
    ...entry,
    at: new Date(at),
    media_time: mediaTime,
    from_id: from?.id ?? "",
    from_name: from?.name ?? "",
    from_role: from?.role ?? ("" as const),
    audience: storedAudience(to),
    body: json(body),
  };
}

function senderOf({ from_id: id, from_name: name, from_role: role }: Selectable<RoomEntryTable>): RoomPerson | null {
  return role === "" ? null : { id, name, role: role satisfies RoomRole };
}

/** Participants' ids have no comma. */
const OF_MEMBERS = "members:";

function storedAudience(to: RoomAudience): string {
  if (typeof to === "string") return to;
  return "members" in to ? `${OF_MEMBERS}${to.members.join(",")}` : to.participant;
}

function audienceOf(audience: string): RoomAudience {
  if (audience === "all" || audience === "staff") return audience;
  if (!isForGroup(audience)) return { participant: audience };
  return {
    members: audience
      .slice(OF_MEMBERS.length)
      .split(",")
      .filter((id) => id !== ""),
  };
}

/** Whether it is for those who were in a group. @param audience as it is stored */
export function isForGroup(audience: string): boolean {
  return audience.startsWith(OF_MEMBERS);
}

/** Whether a stored entry is for a participant, alone or as one of a group. */
export function isForParticipant(id: string): RawBuilder<boolean> {
  return sql<boolean>`(audience = ${id} or (starts_with(audience, ${OF_MEMBERS})
    and ${id} = any(string_to_array(substr(audience, ${OF_MEMBERS.length + 1}::int4), ','))))`;
}
