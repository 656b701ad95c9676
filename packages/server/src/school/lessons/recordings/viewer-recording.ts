/** Finds the recording that a person wants to watch or to download: one with an account that may see it, or a guest with the lesson's code. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Db, Lesson, Recording } from "../../foundation/store/tables.ts";
import { GUEST_VIEWER, openToGuests } from "../ended-permissions.ts";
import { isGuestRemoved } from "../guest-device.ts";
import { findLessonByCode } from "../lesson-by-code.ts";
import type { RecordingContext } from "./change-recording.ts";
import type { RecordingViewer } from "./recording-watermark.ts";
import { visibleRecordings } from "./visibility.ts";

export const guestBody = z.strictObject({
  code: z.string().max(40).optional().describe("The lesson's code; guests need it."),
  token: z.string().max(100).optional().describe("A guest's token of the lesson."),
  device: z.string().max(100).optional().describe("The mark of a guest's device, as for joining."),
});

export type ViewerRequest = z.infer<typeof guestBody> & {
  readonly actor: Actor;
  readonly recordingId: string;
  readonly ip: string;
  readonly agent: string;
};

export type OpenedRecording = {
  readonly recording: Recording;
  /** For the signature of links; undefined: they name nobody. */
  readonly viewer: string | undefined;
  readonly person: RecordingViewer;
};

/** @throws RefusalError no-such-recording, no-such-lesson, removed-from-lesson */
export async function openForViewer(
  { db, signIn }: Pick<RecordingContext, "db" | "signIn">,
  { actor, recordingId, ip, agent, ...body }: ViewerRequest,
): Promise<OpenedRecording> {
  const lesson = body.code === undefined ? null : await findLessonByCode(db, signIn, body.code, ip);
  const asGuest = lesson && (await guestRecordings(db, lesson).where("id", "=", recordingId).executeTakeFirst());
  const own = await openRecording(db, actor, recordingId);
  const recording = own ?? asGuest;
  if (!recording) throw new RefusalError("no-such-recording");
  if (!own && lesson) {
    const userId = actor.kind === "user" ? actor.id : null;
    const guest = { userId, token: body.token ?? null, device: { mark: body.device ?? null, ip, agent } };
    if (await isGuestRemoved(db, lesson.id, guest)) throw new RefusalError("removed-from-lesson");
  }
  const guestOf = own || !lesson ? null : { lesson, token: body.token ?? null };
  const viewer = own ? viewerOf(actor) : GUEST_VIEWER;
  return { recording, viewer, person: { actor, guestOf, ip } };
}

/** How links name an account. */
export function viewerOf(actor: Actor): string | undefined {
  return actor.kind === "user" ? (actor.id ?? undefined) : undefined;
}

/** A recording that the actor may see, with a note that they watch it: by the note, the links end when the permission ends. Else null. */
export async function openRecording(db: Db, actor: Actor, recordingId: string): Promise<Recording | null> {
  const find = () => visibleRecordings(db, actor).where("recordings.id", "=", recordingId).executeTakeFirst();
  const recording = await find();
  if (!recording || actor.kind !== "user" || actor.id === null) return recording ?? null;
  const opened = { opened_at: new Date() };
  await db
    .insertInto("recording_viewers")
    .values({ recording_id: recording.id, user_id: actor.id, ...opened })
    .onConflict((conflict) => conflict.columns(["recording_id", "user_id"]).doUpdateSet(opened))
    .execute();
  // A change that ended the permission before the note was there has not found it.
  return (await find()) ?? null;
}

/**
 * Recordings that guests of a lesson may watch. One that is being written shows what happens in the lesson now, where a guest may be in the waiting
 * room or removed: guests get it after the lesson.
 */
export function guestRecordings(db: Db, lesson: Lesson) {
  const matching = db
    .selectFrom("recordings")
    .selectAll()
    .where("lesson_id", "=", lesson.guests ? lesson.id : "")
    .where("published", "=", true)
    .where(openToGuests)
    .where("deleted_at", "is", null);
  return lesson.state === "ended" ? matching : matching.where("whole", "=", true);
}
