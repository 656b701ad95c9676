/** Joining a lesson: who may, as whom, and the links that open its stream to that person and nobody else. */

import type { Actor } from "../../access/actor.ts";
import { signLink } from "../../access/links/signed-link.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { newId } from "../../platform/id.ts";
import { hashSecret } from "../../platform/secrets.ts";
import type { Change } from "../store/change.ts";
import type { Db, Lesson, Participant } from "../store/tables.ts";
import { newSecret } from "./join-code.ts";
import { visibleLessons } from "./lesson.ts";

/** A link opens a connection for so long; the page renews it well before. */
export const LINK_SECONDS = 900;
export const RENEW_AFTER_SECONDS = 600;

export type JoinRequest = {
  /** A guest's own name. */
  readonly name: string | null;
  /** What a guest was given the last time, to come back as the same person. */
  readonly token: string | null;
  /** Whether the lesson's code was given, which is what lets guests in. */
  readonly hasCode: boolean;
};

export type Joined = { readonly participant: Participant; readonly token: string | null };

/** @throws RefusalError guests-not-allowed, removed-from-lesson, lesson-full, lesson-ended, bad-request */
export async function joinLesson(change: Change, actor: Actor, lesson: Lesson, ask: JoinRequest): Promise<Joined> {
  if (lesson.ended_by === "hand") throw new RefusalError("lesson-ended");
  if (lesson.capacity !== null) {
    // Those who join at the same moment are counted one after the other.
    await change.trx.selectFrom("lessons").select("id").where("id", "=", lesson.id).forUpdate().execute();
  }
  const member = actor.kind === "user" && (await isMember(change.trx, actor, lesson));
  const token = member ? null : (ask.token ?? null);
  const known = await findParticipant(change.trx, lesson, member ? actor.id : null, token);
  if (known?.removed_at) throw new RefusalError("removed-from-lesson");
  const now = new Date();
  if (known) {
    await change.trx.updateTable("participants").set({ seen_at: now }).where("id", "=", known.id).execute();
    return { participant: known, token: null };
  }
  if (!member && !(lesson.guests && ask.hasCode)) throw new RefusalError("guests-not-allowed");
  const name = member ? actor.name : (ask.name?.trim() ?? "");
  if (name === "") throw new RefusalError("bad-request", "A name is needed, so that the teacher knows who is here.");
  await checkCapacity(change.trx, lesson);
  const given = member ? null : newSecret();
  const row = {
    id: newId(),
    lesson_id: lesson.id,
    user_id: member ? actor.id : null,
    name,
    role: member && actor.role ? actor.role : ("guest" as const),
    token_hash: given && hashSecret(given),
    joined_at: now,
    seen_at: now,
  };
  const participant = await change.trx
    .insertInto("participants")
    .values(row)
    // The same person by two requests at once is one.
    .onConflict((conflict) => conflict.constraint("participants_person").doUpdateSet({ seen_at: now }))
    .returningAll()
    .executeTakeFirstOrThrow();
  if (participant.id === row.id) {
    const who = { participantId: participant.id, lessonId: lesson.id, userId: participant.user_id, name, role: participant.role };
    await change.emit("participant.joined", lesson.school_id, who);
  }
  return { participant, token: given };
}

/** The addresses of a lesson's stream, signed for one person. */
export function signedPlayUrls(
  lesson: Lesson,
  viewer: string,
  secret: string,
  hosts: { origin: string; rtmp: string },
  now = Date.now(),
) {
  const expires = Math.floor(now / 1000) + LINK_SECONDS;
  const query = signLink({ app: lesson.stream_app, name: lesson.stream_name, expires, viewer }, secret);
  return {
    play: playUrls(lesson, hosts, `?${query}`),
    expiresAt: new Date(expires * 1000),
    renewAt: new Date(now + RENEW_AFTER_SECONDS * 1000),
  };
}

export function playUrls({ stream_app: app, stream_name: name }: Lesson, hosts: { origin: string; rtmp: string }, query = "") {
  const http = `${hosts.origin}/${app}/${name}`;
  return { flv: `${http}.flv${query}`, hls: `${http}.m3u8${query}`, rtmp: `${hosts.rtmp}/${app}/${name}${query}` };
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

/** A place is taken by whoever has joined and has been seen since the last renewal but one. */
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
