/** Tells what a person sees over the picture of a recording. */
import type { Actor } from "../../access/actor.ts";
import { plainName } from "../../access/policies/stream-policy.ts";
import { hashSecret } from "../../platform/secrets.ts";
import { markOf } from "../accounts/person-mark.ts";
import { markOfParticipant, type Watermark, watermarkOf } from "../lessons/watermark.ts";
import type { Db, Lesson, Recording } from "../store/tables.ts";

type RecordingViewer = {
  readonly actor: Actor;
  /** Of a guest: the lesson whose code the request named, and the token of an earlier join. */
  readonly guestOf: { readonly lesson: Lesson; readonly token: string | null } | null;
  readonly ip: string;
};

/** Null: nothing. */
export async function recordingWatermark(db: Db, recording: Recording, viewer: RecordingViewer): Promise<Watermark | null> {
  const { id: recordingId, school_id: schoolId, lesson_id: lessonId, app, name } = recording;
  const lessons = db.selectFrom("lessons").select("course_id as courseId");
  const lesson = lessonId === null ? undefined : await lessons.where("id", "=", lessonId).executeTakeFirst();
  const of = { schoolId, courseId: lesson?.courseId, lessonId, recordingId };
  const stream = lessonId === null ? `${app}/${plainName(name)}` : null;
  return await watermarkOf(db, { ...of, stream }, await nameOf(db, viewer));
}

async function nameOf(db: Db, { actor, guestOf, ip }: RecordingViewer): Promise<{ readonly name: string; readonly mark: string }> {
  if (guestOf === null) return { name: actor.name, mark: actor.id === null ? "" : markOf(actor.id) };
  const { lesson, token } = guestOf;
  const participants = db.selectFrom("participants").selectAll().where("lesson_id", "=", lesson.id);
  const known = token === null ? undefined : await participants.where("token_hash", "=", hashSecret(token)).executeTakeFirst();
  // Nothing else is known of a guest who comes after the lesson.
  return known ? { name: known.name, mark: markOfParticipant(known) } : { name: "", mark: ip };
}
