/** Provides chat: lines that stay, to everybody, to staff, from staff to one person, or within a group. */
import { type ActionOf, CHAT, type NewRoomEntry, type RoomAudience, type RoomEntry, type RoomPerson } from "@lectern/room";
import { newId } from "../../../../platform/id.ts";
import { Refusal } from "../../../../platform/refusal.ts";
import { groupText } from "../../../foundation/messages/group-texts.ts";
import { talkText } from "../../../foundation/messages/talk-texts.ts";
import { type Domain, type Outcome, Postponed, type RequestedAction, type RoomView } from "../../domain.ts";
import { actionSchema } from "../../field-schemas.ts";
import { GroupSet } from "../../groups/group-set.ts";
import { findKeyed } from "../keyed-entries.ts";
import { isStaff, mutedRefusal, staffOnly } from "../may-talk.ts";
import { type GroupPauses, Pauses } from "../pauses.ts";
import type { TalkContext } from "../talk-context.ts";
import { ruleOnText } from "../text-rule.ts";

/** While the server does without quick chat, there is so much time between two lines of a person. */
const SHED_SECONDS = 5;
/** Who has written so many lines of late talks much, and is slowed before others are. */
const MUCH = 5;

type ChatAction = ActionOf<typeof CHAT>;

export function domain(context: TalkContext): Domain<ChatAction> {
  const pauses = new Pauses();
  return {
    kind: CHAT.kind,
    body: actionSchema(CHAT),
    decide: async (room, actions) => {
      const pause = pauses.begin(room);
      const lines = await findKeyed(
        room,
        actions.flatMap(({ body: { replyTo, to } }) => (replyTo ? [keyOf(replyTo, to)] : [])),
      );
      const outcomes: Outcome[] = [];
      for (const action of actions) {
        const outcome = say(context, { room, action, lines, pause });
        outcomes.push(outcome);
        if (!(outcome instanceof Refusal)) await emitLine(room, action, outcome.entries[0]);
      }
      return outcomes;
    },
    closed: (lessonId) => pauses.forget(lessonId),
  };
}

type Saying = {
  readonly room: RoomView;
  readonly action: RequestedAction<ChatAction>;
  /** Those that actions of the group reply to, by their keys. */
  readonly lines: ReadonlyMap<string, RoomEntry>;
  readonly pause: GroupPauses;
};

function say({ check, hold, degradation }: TalkContext, { room, action, lines, pause }: Saying): Outcome {
  const { body, person } = action;
  const about = body.to === "group" ? groupLine(room, action) : ordinaryLine(room, action);
  if (about instanceof Refusal) return about;
  const muted = isStaff(person) ? null : mutedRefusal(room, person);
  if (muted) return muted;
  const repliedTo = body.replyTo === undefined ? null : lines.get(keyOf(body.replyTo, body.to));
  if (repliedTo === undefined || (repliedTo && !sees(person, repliedTo))) return new Refusal("not-found", talkText("no-line"));
  const ruling = ruleOnText(check, room, person, body.text);
  if (ruling instanceof Refusal) return ruling;
  const slowed = isStaff(person) ? null : slowedRefusal(room, person, pause, degradation.sheds("quick-chat", room));
  if (slowed) return slowed;
  pause.begin(person.id);
  const id = newId(room.now);
  const replyTo = repliedTo ? { replyTo: body.replyTo } : {};
  const entryWith = (text: string, mark: object): NewRoomEntry => ({
    kind: about.kind,
    to: about.to,
    key: keyOf(id, body.to),
    body: { ref: id, text, ...replyTo, ...mark, ...about.fields },
  });
  if ("held" in ruling)
    return hold(room, action, { ref: id, text: body.text, reason: ruling.held, entry: entryWith(body.text, {}) });
  return { entries: [entryWith(ruling.text, ruling.mark)], answer: { ref: id } };
}

/**
 * Slow mode is the teacher's: a line that comes too soon is refused. While the server does without quick chat, who talks much is refused too; the line of a person who seldom speaks
 * waits a moment, and then is there.
 */
function slowedRefusal({ settings }: RoomView, { id }: RoomPerson, pause: GroupPauses, isShed: boolean): Refusal | null {
  const slow = pause.missing(id, settings.slowSeconds);
  if (slow > 0) return new Refusal("too-many", talkText("slow-mode")).after(slow);
  const seconds = !isShed ? 0 : pause.missing(id, SHED_SECONDS);
  if (seconds === 0) return null;
  if (pause.recent(id) >= MUCH) return new Refusal("too-many", talkText("slow-mode")).after(seconds);
  return new Postponed(seconds * 1000, talkText("slow-mode"));
}

/** Held lines are no news yet. */
async function emitLine(room: RoomView, { person }: RequestedAction<ChatAction>, line: NewRoomEntry | undefined): Promise<void> {
  if (line?.kind === "chat") await room.emit("room.chat", { ...line.body, to: line.to, from: person });
}

type LineKind = Pick<NewRoomEntry, "kind" | "to"> & { readonly fields: NewRoomEntry["body"] };

function ordinaryLine(room: RoomView, action: RequestedAction<ChatAction>): LineKind | Refusal {
  if (action.body.group !== undefined) return new Refusal("bad-request");
  const to = audienceOf(room, action);
  return to instanceof Refusal ? to : { kind: "chat", to, fields: {} };
}

/** A student writes to the own group, whichever it is; staff name one, or write to all groups. */
function groupLine(room: RoomView, { body, person }: RequestedAction<ChatAction>): LineKind | Refusal {
  const groups = GroupSet.of(room);
  if (!groups) return new Refusal("not-found", groupText("no-groups"));
  const { division } = groups;
  if (isStaff(person) && body.group === undefined) return { kind: "group-chat", to: "all", fields: { division } };
  if (!isStaff(person) && body.group !== undefined) return new Refusal("refused-by-rule", talkText("staff-only"));
  if (!isStaff(person) && room.settings.chat === "off") return new Refusal("switched-off");
  const group = body.group ?? groups.groupOf(person.id);
  if (group === null || group > groups.count) return new Refusal("not-found", groupText("not-in-group"));
  return { kind: "group-chat", to: { members: groups.members(group) }, fields: { division, group } };
}

/** Whom a line reaches; staff see every line anyway. */
function audienceOf({ settings }: RoomView, { body: { to }, person }: RequestedAction<ChatAction>): RoomAudience | Refusal {
  if (to !== "all" && to !== "staff" && to !== "group") return staffOnly(person) ?? { participant: to };
  const audience = to === "staff" ? "staff" : "all";
  if (isStaff(person)) return audience;
  if (settings.chat === "off") return new Refusal("switched-off");
  return settings.chat === "staff" ? "staff" : audience;
}

/** Whether a person may see a line, and so reply to it. */
function sees(person: RoomPerson, { to, from, gone, body }: RoomEntry): boolean {
  if (gone || body["deleted"] === true) return false;
  if (to === "all" || isStaff(person) || from?.id === person.id) return true;
  if (to === "staff") return false;
  return "members" in to ? to.members.includes(person.id) : to.participant === person.id;
}

/** Who writes in a group replies to lines of groups. */
function keyOf(line: string, to: string): string {
  return to === "group" ? `group-chat/${line}` : `chat/${line}`;
}
