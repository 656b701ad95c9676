/**
 * Measures what viewers of each lesson see, for the rules of alarms: stalls, first frames and complaints of the last minutes, from the figures that
 * players send. Only the leader does.
 */
import { sql } from "kysely";
import { mergeBuckets, quantile } from "../../../contracts/playback-sessions/log-buckets.ts";
import type { Logger } from "../../../platform/log.ts";
import { PeriodicWork } from "../../../platform/periodic-work.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { Measured } from "../metrics-history/measured-of.ts";
import type { Series } from "../metrics-history/metrics-history.ts";
import { WITHOUT_SESSION } from "../playback-sessions/complaints.ts";

const POLL_MS = 30_000;
/** Figures are by the minute: this one and the one before. */
const MINUTE_MS = 60_000;
const COMPLAINTS_OF_MS = 600_000;
/** Complaints are looked for in sessions that began within this. */
const LONGEST_LESSON_MS = 12 * 3600_000;

export type LessonMetricsOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly isLeader: () => boolean;
  readonly series: Pick<Series, "take">;
};

/** To be started and closed. */
export function lessonMetrics({ db, log, isLeader, series }: LessonMetricsOptions): PeriodicWork {
  return new PeriodicWork({
    everyMs: POLL_MS,
    work: async (now) => series.take(now, await measureLessons(db, now)),
    log,
    failure: "lessons not measured for alarms, trying again",
    isWanted: isLeader,
  });
}

type Figures = { watchedMs: number; stallMs: number; frames: Readonly<Record<number, number>> };

/** @param now milliseconds since 1970 */
export async function measureLessons(db: Database, now: number): Promise<readonly Measured[]> {
  const since = Math.floor(now / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  const rows = await db
    .selectFrom("view_minutes")
    .select(["lesson_id", "watched_ms", "stall_ms", "first_frames"])
    .where("minute", ">=", new Date(since))
    .where("lesson_id", "is not", null)
    .where("cid", "not like", "vod/%")
    .execute();
  const lessons = new Map<string, Figures>();
  const all: Figures = { watchedMs: 0, stallMs: 0, frames: {} };
  for (const { lesson_id, watched_ms, stall_ms, first_frames } of rows) {
    const lesson = lessons.get(lesson_id ?? "") ?? { watchedMs: 0, stallMs: 0, frames: {} };
    lessons.set(lesson_id ?? "", lesson);
    for (const figures of [lesson, all]) {
      figures.watchedMs += watched_ms;
      figures.stallMs += stall_ms;
      figures.frames = mergeBuckets(figures.frames, first_frames);
    }
  }
  const complaints = await complaintsByLesson(db, now);
  const measured = [...lessons].flatMap(([id, figures]) => measuresOf("lesson", id, figures, now - since));
  // Where nobody has a picture, no player tells anything, and people complain all the same.
  for (const id of new Set([...lessons.keys(), ...complaints.keys()]))
    measured.push({ kind: "lesson", subject: id, metric: "complaints", value: complaints.get(id) ?? 0 });
  return rows.length === 0 ? measured : [...measured, ...measuresOf("platform", "", all, now - since)];
}

function measuresOf(kind: "lesson" | "platform", subject: string, figures: Figures, spanMs: number): readonly Measured[] {
  const { watchedMs, stallMs, frames } = figures;
  const whole = watchedMs + stallMs;
  return [
    { kind, subject, metric: "viewers", value: whole / spanMs },
    { kind, subject, metric: "stall_ratio", value: whole === 0 ? null : stallMs / whole },
    { kind, subject, metric: "first_frame_ms", value: quantile(frames, 0.5) },
  ];
}

async function complaintsByLesson(db: Database, now: number): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom("view_sessions")
    .select(["lesson_id", sql<number>`count(*)::int`.as("count")])
    .where("complaint", "is not", null)
    .where("lesson_id", "is not", null)
    .where("started_at", ">=", new Date(now - LONGEST_LESSON_MS))
    .where("last_at", ">=", new Date(now - COMPLAINTS_OF_MS))
    .groupBy("lesson_id")
    .execute();
  const others = await db
    .selectFrom("view_complaints")
    .select(["lesson_id", sql<number>`count(*)::int`.as("count")])
    .where("at", ">=", new Date(now - COMPLAINTS_OF_MS))
    .where(sql<boolean>`${WITHOUT_SESSION}`)
    .groupBy("lesson_id")
    .execute();
  const counts = new Map<string, number>();
  for (const { lesson_id, count } of [...rows, ...others]) counts.set(lesson_id ?? "", (counts.get(lesson_id ?? "") ?? 0) + count);
  return counts;
}
