/** Serves the API routes for series of lessons that repeat by the week. One of their lessons is changed and deleted as any lesson. */
import type { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { seriesText } from "../../foundation/messages/series-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import { type Resource, resource } from "../../foundation/resource/resource.ts";
import { checkLadder, ladderColumns } from "../../foundation/schools/ladder-choice.ts";
import { type Change, checkVersion } from "../../foundation/store/change.ts";
import type { LessonSeries } from "../../foundation/store/lesson-series-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { hourlyCounts } from "../../people/limits/hourly-limits.ts";
import type { LessonContext } from "../change-lesson.ts";
import { checkReferences } from "../lesson-references.ts";
import { capacityOf } from "../lesson-row.ts";
import { readExceptions, replaceExceptions } from "../weekly/exceptions.ts";
import { renamer } from "../weekly/occurrences.ts";
import { isDayRange } from "./day-fields.ts";
import { changeFollowing, deleteUpcoming, endSeries, SERIES_LIMIT } from "./divide-series.ts";
import { planSeries } from "./plan-series.ts";
import { previewSeriesRoute } from "./preview-route.ts";
import { noticeColumns, SERIES_MAILS } from "./series-mails.ts";
import { reachedSeries } from "./series-rights.ts";
import {
  changedLessonSeries,
  endedLessonSeries,
  followingLessons,
  lessonSeriesResponse,
  lessonSeriesShape,
  newLessonSeries,
  type SeriesChanges,
} from "./shapes.ts";

const TAG = "Lesson series";
const WRITE = requires("lessons:write", ...TEACHERS);
const PATH = "/lesson-series/:lessonSeriesId";

type AllSeries = Resource<"lesson_series", typeof lessonSeriesShape>;

export function lessonSeriesRoutes(context: LessonContext): ApiRoute[] {
  const { streams } = context;
  const series = resource(context, {
    table: "lesson_series",
    path: PATH,
    tag: TAG,
    kind: "lesson-series",
    read: requires("lessons:read", ...TEACHERS),
    write: WRITE,
    owner: "school",
    missing: seriesText("no-series"),
    limit: SERIES_LIMIT,
    shape: lessonSeriesShape,
    present: ({ db }, rows) => presenter(db, rows),
    visible: reachedSeries,
  });
  const create = series.create("createLessonSeries", {
    summary: "Create a series of lessons that repeat by the week; those of the next half year are in the timetable at once",
    rights: ["++++----", "+000----"],
    body: newLessonSeries,
    refusals: ["too-many"],
    row: (body, { trx, actor, schoolId }) => newRow(trx, actor, schoolId, body),
    also: async (change, row) => {
      await planSeries(change, streams, row, Date.now());
      change.wake(SERIES_MAILS);
    },
  });
  return [
    series.list("listLessonSeries", {
      summary: "List the series of lessons that the account may change",
      rights: ["++++----", "+000----"],
      query: { courseId: id.optional(), teacherId: id.optional() },
      where: (matching, { courseId, teacherId }) => {
        const ofCourse = courseId === undefined ? matching : matching.where("lesson_series.course_id", "=", courseId);
        return teacherId === undefined ? ofCourse : ofCourse.where("lesson_series.teacher_id", "=", teacherId);
      },
    }),
    previewSeriesRoute(context),
    admitted(context, create),
    series.get("getLessonSeries", { summary: "Get a series of lessons", rights: ["+++0----", "+000----"] }),
    series.change("changeLessonSeries", {
      summary: "Change a series and all its lessons that have not begun; those that a person changed stay as they are",
      rights: ["+++0----", "+000----"],
      body: changedLessonSeries,
      columns: (body, before, { trx, actor }) => {
        checkDays(before, body);
        return columnsOf(trx, actor, before, body);
      },
      also: async (change, after, before, { exceptions }) => {
        if (exceptions) await replaceExceptions(change, after.id, exceptions);
        await planSeries(change, streams, after, Date.now(), renamer(before, after));
        change.wake(SERIES_MAILS);
      },
    }),
    changeFollowingRoute(context, series),
    endSeriesRoute(context, series),
    series.delete("deleteLessonSeries", {
      summary: "Delete a series; its lessons that have not begun go to the bin, the others stay",
      rights: ["+++0----", "+000----"],
      check: (change, { id: seriesId }) => deleteUpcoming(change, streams, seriesId),
    }),
  ];
}

function changeFollowingRoute({ changes, streams }: LessonContext, series: AllSeries): ApiRoute {
  return route({
    id: "changeFollowingLessons",
    method: "POST",
    path: `${PATH}/following`,
    tag: TAG,
    summary: "Change the lessons of a series from a day on, which become a series of their own; answers with it",
    access: WRITE,
    rights: ["+++0----", "+000----"],
    params: idParam("lessonSeriesId"),
    body: followingLessons,
    status: 200,
    answer: lessonSeriesShape,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: ({ params, body: { from, ...body }, ifMatch, actor }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const before = await series.find(trx, actor, params.lessonSeriesId);
        checkVersion(before, ifMatch);
        const columns = await columnsOf(trx, actor, before, body);
        const after = await changeFollowing(change, streams, before, from, columns);
        change.wake(SERIES_MAILS);
        return { body: await present(trx, after.id) };
      }),
  });
}

function endSeriesRoute({ changes, streams }: LessonContext, series: AllSeries): ApiRoute {
  return route({
    id: "endLessonSeries",
    method: "POST",
    path: `${PATH}/end`,
    tag: TAG,
    summary: "End a series before a day: its lessons from then on that have not begun go to the bin",
    access: WRITE,
    rights: ["+++0----", "+000----"],
    params: idParam("lessonSeriesId"),
    body: endedLessonSeries,
    status: 200,
    answer: lessonSeriesShape,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ params, body: { from }, ifMatch, actor }) =>
      changes.transact({ actor }, async (change) => {
        const before = await series.find(change.trx, actor, params.lessonSeriesId);
        checkVersion(before, ifMatch);
        const after = await endSeries(change, streams, before, from, noticeColumns(before.teacher_id, actor));
        change.wake(SERIES_MAILS);
        return { body: await present(change.trx, after.id) };
      }),
  });
}

/** The row of a new series. A teacher who names nobody else teaches it. */
async function newRow(trx: Change["trx"], actor: Actor, schoolId: string, body: z.output<typeof newLessonSeries>) {
  const teacher_id = body.teacherId ?? (actor.role === "teacher" ? actor.id : null);
  await checkReferences(trx, actor, schoolId, body.courseId ?? null, teacher_id);
  await checkLadder(trx, schoolId, body.ladder);
  const school = await trx.selectFrom("schools").selectAll().where("id", "=", schoolId).executeTakeFirstOrThrow();
  return {
    course_id: body.courseId ?? null,
    teacher_id,
    title: body.title,
    mode: body.mode,
    record: body.record,
    guests: body.guests ?? school.guests,
    waiting_room: body.waitingRoom,
    open_to_school: body.openToSchool,
    capacity: capacityOf(body.mode, body.capacity),
    ladder: body.ladder ?? null,
    ladder_start: body.ladderStart ?? null,
    time_zone: body.timeZone ?? school.time_zone,
    weekly: json(body.weekly),
    every_weeks: body.everyWeeks,
    starts_on: body.startsOn,
    ends_on: body.endsOn,
    lesson_count: body.count,
    skip_holidays: body.skipHolidays,
    ...noticeColumns(teacher_id, actor),
  };
}

/** Only where one of the days changes: a series that was ended before its first day keeps them. @throws RefusalError bad-request */
function checkDays(before: LessonSeries, { startsOn, endsOn }: SeriesChanges): void {
  if (startsOn === undefined && endsOn === undefined) return;
  if (!isDayRange({ startsOn: startsOn ?? before.starts_on, endsOn: endsOn === undefined ? before.ends_on : endsOn }))
    throw new RefusalError("bad-request", seriesText("entry-ends-before"));
}

/** The columns that a change sets. */
async function columnsOf(trx: Change["trx"], actor: Actor, before: LessonSeries, body: SeriesChanges) {
  await checkReferences(trx, actor, before.school_id, body.courseId ?? null, body.teacherId ?? null);
  await checkLadder(trx, before.school_id, body.ladder);
  return definedFields({
    title: body.title,
    course_id: body.courseId,
    teacher_id: body.teacherId,
    mode: body.mode,
    record: body.record,
    guests: body.guests,
    waiting_room: body.waitingRoom,
    open_to_school: body.openToSchool,
    capacity: body.capacity,
    ...ladderColumns(body),
    time_zone: body.timeZone,
    weekly: body.weekly && json(body.weekly),
    every_weeks: body.everyWeeks,
    starts_on: body.startsOn,
    ends_on: body.endsOn,
    lesson_count: body.count,
    skip_holidays: body.skipHolidays,
    ...noticeColumns(body.teacherId === undefined ? before.teacher_id : body.teacherId, actor),
  });
}

/** A series makes many codes at once, and counts as one of those that a person makes in an hour. */
function admitted({ hourly }: Pick<LessonContext, "hourly">, inner: ApiRoute): ApiRoute {
  const handle: ApiRoute["handle"] = async (call) => {
    await hourly.admit(hourlyCounts("code", call.actor));
    return await inner.handle(call);
  };
  return { ...inner, handle };
}

async function present(db: Db, seriesId: string) {
  const row = await db.selectFrom("lesson_series").selectAll().where("id", "=", seriesId).executeTakeFirstOrThrow();
  return (await presenter(db, [row]))(row);
}

async function presenter(db: Db, rows: readonly LessonSeries[]) {
  const ids = rows.map((row) => row.id);
  const exceptions = await readExceptions(db, ids);
  const upcoming = await db
    .selectFrom("lessons")
    .select(({ fn }) => ["series_id", fn.countAll<number>().as("lessons"), fn.min("starts_at").as("next")])
    .where("series_id", "in", ["", ...ids])
    .where("state", "=", "scheduled")
    .where("deleted_at", "is", null)
    .where("starts_at", ">", new Date())
    .groupBy("series_id")
    .execute();
  const ahead = new Map(upcoming.map((one) => [one.series_id, one]));
  return (row: LessonSeries) =>
    lessonSeriesResponse(row, {
      exceptions: exceptions.get(row.id) ?? [],
      upcoming: Number(ahead.get(row.id)?.lessons ?? 0),
      nextAt: ahead.get(row.id)?.next ?? null,
    });
}
