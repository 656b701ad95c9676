/** How many people are expected in lessons that are on, or about to begin. */
import type { Database } from "../store/tables.ts";

export type ExpectedAudience = { readonly app: string; readonly name: string; readonly people: number };

/** So long before its time a lesson is expected. */
const BEFORE_MS = 10 * 60_000;
/** A teacher who is later than this does not come any more. */
const LATE_MS = 60 * 60_000;

/** Lessons of courses with so many members, the largest first. */
export async function expectedAudiences(
  db: Database,
  atLeast: number,
  most: number,
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
    .having(({ fn }) => fn.countAll(), ">=", atLeast)
    .orderBy("people", "desc")
    .limit(most)
    .execute();
  return rows.map(({ app, name, people }) => ({ app, name, people: Number(people) }));
}
