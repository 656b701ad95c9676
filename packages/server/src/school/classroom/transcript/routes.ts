/** Serves the API routes of transcripts: what was said in a recording, as lines with times or as a file, and corrections by who teaches. */
import { CAPTION, MAX_CAPTION_TEXT } from "@lectern/room";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam } from "../../foundation/requests/fields.ts";
import { EVERY_ROLE, requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import { findTaughtRecording, isTaught } from "../../lessons/recordings/change-recording.ts";
import { findRecording } from "../../lessons/recordings/visibility.ts";
import { roomLine } from "../room-text.ts";
import type { RoomContext } from "../routes.ts";
import { findCaption, transcriptOf } from "./transcript.ts";
import { TRANSCRIPT_FORMATS, transcriptText } from "./transcript-text.ts";

const TAG = "Recordings";

const transcriptShape = z
  .object({
    isEditable: z.boolean().describe("Whether the requester may correct its lines."),
    items: z.array(
      z.object({
        ref: id,
        start: z.number().describe("Seconds of the recording."),
        end: z.number(),
        text: z.string(),
        language: z.string().describe("A tag such as en; empty: not known."),
      }),
    ),
  })
  .meta({ id: "Transcript" });

export function transcriptRoutes(context: RoomContext): ApiRoute[] {
  return [getTranscriptRoute(context), getTranscriptFileRoute(context), changeTranscriptLineRoute(context)];
}

function getTranscriptRoute({ db }: RoomContext): ApiRoute {
  return route({
    id: "getTranscript",
    method: "GET",
    path: "/recordings/:recordingId/transcript",
    tag: TAG,
    summary: "Get what was said in a recording, where its lesson had captions",
    access: requires("recordings:read", ...EVERY_ROLE),
    rights: ["+++0+++-", "+000000-"],
    reads: "recording",
    params: idParam("recordingId"),
    status: 200,
    answer: transcriptShape,
    refusals: ["no-such-recording", "database-away"],
    handle: async ({ actor, params }) => {
      const recording = await findRecording(db, actor, params.recordingId);
      return { body: { isEditable: await isTaught(db, actor, recording), items: [...(await transcriptOf(db, recording))] } };
    },
  });
}

function getTranscriptFileRoute({ db }: RoomContext): ApiRoute {
  return route({
    id: "getTranscriptFile",
    method: "GET",
    path: "/recordings/:recordingId/transcript/file",
    tag: TAG,
    summary: "Get what was said in a recording as a file: WebVTT, SubRip or plain text",
    access: requires("recordings:read", ...EVERY_ROLE),
    rights: ["+++0+++-", "+000000-"],
    reads: "recording",
    params: idParam("recordingId"),
    query: z.strictObject({ format: z.enum(TRANSCRIPT_FORMATS).default("vtt") }),
    status: 200,
    answer: z.string(),
    answerType: "text/plain; charset=utf-8",
    refusals: ["no-such-recording", "database-away"],
    handle: async ({ actor, params: { recordingId }, query: { format } }) => {
      const recording = await findRecording(db, actor, recordingId);
      const headers = { "content-disposition": `attachment; filename="transcript.${format}"`, "cache-control": "no-store" };
      return { body: transcriptText(await transcriptOf(db, recording), format), headers };
    },
  });
}

function changeTranscriptLineRoute({ db, changes, rooms }: RoomContext): ApiRoute {
  return route({
    id: "changeTranscriptLine",
    method: "PUT",
    path: "/recordings/:recordingId/transcript/lines/:lineId",
    tag: TAG,
    summary: "Correct the words of a line, or take it out with an empty text, in all recordings of the lesson",
    access: requires("recordings:write", ...TEACHERS),
    // Its lesson had no captions.
    rights: ["0000----", "0000----"],
    params: z.strictObject({ recordingId: id, lineId: id }),
    body: z.strictObject({ text: z.union([z.literal(""), roomLine(MAX_CAPTION_TEXT)]) }),
    status: 204,
    answer: null,
    refusals: ["no-such-recording", "not-found", "refused-by-rule", "control-away", "database-away"],
    handle: async ({ actor, params: { recordingId, lineId: ref }, body: { text } }) => {
      const recording = await findTaughtRecording(db, actor, recordingId);
      const lessonId = recording.lesson_id;
      const before = lessonId === null ? null : await findCaption(db, lessonId, ref);
      if (lessonId === null || !before) throw new RefusalError("not-found", schoolText("no-transcript-line"));
      const results = await rooms.captions(lessonId, [{ id: newId(), caption: { ...before, text, isFinal: true } }]);
      if (results.some((result) => "refused" in result)) throw new RefusalError("control-away");
      return await changes.transact({ actor }, async (change) => {
        const target = { schoolId: recording.school_id, targetKind: "recording", targetId: recording.id };
        // What was said is in the room's log.
        await change.audit({ action: "recording.transcript", ...target, after: { kind: CAPTION.kind, ref } });
        return { body: null };
      });
    },
  });
}
