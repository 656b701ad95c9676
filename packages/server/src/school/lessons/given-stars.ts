/** Reads how many stars staff gave to people in lessons, during them and afterwards: the newest entry of each person's key says it. */
import { sql } from "kysely";
import type { Db } from "../foundation/store/tables.ts";

type Scope = { readonly lessonIds: readonly string[]; readonly participants: readonly string[] };

/** The key of a person's stars in a room. */
export function starKey(participant: string): string {
  return `star/${participant}`;
}

/** By participant; who has none may be missing. */
export async function givenStars(db: Db, { lessonIds, participants }: Scope): Promise<ReadonlyMap<string, number>> {
  if (participants.length === 0) return new Map();
  const rows = await db
    .selectFrom("room_entries")
    .distinctOn("key")
    .select(["key", "body"])
    .where("lesson_id", "=", sql<string>`any(${[...lessonIds]}::text[])`)
    .where("key", "=", sql<string>`any(${participants.map(starKey)}::text[])`)
    .orderBy("key")
    .orderBy("at", "desc")
    .orderBy("seq", "desc")
    .execute();
  const counts = new Map(rows.map(({ key, body }) => [key, countIn(body)]));
  return new Map(participants.map((participant) => [participant, counts.get(starKey(participant)) ?? 0]));
}

/** 0 where the person was erased. */
function countIn({ count }: Readonly<Record<string, unknown>>): number {
  return typeof count === "number" ? count : 0;
}
