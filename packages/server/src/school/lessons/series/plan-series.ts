/**
 * Makes the lessons of a series ahead, and brings those that are there to what the series says. Lessons that have begun, and lessons that a person
 * changed, stay as they are. The caller holds the lock of the
 * series' row: it was updated, inserted or locked in this transaction.
 */
import type { Change } from "../../foundation/store/change.ts";
import type { LessonSeries } from "../../foundation/store/lesson-series-tables.ts";
import type { Lesson } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { changedColumns } from "../../foundation/upserts/changed-columns.ts";
import { auditLesson, lessonEventData } from "../change-lesson.ts";
import { newLessonRow } from "../lesson-row.ts";
import type { StreamControl } from "../stream-control.ts";
import { dayIn, laterDay, localDay, type Occurrence, occurrencesOf } from "../weekly/occurrences.ts";
import { lessonColumns, readHolidays } from "../weekly/series-lesson.ts";

/** The name of the work that makes lessons ahead (`series-work.ts`). */
export const LESSON_SERIES = "lesson-series";
/** Lessons are made half a year ahead: a term has its timetable at once. */
const AHEAD_WEEKS = 26;
const WEEK_MS = 7 * 24 * 3600 * 1000;

type LessonChange = Partial<ReturnType<typeof lessonColumns>> & {
  readonly series_id?: null;
  readonly occurrence?: string | null;
  readonly series_edited?: boolean;
  readonly deleted_at?: Date | null;
};
export type SeriesStreams = Pick<StreamControl, "ruleChanged">;

/**
 * @param now milliseconds since 1970
 * @param rename where lessons go when the pattern has changed; null: they leave the series
 */
export async function planSeries(
  change: Change,
  streams: SeriesStreams,
  series: LessonSeries,
  now: number,
  rename: (name: string) => string | null = (name) => name,
): Promise<void> {
  await new Planning(change, streams, series, now, rename).run();
}

class Planning {
  private readonly change: Change;
  private readonly streams: SeriesStreams;
  private readonly series: LessonSeries;
  private readonly now: number;
  private readonly rename: (name: string) => string | null;
  /** Names of occurrences that have a lesson. */
  private readonly taken = new Set<string>();

  constructor(change: Change, streams: SeriesStreams, series: LessonSeries, now: number, rename: (name: string) => string | null) {
    this.change = change;
    this.streams = streams;
    this.series = series;
    this.now = now;
    this.rename = rename;
  }

  async run(): Promise<void> {
    const { change, series, now } = this;
    const today = localDay(series.time_zone, now);
    const horizon = horizonOf(series, today);
    const holidays = await readHolidays(change.trx, series);
    const planned = new Map([...occurrencesOf(series, holidays, horizon)].map((occurrence) => [occurrence.name, occurrence]));
    const left = await this.renameExceptions();
    const lessons = await this.lessonsFrom(today);
    const named = new Set(lessons.map((lesson) => this.newNameOf(lesson)));
    for (const lesson of lessons) if (this.hasTakenPlace(lesson)) await this.keep(lesson, named);
    for (const lesson of lessons) if (!this.hasTakenPlace(lesson)) await this.bringUp(lesson, planned, left);
    for (const occurrence of planned.values())
      if (!occurrence.isHoliday && !left.has(occurrence.name) && !this.taken.has(occurrence.name)) await this.create(occurrence);
    await this.noteHorizon(planned, horizon);
  }

  /** Lessons that are there, also those in the bin, which come back when a holiday is taken from the calendar. */
  private async lessonsFrom(today: string): Promise<readonly Lesson[]> {
    return await this.change.trx
      .selectFrom("lessons")
      .selectAll()
      .where("series_id", "=", this.series.id)
      .where(({ eb, or }) => or([eb("occurrence", ">=", laterDay(today, -1)), eb("starts_at", ">", new Date(this.now))]))
      .orderBy("occurrence")
      .execute();
  }

  private hasTakenPlace({ state, starts_at }: Lesson): boolean {
    return state !== "scheduled" || (starts_at !== null && starts_at.getTime() <= this.now);
  }

  /** A lesson that was held stays on its day. */
  private newNameOf(lesson: Lesson): string | null {
    const name = this.rename(lesson.occurrence ?? "");
    return this.hasTakenPlace(lesson) && name !== null && dayIn(name) !== dayIn(lesson.occurrence ?? "") ? null : name;
  }

  /** @param named new names of all lessons: where another one has its name, a lesson that was held has the new one, or leaves the series */
  private async keep(lesson: Lesson, named: ReadonlySet<string | null>): Promise<void> {
    if (lesson.occurrence === null) return;
    const name = this.newNameOf(lesson) ?? (named.has(lesson.occurrence) ? null : lesson.occurrence);
    if (name === null) return await this.update(lesson, { series_id: null, occurrence: null, series_edited: false });
    this.taken.add(name);
    await this.update(lesson, { occurrence: name });
  }

  private async bringUp(lesson: Lesson, planned: ReadonlyMap<string, Occurrence>, left: ReadonlySet<string>): Promise<void> {
    const name = this.rename(lesson.occurrence ?? "");
    const occurrence = name === null || this.taken.has(name) ? undefined : planned.get(name);
    if (!occurrence) {
      // What a person made of it is a lesson of its own now.
      const deleted_at = lesson.deleted_at ?? (lesson.series_edited ? null : new Date(this.now));
      return await this.update(lesson, { series_id: null, occurrence: null, series_edited: false, deleted_at });
    }
    this.taken.add(occurrence.name);
    const columns = lessonColumns(this.series, occurrence);
    if (lesson.series_edited || columns.starts_at.getTime() <= this.now)
      return await this.update(lesson, { occurrence: occurrence.name });
    const isGone = occurrence.isHoliday || left.has(occurrence.name);
    const deleted_at = isGone ? (lesson.deleted_at ?? new Date(this.now)) : null;
    await this.update(lesson, { ...columns, occurrence: occurrence.name, deleted_at });
  }

  private async update(lesson: Lesson, columns: LessonChange): Promise<void> {
    const { change, streams } = this;
    const changed = changedColumns(lesson, columns);
    if (Object.keys(changed).length === 0) return;
    const after = await updateRow(change, "lessons", lesson, changed);
    const { action, event } = verbOf(lesson, after);
    await auditLesson(change, action, lesson, after);
    await change.emit(event, after.school_id, lessonEventData(after));
    change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
  }

  private async create(occurrence: Occurrence): Promise<void> {
    const { change, series, now } = this;
    const columns = lessonColumns(series, occurrence);
    if (columns.starts_at.getTime() <= now) return;
    const row = newLessonRow({
      schoolId: series.school_id,
      title: series.title,
      courseId: series.course_id,
      teacherId: series.teacher_id,
      startsAt: columns.starts_at,
      endsAt: columns.ends_at,
      mode: series.mode,
      record: series.record,
      guests: series.guests,
      capacity: series.capacity,
    });
    const values = { ...row, ...columns, series_id: series.id, occurrence: occurrence.name };
    const lesson = await change.trx.insertInto("lessons").values(values).returningAll().executeTakeFirstOrThrow();
    const target = { schoolId: series.school_id, targetKind: "lesson", targetId: lesson.id };
    await change.audit({ action: "lesson.create", ...target, after: lesson });
    await change.emit("lesson.created", series.school_id, lessonEventData(lesson));
  }

  /** Lessons that were deleted one by one, by the names that they have now. */
  private async renameExceptions(): Promise<ReadonlySet<string>> {
    const { trx } = this.change;
    const rows = await trx.selectFrom("lesson_series_exceptions").selectAll().where("series_id", "=", this.series.id).execute();
    const before = rows.map(({ occurrence }) => occurrence);
    const after = new Set(before.flatMap((name) => this.rename(name) ?? []));
    if (before.length === after.size && before.every((name) => after.has(name))) return after;
    await trx.deleteFrom("lesson_series_exceptions").where("series_id", "=", this.series.id).execute();
    if (after.size > 0)
      await trx
        .insertInto("lesson_series_exceptions")
        .values([...after].map((occurrence) => ({ series_id: this.series.id, occurrence })))
        .execute();
    return after;
  }

  /** Not a new version of the series: nobody has changed it. */
  private async noteHorizon(planned: ReadonlyMap<string, Occurrence>, horizon: string): Promise<void> {
    const { series, now } = this;
    const counted = [...planned.values()].filter(({ isHoliday }) => !isHoliday).length;
    const isWhole = counted === series.lesson_count || (series.ends_on !== null && series.ends_on <= horizon);
    const next = new Date(Math.max(now, Date.parse(series.starts_on)) + WEEK_MS);
    await this.change.trx
      .updateTable("lesson_series")
      .set({ planned_until: horizon, next_at: isWhole ? null : next })
      .where("id", "=", series.id)
      .execute();
  }
}

/** The day until which lessons are made; a series that begins next year has its half year at once, too. */
function horizonOf({ starts_on }: LessonSeries, today: string): string {
  return laterDay(starts_on > today ? starts_on : today, AHEAD_WEEKS);
}

function verbOf(before: Lesson, after: Lesson) {
  if ((before.deleted_at === null) === (after.deleted_at === null))
    return { action: "lesson.change", event: "lesson.changed" } as const;
  if (after.deleted_at === null) return { action: "lesson.restore", event: "lesson.restored" } as const;
  return { action: "lesson.delete", event: "lesson.deleted" } as const;
}
