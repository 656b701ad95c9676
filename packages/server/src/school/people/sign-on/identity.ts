/**
 * Finds or creates the account of a person whom a provider vouches for, and follows what the provider says about role and courses. The account
 * belongs to the issuer and the subject; a mail address or a login never decides (OpenID Connect Core 1.0, section 5.7). An account of the directory becomes
 * the person's by its external id (`external-account.ts`).
 */
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { brokenUniqueness } from "../../../platform/store/database-errors.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { AuditEntry } from "../../foundation/store/audit-log.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Course, Provider, User } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { recordChanged, recordCreated } from "../accounts/person-record.ts";
import { courseEventData } from "../courses/course.ts";
import { checkOwnExternalId, externalIdOf, followExternalId, joinAccount } from "./external-account.ts";
import { type ClaimRole, type Claims, memberRole, type Profile, profileOf, roleOf, valuesOf } from "./protocol/claims.ts";
import type { ProvenIdentity } from "./protocol/protocol.ts";

/** Of logins that are taken already, this many others are tried. */
const LOGIN_TRIES = 5;

/** `isJoined`: the account was there, and became this identity's too. */
export type SignedOn = { readonly user: User; readonly isJoined: boolean };

/** @throws RefusalError refused-by-rule, where the account is disabled or the claims give a new person no role; those of `joinAccount` */
export async function userOfIdentity(change: Change, provider: Provider, identity: ProvenIdentity): Promise<SignedOn> {
  const { trx } = change;
  const known = await trx
    .selectFrom("identities")
    .innerJoin("users", "users.id", "identities.user_id")
    .selectAll("users")
    .where("identities.school_id", "=", provider.school_id)
    .where("identities.issuer", "=", identity.issuer)
    .where("identities.subject", "=", identity.subject)
    .executeTakeFirst();
  if (known?.disabled_at) throw new RefusalError("refused-by-rule", schoolText("account-disabled"));
  const joined = known ? null : await joinAccount(change, provider, identity);
  const before = known ? await followExternalId(change, provider, known, identity) : joined;
  const user = before ? await followRole(change, provider, before, identity.claims) : await createUser(change, provider, identity);
  await followCourses(change, provider, user, identity.claims);
  return { user, isJoined: joined !== null };
}

/** Adds an identity to an account that its person is signed in to. @throws RefusalError conflict, where it or its external id belongs to another account */
export async function linkIdentity(
  change: Change,
  provider: Provider,
  identity: ProvenIdentity,
  userId: string,
): Promise<SignedOn> {
  const { trx } = change;
  const { issuer, subject } = identity;
  const user = await trx
    .selectFrom("users")
    .selectAll()
    .where("id", "=", userId)
    .where("school_id", "=", provider.school_id)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (!user) throw new RefusalError("sign-on-failed", schoolText("sign-on-invalid"));
  await checkOwnExternalId(change, provider, identity, user.id);
  const row = { school_id: provider.school_id, issuer, subject, user_id: user.id };
  await trx
    .insertInto("identities")
    .values({ ...row, provider_id: provider.id })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const owner = await trx
    .selectFrom("identities")
    .select("user_id")
    .where("school_id", "=", provider.school_id)
    .where("issuer", "=", issuer)
    .where("subject", "=", subject)
    .executeTakeFirstOrThrow();
  if (owner.user_id !== user.id) throw new RefusalError("conflict", schoolText("identity-taken"));
  await change.audit({ action: "user.link", schoolId: user.school_id, targetKind: "user", targetId: user.id, after: row });
  return { user: await followExternalId(change, provider, user, identity), isJoined: true };
}

async function createUser(change: Change, provider: Provider, identity: ProvenIdentity): Promise<User> {
  const { trx } = change;
  const { claims, issuer, subject } = identity;
  const role = roleOf(claims, provider.role_claim, provider.role_map) ?? provider.default_role;
  if (role === null) throw new RefusalError("refused-by-rule", schoolText("no-role-by-claims"));
  const profile = profileOf(claims, provider.claim_names);
  const user = await insertPerson(change, provider.school_id, profile, role, externalIdOf(provider, identity));
  await trx
    .insertInto("identities")
    .values({ school_id: provider.school_id, issuer, subject, user_id: user.id, provider_id: provider.id })
    .execute();
  return user;
}

/**
 * Makes an account without a password, for a person whom another system vouches for. A login that is taken gets a suffix.
 * @param externalId that the system proves
 */
export async function insertPerson(
  change: Change,
  schoolId: string,
  { login, name, email }: Profile,
  role: ClaimRole,
  externalId: string | null = null,
): Promise<User> {
  const row = { id: newId(), school_id: schoolId, login: await freeLogin(change, schoolId, login), name, email, role };
  const asserted = { external_id: externalId, external_id_asserted: externalId !== null, login_asserted: true };
  const user = await change.trx
    .insertInto("users")
    .values({ ...row, ...asserted, password_hash: null, calendar_secret: null })
    .returningAll()
    .executeTakeFirstOrThrow();
  await recordCreated(change, user);
  return user;
}

async function freeLogin({ trx }: Change, schoolId: string, wanted: string): Promise<string> {
  for (let i = 0; i < LOGIN_TRIES; i++) {
    const login = i === 0 ? wanted : `${wanted}-${newId().slice(-4)}`;
    const taken = await trx
      .selectFrom("users")
      .select("id")
      .where("school_id", "=", schoolId)
      .where("login", "=", login)
      .executeTakeFirst();
    if (!taken) return login;
  }
  return newId();
}

/** The directory decides on roles that it names. An administrator stays one unless the directory names administrators. */
async function followRole(change: Change, provider: Provider, user: User, claims: Claims): Promise<User> {
  const role = roleOf(claims, provider.role_claim, provider.role_map);
  const mayDemote = user.role !== "administrator" || Object.values(provider.role_map).includes("administrator");
  if (role === null || role === user.role || user.role === "operator" || !mayDemote) return user;
  const after = await updateRow(change, "users", user, { role });
  await recordChanged(change, user, after);
  return after;
}

/** Memberships that claims made end when the claims no longer name the course; those made by hand stay. */
async function followCourses({ trx, audit, emit }: Change, provider: Provider, user: User, claims: Claims): Promise<void> {
  if (provider.course_claim === "") return;
  const role = memberRole(user.role);
  const names = role === null ? [] : valuesOf(claims, provider.course_claim);
  const ofSchool = trx.selectFrom("courses").selectAll().where("school_id", "=", provider.school_id);
  const claimed = names.length === 0 ? [] : await ofSchool.where("name", "in", names).execute();
  const members = await trx.selectFrom("course_members").selectAll().where("user_id", "=", user.id).execute();
  const changed = async (action: "course.member" | "course.leave", course: Course, rows: Pick<AuditEntry, "before" | "after">) => {
    await audit({ action, schoolId: provider.school_id, targetKind: "course", targetId: course.id, ...rows });
    await emit("course.changed", provider.school_id, courseEventData(course));
  };
  for (const member of members) {
    if (member.provider_id !== provider.id || claimed.some(({ id }) => id === member.course_id)) continue;
    const course = await ofSchool.where("id", "=", member.course_id).executeTakeFirstOrThrow();
    const left = trx.deleteFrom("course_members").where("course_id", "=", course.id).where("user_id", "=", user.id);
    await left.execute();
    await changed("course.leave", course, { before: member });
  }
  for (const course of claimed) {
    if (role === null || members.some(({ course_id }) => course_id === course.id)) continue;
    const row = { course_id: course.id, user_id: user.id, role, provider_id: provider.id };
    await trx.insertInto("course_members").values(row).execute();
    await changed("course.member", course, { after: row });
  }
}

/**
 * Runs the work again where another transaction has made the same row meanwhile: two first sign-ins of one person, two people with one login.
 * @param attempts in all
 */
export async function retryOnConflict<T>(work: () => Promise<T>, attempts = 2): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || brokenUniqueness(error) === null) throw error;
    }
  }
}
