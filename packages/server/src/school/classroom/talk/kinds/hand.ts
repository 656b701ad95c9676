/** Provides raised hands: one for each person, in the order of `since`, until it is lowered or its owner has left. */
import { type ActionOf, type FieldsOf, HAND, MAX_HELD_OF_KIND, type NewRoomEntry, type RoomPerson } from "@lectern/room";
import { z } from "zod";
import { newId } from "../../../../platform/id.ts";
import { Refusal } from "../../../../platform/refusal.ts";
import { talkText } from "../../../foundation/messages/talk-texts.ts";
import type { Domain, Outcome, RequestedAction, RoomHandle, RoomView } from "../../domain.ts";
import { actionSchema, entrySchema } from "../../field-schemas.ts";
import { isStaff, staffOnly } from "../may-talk.ts";

/** Looks for people who have left while hands are up. */
const TIDY_MS = 20_000;
/** A person who is not there for this long has left: connections break and come back. */
const LEFT_MS = 60_000;

const TIDY = z.strictObject({ action: z.literal("tidy") });
type HandAction = ActionOf<typeof HAND> | z.output<typeof TIDY>;

const hand = entrySchema(HAND.entries[0]);
type Hand = FieldsOf<(typeof HAND.entries)[0]["fields"]> & { readonly owner: RoomPerson };
type Hands = Map<string, Hand>;

export function domain(): Domain<HandAction> {
  const watches = new Map<string, HandWatch>();
  const watch = (handle: RoomHandle) => {
    const known = watches.get(handle.lessonId) ?? new HandWatch(handle);
    watches.set(handle.lessonId, known);
    return known;
  };
  return {
    kind: HAND.kind,
    body: actionSchema(HAND, TIDY),
    decide: async (room, actions, handle) => {
      const hands = handsOf(room);
      const outcomes: Outcome[] = [];
      for (const action of actions) {
        const outcome = action.body.action === "tidy" ? tidy(room, action, hands, watch(handle)) : act(room, action, hands);
        outcomes.push(outcome);
        if (!(outcome instanceof Refusal)) await emitHands(room, outcome.entries);
      }
      room.afterCommit(() => watch(handle).run(hands.size > 0));
      return outcomes;
    },
    opened: async (room, handle) => watch(handle).run(handsOf(room).size > 0),
    closed: (lessonId) => {
      watches.get(lessonId)?.run(false);
      watches.delete(lessonId);
    },
  };
}

function handsOf({ retained }: RoomView): Hands {
  const hands: Hands = new Map();
  for (const { body, from } of retained.ofKind("hand")) {
    const { data } = hand.safeParse(body);
    if (data) hands.set(data.person, { ...data, owner: from ?? { id: data.person, name: data.name, role: "guest" } });
  }
  return hands;
}

function act(room: RoomView, { body, person: who }: RequestedAction<HandAction>, hands: Hands): Outcome {
  switch (body.action) {
    case "raise":
      return raise(room, who, hands);
    case "lower":
      if (body.person !== undefined && body.person !== who.id && !isStaff(who)) return staffOnly(who) ?? lower(hands, []);
      return lower(hands, [body.person ?? who.id]);
    case "call":
      return staffOnly(who) ?? call(hands, body.person);
    case "lower-all":
      return staffOnly(who) ?? lower(hands, [...hands.keys()]);
    case "tidy":
      return new Refusal("refused-by-rule");
  }
}

function raise({ settings, now }: RoomView, owner: RoomPerson, hands: Hands): Outcome {
  const { id, name } = owner;
  if (!settings.hands) return new Refusal("switched-off");
  if (hands.has(id)) return { entries: [] };
  if (hands.size >= MAX_HELD_OF_KIND) return new Refusal("too-many", talkText("too-many-hands"));
  const raised: Hand = { person: id, name, state: "raised", since: now, owner };
  hands.set(id, raised);
  return { entries: [entryOf(raised)] };
}

/** Whose hand is not up cannot be called on. */
function call(hands: Hands, id: string): Outcome {
  const raised = hands.get(id);
  if (!raised || raised.state === "called") return { entries: [] };
  const called: Hand = { ...raised, state: "called" };
  hands.set(id, called);
  // Its sender is the hand's owner, whose name pages show, not who calls.
  return { entries: [{ ...entryOf(called), from: called.owner }] };
}

function entryOf({ owner: _, ...body }: Hand): NewRoomEntry {
  return { kind: "hand", to: "all", key: `hand/${body.person}`, body };
}

function lower(hands: Hands, people: readonly string[]): Outcome {
  const up = people.filter((id) => hands.delete(id));
  return {
    entries: up.map((id): NewRoomEntry => ({ kind: "hand", to: "all", key: `hand/${id}`, gone: true, body: { person: id } })),
  };
}

function tidy(room: RoomView, { person: who }: RequestedAction<HandAction>, hands: Hands, watch: HandWatch): Outcome {
  return who.id === "" ? lower(hands, watch.left(room, [...hands.keys()])) : new Refusal("refused-by-rule");
}

async function emitHands(room: RoomView, entries: readonly NewRoomEntry[]): Promise<void> {
  for (const { body, gone } of entries) await room.emit("room.hand", { ...body, ...(gone ? { state: "lowered" } : {}) });
}

/** Asks the room again and again to lower the hands of people who have left, while hands are up. */
class HandWatch {
  private readonly handle: RoomHandle;
  private timer: NodeJS.Timeout | null = null;
  /** Since when people with a raised hand are not there. */
  private missing = new Map<string, number>();

  constructor(handle: RoomHandle) {
    this.handle = handle;
  }

  run(areHandsUp: boolean): void {
    if (areHandsUp) this.timer ??= setInterval(() => this.tidy(), TIDY_MS).unref();
    else {
      if (this.timer) clearInterval(this.timer);
      this.timer = null;
      this.missing = new Map();
    }
  }

  /** Those of the people who have left long enough ago. */
  left({ people, now }: Pick<RoomView, "people" | "now">, ids: readonly string[]): string[] {
    const gone = ids.filter((id) => !people.has(id));
    this.missing = new Map(gone.map((id) => [id, this.missing.get(id) ?? now]));
    return gone.filter((id) => now - (this.missing.get(id) ?? now) >= LEFT_MS);
  }

  private tidy(): void {
    // A room that cannot do it now is asked again after a while.
    this.handle.act({ id: newId(), kind: "hand", body: { action: "tidy" } }).catch(() => {});
  }
}
