/** Defines types of the tables of guardians and of what they are told, for Kysely. */
import type { Generated, Selectable } from "kysely";
import type { Created, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

export type GuardianTable = {
  readonly id: string;
  readonly school_id: string;
  /** The student. */
  readonly child_id: string;
  name: string;
  email: string;
  /** Whether the guardian is told of lessons that the child missed. */
  absences: boolean;
  check_ins: boolean;
  readonly created_at: Created;
};

export type GuardianNoticeTable = {
  readonly id: string;
  readonly guardian_id: string;
  readonly kind: "absence" | "check-in";
  /** The lesson, or the form and the day: each is told of once. */
  readonly about: string;
  readonly subject: string;
  readonly body: string;
  attempts: Generated<number>;
  /** Null: sent, or given up. */
  next_at: MaybeInstant;
  sent_at: MaybeInstant;
  readonly created_at: Created;
};

export type GuardianTables = { readonly guardians: GuardianTable; readonly guardian_notices: GuardianNoticeTable };
export type Guardian = Selectable<GuardianTable>;

export const GUARDIAN_PRIVACY = {
  guardians: { erasure: "erased", atRest: { name: "encrypted", email: "encrypted" } },
  guardian_notices: { erasure: "erased", atRest: { kind: "figures", about: "figures", subject: "encrypted", body: "encrypted" } },
} as const satisfies PrivacyOf<GuardianTables>;
