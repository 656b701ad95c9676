/** Provides the analytics of one lesson, live or ended: attendance, time watched, who was there by minute, replays, devices, interaction. */
import { sql } from "kysely";
import type { Db, Lesson } from "../../foundation/store/tables.ts";
import { type Activity, activityOf, NO_ACTIVITY } from "./activity.ts";
import { minutesOfLesson } from "./lesson-minutes.ts";
import { type RecordingHeat, replayHeat } from "./replay-heat.ts";
import { watchingPeaks } from "./watching-peak.ts";

/** What divides players. */
export const DIVISIONS = ["device", "engine", "carrier", "region"] as const;
type Division = (typeof DIVISIONS)[number];

export type DivisionRow = { readonly name: string; readonly sessions: number; readonly watchedMs: number };

export type LessonAnalytics = Activity & {
  /** Students of the course; null: the lesson has no course. */
  readonly expected: number | null;
  /** Of those expected, who joined. */
  readonly came: number | null;
  /** Students and guests who watched; null: the school keeps no sessions. */
  readonly viewers: number | null;
  readonly sessions: number;
  /** Live, by all players. */
  readonly watchedMs: number;
  readonly stallMs: number;
  readonly peak: number;
  readonly minutes: readonly { readonly at: Date; readonly present: number; readonly watching: number }[];
  readonly replays: readonly RecordingHeat[];
  readonly by: Readonly<Record<Division, readonly DivisionRow[]>>;
};

const MINUTE_MS = 60_000;

export async function lessonAnalytics(db: Db, lesson: Lesson, now: Date): Promise<LessonAnalytics> {
  const { present, watching } = await minutesOfLesson(db, lesson.id, now);
  const activity = (await activityOf(db, [lesson.id], now)).get(lesson.id) ?? NO_ACTIVITY;
  const begin = Math.floor((lesson.started_at?.getTime() ?? 0) / MINUTE_MS) * MINUTE_MS;
  const minutes = present.map((count, i) => ({
    at: new Date(begin + i * MINUTE_MS),
    present: count,
    watching: watching[i] ?? 0,
  }));
  return {
    ...activity,
    ...(await expectedAndCame(db, lesson)),
    viewers: await viewersOf(db, lesson),
    ...(await playersOf(db, lesson.id)),
    peak: Math.max((await watchingPeaks(db, [lesson.id], now)).get(lesson.id) ?? 0, ...watching),
    minutes,
    replays: await replayHeat(db, lesson.id),
  };
}

async function expectedAndCame(db: Db, lesson: Lesson): Promise<Pick<LessonAnalytics, "expected" | "came">> {
  if (lesson.course_id === null) return { expected: null, came: null };
  const { rows } = await sql<{ expected: number; came: number }>`
    select count(*)::int8 as expected, count(*) filter (where exists (select 1 from participants p
      where p.lesson_id = ${lesson.id} and p.user_id = users.id and p.waiting_since is null))::int8 as came
    from course_members m join users on users.id = m.user_id
    where m.course_id = ${lesson.course_id} and m.role = 'student' and users.disabled_at is null`.execute(db);
  return rows[0] ?? { expected: 0, came: 0 };
}

async function viewersOf(db: Db, lesson: Lesson): Promise<number | null> {
  const { rows } = await sql<{ viewers: number; keeps: string }>`
    select schools.view_details as keeps, (select count(*) from (select 1 from view_sessions views
      left join participants p on p.id = views.participant_id
      where views.lesson_id = ${lesson.id} and views.cid not like 'vod/%' and coalesce(p.role, 'guest') in ('student', 'guest')
      group by coalesce(views.participant_id, views.id)) people)::int8 as viewers
    from schools where schools.id = ${lesson.school_id}`.execute(db);
  const [row] = rows;
  return row === undefined || row.keeps === "none" ? null : row.viewers;
}

type PlayerRow = DivisionRow & { readonly stallMs: number; readonly level: number } & Readonly<Record<Division, string | null>>;

/** What `grouping()` gives for each set of groups: a bit for each column that is not in it, the first one highest. */
const LEVELS: Readonly<Record<Division | "all", number>> = { device: 7, engine: 11, carrier: 13, region: 14, all: 15 };

async function playersOf(db: Db, lessonId: string): Promise<Pick<LessonAnalytics, "sessions" | "watchedMs" | "stallMs" | "by">> {
  const { rows } = await sql<PlayerRow>`
    select device, engine, carrier, region, grouping(device, engine, carrier, region) as level, coalesce(sum(sessions), 0)::int8 as sessions,
      coalesce(sum(watched_ms), 0)::int8 as "watchedMs", coalesce(sum(stall_ms), 0)::int8 as "stallMs"
    from view_minutes where lesson_id = ${lessonId} and cid not like 'vod/%'
    group by grouping sets ((device), (engine), (carrier), (region), ())`.execute(db);
  const by = (division: Division) =>
    rows
      .filter(({ level }) => level === LEVELS[division])
      .map((row) => ({ name: row[division] ?? "", sessions: row.sessions, watchedMs: row.watchedMs }))
      .toSorted((a, b) => b.watchedMs - a.watchedMs || (a.name < b.name ? -1 : 1));
  const all = rows.find(({ level }) => level === LEVELS.all);
  return {
    sessions: all?.sessions ?? 0,
    watchedMs: all?.watchedMs ?? 0,
    stallMs: all?.stallMs ?? 0,
    by: { device: by("device"), engine: by("engine"), carrier: by("carrier"), region: by("region") },
  };
}
