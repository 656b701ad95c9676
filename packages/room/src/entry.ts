/**
 * Defines entries and signals of a lesson's room, as servers hold them. The room's owner (`school/classroom`) stamps entries and stores them;
 * followers (`live/rooms`) deliver them to people. `wire.ts` has them as people get them.
 */

/** Random; a log that begins again has another one. */
export type RoomEpoch = string;

export type RoomPosition = {
  readonly epoch: RoomEpoch;
  /** Counts from 1 within the epoch; 0: before the first entry. */
  readonly seq: number;
};

/**
 * Everybody, those who assist in the lesson, or one participant or those who are in a group at this moment (and those who assist). An entry for a group names its
 * participants itself: who comes into the group later does not get it, and nothing else has to be known to deliver it.
 */
export type RoomAudience = "all" | "staff" | { readonly participant: string } | { readonly members: readonly string[] };

/** A person, an API key or the school's system, as a member of a room. */
export type RoomPerson = {
  /** The participant's id. */
  readonly id: string;
  readonly name: string;
  readonly role: RoomRole;
  /** A parent or an inspector, who looks on and writes where that was allowed (as a guest). Default: false. */
  readonly watches?: boolean;
};

/** staff: teaches or assists in the lesson. member: has an account. watcher: a parent or an inspector, who only reads. */
export type RoomRole = "staff" | "member" | "guest" | "watcher";

/** What a domain of the classroom wants to have stamped. */
export type NewRoomEntry = {
  readonly kind: string;
  readonly to: RoomAudience;
  /** Replaces the entry with the same key in what newcomers get: `chat/01m7…`. Null: newcomers do not get the entry. */
  readonly key: string | null;
  /** The entry removes its key from what newcomers get. Default: false. */
  readonly gone?: boolean;
  /** A member may get only some of the sampled entries. Default: false. */
  readonly sampled?: boolean;
  /** The sender, where it is not who did the action: the author of a line that a teacher has approved. */
  readonly from?: RoomPerson;
  readonly body: Readonly<Record<string, unknown>>;
};

/** Visible to its audience, to staff, and to its sender. */
export type RoomEntry = Required<Omit<NewRoomEntry, "from">> & {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The stream's time that the sender saw, in milliseconds; null: none. */
  readonly mediaTime: number | null;
  /** Of the sender's making; with `from`, unique in the room. */
  readonly id: string;
  /** Null: the server. */
  readonly from: RoomPerson | null;
};

/** The newest value of something that changes often and is not kept: the number of people, a quiz's counts. */
export type RoomSignal = {
  readonly kind: string;
  /** Of the same kind and key, only the newest counts. */
  readonly key: string;
  readonly to: "all" | "staff";
  readonly body: Readonly<Record<string, unknown>>;
};

/** What a person does: sent by a member, by HTTP, or by the server itself. */
export type RoomAction = {
  /** 1 to 64 characters of the sender's making. Repeating an action with the same id does nothing. */
  readonly id: string;
  readonly kind: string;
  readonly mediaTime: number | null;
  readonly body: Readonly<Record<string, unknown>>;
};
