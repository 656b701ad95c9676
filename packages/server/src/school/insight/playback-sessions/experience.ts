/** Defines how a lesson or a school was seen: the figures of all viewers in a span of time, by minute, and by what divides them. */
import { type RawBuilder, sql } from "kysely";
import { mergeBuckets, quantile } from "../../../contracts/playback-sessions/log-buckets.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { WITHOUT_SESSION } from "./complaints.ts";

/** What divides viewers. */
export const DIMENSIONS = ["node", "carrier", "region", "engine", "device"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export type ExperienceScope = {
  readonly lessonId?: string;
  /** Null: all schools, and what belongs to none. */
  readonly schoolId?: string | null;
  readonly from: Date;
  readonly to: Date;
};

export type Figures = {
  readonly sessions: number;
  readonly watchedMs: number;
  readonly stalls: number;
  readonly stallMs: number;
  /** Time stalled of the time that a picture should have moved, 0 to 1; null: nobody watched. */
  readonly stallRatio: number | null;
  readonly droppedShare: number | null;
  readonly reconnects: number;
  readonly errors: number;
};

export type Experience = Figures & {
  /** Sessions that did not end. */
  readonly viewers: number;
  readonly complaints: number;
  /** Lessons that somebody watched. */
  readonly lessons: number;
  readonly firstFrameMs: { readonly p50: number | null; readonly p95: number | null };
  readonly minutes: readonly (Figures & { readonly at: Date; readonly watching: number; readonly firstFrameMs: number | null })[];
  readonly by: Readonly<Record<Dimension, readonly (Figures & { readonly name: string })[]>>;
};

/** Workers tell of a session once a minute, and at its end, also after 35 s of silence: without a word for longer, its worker is gone. */
const PRESENT_MS = 110_000;

type Row = {
  readonly minute: Date | null;
  readonly node: string | null;
  readonly carrier: string | null;
  readonly region: string | null;
  readonly engine: string | null;
  readonly device: string | null;
  readonly level: number;
  readonly sessions: number;
  readonly watched_ms: number;
  readonly stalls: number;
  readonly stall_ms: number;
  readonly frames: number;
  readonly dropped_frames: number;
  readonly reconnects: number;
  readonly errors: number;
};

export async function experienceOf(db: Db, scope: ExperienceScope, now: number): Promise<Experience> {
  const rows = await groupedRows(db, scope);
  const frames = await firstFramesByMinute(db, scope);
  const all = [...frames.values()].reduce(mergeBuckets, {});
  const total = rows.find(({ level }) => level === LEVELS.all);
  const minutes = rows.filter(({ level }) => level === LEVELS.minute).toSorted((a, b) => timeOf(a) - timeOf(b));
  const by = (dimension: Dimension) =>
    rows
      .filter(({ level }) => level === LEVELS[dimension])
      .map((row) => ({ name: row[dimension] ?? "", ...figuresOf(row) }))
      .toSorted((a, b) => b.watchedMs - a.watchedMs || (a.name < b.name ? -1 : 1));
  return {
    ...figuresOf(total),
    ...(await sessionFigures(db, scope, now)),
    firstFrameMs: { p50: quantile(all, 0.5), p95: quantile(all, 0.95) },
    minutes: minutes.map((row) => ({
      at: new Date(timeOf(row)),
      watching: Math.round((row.watched_ms / 60_000) * 10) / 10,
      firstFrameMs: quantile(frames.get(timeOf(row)) ?? {}, 0.5),
      ...figuresOf(row),
    })),
    by: { node: by("node"), carrier: by("carrier"), region: by("region"), engine: by("engine"), device: by("device") },
  };
}

/** What `grouping()` gives for each set of groups: a bit for each column that is not in it, the first one highest. */
const LEVELS = { minute: 31, node: 47, carrier: 55, region: 59, engine: 61, device: 62, all: 63 } as const;

/** Of nothing at all, a sum is null. */
const SUMS = sql.join(
  ["sessions", "watched_ms", "stalls", "stall_ms", "frames", "dropped_frames", "reconnects", "errors"].map(
    (column) => sql`coalesce(sum(${sql.ref(column)}), 0)::int8 as ${sql.ref(column)}`,
  ),
);

async function groupedRows(db: Db, scope: ExperienceScope): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select minute, node, carrier, region, engine, device, grouping(minute, node, carrier, region, engine, device) as level,
      ${SUMS}
    from view_minutes where ${within(scope, "minute")}
    group by grouping sets ((minute), (node), (carrier), (region), (engine), (device), ())`.execute(db);
  return rows;
}

async function firstFramesByMinute(db: Db, scope: ExperienceScope) {
  const { rows } = await sql<{ minute: Date; bucket: string; count: number }>`
    select minute, bucket.key as bucket, sum(bucket.value::integer)::int8 as count
    from view_minutes cross join lateral jsonb_each_text(first_frames) as bucket
    where first_frames <> '{}' and ${within(scope, "minute")} group by minute, bucket.key`.execute(db);
  const byMinute = new Map<number, Record<number, number>>();
  for (const { minute, bucket, count } of rows) {
    const buckets = byMinute.get(minute.getTime()) ?? {};
    buckets[Number(bucket)] = count;
    byMinute.set(minute.getTime(), buckets);
  }
  return byMinute;
}

async function sessionFigures(db: Db, scope: ExperienceScope, now: number) {
  const present = new Date(now - PRESENT_MS);
  const { rows } = await sql<{ viewers: number; complaints: number; lessons: number }>`
    select count(*) filter (where ended_at is null and last_at >= ${present})::int8 as viewers,
      count(complaint)::int8 + (
        select count(*) from view_complaints join lessons on lessons.id = view_complaints.lesson_id
        where ${WITHOUT_SESSION} and ${ofScope(scope, sql`lessons.id`, sql`lessons.school_id`)} and at >= ${scope.from} and at < ${scope.to}
      )::int8 as complaints,
      (select count(distinct lesson_id) from view_minutes where ${within(scope, "minute")})::int8 as lessons
    from view_sessions where ${within(scope, "started_at")}`.execute(db);
  return rows[0] ?? { viewers: 0, complaints: 0, lessons: 0 };
}

function within(scope: ExperienceScope, column: "minute" | "started_at") {
  const at = sql.ref(column);
  return sql`${ofScope(scope, sql`lesson_id`, sql`school_id`)} and ${at} >= ${scope.from} and ${at} < ${scope.to}`;
}

function ofScope({ lessonId, schoolId }: ExperienceScope, lesson: RawBuilder<unknown>, school: RawBuilder<unknown>) {
  const ofLesson = lessonId === undefined ? sql`true` : sql`${lesson} = ${lessonId}`;
  const ofSchool = schoolId === undefined || schoolId === null ? sql`true` : sql`${school} = ${schoolId}`;
  return sql`${ofLesson} and ${ofSchool}`;
}

function figuresOf(row: Row | undefined): Figures {
  const { watched_ms: watched = 0, stall_ms: stalled = 0, frames = 0, dropped_frames: dropped = 0 } = row ?? {};
  return {
    sessions: row?.sessions ?? 0,
    watchedMs: watched,
    stalls: row?.stalls ?? 0,
    stallMs: stalled,
    stallRatio: watched + stalled === 0 ? null : stalled / (watched + stalled),
    droppedShare: frames + dropped === 0 ? null : dropped / (frames + dropped),
    reconnects: row?.reconnects ?? 0,
    errors: row?.errors ?? 0,
  };
}

function timeOf({ minute }: Row): number {
  return minute?.getTime() ?? 0;
}
