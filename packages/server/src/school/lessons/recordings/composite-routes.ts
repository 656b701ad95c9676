/**
 * Serves the API routes for the composite recording of a small lesson: staff order it, see how far it is, and cancel it. It is a recording when it is
 * done.
 */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { DOWNLOAD_PROBLEMS, type DownloadState } from "../../../contracts/recordings/download-messages.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { Lesson, Recording } from "../../foundation/store/tables.ts";
import { findLesson } from "../lesson-rights.ts";
import { isSmallLesson } from "../small-lesson.ts";
import type { RecordingContext } from "./change-recording.ts";
import {
  compositeName,
  compositeOrder,
  type LessonRecordings,
  recordingsOf,
  settleComposite,
  wantComposite,
} from "./composite-recording.ts";
import { downloadRefusal } from "./download-refusal.ts";
import { recordingResponse, recordingShape } from "./shapes.ts";

const TAG = "Recordings";

const compositeShape = z
  .object({
    state: z.enum(["none", "waiting", "running", "done", "failed"]).describe("none: it was not ordered, or cancelled."),
    percent: z.number().describe("0 to 100."),
    remainingSeconds: z.number().nullable().describe("An estimate; null: not known yet."),
    ahead: z.number().nullable().describe("While it waits: how many come before."),
    problem: z.enum(DOWNLOAD_PROBLEMS).nullable().describe("When it has failed."),
    recording: recordingShape.nullable().describe("When it is done."),
  })
  .meta({ id: "CompositeRecording" });
type Picture = z.input<typeof compositeShape>;

export function compositeRoutes(context: RecordingContext): ApiRoute[] {
  return [orderCompositeRoute(context), getCompositeRoute(context), cancelCompositeRoute(context)];
}

function orderCompositeRoute({ db, recordings }: RecordingContext): ApiRoute {
  return route({
    id: "orderCompositeRecording",
    method: "POST",
    path: "/lessons/:lessonId/picture",
    tag: TAG,
    summary: "Have one recording made in which everybody of a small lesson is seen and heard, once their own are whole",
    access: requires("lessons:write", ...STAFF),
    // The lesson is no small one.
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 202,
    answer: compositeShape,
    refusals: [
      ...(["not-found", "no-such-recording", "refused-by-rule", "conflict"] as const),
      ...(["too-many", "too-large", "disk-full", "storage-away", "database-away"] as const),
    ],
    handle: async ({ actor, params }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const known = await recordingsOf(db, lesson.id);
      const done = doneOf(known);
      if (done) return { body: done };
      const conflict = conflictOf(lesson, known);
      if (conflict !== null) throw new RefusalError("conflict", schoolText(conflict));
      if (known.tracks.length === 0) throw new RefusalError("no-such-recording", schoolText("picture-of-nothing"));
      const result = await wantComposite(db, lesson, known.pictures);
      const answer = await orderAgain({ db, recordings }, lesson, known, result).catch(() => null);
      if (answer === null) throw new RefusalError("storage-away");
      if ("refused" in answer) throw downloadRefusal(answer);
      return { body: compositeResponse(answer) };
    },
  });
}

function getCompositeRoute({ db, recordings }: RecordingContext): ApiRoute {
  return route({
    id: "getCompositeRecording",
    method: "GET",
    path: "/lessons/:lessonId/picture",
    tag: TAG,
    summary: "Get how far the picture of a small lesson is, and its recording when it is done",
    access: requires("recordings:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 200,
    answer: compositeShape,
    refusals: ["not-found", "refused-by-rule", "storage-away", "database-away"],
    handle: async ({ actor, params }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const known = await recordingsOf(db, lesson.id);
      const done = doneOf(known);
      if (done || known.tracks.length === 0) return { body: done ?? NOTHING };
      const found = await recordings.findDownload(filesOf(known.tracks), compositeName(lesson.id)).catch(() => {
        throw new RefusalError("storage-away");
      });
      return { body: found && !isDeleted(found, known) ? compositeResponse(found) : NOTHING };
    },
  });
}

function cancelCompositeRoute({ db, recordings }: RecordingContext): ApiRoute {
  return route({
    id: "cancelCompositeRecording",
    method: "DELETE",
    path: "/lessons/:lessonId/picture",
    tag: TAG,
    summary: "Cancel the making of a small lesson's picture. One that is done is deleted as a recording",
    access: requires("lessons:write", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "refused-by-rule", "storage-away", "database-away"],
    handle: async ({ actor, params }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const { tracks } = await recordingsOf(db, lesson.id);
      await settleComposite(db, lesson.id);
      if (tracks.length > 0)
        await recordings.cancelDownload(filesOf(tracks), compositeName(lesson.id)).catch(() => {
          throw new RefusalError("storage-away");
        });
      return { body: null };
    },
  });
}

/** Why a lesson has no picture now, and may have one later or in another mode. */
function conflictOf(lesson: Lesson, { tracks }: LessonRecordings): "picture-of-class" | "still-recording" | null {
  if (!isSmallLesson(lesson)) return "picture-of-class";
  return lesson.state === "live" || tracks.some(({ whole }) => !whole) ? "still-recording" : null;
}

/** What was made before, and was deleted, is made again. */
async function orderAgain(
  { db, recordings }: Pick<RecordingContext, "db" | "recordings">,
  lesson: Lesson,
  known: LessonRecordings,
  result: string,
) {
  const files = filesOf(known.tracks);
  const name = compositeName(lesson.id);
  const found = known.pictures.length > 0 ? await recordings.findDownload(files, name) : null;
  if (found && isDeleted(found, known)) await recordings.cancelDownload(files, name);
  return await recordings.orderDownload(files, await compositeOrder(db, lesson, known.tracks, result));
}

/** A queue remembers for a while what it has made. */
function isDeleted({ state }: DownloadState, { pictures }: LessonRecordings): boolean {
  return state === "done" && pictures.length > 0;
}

/** The first file says which node makes it. */
function filesOf(tracks: readonly Recording[]): readonly string[] {
  return tracks[0]?.files ?? [];
}

const NOTHING: Picture = {
  state: "none",
  percent: 0,
  remainingSeconds: null,
  ahead: null,
  problem: null,
  recording: null,
};

function doneOf({ pictures }: LessonRecordings): Picture | null {
  const picture = pictures.find(({ deleted_at, whole }) => deleted_at === null && whole);
  return picture ? { ...NOTHING, state: "done", percent: 100, recording: recordingResponse(picture) } : null;
}

function compositeResponse(download: DownloadState): Picture {
  const { state } = download;
  if (state === "waiting") return { ...NOTHING, state, ahead: download.ahead };
  if (state === "failed") return { ...NOTHING, state, problem: download.problem };
  // Its recording is in the list in a moment.
  if (state === "done") return { ...NOTHING, state: "running", percent: 100, remainingSeconds: 0 };
  return { ...NOTHING, state, percent: Math.floor(download.share * 100), remainingSeconds: download.remainingSeconds };
}
