/** Mutes people of a room, for a time or until they are unmuted. A mute is the entry `mute/PARTICIPANT`, for staff and that person. */

import { MAX_HELD_OF_KIND, type NewRoomEntry } from "@lectern/room";
import { Refusal } from "../../../platform/refusal.ts";
import { moderationText } from "../../foundation/messages/moderation-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { teachesLesson } from "../../lessons/remove-participant.ts";
import type { Outcome } from "../domain.ts";
import type { GroupView } from "./group-view.ts";

export async function mute(room: GroupView, personId: string, seconds: number | undefined): Promise<Outcome> {
  const lesson = await room.trx.selectFrom("lessons").selectAll().where("id", "=", room.lessonId).executeTakeFirstOrThrow();
  const person = await room.trx
    .selectFrom("participants")
    .selectAll()
    .where("id", "=", personId)
    .where("lesson_id", "=", room.lessonId)
    .executeTakeFirst();
  if (!person) return new Refusal("not-found", schoolText("not-a-participant"));
  if (await teachesLesson(room.trx, lesson, person, "assist"))
    return new Refusal("refused-by-rule", moderationText("staff-not-muted"));
  const over = room.retained.ofKind("mute").filter(({ body }) => isOver(body["until"], room.now));
  // The room forgets the oldest of a kind: nobody may be unmuted by that.
  const left = room.retained.ofKind("mute").length - over.length;
  if (left >= MAX_HELD_OF_KIND && !room.retained.get(muteKey(personId)))
    return new Refusal("conflict", moderationText("too-many-mutes", { max: MAX_HELD_OF_KIND }));
  const until = seconds === undefined ? null : room.now + seconds * 1000;
  const to = { participant: personId };
  const ended = over.map(({ key, to, body }): NewRoomEntry => ({ kind: "moderation", to, key, gone: true, body }));
  const muted: NewRoomEntry = {
    kind: "moderation",
    to,
    key: muteKey(personId),
    body: { action: "mute", person: personId, personName: person.name, until },
  };
  return { entries: [...ended.filter(({ key }) => key !== muted.key), muted] };
}

export function unmute(room: GroupView, personId: string): Outcome {
  const key = muteKey(personId);
  if (!room.retained.get(key)) return new Refusal("conflict", moderationText("not-muted"));
  const to = { participant: personId };
  return { entries: [{ kind: "moderation", to, key, gone: true, body: { action: "unmute", person: personId } }] };
}

/** By the server: a mute whose time is over ends, one that has been set since does not. */
export function expireMute(room: GroupView, personId: string): Outcome {
  const until = room.retained.get(muteKey(personId))?.body["until"];
  return isOver(until, room.now) ? unmute(room, personId) : { entries: [] };
}

function muteKey(personId: string): string {
  return `mute/${personId}`;
}

function isOver(until: unknown, now: number): boolean {
  return typeof until === "number" && until <= now;
}
