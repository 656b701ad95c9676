/** Serves the API routes for recordings: list, get, change, delete and restore. `clip-routes.ts` and `playback-routes.ts` have the others. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import type { Accepted } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { askForApproval } from "../../foundation/approvals/ask.ts";
import { approvalShape } from "../../foundation/approvals/present.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { flag, id, idParam, search } from "../../foundation/requests/fields.ts";
import { hasWords } from "../../foundation/requests/folded.ts";
import { listingQuery, listOf, listPage, type SortKey } from "../../foundation/requests/listing.ts";
import { EVERY_ROLE, requires, STAFF, TEACHERS } from "../../foundation/requests/permissions.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { Recording } from "../../foundation/store/tables.ts";
import { findLesson } from "../lesson-rights.ts";
import { boardVideoRoutes } from "./board-video-routes.ts";
import { auditRecording, findTaughtRecording, type RecordingContext, updateRecording } from "./change-recording.ts";
import { clipRecordingRoute, prefetchRecordingRoute } from "./clip-routes.ts";
import { compositeRoutes } from "./composite-routes.ts";
import { downloadRoutes } from "./download-routes.ts";
import { playbackRoutes } from "./playback-routes.ts";
import { changeRecordingNow, publishesOutside, recordingState } from "./publish-act.ts";
import { recordingEventData } from "./recording-update.ts";
import { changedRecording, recordingResponse, recordingShape } from "./shapes.ts";
import { findRecording, visibleRecordings } from "./visibility.ts";

const TAG = "Recordings";

/** Grouped in the order of the API document. */
export function recordingRoutes(context: RecordingContext): ApiRoute[] {
  return [
    listRecordingsRoute(context),
    getRecordingRoute(context),
    changeRecordingRoute(context),
    prefetchRecordingRoute(context),
    clipRecordingRoute(context),
    deleteRecordingRoute(context),
    restoreRecordingRoute(context),
    ...playbackRoutes(context),
    ...downloadRoutes(context),
    ...boardVideoRoutes(context),
    ...compositeRoutes(context),
    recordLessonRoute(context),
  ];
}

const RECORDING_ORDERS: Readonly<Record<string, SortKey<Recording>>> = {
  startedAt: { column: "recordings.started_at", type: "timestamptz", valueOf: ({ started_at }) => started_at },
  title: { column: "recordings.title", type: "text", valueOf: ({ title }) => title },
  updatedAt: { column: "recordings.updated_at", type: "timestamptz", valueOf: ({ updated_at }) => updated_at },
};

function listRecordingsRoute({ db, prefetch }: RecordingContext): ApiRoute {
  return route({
    id: "listRecordings",
    method: "GET",
    path: "/recordings",
    tag: TAG,
    summary: "List recordings that the account may see, oldest first",
    access: requires("recordings:read", ...EVERY_ROLE),
    rights: ["+++++++-", "+000000-"],
    query: z.strictObject({
      ...listingQuery("startedAt", "title", "updatedAt"),
      schoolId: id.optional(),
      lessonId: id.optional(),
      courseId: id.optional().describe("Of the lessons of a course."),
      search: search.describe("Words of the title, in any order, without accents."),
      deleted: flag.default(false).describe("true: lists the bin instead."),
    }),
    status: 200,
    answer: listOf(recordingShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query }) => {
      const school = schoolScope(actor, query.schoolId);
      let matching = visibleRecordings(db, actor, query.deleted);
      if (school !== null) matching = matching.where("recordings.school_id", "=", school);
      if (query.lessonId) matching = matching.where("recordings.lesson_id", "=", query.lessonId);
      const { search: words, courseId } = query;
      if (courseId) {
        const ofCourse = db.selectFrom("lessons").select("lessons.id").where("lessons.course_id", "=", courseId);
        matching = matching.where("recordings.lesson_id", "in", ofCourse);
      }
      if (words) matching = matching.where(({ ref }) => hasWords(words, [ref("recordings.title")]));
      const page = await listPage(matching, "recordings", RECORDING_ORDERS, query, recordingResponse);
      if (query.lessonId) prefetch.request(page.items);
      return { body: page };
    },
  });
}

function getRecordingRoute({ db }: RecordingContext): ApiRoute {
  return route({
    id: "getRecording",
    method: "GET",
    path: "/recordings/:recordingId",
    tag: TAG,
    summary: "Get a recording",
    access: requires("recordings:read", ...EVERY_ROLE),
    rights: ["+++0+++-", "+000000-"],
    params: idParam("recordingId"),
    status: 200,
    answer: recordingShape,
    refusals: ["no-such-recording", "database-away"],
    handle: async ({ actor, params }) => ({ body: recordingResponse(await findRecording(db, actor, params.recordingId)) }),
  });
}

function changeRecordingRoute(context: RecordingContext): ApiRoute {
  return route({
    id: "changeRecording",
    method: "PATCH",
    path: "/recordings/:recordingId",
    tag: TAG,
    summary: "Change a recording: title, publication and chapters",
    access: requires("recordings:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("recordingId"),
    body: changedRecording,
    status: 200,
    answer: recordingShape,
    accepted: approvalShape,
    changes: true,
    refusals: [
      ...(["no-such-recording", "refused-by-rule", "approval-needed", "precondition-failed", "conflict"] as const),
      ...(["too-many", "database-away"] as const),
    ],
    handle: async ({ actor, params, body: { reason, ...wanted }, ifMatch }) =>
      await context.changes.transact<ReturnType<typeof recordingResponse> | Accepted<unknown>>({ actor }, async (change) => {
        const before = await findTaughtRecording(change.trx, actor, params.recordingId);
        checkVersion(before, ifMatch);
        const { school_id: schoolId } = before;
        if (schoolId !== null && (await publishesOutside(change.trx, before, wanted)))
          return await askForApproval(change, actor, {
            act: "publish-recording",
            schoolId,
            target: { kind: "recording", id: before.id },
            params: wanted,
            objectState: recordingState(before),
            reason,
          });
        return { body: recordingResponse(await changeRecordingNow(context, change, before, wanted, false)) };
      }),
  });
}

function deleteRecordingRoute(context: RecordingContext): ApiRoute {
  return route({
    id: "deleteRecording",
    method: "DELETE",
    path: "/recordings/:recordingId",
    tag: TAG,
    summary: "Move a recording to the bin for 30 days, where nobody can watch it",
    access: requires("recordings:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("recordingId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["no-such-recording", "refused-by-rule", "conflict", "precondition-failed", "database-away"],
    handle: async ({ actor, params, ifMatch }) => {
      await setDeleted(context, actor, params.recordingId, ifMatch, true);
      return { body: null };
    },
  });
}

function restoreRecordingRoute(context: RecordingContext): ApiRoute {
  return route({
    id: "restoreRecording",
    method: "POST",
    path: "/recordings/:recordingId/restore",
    tag: TAG,
    summary: "Restore a recording from the bin",
    access: requires("recordings:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("recordingId"),
    status: 200,
    answer: recordingShape,
    refusals: ["no-such-recording", "refused-by-rule", "database-away"],
    handle: ({ actor, params }) => setDeleted(context, actor, params.recordingId, null, false),
  });
}

function recordLessonRoute({ db, recordings }: RecordingContext): ApiRoute {
  return route({
    id: "recordLesson",
    method: "POST",
    path: "/lessons/:lessonId/record",
    tag: TAG,
    summary: "Start or stop recording a live lesson by hand",
    access: requires("lessons:write", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    body: z.strictObject({ action: z.enum(["start", "stop"]) }),
    status: 202,
    answer: z.object({ action: z.enum(["start", "stop"]) }),
    refusals: ["not-found", "refused-by-rule", "no-such-stream", "quota-reached", "database-away"],
    handle: async ({ actor, params, body }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      if (!(await recordings.record(lesson.stream_app, lesson.stream_name, body.action))) throw new RefusalError("no-such-stream");
      return { body };
    },
  });
}

/** Moves a recording into the bin, or out of it. */
function setDeleted(
  { changes, recordings }: RecordingContext,
  actor: Actor,
  recordingId: string,
  ifMatch: number | null,
  deleted: boolean,
) {
  return changes.transact({ actor }, async (change) => {
    const before = await findTaughtRecording(change.trx, actor, recordingId, !deleted);
    checkVersion(before, ifMatch);
    if (deleted && !before.whole) throw new RefusalError("conflict", schoolText("still-recording"));
    const after = await updateRecording(change, before, { deleted_at: deleted ? new Date() : null });
    await auditRecording(change, deleted ? "recording.delete" : "recording.restore", before, after);
    await change.emit(deleted ? "recording.deleted" : "recording.restored", after.school_id, recordingEventData(after));
    change.afterCommit(() => recordings.ruleChanged(after.id));
    return { body: recordingResponse(after) };
  });
}
