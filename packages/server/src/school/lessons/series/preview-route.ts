/** Serves the API route that says what a series would be, before it is made: its lessons, its holidays, and which other lessons its teacher has then. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { id, time } from "../../foundation/requests/fields.ts";
import { requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import { targetSchool } from "../../foundation/schools/scope.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { LessonContext } from "../change-lesson.ts";
import { checkReferences } from "../lesson-references.ts";
import { laterDay, localDay, momentsOf, type Occurrence, occurrencesOf, type Pattern } from "../weekly/occurrences.ts";
import { readHolidays } from "../weekly/series-lesson.ts";
import { previewedSeries } from "./shapes.ts";

/** As far as the preview looks where a series has no end: two years. */
const WEEKS = 104;
const MAX_SHOWN = 20;
/** As the timetable draws a lesson without an end. */
const LESSON_MS = 45 * 60_000;
const DAY_MS = 24 * 3600 * 1000;

const conflict = z.object({
  lessonId: id,
  title: z.string(),
  startsAt: time,
  endsAt: time,
  day: z.string().describe("The day of the lesson of the series that meets it."),
});
const answer = z
  .object({
    count: z.int().describe("Lessons of the series, of two years where it has no end."),
    lastDay: z.string().nullable().describe("The day of the last of them; null: there is none, or the series has no end."),
    holidays: z.array(z.object({ day: z.string(), name: z.string() })).describe("Days that have no lesson; at most 20."),
    conflicts: z.array(conflict).describe("Lessons that the teacher has at the same time; at most 20."),
    conflictCount: z.int(),
  })
  .meta({ id: "LessonSeriesPreview" });

export function previewSeriesRoute({ db }: LessonContext): ApiRoute {
  return route({
    id: "previewLessonSeries",
    method: "POST",
    path: "/lesson-series/preview",
    tag: "Lesson series",
    summary:
      "Preview a series, or one lesson: how many there are, which days are holidays, and which lessons the teacher has at the same time",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["++++----", "+000----"],
    body: previewedSeries,
    status: 200,
    answer,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, body }) => {
      const school = await targetSchool(db, actor, body.schoolId);
      const teacherId = body.teacherId ?? null;
      await checkReferences(db, actor, school.id, null, teacherId);
      const pattern: Pattern = {
        time_zone: body.timeZone ?? school.time_zone,
        weekly: body.weekly,
        every_weeks: body.everyWeeks,
        starts_on: body.startsOn,
        ends_on: body.endsOn,
        lesson_count: body.count,
        skip_holidays: body.skipHolidays,
      };
      const holidays = await readHolidays(db, { school_id: school.id, skip_holidays: body.skipHolidays });
      const today = localDay(pattern.time_zone, Date.now());
      const first = [body.startsOn, today].toSorted().at(-1) ?? today;
      const until = laterDay(first, WEEKS);
      const all = [...occurrencesOf(pattern, holidays, until)].filter(({ date }) => date >= today);
      const lessons = all.filter(({ isHoliday }) => !isHoliday);
      const conflicts = teacherId === null ? [] : await conflictsOf(db, teacherId, pattern, lessons, body);
      const nameOf = (date: string) => holidays.find(({ starts_on, ends_on }) => starts_on <= date && date <= ends_on)?.name ?? "";
      return {
        body: {
          count: lessons.length,
          lastDay: body.endsOn === null && body.count === null ? null : (lessons.at(-1)?.date ?? null),
          holidays: [...new Set(all.filter(({ isHoliday }) => isHoliday).map(({ date }) => date))]
            .slice(0, MAX_SHOWN)
            .map((date) => ({ day: date, name: nameOf(date) })),
          conflicts: conflicts.slice(0, MAX_SHOWN),
          conflictCount: conflicts.length,
        },
      };
    },
  });
}

type Except = { readonly lessonId?: string | undefined; readonly seriesId?: string | undefined };

/** Lessons of the teacher that are at the same time, with the day of the series. */
async function conflictsOf(db: Db, teacherId: string, pattern: Pattern, lessons: readonly Occurrence[], except: Except) {
  const moments = lessons.map((lesson) => ({ day: lesson.date, ...momentsOf(pattern, lesson) }));
  const [first, last] = [moments[0], moments.at(-1)];
  if (!first || !last) return [];
  const others = await db
    .selectFrom("lessons")
    .select(["id", "title", "starts_at", "ends_at", "series_id"])
    .where("teacher_id", "=", teacherId)
    .where("deleted_at", "is", null)
    .where("state", "!=", "ended")
    .where("starts_at", ">", new Date(first.startsAt.getTime() - DAY_MS))
    .where("starts_at", "<", last.endsAt)
    .orderBy("starts_at")
    .execute();
  return others.flatMap(({ id: lessonId, title, starts_at: startsAt, ends_at, series_id }) => {
    if (startsAt === null || lessonId === except.lessonId) return [];
    if (series_id !== null && series_id === except.seriesId) return [];
    const endsAt = ends_at ?? new Date(startsAt.getTime() + LESSON_MS);
    const met = moments.find((moment) => moment.startsAt < endsAt && startsAt < moment.endsAt);
    return met ? [{ lessonId, title, startsAt, endsAt, day: met.day }] : [];
  });
}
