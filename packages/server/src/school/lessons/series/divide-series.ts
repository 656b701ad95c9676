/** Divides a series at a day, for changes that hold from then on, and ends a series at a day. */
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { seriesText } from "../../foundation/messages/series-texts.ts";
import { assertQuota, type Limit } from "../../foundation/resource/limit.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { LessonSeries } from "../../foundation/store/lesson-series-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { auditLesson, lessonEventData } from "../change-lesson.ts";
import { dayBefore, occurrencesOf, renamer } from "../weekly/occurrences.ts";
import { readHolidays } from "../weekly/series-lesson.ts";
import { planSeries, type SeriesStreams } from "./plan-series.ts";

/** Of one school: a large one has as many in some years. Each has at most 520 lessons ahead. */
const MAX_SERIES = 10_000;
export const SERIES_LIMIT: Limit = { max: MAX_SERIES, refusal: seriesText("too-many-series", { max: MAX_SERIES }) };

/** Columns that a change sets. */
export type SeriesColumns = Partial<Omit<LessonSeries, "id" | "school_id" | "version" | "created_at">>;

/**
 * Changes the lessons from a day on: they become a series of their own, and keep their links and what belongs to them. Where none is before that
 * day, it is the same series.
 * @param now milliseconds since 1970, for tests
 * @throws RefusalError not-found, where the series has no lesson on the day
 */
export async function changeFollowing(
  change: Change,
  streams: SeriesStreams,
  before: LessonSeries,
  from: string,
  columns: SeriesColumns,
  now = Date.now(),
): Promise<LessonSeries> {
  const earlier = await countBefore(change.trx, before, from);
  if (earlier === 0) {
    const after = await updateSeries(change, before, columns);
    await planSeries(change, streams, after, now, renamer(before, after));
    return after;
  }
  // Before the series is locked: who adds a holiday locks the school first, too.
  await assertQuota(change.trx, "lesson_series", { school: before.school_id }, SERIES_LIMIT);
  const ended = await updateSeries(change, before, { ends_on: dayBefore(from), lesson_count: null });
  const rest = before.lesson_count === null ? null : Math.max(1, before.lesson_count - earlier);
  const { created_at: _, version: __, notify_attempts: ___, weekly, ...copied } = before;
  const begun = { ...copied, id: newId(), starts_on: from, lesson_count: rest, weekly: json(weekly), ...columns };
  const following = await change.trx.insertInto("lesson_series").values(begun).returningAll().executeTakeFirstOrThrow();
  const target = { schoolId: before.school_id, targetKind: "lesson-series", targetId: following.id };
  await change.audit({ action: "lesson-series.create", ...target, after: following });
  await moveLessons(change, before.id, following.id, from);
  await planSeries(change, streams, following, now, renamer(before, following));
  await planSeries(change, streams, ended, now);
  return following;
}

/** Moves the lessons from a day on to the bin, also those that a person changed, and ends the series before that day, or as early as it did. */
export async function endSeries(
  change: Change,
  streams: SeriesStreams,
  before: LessonSeries,
  from: string,
  columns: SeriesColumns,
  now = Date.now(),
): Promise<LessonSeries> {
  await deleteUpcoming(change, streams, before.id, from, now);
  const after = await updateSeries(change, before, { ...columns, ...(await endBefore(change.trx, before, from)) });
  await planSeries(change, streams, after, now);
  return after;
}

/** The count stays where the series is over by it: the lessons before the day are as many. */
async function endBefore(db: Db, series: LessonSeries, from: string): Promise<Pick<LessonSeries, "ends_on" | "lesson_count">> {
  const day = dayBefore(from);
  const ends_on = series.ends_on !== null && series.ends_on < day ? series.ends_on : day;
  if (series.lesson_count === null) return { ends_on, lesson_count: null };
  const lessons = [...occurrencesOf(series, await readHolidays(db, series), ends_on)].filter(({ isHoliday }) => !isHoliday);
  return { ends_on, lesson_count: lessons.length < series.lesson_count ? null : series.lesson_count };
}

/**
 * Lessons that have not begun go to the bin. Locks the series first, as changes and the work that makes lessons do: else two of them wait for each
 * other, and lessons that are being made stay.
 * @param from a day; empty: all of them
 */
export async function deleteUpcoming(
  change: Change,
  streams: SeriesStreams,
  seriesId: string,
  from = "",
  now = Date.now(),
): Promise<void> {
  await change.trx.selectFrom("lesson_series").select("id").where("id", "=", seriesId).forNoKeyUpdate().execute();
  const lessons = await change.trx
    .selectFrom("lessons")
    .selectAll()
    .where("series_id", "=", seriesId)
    .where("occurrence", ">=", from)
    .where("state", "=", "scheduled")
    .where("starts_at", ">", new Date(now))
    .where("deleted_at", "is", null)
    .execute();
  for (const lesson of lessons) {
    const after = await updateRow(change, "lessons", lesson, {
      deleted_at: new Date(now),
      series_id: null,
      occurrence: null,
      series_edited: false,
    });
    await auditLesson(change, "lesson.delete", lesson, after);
    await change.emit("lesson.deleted", lesson.school_id, lessonEventData(lesson));
    change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
  }
}

async function updateSeries(change: Change, before: LessonSeries, columns: SeriesColumns): Promise<LessonSeries> {
  const after = await updateRow(change, "lesson_series", before, columns);
  const target = { schoolId: before.school_id, targetKind: "lesson-series", targetId: before.id };
  await change.audit({ action: "lesson-series.change", ...target, before, after });
  return after;
}

/** How many lessons a series has before one of its days. */
async function countBefore(db: Db, series: LessonSeries, from: string): Promise<number> {
  const until = [...occurrencesOf(series, await readHolidays(db, series), from)];
  if (!until.some(({ date }) => date === from)) throw new RefusalError("not-found", seriesText("no-lesson-on", { date: from }));
  return until.filter(({ date, isHoliday }) => date < from && !isHoliday).length;
}

async function moveLessons({ trx }: Change, from: string, to: string, day: string): Promise<void> {
  await trx
    .updateTable("lessons")
    .set((row) => ({ series_id: to, version: row("version", "+", 1) }))
    .where("series_id", "=", from)
    .where("occurrence", ">=", day)
    .execute();
  const exceptions = trx.updateTable("lesson_series_exceptions").set({ series_id: to }).where("series_id", "=", from);
  await exceptions.where("occurrence", ">=", day).execute();
}
