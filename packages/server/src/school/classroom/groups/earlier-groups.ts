/** Finds the groups of last time: those that the lesson was divided into before, or else the newest ones of its course. */
import { GROUP } from "@lectern/room";
import { sql } from "kysely";
import type { RoomView } from "../domain.ts";
import { type GroupBody, groupSchema } from "./group-set.ts";

export type Division = { readonly lesson: string; readonly division: string };

/** Lessons of a course that are looked through, the newest first. */
const MAX_LESSONS = 30;

/** Null: there were none. */
export async function findEarlierDivision({ trx, lessonId }: Pick<RoomView, "trx" | "lessonId">): Promise<Division | null> {
  const { rows } = await sql<Division>`
    select entry.lesson_id as lesson, entry.body->>'division' as division
    from room_entries as entry join lessons as lesson on lesson.id = entry.lesson_id
    where entry.kind = 'group' and entry.key = 'groups' and not entry.gone and entry.body->>'division' is not null
      and lesson.deleted_at is null and (lesson.id = ${lessonId} or lesson.id in (
        select earlier.id from lessons as earlier join lessons as own on own.course_id = earlier.course_id
        where own.id = ${lessonId} and earlier.school_id = own.school_id and earlier.started_at is not null
        order by earlier.started_at desc limit ${MAX_LESSONS}))
    order by entry.lesson_id = ${lessonId} desc, entry.at desc, entry.seq desc limit 1`.execute(trx);
  return rows[0] ?? null;
}

/** The numbers of groups, and in which of them each participant of this lesson was. Guests are known in their own lesson only. */
export async function earlierPlaces(
  { trx, lessonId }: Pick<RoomView, "trx" | "lessonId">,
  { lesson, division }: Division,
): Promise<{ readonly count: number; readonly places: ReadonlyMap<string, number> }> {
  const rows = await trx
    .selectFrom("room_entries")
    .distinctOn("key")
    .select("body")
    .where("lesson_id", "=", lesson)
    .where("kind", "=", GROUP.kind)
    .where("key", "like", "group/%")
    .where(sql<boolean>`body->>'division' = ${division}`)
    .orderBy("key")
    .orderBy("at", "desc")
    .orderBy("seq", "desc")
    .execute();
  const groups = rows.flatMap(({ body }): GroupBody[] => {
    const { data } = groupSchema.safeParse(body);
    return data ? [data] : [];
  });
  const places = new Map(groups.flatMap(({ group, people }) => people.map(({ person }) => [person, group] as const)));
  const count = Math.max(0, ...groups.map(({ group }) => group));
  return { count, places: lesson === lessonId ? places : await inThisLesson({ trx, lessonId }, places) };
}

/** By the account: in each lesson a person is another participant. */
async function inThisLesson(
  { trx, lessonId }: Pick<RoomView, "trx" | "lessonId">,
  places: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  if (places.size === 0) return places;
  const rows = await trx
    .selectFrom("participants as before")
    .innerJoin("participants as now", "now.user_id", "before.user_id")
    .select(["before.id as before", "now.id as now"])
    .where("before.id", "=", sql<string>`any(${[...places.keys()]}::text[])`)
    .where("now.lesson_id", "=", lessonId)
    .execute();
  return new Map(rows.flatMap(({ before, now }) => (places.has(before) ? [[now, places.get(before) ?? 0] as const] : [])));
}
