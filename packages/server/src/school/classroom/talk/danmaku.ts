/** Bullet comments: short lines that fly over the picture and do not stay. */
import { type ActionOf, DANMAKU, type NewRoomEntry } from "@lectern/room";
import { newId } from "../../../platform/id.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { talkText } from "../../foundation/messages/talk-texts.ts";
import type { Asked, Domain, Outcome, RoomView } from "../domain.ts";
import { actionSchema } from "../field-schemas.ts";
import { SHED_DANMAKU } from "../load-shedding.ts";
import { isStaff, mutedRefusal, shedRefusal } from "./may-talk.ts";
import { Pauses } from "./pauses.ts";
import type { TalkContext } from "./talk-context.ts";
import { ruleOnText } from "./text-rule.ts";

/** Between two bullet comments of one person, also without slow mode. */
const PAUSE_SECONDS = 1;

type DanmakuDeed = ActionOf<typeof DANMAKU>;

export function danmakuDomain(context: TalkContext): Domain<DanmakuDeed> {
  const pauses = new Pauses();
  return {
    kind: DANMAKU.kind,
    body: actionSchema(DANMAKU),
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
