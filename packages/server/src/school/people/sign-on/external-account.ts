/**
 * Finds the account of a directory or an import that belongs to a person at a provider, by the external id in the claim that the school has named. It is an
 * id that the directory gives; a name, a login or a mail address never joins accounts (OpenID Connect Core 1.0, section 5.7).
 */
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { externalId } from "../../foundation/requests/fields.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Provider, User } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { recordChanged } from "../accounts/person-record.ts";
import { valuesOf } from "./protocol/claims.ts";
import type { ProvenIdentity } from "./protocol/protocol.ts";

/** The subject, whatever the protocol calls it. */
const SUBJECT = "sub";

/** The external id that the provider says; null: it says none, or several, of which none is the person's. */
export function externalIdOf(provider: Provider, { claims, subject }: ProvenIdentity): string | null {
  const { external_id_claim: claim } = provider;
  const [value, ...others] = claim === SUBJECT ? [subject] : valuesOf(claims, claim);
  if (value === undefined || others.length > 0) return null;
  return externalId.safeParse(value.trim()).data ?? null;
}

/**
 * The account with the person's external id, which now belongs to this identity too.
 * @returns null: there is none
 * @throws RefusalError refused-by-rule, where the account is disabled; conflict, where somebody else of the provider has it, or it is an administrator's whom
 * the provider cannot make
 */
export async function joinAccount(change: Change, provider: Provider, identity: ProvenIdentity): Promise<User | null> {
  const { trx } = change;
  const id = externalIdOf(provider, identity);
  const user = id === null ? null : await withExternalId(change, provider.school_id, id);
  if (!user) return null;
  if (user.disabled_at) throw new RefusalError("refused-by-rule", schoolText("account-disabled"));
  // A provider that can make nobody an administrator opens no administrator's account either.
  if (user.role === "administrator" && !Object.values(provider.role_map).includes("administrator"))
    throw new RefusalError("conflict", schoolText("external-id-administrator"));
  const { issuer, subject } = identity;
  const other = await trx
    .selectFrom("identities")
    .select("subject")
    .where("user_id", "=", user.id)
    .where("issuer", "=", issuer)
    .executeTakeFirst();
  if (other) throw new RefusalError("conflict", schoolText("external-id-linked"));
  const row = { school_id: provider.school_id, issuer, subject, user_id: user.id };
  await trx
    .insertInto("identities")
    .values({ ...row, provider_id: provider.id })
    .execute();
  await change.audit({ action: "user.link", schoolId: user.school_id, targetKind: "user", targetId: user.id, after: row });
  return user;
}

/** Notes the external id of a known person whose account has none, so that the directory finds the account. */
export async function followExternalId(change: Change, provider: Provider, user: User, identity: ProvenIdentity): Promise<User> {
  const id = externalIdOf(provider, identity);
  if (id === null || user.external_id !== null || user.role === "operator") return user;
  if (await withExternalId(change, provider.school_id, id)) return user;
  const after = await updateRow(change, "users", user, { external_id: id, external_id_asserted: true });
  await recordChanged(change, user, after);
  return after;
}

/** Of a person who links an identity to the own account. @throws RefusalError conflict, where the identity's external id is another person's */
export async function checkOwnExternalId(
  change: Change,
  provider: Provider,
  identity: ProvenIdentity,
  userId: string,
): Promise<void> {
  const id = externalIdOf(provider, identity);
  const owner = id === null ? null : await withExternalId(change, provider.school_id, id);
  if (owner && owner.id !== userId) throw new RefusalError("conflict", schoolText("identity-taken"));
}

async function withExternalId({ trx }: Change, schoolId: string, id: string): Promise<User | null> {
  const users = trx.selectFrom("users").selectAll().where("school_id", "=", schoolId).where("external_id", "=", id);
  // The lock makes two subjects that say the same id come one after the other.
  return (await users.forNoKeyUpdate().executeTakeFirst()) ?? null;
}
