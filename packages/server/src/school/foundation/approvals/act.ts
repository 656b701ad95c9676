/** Says what is needed of an act that waits for approval: what its object is like, and how it is carried out. */
import type { Transaction } from "kysely";
import type { Actor, Role } from "../../../access/actor.ts";
import type { Act, Approval } from "../store/approval-tables.ts";
import type { Change } from "../store/change.ts";
import type { Tables } from "../store/tables.ts";

export type ApprovalAct = {
  /** Roles that ask for it. Who has lost the role since asks for nothing any more. */
  readonly askers: readonly Role[];
  /** What the object is like; null: it is not there. Where this differs from what it was when the act was asked for, the act is not carried out. */
  readonly stateOf: (trx: Transaction<Tables>, approval: Pick<Approval, "school_id" | "target_id">) => Promise<string | null>;
  /** Carries it out as it was asked for. @param change whose audit entries name the asker */
  readonly carryOut: (change: Change, approval: Approval, asker: Actor) => Promise<void>;
};

export type ApprovalActs = Readonly<Record<Act, ApprovalAct>>;
