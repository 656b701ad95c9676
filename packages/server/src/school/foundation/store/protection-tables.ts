/** Defines types of the tables by which the service protects itself, for Kysely: failed attempts, solved challenges, exemptions. */
import type { Selectable } from "kysely";
import type { Created, Instant, MaybeInstant } from "./column-types.ts";

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

export type ProtectionTables = { attempts: AttemptTable; solved_challenges: SolvedChallengeTable; exemptions: ExemptionTable };

export type ExemptionRow = Selectable<ExemptionTable>;
