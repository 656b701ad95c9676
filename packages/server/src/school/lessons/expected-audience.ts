/** Estimates the audience of lessons that are live or start soon, by the members of their courses. */
import type { Database } from "../foundation/store/tables.ts";

export type ExpectedAudience = { readonly app: string; readonly name: string; readonly people: number };

/** A lesson counts from this long before its start. */
const BEFORE_MS = 10 * 60_000;
/** A lesson that has not started this long after its time no longer counts. */
const LATE_MS = 60 * 60_000;

/** Lessons with at least this many members, largest first. */
export async function expectedAudiences(
  db: Database,
  minPeople: number,
  limit: number,
  now = Date.now(),
): Promise<ExpectedAudience[]> {
  const rows = await db
    .selectFrom("lessons")
    .innerJoin("course_members", "course_members.course_id", "lessons.course_id")
    .select(({ fn }) => ["lessons.stream_app as app", "lessons.stream_name as name", fn.countAll<string>().as("people")])
    .where("lessons.deleted_at", "is", null)
    .where(({ eb, and, or }) =>
      or([
        eb("lessons.state", "=", "live"),
        and([
          eb("lessons.state", "=", "scheduled"),
          eb("lessons.starts_at", "<", new Date(now + BEFORE_MS)),
          eb("lessons.starts_at", ">", new Date(now - LATE_MS)),
        ]),
      ]),
    )
    .groupBy("lessons.id")
    .having(({ fn }) => fn.countAll(), ">=", minPeople)
    .orderBy("people", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ app, name, people }) => ({ app, name, people: Number(people) }));
}
