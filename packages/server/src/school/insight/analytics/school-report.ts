/** Provides the analytics of a school: the roll-ups of its days, added up by day, teacher or course. */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";

export const SCHOOL_GROUPINGS = ["day", "teacher", "course"] as const;
export type SchoolGrouping = (typeof SCHOOL_GROUPINGS)[number];

export type SchoolReportScope = {
  /** Null: all schools. */
  readonly schoolId: string | null;
  /** YYYY-MM-DD, both included. */
  readonly from: string;
  readonly to: string;
  readonly teacherId?: string | undefined;
  readonly courseId?: string | undefined;
};

type Sums = {
  readonly lessons: number;
  /** Students and guests who watched, by lesson. */
  readonly viewers: number;
  readonly watchedMs: number;
  /** Students and guests who were in the room, by lesson. */
  readonly people: number;
  readonly presentMs: number;
  /** Of a day: the most players of all lessons together. Otherwise, and where it is narrowed to a teacher or course: of one lesson. */
  readonly peak: number;
  readonly interactions: number;
};
type Row = Sums & {
  readonly key: string;
  readonly name: string | null;
  readonly completed: number;
  readonly stallMs: number;
};
export type SchoolReportRow = Sums & {
  /** The day or an id; "": none. */
  readonly key: string;
  readonly name: string;
  /** Shares, 0 to 1; null: nobody watched. */
  readonly stallRatio: number | null;
  readonly completionRate: number | null;
};

/** The busiest groups where there are more. */
const MAX_ROWS = 10_000;

/** Days, the oldest first; of anything else what was watched most. */
export async function schoolReport(db: Db, by: SchoolGrouping, scope: SchoolReportScope): Promise<readonly SchoolReportRow[]> {
  const { schoolId, from, to, teacherId, courseId } = scope;
  const isWhole = by === "day" && schoolId !== null && teacherId === undefined && courseId === undefined;
  const key = { day: sql`days.day`, teacher: sql`days.teacher_id`, course: sql`days.course_id` }[by];
  const name = { day: sql`null`, teacher: sql`max(users.name)`, course: sql`max(courses.name)` }[by];
  const peak = isWhole ? sql`coalesce(max(peaks.peak), max(days.peak))` : sql`max(days.peak)`;
  const { rows } = await sql<Row>`
    select ${key} as key, ${name} as name, sum(days.lessons)::int8 as lessons, sum(days.viewers)::int8 as viewers,
      sum(days.completed)::int8 as completed, sum(days.watched_ms)::int8 as "watchedMs", sum(days.stall_ms)::int8 as "stallMs",
      sum(days.people)::int8 as people, sum(days.present_ms)::int8 as "presentMs", ${peak}::integer as peak,
      sum(days.interactions)::int8 as interactions
    from school_days days
    left join school_peaks peaks on peaks.school_id = days.school_id and peaks.day = days.day
    left join users on users.id = days.teacher_id
    left join courses on courses.id = days.course_id
    where days.day >= ${from} and days.day <= ${to} and ${equal("days.school_id", schoolId)}
      and ${equal("days.teacher_id", teacherId)} and ${equal("days.course_id", courseId)}
    group by 1 order by ${by === "day" ? sql`1` : sql`sum(days.watched_ms) desc, 1`} limit ${MAX_ROWS}`.execute(db);
  return rows.map(({ completed, stallMs, name: given, ...row }) => ({
    ...row,
    name: given ?? (by === "day" ? row.key : ""),
    stallRatio: share(stallMs, row.watchedMs + stallMs),
    completionRate: share(completed, row.viewers),
  }));
}

function equal(column: string, value: string | null | undefined): RawBuilder<unknown> {
  return value === null || value === undefined ? sql`true` : sql`${sql.ref(column)} = ${value}`;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
