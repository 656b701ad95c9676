/** Defines types of the table of invitations to accounts, for Kysely. */
import type { Generated } from "kysely";
import type { MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";
import { STAFF_NOTICE_PRIVACY, type StaffNoticeTables } from "./staff-notice-tables.ts";

/** The last invitation of a person by mail. */
type AccountMailTable = {
  readonly user_id: string;
  readonly school_id: string;
  /** The person or key that invites. */
  requested_by: string;
  created_at: Generated<Date>;
  /** Null: it was sent, or could not be delivered. */
  next_at: MaybeInstant;
  sent_at: MaybeInstant;
  attempts: Generated<number>;
};

export type AccountMailTables = StaffNoticeTables & { account_mails: AccountMailTable };

export const ACCOUNT_MAIL_PRIVACY = {
  ...STAFF_NOTICE_PRIVACY,
  account_mails: { erasure: "erased", atRest: "figures" },
} as const satisfies PrivacyOf<AccountMailTables>;
