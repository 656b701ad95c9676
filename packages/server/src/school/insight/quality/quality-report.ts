/** Reports of lesson quality: the roll-ups of many lessons, added up by day, lesson, teacher, course or carrier. */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";

export const GROUPINGS = ["day", "lesson", "teacher", "course", "carrier"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export type ReportScope = {
  /** Null: all schools. */
  readonly schoolId: string | null;
  /** Lessons that started in this span. */
  readonly from: Date;
  readonly to: Date;
  readonly lessonId?: string | undefined;
  readonly teacherId?: string | undefined;
  readonly courseId?: string | undefined;
  readonly carrier?: string | undefined;
};

export type QualityFigures = {
  readonly lessons: number;
  readonly viewers: number;
  readonly watchedMs: number;
  readonly stalls: number;
  readonly stallMs: number;
  readonly disconnects: number;
  readonly affected: number;
  readonly complained: number;
  readonly complainedWithoutView: number;
  /** Shares, 0 to 1; null: nobody watched. */
  readonly stallRatio: number | null;
  readonly completionRate: number | null;
  readonly complaintRate: number | null;
  readonly droppedShare: number | null;
};
/** `key` is the day, an id or a carrier; "": none. */
export type ReportRow = QualityFigures & { readonly key: string; readonly name: string };

/** The busiest groups where there are more: a day of the largest platforms has 5000 lessons. */
const MAX_ROWS = 10_000;

type Row = {
  readonly key: string | null;
  readonly name: string | null;
  readonly lessons: number;
  readonly viewers: number;
  readonly completed: number;
  readonly affected: number;
  readonly complained: number;
  readonly complained_without_view: number;
  readonly watched_ms: number;
  readonly stalls: number;
  readonly stall_ms: number;
  readonly reconnects: number;
  readonly frames: number;
  readonly dropped_frames: number;
};

/** Days are those of the school's time zone. */
const KEYS: Readonly<Record<Grouping, readonly [key: RawBuilder<unknown>, name: RawBuilder<unknown>]>> = {
  day: [
    sql`to_char(lessons.started_at at time zone schools.time_zone, 'YYYY-MM-DD')`,
    sql`to_char(lessons.started_at at time zone schools.time_zone, 'YYYY-MM-DD')`,
  ],
  lesson: [sql`lessons.id`, sql`lessons.title`],
  teacher: [sql`users.id`, sql`users.name`],
  course: [sql`courses.id`, sql`courses.name`],
  carrier: [sql`quality.carrier`, sql`quality.carrier`],
};

/** Days, the oldest first; of anything else what was watched most. */
export async function qualityReport(db: Db, by: Grouping, scope: ReportScope): Promise<readonly ReportRow[]> {
  const [key, name] = KEYS[by];
  const { rows } = await sql<Row>`
    select ${key} as key, ${name} as name, count(distinct quality.lesson_id)::int8 as lessons, sum(quality.viewers)::int8 as viewers,
      sum(quality.completed)::int8 as completed, sum(quality.affected)::int8 as affected, sum(quality.complained)::int8 as complained,
      sum(quality.complained_without_view)::int8 as complained_without_view,
      sum(quality.watched_ms)::int8 as watched_ms, sum(quality.stalls)::int8 as stalls, sum(quality.stall_ms)::int8 as stall_ms,
      sum(quality.reconnects)::int8 as reconnects, sum(quality.frames)::int8 as frames, sum(quality.dropped_frames)::int8 as dropped_frames
    from lesson_quality quality
    join lessons on lessons.id = quality.lesson_id
    join schools on schools.id = lessons.school_id
    left join users on users.id = lessons.teacher_id
    left join courses on courses.id = lessons.course_id
    where lessons.deleted_at is null and lessons.started_at >= ${scope.from} and lessons.started_at < ${scope.to}
      and ${equal("lessons.school_id", scope.schoolId)} and ${equal("lessons.id", scope.lessonId)}
      and ${equal("lessons.teacher_id", scope.teacherId)} and ${equal("lessons.course_id", scope.courseId)}
      and ${equal("quality.carrier", scope.carrier)}
    group by 1, 2
    order by ${by === "day" ? sql`1` : sql`sum(quality.watched_ms) desc, 1`} limit ${MAX_ROWS}`.execute(db);
  return rows.map((row) => ({ key: row.key ?? "", name: row.name ?? "", ...figuresOf(row) }));
}

function equal(column: string, value: string | null | undefined): RawBuilder<unknown> {
  return value === null || value === undefined ? sql`true` : sql`${sql.ref(column)} = ${value}`;
}

function figuresOf(row: Row): QualityFigures {
  const { viewers, watched_ms: watchedMs, stall_ms: stallMs, frames, dropped_frames: dropped } = row;
  const { complained_without_view: complainedWithoutView } = row;
  const complained = row.complained + complainedWithoutView;
  return {
    lessons: row.lessons,
    viewers,
    watchedMs,
    stalls: row.stalls,
    stallMs,
    disconnects: row.reconnects,
    affected: row.affected,
    complained,
    complainedWithoutView,
    stallRatio: share(stallMs, watchedMs + stallMs),
    completionRate: share(row.completed, viewers),
    complaintRate: share(complained, viewers + complainedWithoutView),
    droppedShare: share(dropped, frames + dropped),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
