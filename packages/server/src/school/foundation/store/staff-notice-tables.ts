/** Defines types of the table of mails that tell staff of something, for Kysely. */
import type { Generated } from "kysely";
import type { MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

type StaffNoticeTable = {
  readonly id: string;
  readonly user_id: string;
  subject: string;
  body: string;
  readonly created_at: Generated<Date>;
  /** Null: it was sent, or could not be delivered. */
  next_at: MaybeInstant;
  sent_at: MaybeInstant;
  attempts: Generated<number>;
};

export type StaffNoticeTables = { staff_notices: StaffNoticeTable };

export const STAFF_NOTICE_PRIVACY = {
  staff_notices: { erasure: "erased", atRest: "personal" },
} as const satisfies PrivacyOf<StaffNoticeTables>;
