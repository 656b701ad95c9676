/** Chat: lines that stay, to everybody, to staff, or from staff to one person. */
import { z } from "zod";
import { ID, newId } from "../../../platform/id.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { NewRoomEntry, RoomAudience, RoomEntry, RoomPerson } from "../../../platform/rooms/room-entry.ts";
import { talkText } from "../../messages/talk-texts.ts";
import type { Asked, Domain, Outcome, RoomView } from "../domain.ts";
import { SHED_CHAT } from "../load-shedding.ts";
import { roomText } from "../room-text.ts";
import { findKeyed } from "./keyed-entries.ts";
import { isStaff, mutedRefusal, staffOnly } from "./may-talk.ts";
import { Pauses } from "./pauses.ts";
import type { TalkContext } from "./talk-context.ts";
import { ruleOnText } from "./text-rule.ts";

const MAX_TEXT = 1000;
/** Members wait this long between two lines while the server sheds load. */
const SHED_SECONDS = 5;

const ref = z.string().regex(ID);
const chatDeed = z.strictObject({
  text: roomText(MAX_TEXT),
  replyTo: ref.optional(),
  to: z.union([z.enum(["all", "staff"]), ref]).default("all"),
});
type ChatDeed = z.output<typeof chatDeed>;

export function chatDomain(context: TalkContext): Domain<ChatDeed> {
  const pauses = new Pauses();
  return {
    kind: "chat",
    body: chatDeed,
    decide: async (room, deeds) => {
      const pause = pauses.begin(room);
      const lines = await findKeyed(
        room,
        deeds.flatMap(({ body }) => (body.replyTo ? [keyOf(body.replyTo)] : [])),
      );
      const outcomes: Outcome[] = [];
      for (const deed of deeds) {
        const outcome = say(context, { room, deed, lines, pause });
        outcomes.push(outcome);
        if (!(outcome instanceof Refusal)) await emitLine(room, deed, outcome.entries[0]);
      }
      return outcomes;
    },
    closed: (lessonId) => pauses.forget(lessonId),
  };
}

type Saying = {
  readonly room: RoomView;
  readonly deed: Asked<ChatDeed>;
  /** Those that deeds of the group reply to, by their keys. */
  readonly lines: ReadonlyMap<string, RoomEntry>;
  readonly pause: ReturnType<Pauses["begin"]>;
};

function say({ check, hold, shedding }: TalkContext, { room, deed, lines, pause }: Saying): Outcome {
  const { body, person } = deed;
  const to = audienceOf(room, deed);
  if (to instanceof Refusal) return to;
  const muted = isStaff(person) ? null : mutedRefusal(room, person);
  if (muted) return muted;
  const repliedTo = body.replyTo === undefined ? null : lines.get(keyOf(body.replyTo));
  if (repliedTo === undefined || (repliedTo && !sees(person, repliedTo))) return new Refusal("not-found", talkText("no-line"));
  const ruling = ruleOnText(check, room, person, body.text);
  if (ruling instanceof Refusal) return ruling;
  const slow = Math.max(room.settings.slowSeconds, shedding.level >= SHED_CHAT ? SHED_SECONDS : 0);
  const seconds = isStaff(person) ? 0 : pause.take(person.id, slow);
  if (seconds > 0) return new Refusal("too-many", talkText("slow-mode")).after(seconds);
  const id = newId(room.now);
  const replyTo = repliedTo ? { replyTo: body.replyTo } : {};
  const entryWith = (text: string, mark: object): NewRoomEntry => ({
    ...{ kind: "chat", to, key: keyOf(id) },
    body: { ref: id, text, ...replyTo, ...mark },
  });
  if ("held" in ruling) return hold(room, deed, { ref: id, text: body.text, reason: ruling.held, entry: entryWith(body.text, {}) });
  return { entries: [entryWith(ruling.text, ruling.mark)], answer: { ref: id } };
}

/** Held lines are no news yet. */
async function emitLine(room: RoomView, { person }: Asked<ChatDeed>, line: NewRoomEntry | undefined): Promise<void> {
  if (line?.kind === "chat") await room.emit("room.chat", { ...line.body, to: line.to, from: person });
}

/** Whom a line reaches; staff see every line anyway. */
function audienceOf({ settings }: RoomView, { body: { to }, person }: Asked<ChatDeed>): RoomAudience | Refusal {
  if (to !== "all" && to !== "staff") return staffOnly(person) ?? { participant: to };
  if (isStaff(person)) return to;
  if (settings.chat === "off") return new Refusal("switched-off");
  return settings.chat === "staff" ? "staff" : to;
}

/** Whether a person may see a line, and so reply to it. */
function sees(person: RoomPerson, { to, from, gone, body }: RoomEntry): boolean {
  if (gone || body["deleted"] === true) return false;
  if (to === "all" || isStaff(person) || from?.id === person.id) return true;
  return to !== "staff" && to.participant === person.id;
}

function keyOf(line: string): string {
  return `chat/${line}`;
}
