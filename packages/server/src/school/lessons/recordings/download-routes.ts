/** Serves the API routes for downloads: the file of a recording under a watermark is made for the person who asks, with the mark in the picture. */
import { z } from "zod";
import { type Actor, everybody } from "../../../access/actor.ts";
import { signLink } from "../../../access/links/signed-link.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import type { DownloadState } from "../../../contracts/recordings/download-messages.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { hashSecret } from "../../../platform/secrets.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam } from "../../foundation/requests/fields.ts";
import type { Recording } from "../../foundation/store/tables.ts";
import { GUEST_VIEWER } from "../ended-permissions.ts";
import type { RecordingContext } from "./change-recording.ts";
import { downloadRefusal } from "./download-refusal.ts";
import { orderedFile } from "./ordered-file.ts";
import { downloadProtection, type RecordingViewer } from "./recording-watermark.ts";
import { guestBody, openForViewer, openRecording, viewerOf } from "./viewer-recording.ts";

const TAG = "Recordings";
/** Links to files open downloads for this long. */
export const LINK_SECONDS = 6 * 3600;
const GUEST = "guest";

const downloadShape = z
  .object({
    id: z.string().nullable().describe("Null where there is nothing to make: the recording has no watermark."),
    state: z.enum(["waiting", "running", "done", "failed"]),
    ...orderedFile,
    url: z.string().nullable().describe("When it is done: the file."),
  })
  .meta({ id: "Download" });
const downloadParams = z.strictObject({ recordingId: id, downloadId: z.string().regex(/^[A-Za-z0-9_-]{27}$/) });

export function downloadRoutes(context: RecordingContext): ApiRoute[] {
  return [orderDownloadRoute(context), getDownloadRoute(context), cancelDownloadRoute(context)];
}

function orderDownloadRoute({ db, signIn, streams, recordings }: RecordingContext): ApiRoute {
  return route({
    id: "orderDownload",
    method: "POST",
    path: "/recordings/:recordingId/downloads",
    tag: TAG,
    summary:
      "Order a file of a recording. Under a watermark, it is made with the mark of the person who asks; ask for it until it is done",
    access: everybody("recording-links:write"),
    rights: ["+++0+++0", "+0000000"],
    reads: "recording",
    params: idParam("recordingId"),
    body: guestBody.prefault({}),
    status: 202,
    answer: downloadShape,
    refusals: [
      ...(["no-such-recording", "no-such-lesson", "removed-from-lesson", "refused-by-rule", "conflict"] as const),
      ...(["too-many", "too-large", "disk-full", "storage-away", "database-away"] as const),
    ],
    handle: async ({ actor, params, body, origin, ip, agent }) => {
      const opened = await openForViewer({ db, signIn }, { actor, recordingId: params.recordingId, ...body, ip, agent });
      const { recording, viewer, person } = opened;
      const { watermark, mark, isEncrypted } = await downloadProtection(db, recording, person);
      if (isEncrypted) throw new RefusalError("refused-by-rule", schoolText("encrypted-no-download"));
      const sign = signer(recording, viewer, origin, streams.linkSecret());
      if (!watermark)
        return { body: { ...NOTHING, state: "done" as const, percent: 100, ...sign(`${recording.id}.mp4`, LINK_SECONDS) } };
      if (!recording.whole) throw new RefusalError("conflict", schoolText("still-recording"));
      const order = {
        recording: recording.id,
        owner: ownerOf(person),
        school: recording.school_id ?? "",
        mark: { ...watermark, id: mark === "" ? ip : mark },
        seconds: recording.seconds,
        bytes: Number(recording.bytes),
      };
      const answer = await recordings.orderDownload(recording.files, order).catch(() => null);
      if (answer === null) throw new RefusalError("storage-away");
      if ("refused" in answer) throw downloadRefusal(answer);
      return { body: downloadResponse(answer, sign) };
    },
  });
}

function getDownloadRoute(context: RecordingContext): ApiRoute {
  return route({
    id: "getDownload",
    method: "GET",
    path: "/recordings/:recordingId/downloads/:downloadId",
    tag: TAG,
    summary: "Get how far a download is, and its address when it is done. One that nobody asks for in two minutes is given up",
    access: everybody("recordings:read"),
    // The download is nobody's.
    rights: ["00000000", "00000000"],
    reads: "recording",
    params: downloadParams,
    status: 200,
    answer: downloadShape,
    refusals: ["no-such-recording", "not-found", "storage-away", "database-away"],
    handle: async ({ actor, params, origin }) => {
      const { recording, download, viewer } = await findDownload(context, actor, params);
      return { body: downloadResponse(download, signer(recording, viewer, origin, context.streams.linkSecret())) };
    },
  });
}

function cancelDownloadRoute(context: RecordingContext): ApiRoute {
  return route({
    id: "cancelDownload",
    method: "DELETE",
    path: "/recordings/:recordingId/downloads/:downloadId",
    tag: TAG,
    summary: "Cancel a download, or delete its file",
    access: everybody("recording-links:write"),
    // The download is nobody's.
    rights: ["00000000", "00000000"],
    params: downloadParams,
    status: 204,
    answer: null,
    refusals: ["no-such-recording", "not-found", "storage-away", "database-away"],
    handle: async ({ actor, params }) => {
      const { recording, download } = await findDownload(context, actor, params);
      const of = { id: download.id, recording: recording.id };
      await context.recordings.cancelDownload(recording.files, of).catch(() => {
        throw new RefusalError("storage-away");
      });
      return { body: null };
    },
  });
}

/** A download of this person; that of a guest, whom nothing else names, of anybody who knows its id. @throws RefusalError */
async function findDownload(
  { db, recordings }: RecordingContext,
  actor: Actor,
  { recordingId, downloadId }: z.infer<typeof downloadParams>,
): Promise<{ readonly recording: Recording; readonly download: DownloadState; readonly viewer: string | undefined }> {
  const open = db.selectFrom("recordings").selectAll().where("deleted_at", "is", null);
  const recording = await open.where("id", "=", recordingId).executeTakeFirst();
  if (!recording) throw new RefusalError("no-such-recording");
  const download = await recordings.findDownload(recording.files, { id: downloadId, recording: recordingId }).catch(() => {
    throw new RefusalError("storage-away");
  });
  if (!download) throw new RefusalError("not-found");
  if (download.owner.startsWith(`${GUEST} `)) return { recording, download, viewer: GUEST_VIEWER };
  if (download.owner !== ownerOf({ actor, guestOf: null, ip: "" })) throw new RefusalError("not-found");
  if (!(await openRecording(db, actor, recordingId))) throw new RefusalError("no-such-recording");
  return { recording, download, viewer: viewerOf(actor) };
}

function ownerOf({ actor, guestOf, ip }: RecordingViewer): string {
  if (guestOf === null) return `${actor.kind} ${actor.id ?? actor.name}`;
  return `${GUEST} ${guestOf.lesson.id} ${guestOf.token === null ? ip : hashSecret(guestOf.token)}`;
}

type Sign = (file: string, seconds: number) => { readonly url: string; readonly expiresAt: Date };

export function signer({ id: name, title }: Recording, viewer: string | undefined, origin: string, secret: string): Sign {
  return (file, seconds) => {
    const expires = Math.floor(systemClock.utc() / 1000) + Math.floor(seconds);
    const query = signLink({ app: "vod", name, expires, viewer }, secret);
    const url = `${origin}/vod/${file}?${query}&download=${encodeURIComponent(title.toWellFormed())}`;
    return { url, expiresAt: new Date(expires * 1000) };
  };
}

const NOTHING = {
  id: null,
  percent: 0,
  remainingSeconds: null,
  ahead: null,
  bytes: null,
  url: null,
  expiresAt: null,
  problem: null,
};

function downloadResponse(download: DownloadState, sign: Sign) {
  const of = { ...NOTHING, id: download.id, state: download.state };
  if (download.state === "waiting") return { ...of, ahead: download.ahead };
  if (download.state === "failed") return { ...of, problem: download.problem };
  if (download.state === "running")
    return { ...of, percent: Math.floor(download.share * 100), remainingSeconds: download.remainingSeconds };
  const file = `${download.recording}/marked/${download.id}.mp4`;
  return { ...of, percent: 100, bytes: download.bytes, ...sign(file, Math.min(LINK_SECONDS, download.keptSeconds)) };
}
