/** Ends the sessions of a person, but for the one in which the person asks. */
import { hashSecret } from "../../../platform/secrets.ts";
import type { Change } from "../../foundation/store/change.ts";

export type OpenedBy = { readonly column: "provider_id" | "passkey_id"; readonly id: string };

/**
 * @param kept the credential whose session stays; null: none does
 * @param openedBy only those that a provider or a passkey has opened. Default: all
 */
export async function endOtherSessions(
  { trx }: Change,
  userId: string,
  kept: { readonly token: string } | null,
  openedBy?: OpenedBy,
): Promise<void> {
  let ended = trx.deleteFrom("sessions").where("user_id", "=", userId);
  if (kept) ended = ended.where("token_hash", "!=", hashSecret(kept.token));
  if (openedBy) ended = ended.where(openedBy.column, "=", openedBy.id);
  await ended.execute();
}
