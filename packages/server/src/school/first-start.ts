/** Creates the first operator and school on an empty database, and recovers a lost operator password. */
import { newId } from "../platform/id.ts";
import { openStore, type StoreOptions } from "../platform/store/open-store.ts";
import { json } from "../platform/store/store.ts";
import { MIGRATIONS } from "./foundation/migrations/index.ts";
import { Changes } from "./foundation/store/change.ts";
import { SYSTEM } from "./foundation/store/requester.ts";
import type { Database, Tables } from "./foundation/store/tables.ts";
import { generatePassword, hashPassword, MAX_NEW_PASSWORD } from "./people/accounts/password.ts";
import { removeSecondFactor } from "./people/accounts/second-factor.ts";
import { isCommonPassword, isOwnName, minPassword } from "./people/accounts/weak-passwords.ts";

const FIRST_SCHOOL = { slug: "school", name: "School", guests: true };
const FIRST_OPERATOR = { login: "admin", name: "Administrator", role: "operator" } as const;

export type OperatorCredentials = { readonly login: string; readonly password: string };

/**
 * Creates an operator where there is none, and a school with it where there is none.
 * Returns the generated password; null where none was generated.
 */
export async function prepareFirstStart(db: Database, givenPassword: string | null): Promise<string | null> {
  const password = givenPassword ?? generatePassword();
  if (!(await createFirstOperator(db, password, givenPassword !== null))) return null;
  await createFirstSchool(db);
  return givenPassword === null ? password : null;
}

/** False where there is an operator already. @throws Error with words, where a given password is weak */
async function createFirstOperator(db: Database, password: string, isGiven = false): Promise<boolean> {
  const known = await db.selectFrom("users").select("id").where("role", "=", "operator").limit(1).executeTakeFirst();
  if (known) return false;
  if (isGiven) checkFirstPassword(password);
  const row = { id: newId(), ...FIRST_OPERATOR, school_id: null, email: null, calendar_secret: null };
  await db
    .insertInto("users")
    .values({ ...row, password_hash: await hashPassword(password) })
    .execute();
  return true;
}

function checkFirstPassword(password: string): void {
  const minimum = minPassword(FIRST_OPERATOR.role);
  const isLong = password.length >= minimum && password.length <= MAX_NEW_PASSWORD;
  if (isLong && !isCommonPassword(password) && !isOwnName(password, { ...FIRST_OPERATOR, email: null })) return;
  const words = `LECTERN_ADMIN_PASSWORD needs ${minimum} to ${MAX_NEW_PASSWORD} characters, and may not be a common password; leave it out to get a random one`;
  throw Object.assign(new Error(words), { name: "StartRefusal" });
}

async function createFirstSchool(db: Database): Promise<void> {
  const known = await db.selectFrom("schools").select("id").limit(1).executeTakeFirst();
  if (known) return;
  const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  await db
    .insertInto("schools")
    .values({ id: newId(), ...FIRST_SCHOOL, time_zone, admin_networks: json<readonly string[]>([]) })
    .execute();
}

/** Recovers the operator while no server runs. @throws StoreError */
export async function recoverOffline(options: Omit<StoreOptions, "migrations">): Promise<OperatorCredentials> {
  const store = await openStore<Tables>({ ...options, migrations: MIGRATIONS });
  try {
    await createFirstOperator(store.db, generatePassword());
    return await recoverOperator(new Changes(store.db, () => {}), () => {});
  } finally {
    await store.close();
  }
}

/**
 * Sets a new password for the oldest operator, enables the account and clears all locks on sign-in.
 * Only a person with access to the machine itself can cause this.
 * @param onRecovered called after the commit
 */
export async function recoverOperator(changes: Changes, onRecovered: () => void): Promise<OperatorCredentials> {
  const password = generatePassword();
  const hash = await hashPassword(password);
  const { body } = await changes.transact(SYSTEM, async (change) => {
    const { trx } = change;
    const operator = await trx
      .selectFrom("users")
      .select(["id", "login"])
      .where("role", "=", "operator")
      .where("break_glass_until", "is", null)
      .orderBy("id")
      .limit(1)
      .executeTakeFirstOrThrow();
    await trx
      .updateTable("users")
      .set((row) => ({ password_hash: hash, disabled_at: null, version: row("version", "+", 1) }))
      .where("id", "=", operator.id)
      .execute();
    await trx.deleteFrom("sessions").where("user_id", "=", operator.id).execute();
    await removeSecondFactor(change, operator.id);
    await trx.deleteFrom("attempts").execute();
    await change.audit({ action: "user.recover", schoolId: null, targetKind: "user", targetId: operator.id });
    change.afterCommit(onRecovered);
    return { body: { login: operator.login, password } };
  });
  return body;
}
