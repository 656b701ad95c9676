/** Provides bullet comments: short lines that fly over the picture and do not stay. */
import { type ActionOf, BULLET_COMMENT, type NewRoomEntry } from "@lectern/room";
import { newId } from "../../../../platform/id.ts";
import { Refusal } from "../../../../platform/refusal.ts";
import { talkText } from "../../../foundation/messages/talk-texts.ts";
import type { Domain, Outcome, RequestedAction, RoomView } from "../../domain.ts";
import { actionSchema } from "../../field-schemas.ts";
import { isStaff, mutedRefusal, shedRefusal } from "../may-talk.ts";
import { Pauses } from "../pauses.ts";
import type { TalkContext } from "../talk-context.ts";
import { ruleOnText } from "../text-rule.ts";

/** Between two bullet comments of one person, also without slow mode. */
const PAUSE_SECONDS = 1;

type BulletCommentAction = ActionOf<typeof BULLET_COMMENT>;

export function domain(context: TalkContext): Domain<BulletCommentAction> {
  const pauses = new Pauses();
  return {
    kind: BULLET_COMMENT.kind,
    body: actionSchema(BULLET_COMMENT),
    decide: async (room, actions) => {
      const pause = pauses.begin(room);
      return actions.map((action) => fly(context, room, action, pause));
    },
    closed: (lessonId) => pauses.forget(lessonId),
  };
}

function fly(
  { check, hold, degradation }: TalkContext,
  room: RoomView,
  action: RequestedAction<BulletCommentAction>,
  pause: ReturnType<Pauses["begin"]>,
): Outcome {
  const { body, person } = action;
  if (!room.settings.danmaku) return new Refusal("switched-off");
  const refused = isStaff(person) ? null : (mutedRefusal(room, person) ?? shedRefusal(degradation, "danmaku", room));
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
    return hold(room, action, { ref: newId(room.now), text: body.text, reason: ruling.held, entry: entryWith(body.text, {}) });
  return { entries: [entryWith(ruling.text, ruling.mark)] };
}
