/** Determines who makes an API request about a room: which entries they may read, and as whom they act in it. */

import type { RoomPerson } from "@lectern/room";
import type { Actor } from "../../access/actor.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { hashSecret } from "../../platform/secrets.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import { talkText } from "../foundation/messages/talk-texts.ts";
import type { Db, Lesson, Participant } from "../foundation/store/tables.ts";
import { findParticipant } from "../lessons/join.ts";
import { findLesson, hasLessonRight, visibleLessons } from "../lessons/lesson-rights.ts";

/** `staff` read everything; others what is for all, for them or from them. */
export type RoomReader = { readonly lesson: Lesson; readonly isStaff: boolean; readonly participant: Participant | null };

/**
 * @param token of a guest
 * @throws RefusalError not-found where the actor may not see the lesson, removed-from-lesson
 */
export async function findReader(db: Db, actor: Actor, lessonId: string, token: string | null): Promise<RoomReader> {
  const lesson = await visibleLessons(db, actor).where("lessons.id", "=", lessonId).executeTakeFirst();
  if (!lesson) return await findGuest(db, lessonId, token);
  const isStaff = await hasLessonRight(db, actor, lesson, "assist");
  const participant = actor.kind === "user" ? await findParticipant(db, lesson, actor.id, null) : undefined;
  if (!isStaff && participant) checkPresent(participant);
  return { lesson, isStaff, participant: participant ?? null };
}

async function findGuest(db: Db, lessonId: string, token: string | null): Promise<RoomReader> {
  const lesson = db.selectFrom("lessons").selectAll().where("id", "=", lessonId).where("deleted_at", "is", null);
  const guest =
    token === null
      ? undefined
      : await db
          .selectFrom("participants")
          .selectAll()
          .where("lesson_id", "=", lessonId)
          .where("token_hash", "=", hashSecret(token))
          .executeTakeFirst();
  const found = guest && (await lesson.executeTakeFirst());
  if (!guest || !found) throw new RefusalError("not-found", schoolText("no-lesson"));
  checkPresent(guest);
  return { lesson: found, isStaff: false, participant: guest };
}

/** @throws RefusalError removed-from-lesson */
function checkPresent({ removed_at, waiting_since }: Participant): void {
  if (removed_at !== null || waiting_since !== null) throw new RefusalError("removed-from-lesson");
}

/**
 * As whom an actor acts in a room: a person who has joined as their participant; staff who have not joined, and API keys, as themselves.
 * @throws RefusalError not-found, refused-by-rule, removed-from-lesson
 */
export async function findRoomPerson(db: Db, actor: Actor, lessonId: string): Promise<RoomPerson> {
  const lesson = await findLesson(db, actor, lessonId, "see");
  const isStaff = await hasLessonRight(db, actor, lesson, "assist");
  const participant = actor.kind === "user" ? await findParticipant(db, lesson, actor.id, null) : undefined;
  if (isStaff) return { id: participant?.id ?? actor.id ?? actor.kind, name: actor.name, role: "staff" };
  if (!participant) throw new RefusalError("refused-by-rule", talkText("not-joined"));
  checkPresent(participant);
  return { id: participant.id, name: actor.name, role: "member" };
}
