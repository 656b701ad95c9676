/** Provides reactions: shown for a moment, and counted for staff as a meter of the last minute. */
import { type ActionOf, REACTION } from "@lectern/room";
import { Refusal } from "../../../../platform/refusal.ts";
import { talkText } from "../../../foundation/messages/talk-texts.ts";
import type { Domain, Outcome, RequestedAction, RoomHandle, RoomView } from "../../domain.ts";
import { actionSchema } from "../../field-schemas.ts";
import { isStaff, mutedRefusal, shedRefusal } from "../may-talk.ts";
import { Pauses } from "../pauses.ts";
import { ReactionMeter } from "../reaction-meter.ts";
import type { TalkContext } from "../talk-context.ts";

const PAUSE_SECONDS = 1;
const SIGNAL_MS = 1000;

type ReactionAction = ActionOf<typeof REACTION>;

export function domain({ degradation, now }: TalkContext): Domain<ReactionAction> {
  const pauses = new Pauses();
  const meters = new Map<string, RoomMeter>();
  return {
    kind: REACTION.kind,
    body: actionSchema(REACTION),
    decide: async (room, actions, handle) => {
      const pause = pauses.begin(room);
      return actions.map((action) => {
        const refused = refusalOf(room, action, degradation);
        if (refused) return refused;
        const seconds = pause.take(action.person.id, PAUSE_SECONDS);
        if (seconds > 0) return new Refusal("too-many", talkText("slow-mode")).after(seconds);
        room.afterCommit(() => {
          const meter = meters.get(room.lessonId) ?? new RoomMeter(handle, now);
          meters.set(room.lessonId, meter);
          meter.add(action.body.reaction);
        });
        return { entries: [{ kind: "reaction", to: "all", key: null, sampled: true, body: action.body }] } satisfies Outcome;
      });
    },
    closed: (lessonId) => {
      pauses.forget(lessonId);
      meters.get(lessonId)?.close();
      meters.delete(lessonId);
    },
  };
}

function refusalOf(
  room: RoomView,
  { person }: RequestedAction<ReactionAction>,
  degradation: TalkContext["degradation"],
): Refusal | null {
  if (!room.settings.reactions) return new Refusal("switched-off");
  return isStaff(person) ? null : (mutedRefusal(room, person) ?? shedRefusal(degradation, "reactions", room));
}

/** Tells staff the counts, each second until they are zero again. */
class RoomMeter {
  private readonly handle: RoomHandle;
  private readonly now: () => number;
  private readonly meter = new ReactionMeter();
  private timer: NodeJS.Timeout | null = null;
  private told = "";

  constructor(handle: RoomHandle, now: () => number) {
    this.handle = handle;
    this.now = now;
  }

  add(reaction: ReactionAction["reaction"]): void {
    this.meter.add(reaction, this.now());
    // The first one is told at once.
    this.timer ??= setTimeout(() => this.tell(), 0).unref();
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private tell(): void {
    const counts = this.meter.counts(this.now());
    const text = JSON.stringify(counts);
    if (text !== this.told) this.handle.signal({ kind: "reactions", key: "", to: "staff", body: { counts } });
    this.told = text;
    this.timer = Object.keys(counts).length === 0 ? null : setTimeout(() => this.tell(), SIGNAL_MS).unref();
  }
}
