/** Defines types of the tables by which the service protects itself, for Kysely: failed attempts, solved challenges, exemptions, what is turned off. */
import type { Selectable } from "kysely";
import type { Sheddable } from "../../../contracts/degradation/sheddable.ts";
import type { Created, Instant, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

export type ExemptionTable = {
  readonly id: string;
  /** An address, a network, or a list of the installation as `list:ID`. */
  readonly network: string;
  readonly note: string;
  /** Null: for good. */
  readonly until: Date | null;
  /** The name of the actor. */
  readonly created_by: string;
  readonly created_at: Created;
};

/** Failed attempts, by what was attempted: `login NAME`, `code ADDRESS`. Also what is counted by the hour: `hour KIND SUBJECT`. */
type AttemptTable = {
  readonly key: string;
  failures: number;
  locked_until: MaybeInstant;
  failed_at: Instant;
};

/** A challenge counts once. */
type SolvedChallengeTable = { readonly id: string; readonly expires_at: Instant };

/** What operators have turned off. */
export type DegradationTable = {
  readonly id: string;
  readonly what: Sheddable;
  /** Null with the lesson: for everybody. That of a lesson's. */
  readonly school_id: string | null;
  readonly lesson_id: string | null;
  readonly reason: string;
  /** Null: until somebody ends it. */
  readonly until: Date | null;
  /** The name of the actor. */
  readonly created_by: string;
  readonly created_at: Created;
};

export type ProtectionTables = {
  attempts: AttemptTable;
  solved_challenges: SolvedChallengeTable;
  exemptions: ExemptionTable;
  degradations: DegradationTable;
};

export type ExemptionRow = Selectable<ExemptionTable>;
export type DegradationRow = Selectable<DegradationTable>;

export const PROTECTION_PRIVACY = {
  attempts: { erasure: "figures", atRest: "digests" },
  solved_challenges: { erasure: "figures", atRest: "figures" },
  exemptions: {
    erasure: { network: "school", note: "school", created_by: "by-name" },
    atRest: { network: "school", note: "personal", created_by: "personal" },
  },
  degradations: {
    erasure: { what: "school", reason: "school", created_by: "by-name" },
    atRest: { what: "school", reason: "personal", created_by: "personal" },
  },
} as const satisfies PrivacyOf<ProtectionTables>;
