/** Provides links that set a password, of resets and of invitations: printed or mailed, valid once and for some days. */
import { hashSecret, newSecret } from "../../../platform/secrets.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { checkKeepsOneSignIn } from "./break-glass.ts";

export const RESET_HOURS = 72;

type ResetOptions = {
  /** Earlier links of the user stop working. Not where a stranger may have asked: a printed link goes on working. */
  readonly replacesOthers: boolean;
  readonly hours?: number;
};

/**
 * Creates the token of a new link, of which the database has the hash only.
 * @throws RefusalError conflict, for a break-glass account
 */
export async function createPasswordReset(
  change: Change,
  user: User,
  { replacesOthers, hours = RESET_HOURS }: ResetOptions,
): Promise<{ readonly token: string; readonly hash: string }> {
  checkKeepsOneSignIn(user);
  const token = newSecret();
  const hash = hashSecret(token);
  if (replacesOthers) await change.trx.deleteFrom("password_resets").where("user_id", "=", user.id).execute();
  await change.trx
    .insertInto("password_resets")
    .values({ token_hash: hash, user_id: user.id, expires_at: after(hours) })
    .execute();
  await change.audit({ action: "user.reset-link", schoolId: user.school_id, targetKind: "user", targetId: user.id });
  return { token, hash };
}

/** Creates a link for each of many people, in their order. Earlier links of theirs stop working: an old slip that is found opens nothing. */
export async function createPasswordResets(change: Change, users: readonly User[], hours: number): Promise<readonly string[]> {
  const tokens = users.map(() => newSecret());
  const ids = users.map(({ id }) => id);
  await change.trx.deleteFrom("password_resets").where("user_id", "in", ids).execute();
  const rows = users.map(({ id: user_id }, i) => ({ token_hash: hashSecret(tokens[i] ?? ""), user_id, expires_at: after(hours) }));
  await change.trx.insertInto("password_resets").values(rows).execute();
  return tokens;
}

function after(hours: number): Date {
  return new Date(Date.now() + hours * 3600 * 1000);
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
    .where("users.disabled_at", "is", null)
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
