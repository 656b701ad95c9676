/** Queues mails that tell staff of something, in the transaction that causes them: `people/accounts/staff-notice-mails.ts` sends them. */
import { newId } from "../../../platform/id.ts";
import type { Change } from "../store/change.ts";

export const STAFF_NOTICES = "staff-notices";

export type StaffNotice = {
  readonly subject: string;
  /** English and Chinese: nothing says which language a person reads. */
  readonly body: string;
};

/** @param userIds who is told: those of them who have a mail address and are not suspended when the mail is sent */
export async function queueStaffNotices(
  { trx, wake }: Pick<Change, "trx" | "wake">,
  userIds: readonly string[],
  { subject, body }: StaffNotice,
): Promise<void> {
  if (userIds.length === 0) return;
  const now = new Date();
  const rows = userIds.map((user_id) => ({ id: newId(), user_id, subject, body, next_at: now }));
  await trx.insertInto("staff_notices").values(rows).execute();
  wake(STAFF_NOTICES);
}
