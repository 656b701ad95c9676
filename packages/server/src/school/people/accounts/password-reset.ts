/** Password reset links: printed or mailed, valid once and for three days. */
import { hashSecret, newSecret } from "../../../platform/secrets.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";

export const RESET_HOURS = 72;

/**
 * Creates the token of a new link.
 * @param replacesOthers earlier links of the user stop working. Not where a stranger may have asked: a printed link goes on working
 */
export async function createPasswordReset(change: Change, user: User, replacesOthers: boolean): Promise<{ token: string }> {
  const token = newSecret();
  if (replacesOthers) await change.trx.deleteFrom("password_resets").where("user_id", "=", user.id).execute();
  const expires = new Date(Date.now() + RESET_HOURS * 3600 * 1000);
  await change.trx
    .insertInto("password_resets")
    .values({ token_hash: hashSecret(token), user_id: user.id, expires_at: expires })
    .execute();
  await change.audit({ action: "user.reset-link", schoolId: user.school_id, targetKind: "user", targetId: user.id });
  return { token };
}

/** The person whose password the token sets; undefined where it does not work now. */
export function resetOwner(db: Db, token: string): Promise<User | undefined> {
  return db
    .selectFrom("password_resets")
    .innerJoin("users", "users.id", "password_resets.user_id")
    .selectAll("users")
    .where("token_hash", "=", hashSecret(token))
    .where("used_at", "is", null)
    .where("expires_at", ">", new Date())
    .executeTakeFirst();
}

/**
 * Sets the password, and ends the user's sessions and other links. False where the token is unknown, used or expired.
 * @param passwordHash made before the transaction, which holds up others on the embedded database
 */
export async function redeemPasswordReset(change: Change, token: string, passwordHash: string): Promise<boolean> {
  const used = await change.trx
    .updateTable("password_resets")
    .set({ used_at: new Date() })
    .where("token_hash", "=", hashSecret(token))
    .where("used_at", "is", null)
    .where("expires_at", ">", new Date())
    .returning("user_id")
    .executeTakeFirst();
  if (!used) return false;
  const before = await change.trx.selectFrom("users").selectAll().where("id", "=", used.user_id).executeTakeFirstOrThrow();
  const user = await updateRow(change, "users", before, { password_hash: passwordHash });
  await change.trx.deleteFrom("sessions").where("user_id", "=", user.id).execute();
  await change.trx.deleteFrom("password_resets").where("user_id", "=", user.id).where("used_at", "is", null).execute();
  await change.audit({ action: "user.password", schoolId: user.school_id, targetKind: "user", targetId: user.id });
  return true;
}
