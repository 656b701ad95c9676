/**
 * Provides the second factor of people who sign in with a password: passkeys, time-based one-time codes (TOTP, RFC 6238: SHA-1, six digits, 30
 * seconds, as authenticator apps expect), and recovery codes for a lost phone. Each code works once (RFC 6238, section 5.2).
 */
import { randomInt } from "node:crypto";
import { RefusalError } from "../../../platform/api/server.ts";
import { hashSecret } from "../../../platform/secrets.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database, Db, User } from "../../foundation/store/tables.ts";
import type { Attempts } from "./attempts.ts";
import type { BrowserRequest } from "./passkey-challenge.ts";
import type { PasskeyAnswer } from "./passkey-shapes.ts";
import { hasPasskey, type Passkeys } from "./passkeys.ts";

const PERIOD_SECONDS = 30;
/** Codes of the period before and after are accepted: clocks differ. */
const WINDOW = 1;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
const CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const CODE_LENGTH = 10;

/** What a person sends beside the password; undefined: nothing of the kind. */
export type SentFactor = { readonly code?: string | undefined; readonly passkey?: PasskeyAnswer | undefined };

export class SecondFactors {
  private readonly db: Database;
  private readonly passkeys: Passkeys;
  private readonly attempts: Attempts;
  private readonly secrets: StoredSecrets;
  private readonly now: () => number;

  constructor(db: Database, passkeys: Passkeys, attempts: Attempts, secrets: StoredSecrets, now: () => number) {
    this.db = db;
    this.passkeys = passkeys;
    this.attempts = attempts;
    this.secrets = secrets;
    this.now = now;
  }

  /**
   * Asks a person whose password is right for the second factor, if there is one.
   * @returns the id of the passkey that the person has used; null: none
   * @throws RefusalError second-factor-required, wrong-code, passkey-failed, too-many
   */
  async check({ id }: User, { code, passkey }: SentFactor, request: BrowserRequest): Promise<string | null> {
    if (!(await hasSecondFactor(this.db, id))) return null;
    if (passkey) return (await this.passkeys.answeredBy(passkey, request, { userId: id, school: null })).id;
    if (code === undefined) throw new RefusalError("second-factor-required");
    await this.verify(id, code);
    return null;
  }

  /** Uses a code up. @throws RefusalError wrong-code, too-many */
  async verify(userId: string, code: string): Promise<void> {
    const counted = [{ kind: "factor", subject: userId } as const];
    await this.attempts.admit(counted);
    const isRight =
      (await useTotp(this.db, this.secrets, userId, code, this.now())) || (await useRecoveryCode(this.db, userId, code));
    if (!isRight) throw new RefusalError("wrong-code");
    await this.attempts.clear(counted);
  }
}

/** Whether a person proves more than the password: with a passkey or an authenticator app. */
export async function hasSecondFactor(db: Db, userId: string): Promise<boolean> {
  return (await hasPasskey(db, userId)) || (await hasApp(db, userId));
}

/** Whether a person has an authenticator app in use. */
export async function hasApp(db: Db, userId: string): Promise<boolean> {
  const factors = db.selectFrom("second_factors").select("user_id").where("user_id", "=", userId);
  return (await factors.where("confirmed_at", "is not", null).executeTakeFirst()) !== undefined;
}

/** Creates a secret that counts from its first code on. */
export async function beginSecondFactor(
  { trx }: Change,
  secrets: StoredSecrets,
  user: User,
): Promise<{ readonly secret: string; readonly uri: string }> {
  const { Secret, TOTP } = await import("otpauth");
  const totp = new TOTP({
    issuer: "Lectern",
    label: user.login,
    secret: new Secret({ size: SECRET_BYTES }),
    period: PERIOD_SECONDS,
  });
  const secret = secrets.encrypt("second_factors", user.id, totp.secret.base32);
  await trx
    .insertInto("second_factors")
    .values({ user_id: user.id, secret })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ secret, confirmed_at: null, last_step: 0 }))
    .execute();
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** New recovery codes; earlier ones stop working. */
export async function replaceRecoveryCodes({ trx }: Change, userId: string): Promise<readonly string[]> {
  const letters = () => Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join("");
  const codes = Array.from({ length: RECOVERY_CODES }, letters);
  await trx.deleteFrom("recovery_codes").where("user_id", "=", userId).execute();
  await trx
    .insertInto("recovery_codes")
    .values(codes.map((code) => ({ user_id: userId, code_hash: hashSecret(code) })))
    .execute();
  return codes.map((code) => `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`);
}

/** Removes the authenticator app. */
export async function removeApp(change: Change, userId: string): Promise<void> {
  await change.trx.deleteFrom("second_factors").where("user_id", "=", userId).execute();
  await dropUnneededCodes(change, userId);
}

/** Removes the authenticator app, all passkeys, and the recovery codes. */
export async function removeSecondFactor(change: Change, userId: string): Promise<void> {
  await change.trx.deleteFrom("passkeys").where("user_id", "=", userId).execute();
  await removeApp(change, userId);
}

/** Recovery codes stand for a second factor: they go with the last one. */
export async function dropUnneededCodes({ trx }: Change, userId: string): Promise<void> {
  if (await hasSecondFactor(trx, userId)) return;
  await trx.deleteFrom("recovery_codes").where("user_id", "=", userId).execute();
}

/** The statement's condition makes a code count once, also for requests at the same time. */
export async function useTotp(db: Db, secrets: StoredSecrets, userId: string, code: string, now: number): Promise<boolean> {
  const factor = await db.selectFrom("second_factors").selectAll().where("user_id", "=", userId).executeTakeFirst();
  const token = code.replace(/\s/g, "");
  if (!factor || !/^\d{6}$/.test(token)) return false;
  const opened = secrets.decrypt("second_factors", userId, factor.secret);
  if (opened === null) return false;
  const { Secret, TOTP } = await import("otpauth");
  const secret = Secret.fromBase32(opened);
  const delta = TOTP.validate({ token, secret, period: PERIOD_SECONDS, window: WINDOW, timestamp: now });
  if (delta === null) return false;
  const step = TOTP.counter({ period: PERIOD_SECONDS, timestamp: now }) + delta;
  const used = await db
    .updateTable("second_factors")
    .set({ last_step: step })
    .where("user_id", "=", userId)
    .where("secret", "=", factor.secret)
    .where("last_step", "<", step)
    .returning("user_id")
    .executeTakeFirst();
  return used !== undefined;
}

async function useRecoveryCode(db: Db, userId: string, code: string): Promise<boolean> {
  const plain = code.toLowerCase().replace(/[\s-]/g, "");
  const used = await db
    .deleteFrom("recovery_codes")
    .where("user_id", "=", userId)
    .where("code_hash", "=", hashSecret(plain))
    .returning("user_id")
    .executeTakeFirst();
  return used !== undefined;
}
