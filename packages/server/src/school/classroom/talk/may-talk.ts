/** Determines who may send text into a room: what the teacher has switched off, who is muted, and how long members wait between two lines. */

import type { RoomPerson } from "@lectern/room";
import type { Sheds } from "../../../contracts/degradation/degradation.ts";
import type { Sheddable } from "../../../contracts/degradation/sheddable.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { talkText } from "../../foundation/messages/talk-texts.ts";
import type { RoomView } from "../domain.ts";

/** The server switches it on again at about this time. */
const SHED_AGAIN_SECONDS = 10;

export function isStaff({ role }: RoomPerson): boolean {
  return role === "staff";
}

/** A refusal of actions that only staff do; null for staff. */
export function staffOnly(person: RoomPerson): Refusal | null {
  return isStaff(person) ? null : new Refusal("refused-by-rule", talkText("staff-only"));
}

/** A refusal while the server does without something in the room; null while it does not. */
export function shedRefusal(degradation: Sheds, what: Sheddable, room: Pick<RoomView, "lessonId" | "schoolId">): Refusal | null {
  return !degradation.sheds(what, room) ? null : new Refusal("switched-off", talkText("busy")).after(SHED_AGAIN_SECONDS);
}

/** A refusal for people whom a teacher has muted; null for others. */
export function mutedRefusal({ retained, now }: Pick<RoomView, "retained" | "now">, { id }: RoomPerson): Refusal | null {
  const entry = retained.get(`mute/${id}`);
  if (!entry) return null;
  const until = entry.body["until"];
  if (typeof until !== "number") return new Refusal("muted");
  return until > now ? new Refusal("muted").after((until - now) / 1000) : null;
}
