/** Defines types of the table of acts that wait for a second person, for Kysely. */
import type { Generated, Selectable } from "kysely";
import type { Role } from "../../../access/actor.ts";
import type { Created, Instant, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** operator-entry: an operator works in the school for some time. turn-off: an act needs no approval any more. */
export const ACTS = ["erase-person", "erase-guest", "publish-recording", "operator-entry", "turn-off"] as const;
export type Act = (typeof ACTS)[number];

/** done: it was approved and carried out. outdated: its object was changed before it was approved. */
export const APPROVAL_STATES = ["waiting", "done", "refused", "withdrawn", "outdated"] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

type ApprovalTable = {
  readonly id: string;
  readonly school_id: string;
  readonly act: Act;
  readonly target_kind: string;
  readonly target_id: string;
  /** What exactly is to be done, as it was asked for. */
  readonly params: Json<Readonly<Record<string, unknown>>>;
  /** What the object was like when it was asked for: it is carried out on this alone. */
  readonly object_state: string;
  reason: Generated<string>;
  state: Generated<ApprovalState>;
  /** A person, or the operator's token of the environment. */
  readonly asked_kind: "user" | "token";
  readonly asked_by: string | null;
  readonly asked_role: Role;
  decided_by: string | null;
  readonly created_at: Created;
  readonly expires_at: Instant;
  decided_at: MaybeInstant;
  /** Of an operator's entry that was approved. */
  ends_at: MaybeInstant;
  version: Generated<number>;
};

/** Of a school: whether a second person approves (`foundation/approvals/switches.ts`). */
export type FourEyesColumns = {
  four_eyes_erase: Generated<boolean>;
  four_eyes_publish: Generated<boolean>;
  four_eyes_entry: Generated<boolean>;
};

export type ApprovalTables = { approvals: ApprovalTable };
export type Approval = Selectable<ApprovalTable>;

export const APPROVAL_PRIVACY = {
  approvals: {
    erasure: {
      target_kind: "acts",
      target_id: "acts",
      params: "acts",
      object_state: "acts",
      reason: "erased",
      asked_by: "erased",
      asked_role: "acts",
      decided_by: "erased",
    },
    atRest: {
      target_kind: "school",
      target_id: "school",
      params: "school",
      object_state: "school",
      reason: "personal",
      asked_by: "school",
      asked_role: "school",
      decided_by: "school",
    },
  },
} as const satisfies PrivacyOf<ApprovalTables>;
