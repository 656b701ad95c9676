/** Tells what a person sees over the picture of a recording. */
import type { Actor } from "../../../access/actor.ts";
import type { Belonging } from "../../../access/policies/policy-store.ts";
import { plainName } from "../../../access/policies/stream-policy.ts";
import { hashSecret } from "../../../platform/secrets.ts";
import type { Db, Lesson, Recording } from "../../foundation/store/tables.ts";
import { markOf } from "../../people/accounts/person-watermark.ts";
import { readChannel } from "../channels.ts";
import { isEncrypted, shownRules } from "../shown-rules.ts";
import { type Watermark, watermarkOf, watermarkOfParticipant } from "../watermark.ts";

export type RecordingViewer = {
  readonly actor: Actor;
  /** Of a guest: the lesson whose code the request named, and the token of an earlier join. */
  readonly guestOf: { readonly lesson: Lesson; readonly token: string | null } | null;
  readonly ip: string;
};

/** Null: nothing. */
export async function recordingWatermark(db: Db, recording: Recording, viewer: RecordingViewer): Promise<Watermark | null> {
  return await watermarkOf(db, await belongingOf(db, recording), await nameOf(db, viewer));
}

export type DownloadProtection = {
  readonly watermark: Watermark | null;
  /** What stands for the viewer where the name cannot be written. */
  readonly mark: string;
  readonly isEncrypted: boolean;
};

/** What a person may take home of a recording. */
export async function downloadProtection(db: Db, recording: Recording, viewer: RecordingViewer): Promise<DownloadProtection> {
  const [of, person] = await Promise.all([belongingOf(db, recording), nameOf(db, viewer)]);
  const [watermark, rules] = await Promise.all([watermarkOf(db, of, person), shownRules(db, of)]);
  return { watermark, mark: person.mark, isEncrypted: isEncrypted(rules) };
}

async function belongingOf(db: Db, recording: Recording): Promise<Belonging> {
  const { id: recordingId, lesson_id: lessonId, app, name } = recording;
  const lessons = db.selectFrom("lessons").select("course_id as courseId");
  const lesson = lessonId === null ? undefined : await lessons.where("id", "=", lessonId).executeTakeFirst();
  const stream = lessonId === null ? `${app}/${plainName(name)}` : null;
  const schoolId = recording.school_id ?? (stream === null ? null : (await readChannel(db, stream))?.schoolId);
  return { schoolId, courseId: lesson?.courseId, lessonId, recordingId, stream };
}

async function nameOf(db: Db, { actor, guestOf, ip }: RecordingViewer): Promise<{ readonly name: string; readonly mark: string }> {
  if (guestOf === null) return { name: actor.name, mark: actor.id === null ? "" : markOf(actor.id) };
  const { lesson, token } = guestOf;
  const participants = db.selectFrom("participants").selectAll().where("lesson_id", "=", lesson.id);
  const known = token === null ? undefined : await participants.where("token_hash", "=", hashSecret(token)).executeTakeFirst();
  // Nothing else is known of a guest who comes after the lesson.
  return known ? { name: known.name, mark: watermarkOfParticipant(known) } : { name: "", mark: ip };
}
