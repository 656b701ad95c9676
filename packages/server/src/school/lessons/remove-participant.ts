/** Removes a participant from a lesson: for the API, and for teachers in the lesson's room. */
import type { Actor } from "../../access/actor.ts";
import { Refusal } from "../../platform/refusal.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import type { Db, Lesson, Participant } from "../foundation/store/tables.ts";
import { hasLessonRight } from "./lesson-rights.ts";

export type Removal = {
  /** Whether the participant is who removes. */
  readonly isOwn: (participant: Participant) => boolean;
  /** Also keeps out guests from the same device. Default: true for a person with an account. */
  readonly device: boolean | undefined;
};

/** @returns `isNews`: false where the participant was removed already, and only the device may be new */
export async function removeParticipant(
  db: Db,
  lesson: Lesson,
  participantId: string,
  { isOwn, device }: Removal,
): Promise<{ readonly removed: Participant; readonly isNews: boolean } | Refusal> {
  const participant = await db
    .selectFrom("participants")
    .selectAll()
    .where("id", "=", participantId)
    .where("lesson_id", "=", lesson.id)
    .executeTakeFirst();
  if (!participant) return new Refusal("not-found", schoolText("not-a-participant"));
  if (isOwn(participant)) return new Refusal("conflict", schoolText("own-participant"));
  if (await teachesLesson(db, lesson, participant, "teach")) return new Refusal("refused-by-rule", schoolText("teachers-stay"));
  const removed = await db
    .updateTable("participants")
    .set({ removed_at: new Date(), device_removed: device ?? participant.user_id !== null })
    .where("id", "=", participant.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { removed, isNews: participant.removed_at === null };
}

/** Whether a participant has a right of those who teach the lesson. Its teachers always get in. */
export async function teachesLesson(
  db: Db,
  lesson: Lesson,
  { user_id: userId }: Participant,
  right: "assist" | "teach",
): Promise<boolean> {
  if (userId === null) return false;
  const user = await db.selectFrom("users").selectAll().where("id", "=", userId).executeTakeFirst();
  if (!user || user.disabled_at !== null) return false;
  const { id, name, role, school_id: schoolId } = user;
  const actor: Actor = { kind: "user", id, name, role, schoolId, scopes: null, ip: "" };
  return await hasLessonRight(db, actor, lesson, right);
}
