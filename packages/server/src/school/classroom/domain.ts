/** Defines what a domain of the classroom (chat, questions, quiz, …) is to the owner of a room: it decides about actions of its kind. */

import type {
  NewRoomEntry,
  RetainedEntries,
  RoomAction,
  RoomEntry,
  RoomPerson,
  RoomPosition,
  RoomSettings,
  RoomSignal,
} from "@lectern/room";
import type { Transaction } from "kysely";
import type { z } from "zod";
import type { PageFile } from "../../contracts/rooms/room-requests.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { EventName } from "../foundation/store/events.ts";
import type { Tables } from "../foundation/store/tables.ts";

/** An action whose body was validated. */
export type RequestedAction<Body> = Omit<RoomAction, "body"> & { readonly body: Body; readonly person: RoomPerson };

/** Refuses an action for now: the person's worker sends it again by itself, and the person notices only that it takes a moment. */
export class Postponed extends Refusal {
  readonly laterMs: number;

  constructor(laterMs: number, message: Refusal["message"]) {
    super("too-many", message, [], new Refusal("too-many").after(laterMs / 1000));
    this.laterMs = laterMs;
  }
}

export type Outcome =
  | Refusal
  | {
      /** The first has the action's id and sender; empty: nothing to tell others. */
      readonly entries: readonly NewRoomEntry[];
      /** Told to the sender alone, with the acknowledgement. */
      readonly answer?: Readonly<Record<string, unknown>>;
    };

/** A room as its domains see it, while a group of actions is committed. */
export type RoomView = {
  readonly lessonId: string;
  readonly schoolId: string;
  readonly title: string;
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly retained: RetainedEntries;
  readonly settings: RoomSettings;
  /** Participants who are in the room now. */
  readonly people: ReadonlySet<string>;
  /** The transaction that stores the group. A refusal does not undo it: write only what is decided. */
  readonly trx: Transaction<Tables>;
  /** Called once the group is stored; never when it is not. */
  readonly afterCommit: (call: () => void) => void;
  /** Queues an event for webhooks. */
  readonly emit: (event: EventName, data: Readonly<Record<string, unknown>>) => Promise<void>;
  /** @param target default: the lesson */
  readonly audit: (
    action: string,
    person: RoomPerson,
    after: Readonly<Record<string, unknown>>,
    target?: { readonly kind: string; readonly id: string },
  ) => Promise<void>;
};

/** What domains may use outside of a group: timers, reports. */
export type RoomHandle = {
  readonly lessonId: string;
  /** Tells all followers at the next turn; of the same kind and key the newest counts. */
  readonly signal: (signal: RoomSignal) => void;
  /** Does something as the server. */
  readonly act: (action: Omit<RoomAction, "mediaTime">) => Promise<void>;
};

/** A room as it is at any time: all that is stored, and may be what is being stored. */
export type RoomToRead = {
  readonly lessonId: string;
  readonly retained: RetainedEntries;
  /** The newest entry that is stored. */
  readonly position: () => RoomPosition;
};

export type Domain<Body = unknown> = {
  readonly kind: string;
  readonly body: z.ZodType<Body>;
  /** Decides about a group of actions of one room, in their order. Bulk work is one statement for all of them. */
  readonly decide: (room: RoomView, actions: readonly RequestedAction<Body>[], handle: RoomHandle) => Promise<readonly Outcome[]>;
  /** This process will open the room: loads what takes longer than a transaction should. */
  readonly prepare?: (lesson: { readonly id: string; readonly schoolId: string }) => Promise<void>;
  /** The room has been opened by this process: timers begin, signals are told. */
  readonly opened?: (room: RoomView, handle: RoomHandle) => Promise<void>;
  /** Entries of a group are stored, of whatever kind. */
  readonly committed?: (lessonId: string, entries: readonly RoomEntry[]) => void;
  /** A page of the board as it is at the room's position. Null: there is none. */
  readonly readPage?: (room: RoomToRead, page: string) => Promise<PageFile | null>;
  readonly closed?: (lessonId: string) => void;
};

/** A domain that decides about one action after the other. */
export function oneByOne<Body>(
  decide: (room: RoomView, action: RequestedAction<Body>, handle: RoomHandle) => Promise<Outcome> | Outcome,
): Domain<Body>["decide"] {
  return async (room, actions, handle) => {
    const outcomes: Outcome[] = [];
    for (const action of actions) outcomes.push(await decide(room, action, handle));
    return outcomes;
  };
}
