/** Serves the API routes for watching recordings: signed links, playback positions, and the list for guests. */

import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { signLink } from "../../../access/links/signed-link.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { systemClock } from "../../../platform/clock.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { personOf } from "../../people/accounts/people-only.ts";
import { findLessonByCode } from "../lesson-by-code.ts";
import type { RecordingContext } from "./change-recording.ts";
import { recordingWatermark } from "./recording-watermark.ts";
import { recordingLinks, recordingResponse, recordingShape } from "./shapes.ts";
import { guestBody, guestRecordings, openForViewer } from "./viewer-recording.ts";
import { findRecording } from "./visibility.ts";

const TAG = "Recordings";
/** Links open a recording for this long: a lesson, with breaks. */
const LINK_SECONDS = 6 * 3600;
/** After a lesson, all its pages poll the list until the last recording is complete. */
const REPLAYS_MS = 500;

export function playbackRoutes(context: RecordingContext): ApiRoute[] {
  return [linkRecordingRoute(context), noteResumePositionRoute(context), listReplaysRoute(context)];
}

function linkRecordingRoute({ db, signIn, streams }: RecordingContext): ApiRoute {
  return route({
    id: "linkRecording",
    method: "POST",
    path: "/recordings/:recordingId/links",
    tag: TAG,
    summary: "Create links that open a recording: for accounts that may see it, and for guests with the lesson's code",
    access: everybody("recording-links:write"),
    // Without the code: those who see it.
    rights: ["+++0+++0", "+0000000"],
    reads: "recording",
    params: idParam("recordingId"),
    body: guestBody.prefault({}),
    status: 200,
    answer: recordingLinks,
    refusals: ["no-such-recording", "no-such-lesson", "removed-from-lesson", "too-many", "database-away"],
    handle: async ({ actor, params, body, origin, ip, agent }) => {
      const opened = await openForViewer({ db, signIn }, { actor, recordingId: params.recordingId, ...body, ip, agent });
      const { recording, viewer } = opened;
      const expires = Math.floor(systemClock.utc() / 1000) + LINK_SECONDS;
      const query = signLink({ app: "vod", name: recording.id, expires, viewer }, streams.linkSecret());
      const address = `${origin}/vod/${recording.id}`;
      const play = { hls: `${address}.m3u8?${query}`, flv: `${address}.flv?${query}`, mp4: `${address}.mp4?${query}` };
      const place = actor.kind === "user" ? await playbackPosition(db, actor.id ?? "", recording.id) : null;
      const watermark = await recordingWatermark(db, recording, opened.person);
      return { body: { play, expiresAt: new Date(expires * 1000), recording: recordingResponse(recording), watermark, place } };
    },
  });
}

function noteResumePositionRoute({ db }: RecordingContext): ApiRoute {
  return route({
    id: "noteResumePosition",
    method: "PUT",
    path: "/recordings/:recordingId/place",
    tag: TAG,
    summary: "Save the playback position, for all devices of the account",
    access: requires("recordings:read", ...EVERY_ROLE),
    rights: ["+++0+++-", "+000000-"],
    params: idParam("recordingId"),
    body: z.strictObject({ seconds: z.number().min(0) }),
    status: 204,
    answer: null,
    refusals: ["no-such-recording", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, body }) => {
      const user_id = personOf(actor, schoolText("people-only-position"));
      const { id: recording_id } = await findRecording(db, actor, params.recordingId);
      const place = { seconds: body.seconds, updated_at: new Date() };
      await db
        .insertInto("places")
        .values({ user_id, recording_id, ...place })
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
    rights: ["++++++++", "++++++++"],
    params: z.strictObject({ code: z.string().max(40) }),
    status: 200,
    answer: z.object({ items: z.array(recordingShape) }),
    refusals: ["no-such-lesson", "too-many", "database-away"],
    publicMs: REPLAYS_MS,
    handle: async ({ params, ip }) => {
      const lesson = await findLessonByCode(db, signIn, params.code, ip);
      const rows = await guestRecordings(db, lesson).orderBy("recordings.id").execute();
      prefetch.request(rows);
      return { body: { items: rows.map(recordingResponse) } };
    },
  });
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
