/** API routes for watching recordings: signed links, playback positions, and the list for guests. */

import { z } from "zod";
import { type Actor, everybody } from "../../access/actor.ts";
import { signLink } from "../../access/links/signed-link.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { systemClock } from "../../platform/clock.ts";
import { GUEST_VIEWER } from "../lessons/ended-permissions.ts";
import { findLessonByCode } from "../lessons/lesson-by-code.ts";
import { schoolText } from "../messages/school-texts.ts";
import { idParam } from "../requests/fields.ts";
import { EVERY_ROLE, requires } from "../requests/permissions.ts";
import type { Db, Lesson, Recording } from "../store/tables.ts";
import type { RecordingContext } from "./change-recording.ts";
import { recordingLinks, recordingResponse, recordingShape } from "./shapes.ts";
import { findRecording } from "./visibility.ts";

const TAG = "Recordings";
/** Links open a recording for this long: a lesson, with breaks. */
const LINK_SECONDS = 6 * 3600;

export function playbackRoutes(context: RecordingContext): ApiRoute[] {
  return [linkRecordingRoute(context), notePlaceRoute(context), listReplaysRoute(context)];
}

function linkRecordingRoute({ db, signIn, streams }: RecordingContext): ApiRoute {
  return route({
    id: "linkRecording",
    method: "POST",
    path: "/recordings/:recordingId/links",
    tag: TAG,
    summary: "Create links that open a recording: for accounts that may see it, and for guests with the lesson's code",
    access: everybody("recording-links:write"),
    params: idParam("recordingId"),
    body: z.strictObject({ code: z.string().max(40).optional().describe("The lesson's code; guests need it.") }).prefault({}),
    status: 200,
    answer: recordingLinks,
    refusals: ["no-such-recording", "no-such-lesson", "too-many", "database-away"],
    handle: async ({ actor, params, body, origin, ip }) => {
      const lesson = body.code === undefined ? null : await findLessonByCode(db, signIn, body.code, ip);
      const asGuest = lesson && (await guestRecordings(db, lesson).where("id", "=", params.recordingId).executeTakeFirst());
      const recording = asGuest ?? (await openRecording(db, actor, params.recordingId));
      const viewer = asGuest ? GUEST_VIEWER : actor.kind === "user" ? (actor.id ?? undefined) : undefined;
      const expires = Math.floor(systemClock.utc() / 1000) + LINK_SECONDS;
      const query = signLink({ app: "vod", name: recording.id, expires, viewer }, streams.linkSecret());
      const address = `${origin}/vod/${recording.id}`;
      const play = { hls: `${address}.m3u8?${query}`, flv: `${address}.flv?${query}`, mp4: `${address}.mp4?${query}` };
      const place = actor.kind === "user" ? await playbackPosition(db, actor.id ?? "", recording.id) : null;
      return { body: { play, expiresAt: new Date(expires * 1000), recording: recordingResponse(recording), place } };
    },
  });
}

function notePlaceRoute({ db }: RecordingContext): ApiRoute {
  return route({
    id: "notePlace",
    method: "PUT",
    path: "/recordings/:recordingId/place",
    tag: TAG,
    summary: "Save the playback position, for all devices of the account",
    access: requires("recordings:read", ...EVERY_ROLE),
    params: idParam("recordingId"),
    body: z.strictObject({ seconds: z.number().min(0) }),
    status: 204,
    answer: null,
    refusals: ["no-such-recording", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, body }) => {
      if (actor.kind !== "user" || actor.id === null) throw new RefusalError("refused-by-rule", schoolText("people-only-position"));
      const { id: recording_id } = await findRecording(db, actor, params.recordingId);
      const place = { seconds: body.seconds, updated_at: new Date() };
      await db
        .insertInto("places")
        .values({ user_id: actor.id, recording_id, ...place })
        .onConflict((conflict) => conflict.columns(["user_id", "recording_id"]).doUpdateSet(place))
        .execute();
      return { body: null };
    },
  });
}

function listReplaysRoute({ db, signIn, prefetch }: RecordingContext): ApiRoute {
  return route({
    id: "listReplays",
    method: "GET",
    path: "/invitations/:code/recordings",
    tag: TAG,
    summary: "List published recordings of a lesson, for guests with its code",
    access: everybody("recordings:read"),
    params: z.strictObject({ code: z.string().max(40) }),
    status: 200,
    answer: z.object({ items: z.array(recordingShape) }),
    refusals: ["no-such-lesson", "too-many", "database-away"],
    handle: async ({ params, ip }) => {
      const lesson = await findLessonByCode(db, signIn, params.code, ip);
      const rows = await guestRecordings(db, lesson).orderBy("recordings.id").execute();
      prefetch.request(rows);
      return { body: { items: rows.map(recordingResponse) } };
    },
  });
}

/** A recording that the actor may watch, with a note that they do: by it, the links end when the permission ends. */
async function openRecording(db: Db, actor: Actor, recordingId: string): Promise<Recording> {
  const recording = await findRecording(db, actor, recordingId);
  if (actor.kind !== "user" || actor.id === null) return recording;
  const opened = { opened_at: new Date() };
  await db
    .insertInto("recording_viewers")
    .values({ recording_id: recording.id, user_id: actor.id, ...opened })
    .onConflict((conflict) => conflict.columns(["recording_id", "user_id"]).doUpdateSet(opened))
    .execute();
  // A change that ended the permission before the note was there has not found it.
  return await findRecording(db, actor, recordingId);
}

/** Recordings that guests of a lesson may watch. */
function guestRecordings(db: Db, lesson: Lesson) {
  return db
    .selectFrom("recordings")
    .selectAll()
    .where("lesson_id", "=", lesson.guests ? lesson.id : "")
    .where("published", "=", true)
    .where("deleted_at", "is", null);
}

/** Seconds; null before the first playback. */
async function playbackPosition(db: Db, userId: string, recordingId: string): Promise<number | null> {
  const place = await db
    .selectFrom("places")
    .select("seconds")
    .where("user_id", "=", userId)
    .where("recording_id", "=", recordingId)
    .executeTakeFirst();
  return place?.seconds ?? null;
}
