/**
 * Serves the API routes for the board video of a recording, one video with the board and the camera: staff order and cancel it; who may download the
 * recording has it.
 */
import { createHmac } from "node:crypto";
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import type { DownloadName, DownloadState } from "../../../contracts/recordings/download-messages.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, EVERY_ROLE, requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { Db, Recording } from "../../foundation/store/tables.ts";
import { hasLessonRight } from "../lesson-rights.ts";
import { hasShownPages } from "../shown-page.ts";
import type { RecordingContext } from "./change-recording.ts";
import { downloadRefusal } from "./download-refusal.ts";
import { LINK_SECONDS, signer } from "./download-routes.ts";
import { orderedFile } from "./ordered-file.ts";
import { downloadProtection } from "./recording-watermark.ts";
import { openRecording, viewerOf } from "./viewer-recording.ts";
import { findRecording } from "./visibility.ts";

const TAG = "Recordings";
const ID_BYTES = 20;

const boardVideoShape = z
  .object({
    state: z.enum(["none", "waiting", "running", "done", "failed"]).describe("none: it was not ordered, cancelled, or deleted."),
    ...orderedFile,
    url: z.string().nullable().describe("When it is done: the MP4."),
  })
  .meta({ id: "BoardVideo" });
type BoardVideo = z.input<typeof boardVideoShape>;

export function boardVideoRoutes(context: RecordingContext): ApiRoute[] {
  return [orderBoardVideoRoute(context), getBoardVideoRoute(context), cancelBoardVideoRoute(context)];
}

function orderBoardVideoRoute({ db, streams, recordings }: RecordingContext): ApiRoute {
  return route({
    id: "orderBoardVideo",
    method: "POST",
    path: "/recordings/:recordingId/film",
    tag: TAG,
    summary: "Have one video made of a recording and of the board that its lesson showed",
    access: requires("lessons:write", ...STAFF),
    // Its lesson has shown no page.
    rights: ["+++0+---", "+0000---"],
    params: idParam("recordingId"),
    status: 202,
    answer: boardVideoShape,
    refusals: [
      ...(["no-such-recording", "refused-by-rule", "conflict"] as const),
      ...(["too-many", "too-large", "disk-full", "storage-away", "database-away"] as const),
    ],
    handle: async ({ actor, params, ip, origin }) => {
      const recording = await findStaffRecording(db, actor, params.recordingId);
      await refuseEncrypted(db, recording, actor, ip);
      const { lesson_id: lesson, school_id: school, seconds } = recording;
      if (lesson === null || !(await hasShownPages(db, lesson))) throw new RefusalError("conflict", schoolText("film-of-no-board"));
      if (!recording.whole) throw new RefusalError("conflict", schoolText("still-recording"));
      const secret = streams.linkSecret();
      const { id } = boardVideoName(recording, secret);
      const order = { recording: recording.id, owner: `recording ${recording.id}`, school: school ?? "", mark: null, seconds };
      const answer = await recordings
        .orderDownload(recording.files, { ...order, bytes: Number(recording.bytes), film: { id, lesson } })
        .catch(() => null);
      if (answer === null) throw new RefusalError("storage-away");
      if ("refused" in answer) throw downloadRefusal(answer);
      return { body: boardVideoResponse(answer, signer(recording, viewerOf(actor), origin, secret)) };
    },
  });
}

function getBoardVideoRoute({ db, streams, recordings }: RecordingContext): ApiRoute {
  return route({
    id: "getBoardVideo",
    method: "GET",
    path: "/recordings/:recordingId/film",
    tag: TAG,
    summary: "Get how far the video of a recording and its board is, and its address when it is done",
    access: requires("recordings:read", ...EVERY_ROLE),
    rights: ["+++0+++-", "+000000-"],
    reads: "recording",
    params: idParam("recordingId"),
    status: 200,
    answer: boardVideoShape,
    refusals: ["no-such-recording", "refused-by-rule", "storage-away", "database-away"],
    handle: async ({ actor, params, ip, origin }) => {
      const recording = await openRecording(db, actor, params.recordingId);
      if (!recording) throw new RefusalError("no-such-recording");
      const { watermark } = await refuseEncrypted(db, recording, actor, ip);
      if (watermark && !(await isStaffOf(db, actor, recording)))
        throw new RefusalError("refused-by-rule", schoolText("film-unmarked"));
      const secret = streams.linkSecret();
      const found = await recordings.findDownload(recording.files, boardVideoName(recording, secret)).catch(() => {
        throw new RefusalError("storage-away");
      });
      return { body: found ? boardVideoResponse(found, signer(recording, viewerOf(actor), origin, secret)) : NOTHING };
    },
  });
}

function cancelBoardVideoRoute({ db, streams, recordings }: RecordingContext): ApiRoute {
  return route({
    id: "cancelBoardVideo",
    method: "DELETE",
    path: "/recordings/:recordingId/film",
    tag: TAG,
    summary: "Cancel the making of the video of a recording and its board, or delete its file",
    access: requires("lessons:write", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("recordingId"),
    status: 204,
    answer: null,
    refusals: ["no-such-recording", "refused-by-rule", "storage-away", "database-away"],
    handle: async ({ actor, params }) => {
      const recording = await findStaffRecording(db, actor, params.recordingId);
      await recordings.cancelDownload(recording.files, boardVideoName(recording, streams.linkSecret())).catch(() => {
        throw new RefusalError("storage-away");
      });
      return { body: null };
    },
  });
}

/** @throws RefusalError no-such-recording, refused-by-rule */
async function findStaffRecording(db: Db, actor: Actor, id: string): Promise<Recording> {
  const recording = await findRecording(db, actor, id);
  if (!(await isStaffOf(db, actor, recording))) throw new RefusalError("refused-by-rule");
  return recording;
}

/** Of its lesson; a recording of no lesson is the administrators'. */
async function isStaffOf(db: Db, actor: Actor, { lesson_id: lessonId }: Recording): Promise<boolean> {
  if (actor.role !== null && ADMINISTRATORS.includes(actor.role)) return true;
  const lessons = db
    .selectFrom("lessons")
    .selectAll()
    .where("id", "=", lessonId ?? "");
  const lesson = await lessons.executeTakeFirst();
  return lesson !== undefined && (await hasLessonRight(db, actor, lesson, "assist"));
}

/** @throws RefusalError refused-by-rule */
async function refuseEncrypted(db: Db, recording: Recording, actor: Actor, ip: string) {
  const protection = await downloadProtection(db, recording, { actor, guestOf: null, ip });
  if (protection.isEncrypted) throw new RefusalError("refused-by-rule", schoolText("encrypted-no-download"));
  return protection;
}

/** Found in every process, and guessed by nobody: who knows it, and may watch the recording, has the file. */
function boardVideoName({ id: recording }: Recording, secret: string): DownloadName {
  const id = createHmac("sha256", secret).update(`film of ${recording}`).digest().subarray(0, ID_BYTES).toString("base64url");
  return { id, recording };
}

const NOTHING: BoardVideo = {
  state: "none",
  percent: 0,
  remainingSeconds: null,
  ahead: null,
  bytes: null,
  url: null,
  expiresAt: null,
  problem: null,
};

function boardVideoResponse(video: DownloadState, sign: ReturnType<typeof signer>): BoardVideo {
  const { state } = video;
  if (state === "waiting") return { ...NOTHING, state, ahead: video.ahead };
  if (state === "failed") return { ...NOTHING, state, problem: video.problem };
  if (state === "running")
    return { ...NOTHING, state, percent: Math.floor(video.share * 100), remainingSeconds: video.remainingSeconds };
  const file = `${video.recording}/film/${video.id}.mp4`;
  return { ...NOTHING, state, percent: 100, bytes: video.bytes, ...sign(file, Math.min(LINK_SECONDS, video.keptSeconds)) };
}
