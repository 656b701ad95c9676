/** New passwords by a link that is printed or mailed, works once, and not for long. */
import { hashSecret } from "../../platform/secrets.ts";
import { newSecret } from "../lessons/join-code.ts";
import type { Change } from "../store/change.ts";
import type { User } from "../store/tables.ts";
import { hashPassword } from "./password.ts";

export const RESET_HOURS = 72;

/** A new link's token; those that were given before are void. */
export async function createPasswordReset(change: Change, user: User): Promise<{ token: string }> {
  const token = newSecret();
  await change.trx.deleteFrom("password_resets").where("user_id", "=", user.id).execute();
  const expires = new Date(Date.now() + RESET_HOURS * 3600 * 1000);
  await change.trx
    .insertInto("password_resets")
    .values({ token_hash: hashSecret(token), user_id: user.id, expires_at: expires })
    .execute();
  await change.audit({ action: "user.reset-link", schoolId: user.school_id, targetKind: "user", targetId: user.id });
  return { token };
}

/** Sets the password and ends the person's sessions. False when the token is not right any more. */
export async function redeemPasswordReset(change: Change, token: string, password: string): Promise<boolean> {
  const used = await change.trx
    .updateTable("password_resets")
    .set({ used_at: new Date() })
    .where("token_hash", "=", hashSecret(token))
    .where("used_at", "is", null)
    .where("expires_at", ">", new Date())
    .returning("user_id")
    .executeTakeFirst();
  if (!used) return false;
  const user = await change.trx
    .updateTable("users")
    .set({ password_hash: await hashPassword(password) })
    .where("id", "=", used.user_id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await change.trx.deleteFrom("sessions").where("user_id", "=", user.id).execute();
  await change.audit({ action: "user.password", schoolId: user.school_id, targetKind: "user", targetId: user.id });
  return true;
}
