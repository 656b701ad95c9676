/** Defines types of the tables of attendance and sign-in rounds, for Kysely. */
import type { Selectable } from "kysely";
import type { Instant, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

type RoomPresenceTable = {
  readonly lesson_id: string;
  /** The process that writes the room's attendance. */
  owner: string;
  /** Until when the owner knows that those are there whose interval has no end. */
  seen_at: Instant;
  /** Grows with each change of who is there. */
  version: number;
  /** The lesson's end whose attendance was reported to webhooks. */
  reported_until: MaybeInstant;
};

type AttendanceTable = {
  readonly participant_id: string;
  readonly from_at: Instant;
  /** Null: still there, or until `seen_at` of the room where its owner is gone. */
  to_at: MaybeInstant;
  readonly lesson_id: string;
  /** Kinds of devices and browsers, with semicolons between. */
  device: string;
  /** Whether the person is in the room, or left so recently that a return would be no leaving. */
  present: boolean;
  /** That of the room when the row was written. */
  version: number;
};

type SigninRoundTable = {
  readonly id: string;
  readonly lesson_id: string;
  readonly title: string;
  /** Four digits; null: none is asked for. */
  readonly code: string | null;
  /** Whether people may still sign after `closes_at`, and are noted as late. */
  readonly late_allowed: boolean;
  readonly opened_at: Instant;
  /** Null: closed by hand only. */
  readonly closes_at: MaybeInstant;
  closed_at: MaybeInstant;
};

type SigninTable = { readonly round_id: string; readonly participant_id: string; readonly at: Instant; readonly late: boolean };

export type PresenceTables = {
  room_presence: RoomPresenceTable;
  attendance: AttendanceTable;
  signin_rounds: SigninRoundTable;
  signins: SigninTable;
};

export type SigninRound = Selectable<SigninRoundTable>;

export const PRESENCE_PRIVACY = {
  room_presence: { erasure: "figures", atRest: "figures" },
  attendance: { erasure: "erased", atRest: "figures" },
  signin_rounds: { erasure: "school", atRest: "school" },
  signins: { erasure: "erased", atRest: "figures" },
} as const satisfies PrivacyOf<PresenceTables>;
