/** Finds the ways in which a person can sign in: providers that are linked to the account, the password, passkeys. */
import type { Db, Provider } from "../../foundation/store/tables.ts";
import { hasPasskey } from "../accounts/passkeys.ts";

/** Whether there is any. */
export async function hasWayIn(db: Db, userId: string): Promise<boolean> {
  if ((await hasPasskey(db, userId)) || (await canUsePassword(db, userId))) return true;
  return (await identitiesOf(db, userId)).some(({ providerId }) => providerId !== null);
}

export async function identitiesOf(db: Db, userId: string) {
  const rows = await db
    .selectFrom("identities")
    .selectAll()
    .where("user_id", "=", userId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  const providers = await enabledProviders(db, rows[0]?.school_id ?? null);
  return rows.map((row) => {
    const provider = providerOf(row, providers);
    return {
      id: row.id,
      issuer: row.issuer,
      providerId: provider?.id ?? null,
      name: provider?.name ?? null,
      createdAt: row.created_at,
    };
  });
}

/** The provider of an identity: the one that made it, else one of the same issuer, as its protocol names it. */
export function providerOf(
  identity: { readonly provider_id: string | null; readonly issuer: string },
  providers: readonly EnabledProvider[],
) {
  const withoutSlash = (issuer: string) => issuer.replace(/\/$/, "");
  return (
    providers.find((one) => one.id === identity.provider_id) ??
    providers.find(({ kind, issuer }) => {
      const named = kind === "oidc" ? issuer : `${kind}:${issuer}`;
      return withoutSlash(named) === withoutSlash(identity.issuer);
    })
  );
}

type EnabledProvider = Pick<Provider, "id" | "kind" | "name" | "issuer">;

export async function enabledProviders(db: Db, schoolId: string | null): Promise<readonly EnabledProvider[]> {
  if (schoolId === null) return [];
  return await db
    .selectFrom("providers")
    .select(["id", "kind", "name", "issuer"])
    .where("school_id", "=", schoolId)
    .where("enabled", "=", true)
    .orderBy("id")
    .execute();
}

/** Whether the account has a password, and its school lets people sign in with one. */
export async function canUsePassword(db: Db, userId: string): Promise<boolean> {
  const row = await db
    .selectFrom("users")
    .leftJoin("schools", "schools.id", "users.school_id")
    .select(["users.password_hash", "schools.password_sign_in"])
    .where("users.id", "=", userId)
    .executeTakeFirst();
  return row !== undefined && row.password_hash !== null && row.password_sign_in !== false;
}
