/** Joins a lesson: decides who may enter, and as which participant. */
import type { Actor } from "../../access/actor.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { newId } from "../../platform/id.ts";
import { hashSecret, newSecret } from "../../platform/secrets.ts";
import { schoolText } from "../messages/school-texts.ts";
import type { Change } from "../store/change.ts";
import type { Db, Lesson, Participant } from "../store/tables.ts";
import { visibleLessons } from "./lesson-rights.ts";
import { LINK_SECONDS } from "./play-urls.ts";

export type JoinRequest = {
  /** A guest's name. */
  readonly name: string | null;
  /** A guest's token from an earlier join. */
  readonly token: string | null;
  /** Whether the request named the lesson's code, which guests need. */
  readonly hasCode: boolean;
};

export type Joined = { readonly participant: Participant; readonly token: string | null };

/** @throws RefusalError guests-not-allowed, removed-from-lesson, lesson-full, lesson-ended, bad-request */
export async function joinLesson(change: Change, actor: Actor, lesson: Lesson, request: JoinRequest): Promise<Joined> {
  if (lesson.ended_by === "hand") throw new RefusalError("lesson-ended");
  if (lesson.capacity !== null) {
    // The lock makes simultaneous joins count one after the other.
    await change.trx.selectFrom("lessons").select("id").where("id", "=", lesson.id).forUpdate().execute();
  }
  const member = actor.kind === "user" && (await isMember(change.trx, actor, lesson));
  const token = member ? null : (request.token ?? null);
  const known = await findParticipant(change.trx, lesson, member ? actor.id : null, token);
  if (known?.removed_at) throw new RefusalError("removed-from-lesson");
  const now = new Date();
  if (known) {
    await change.trx.updateTable("participants").set({ seen_at: now }).where("id", "=", known.id).execute();
    return { participant: known, token: null };
  }
  if (!member && !(lesson.guests && request.hasCode)) throw new RefusalError("guests-not-allowed");
  const name = member ? actor.name : (request.name?.trim() ?? "");
  if (name === "") throw new RefusalError("bad-request", schoolText("guest-name"));
  await checkCapacity(change.trx, lesson);
  const guestToken = member ? null : newSecret();
  const row = {
    id: newId(),
    lesson_id: lesson.id,
    user_id: member ? actor.id : null,
    name,
    role: member && actor.role ? actor.role : ("guest" as const),
    token_hash: guestToken && hashSecret(guestToken),
    joined_at: now,
    seen_at: now,
  };
  const participant = await change.trx
    .insertInto("participants")
    .values(row)
    // Two simultaneous requests of one person make one participant.
    .onConflict((conflict) => conflict.constraint("participants_person").doUpdateSet({ seen_at: now }))
    .returningAll()
    .executeTakeFirstOrThrow();
  if (participant.id === row.id) {
    const data = { participantId: participant.id, lessonId: lesson.id, userId: participant.user_id, name, role: participant.role };
    await change.emit("participant.joined", lesson.school_id, data);
  }
  return { participant, token: guestToken };
}

async function isMember(db: Db, actor: Actor, lesson: Lesson): Promise<boolean> {
  return (await visibleLessons(db, actor).where("lessons.id", "=", lesson.id).executeTakeFirst()) !== undefined;
}

function findParticipant(db: Db, lesson: Lesson, userId: string | null, token: string | null): Promise<Participant | undefined> {
  if (userId === null && token === null) return Promise.resolve(undefined);
  const all = db.selectFrom("participants").selectAll().where("lesson_id", "=", lesson.id);
  const one = userId === null ? all.where("token_hash", "=", hashSecret(token ?? "")) : all.where("user_id", "=", userId);
  return one.executeTakeFirst();
}

/** Counts the participants whose links are still valid. @throws RefusalError lesson-full */
async function checkCapacity(db: Db, lesson: Lesson): Promise<void> {
  if (lesson.capacity === null) return;
  const { taken } = await db
    .selectFrom("participants")
    .select((select) => select.fn.countAll<number>().as("taken"))
    .where("lesson_id", "=", lesson.id)
    .where("removed_at", "is", null)
    .where("seen_at", ">", new Date(Date.now() - LINK_SECONDS * 1000))
    .executeTakeFirstOrThrow();
  if (taken >= lesson.capacity) throw new RefusalError("lesson-full");
}
