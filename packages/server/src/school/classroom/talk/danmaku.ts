/** Bullet comments: short lines that fly over the picture and do not stay. */
import { z } from "zod";
import type { NewRoomEntry } from "../../../contracts/rooms/room-entry.ts";
import { newId } from "../../../platform/id.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { talkText } from "../../foundation/messages/talk-texts.ts";
import type { Asked, Domain, Outcome, RoomView } from "../domain.ts";
import { SHED_DANMAKU } from "../load-shedding.ts";
import { roomLine } from "../room-text.ts";
import { isStaff, mutedRefusal, shedRefusal } from "./may-talk.ts";
import { Pauses } from "./pauses.ts";
import type { TalkContext } from "./talk-context.ts";
import { ruleOnText } from "./text-rule.ts";

const MAX_TEXT = 60;
/** Between two bullet comments of one person, also without slow mode. */
const PAUSE_SECONDS = 1;

const danmakuDeed = z.strictObject({
  text: roomLine(MAX_TEXT),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .toLowerCase()
    .optional(),
});
type DanmakuDeed = z.output<typeof danmakuDeed>;

export function danmakuDomain(context: TalkContext): Domain<DanmakuDeed> {
  const pauses = new Pauses();
  return {
    kind: "danmaku",
    body: danmakuDeed,
    decide: async (room, deeds) => {
      const pause = pauses.begin(room);
      return deeds.map((deed) => fly(context, room, deed, pause));
    },
    closed: (lessonId) => pauses.forget(lessonId),
  };
}

function fly(
  { check, hold, shedding }: TalkContext,
  room: RoomView,
  deed: Asked<DanmakuDeed>,
  pause: ReturnType<Pauses["begin"]>,
): Outcome {
  const { body, person } = deed;
  if (!room.settings.danmaku) return new Refusal("switched-off");
  const refused = isStaff(person) ? null : (mutedRefusal(room, person) ?? shedRefusal(shedding, SHED_DANMAKU));
  if (refused) return refused;
  const ruling = ruleOnText(check, room, person, body.text);
  if (ruling instanceof Refusal) return ruling;
  const seconds = isStaff(person) ? 0 : pause.take(person.id, Math.max(PAUSE_SECONDS, room.settings.slowSeconds));
  if (seconds > 0) return new Refusal("too-many", talkText("slow-mode")).after(seconds);
  const color = body.color === undefined ? {} : { color: body.color };
  const entryWith = (text: string, mark: object): NewRoomEntry => ({
    kind: "danmaku",
    to: "all",
    key: null,
    sampled: true,
    body: { text, ...color, ...mark },
  });
  if ("held" in ruling)
    return hold(room, deed, { ref: newId(room.now), text: body.text, reason: ruling.held, entry: entryWith(body.text, {}) });
  return { entries: [entryWith(ruling.text, ruling.mark)] };
}
