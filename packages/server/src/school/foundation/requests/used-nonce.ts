/** Remembers which nonces of flows were used: what another service has answered to a flow counts once. */
import { hashSecret } from "../../../platform/secrets.ts";
import type { Db } from "../store/tables.ts";

/** @param flowSeconds how long the flow could count @returns false: it was used before */
export async function useNonce(trx: Db, nonce: string, flowSeconds: number): Promise<boolean> {
  const expires_at = new Date(Date.now() + 2 * flowSeconds * 1000);
  const used = await trx
    .insertInto("lti_nonces")
    .values({ nonce_hash: hashSecret(nonce), expires_at })
    .onConflict((conflict) => conflict.doNothing())
    .returning("nonce_hash")
    .executeTakeFirst();
  return used !== undefined;
}
