/** Reads who is in a room now: a page sorted by name, or what has changed since a version. */
import { sql } from "kysely";
import { z } from "zod";
import type { Role } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { containsPattern } from "../../foundation/requests/paging.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** The owner of a room with people in it writes every second: one that has not for this long is gone, and nobody has come back. */
const STALE_MS = 60_000;
/** More changes than this are a new list. */
export const MAX_DIFFERENCES = 1000;

export type PersonNow = {
  readonly id: string;
  readonly userId: string | null;
  readonly name: string;
  readonly role: Role | "guest";
  readonly since: Date;
  readonly device: string;
};

export type PeoplePage = { readonly items: PersonNow[]; readonly nextCursor: string | null };

/** The room's version, and how many are there. Read before the people: differences since it miss nobody. */
export async function roomNow(db: Db, lessonId: string, now: number): Promise<{ version: number; count: number }> {
  const room = await db
    .selectFrom("room_presence")
    .select(["version", "seen_at"])
    .where("lesson_id", "=", lessonId)
    .executeTakeFirst();
  if (!room) return { version: 0, count: 0 };
  const version = Number(room.version);
  if (now - room.seen_at.getTime() > STALE_MS) return { version, count: 0 };
  const { count } = await db
    .selectFrom("attendance")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("lesson_id", "=", lessonId)
    .where("present", "=", true)
    .executeTakeFirstOrThrow();
  return { version, count: Number(count) };
}

/** @throws RefusalError bad-request, where the cursor is none of this list */
export async function peoplePage(
  db: Db,
  lessonId: string,
  { limit, cursor, search }: { readonly limit: number; readonly cursor?: string | undefined; readonly search?: string | undefined },
): Promise<PeoplePage> {
  const place = cursor === undefined ? null : readCursor(cursor);
  let matching = peopleOf(db, lessonId).where("attendance.present", "=", true);
  if (search) matching = matching.where(shownName, "ilike", containsPattern(search));
  if (place) matching = matching.where(sql<boolean>`(${shownName}, participants.id) > (${place[0]}, ${place[1]})`);
  const rows = await matching
    .orderBy(shownName)
    .orderBy("participants.id")
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  const nextCursor = last ? Buffer.from(JSON.stringify([last.name, last.id])).toString("base64url") : null;
  return { items, nextCursor };
}

/** Everybody who is there, sorted by name. @param now milliseconds since 1970 */
export async function allPeople(db: Db, lessonId: string, now: number): Promise<PersonNow[]> {
  const { count } = await roomNow(db, lessonId, now);
  if (count === 0) return [];
  return await peopleOf(db, lessonId)
    .where("attendance.present", "=", true)
    .orderBy(shownName)
    .orderBy("participants.id")
    .execute();
}

/** Who has come, and the ids of those who have left, since a version; null: there is too much, the list is to be read again. */
export async function peopleSince(
  db: Db,
  lessonId: string,
  since: number,
): Promise<{ readonly items: PersonNow[]; readonly left: string[] } | null> {
  const changed = await db
    .selectFrom("attendance")
    .select("participant_id")
    .distinct()
    .where("lesson_id", "=", lessonId)
    .where("version", ">", since)
    .limit(MAX_DIFFERENCES + 1)
    .execute();
  if (changed.length > MAX_DIFFERENCES) return null;
  const ids = changed.map(({ participant_id: participant }) => participant);
  if (ids.length === 0) return { items: [], left: [] };
  const items = await peopleOf(db, lessonId)
    .where("attendance.present", "=", true)
    .where("attendance.participant_id", "in", ids)
    .orderBy(shownName)
    .execute();
  const there = new Set(items.map(({ id: participant }) => participant));
  return { items, left: ids.filter((participant) => !there.has(participant)) };
}

const shownName = sql<string>`coalesce(users.name, participants.name)`;

function peopleOf(db: Db, lessonId: string) {
  return db
    .selectFrom("attendance")
    .innerJoin("participants", "participants.id", "attendance.participant_id")
    .leftJoin("users", "users.id", "participants.user_id")
    .select(["participants.id", "participants.user_id as userId", shownName.as("name"), "participants.role"])
    .select(["attendance.from_at as since", "attendance.device"])
    .where("attendance.lesson_id", "=", lessonId);
}

const placeShape = z.tuple([z.string().regex(/^[^\0]*$/), id]);

function readCursor(cursor: string): readonly [name: string, id: string] {
  const place = placeShape.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (!place.success) throw new RefusalError("bad-request", schoolText("bad-cursor"));
  return place.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
