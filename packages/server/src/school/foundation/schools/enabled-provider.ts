/** Keeps a school from losing its last way to sign in. */
import { RefusalError } from "../../../platform/api/server.ts";
import type { Message } from "../../../platform/messages/message.ts";
import type { Change } from "../store/change.ts";

/**
 * Holds the school's row, so that two changes at once cannot leave a school without a way to sign in.
 * @throws RefusalError conflict, where the school has no enabled provider
 */
export async function requireProvider(
  { trx }: Change,
  schoolId: string,
  refusal: Message,
  { unlessPasswords = false } = {},
): Promise<void> {
  const schools = trx.selectFrom("schools").select("password_sign_in").where("id", "=", schoolId);
  const school = await schools.forUpdate().executeTakeFirstOrThrow();
  if (unlessPasswords && school.password_sign_in) return;
  const enabled = trx.selectFrom("providers").select("id").where("school_id", "=", schoolId).where("enabled", "=", true);
  if (!(await enabled.limit(1).executeTakeFirst())) throw new RefusalError("conflict", refusal);
}
