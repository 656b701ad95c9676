/** Defines types of the tables of daily check-ins, for Kysely. */
import type { Generated, Selectable } from "kysely";
import type { Created, Instant, Json } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

export const CHECK_IN_TYPES = ["text", "number", "choice", "yes-no"] as const;
/** A question of a form; its key names the answer. */
export type CheckInField = {
  readonly key: string;
  readonly label: string;
  readonly type: (typeof CHECK_IN_TYPES)[number];
  /** Of a choice. */
  readonly options: readonly string[];
  readonly required: boolean;
};
/** By the fields' keys. */
export type CheckInAnswers = Readonly<Record<string, string | number | boolean>>;

export type CheckInFormTable = {
  readonly id: string;
  readonly school_id: string;
  name: string;
  fields: Json<readonly CheckInField[]>;
  /** Whether students can check in with it. */
  enabled: boolean;
  readonly created_at: Created;
  version: Generated<number>;
};

export type CheckInTable = {
  readonly id: string;
  readonly form_id: string;
  readonly user_id: string;
  /** In the school's time zone: `2026-11-24`. */
  readonly day: string;
  answers: Json<CheckInAnswers>;
  at: Instant;
};

export type CheckInTables = { readonly check_in_forms: CheckInFormTable; readonly check_ins: CheckInTable };
export type CheckInForm = Selectable<CheckInFormTable>;

export const CHECK_IN_PRIVACY = {
  check_in_forms: { erasure: "school", atRest: "school" },
  check_ins: { erasure: "erased", atRest: { day: "school", answers: "encrypted" } },
} as const satisfies PrivacyOf<CheckInTables>;
