/** Creates, changes and deletes accounts as a directory says. */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { brokenUniqueness } from "../../../platform/store/database-errors.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { School, User } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { changedColumns } from "../../foundation/upserts/changed-columns.ts";
import type { AccountContext } from "../../people/accounts/account-context.ts";
import { recordChanged, recordCreated } from "../../people/accounts/person-record.ts";
import type { AttributeChange } from "./patch.ts";
import { type PersonBefore, personColumns } from "./person-changes.ts";
import { checkMayProvision } from "./provisioning-rights.ts";
import { scimError } from "./scim-form.ts";

const NOBODY: PersonBefore = { login: "", name: "", email: null, role: "student", external_id: null, isActive: true };

/** What a new account is, and one that returns, unless its directory says otherwise: open, and with the least rights. */
const AS_NEW: readonly AttributeChange[] = [
  { operation: "replace", attribute: "active", sub: null, filter: null, value: true, isNamed: false },
  { operation: "remove", attribute: "roles", sub: null, filter: null, value: undefined, isNamed: false },
];

export type PersonCall = {
  readonly context: AccountContext;
  readonly change: Change;
  readonly actor: Actor;
  readonly school: School;
};

/**
 * A person with the same external id whom the directory has deleted comes back with what they had; a login of such a person is free. A person who signed on
 * before, and whose provider has said this external id, has the account already.
 */
export async function createPerson(call: PersonCall, changes: readonly AttributeChange[]): Promise<User> {
  const { change, actor, school } = call;
  const wanted = personColumns(NOBODY, changes);
  checkMayProvision(actor, school, wanted.role);
  const signedOn = await signedOnBefore(change, school, wanted);
  if (signedOn) return await changePerson(call, signedOn, changes);
  const deleted = await deletedPeople(change, school, wanted);
  const returning = deleted.find(({ external_id: id }) => id !== null && id === wanted.external_id);
  for (const one of deleted) if (one !== returning && one.login === wanted.login) await freeLogin(call, one);
  if (returning) return await changePerson(call, returning, [...AS_NEW, ...changes]);
  const { isActive, ...columns } = wanted;
  const row = { id: newId(), school_id: school.id, ...columns, password_hash: null, calendar_secret: null };
  const user = await change.trx
    .insertInto("users")
    .values({ ...row, disabled_at: isActive ? null : new Date() })
    .returningAll()
    .executeTakeFirstOrThrow();
  await recordCreated(change, user);
  return user;
}

export async function changePerson(call: PersonCall, before: User, changes: readonly AttributeChange[]): Promise<User> {
  const { actor, school } = call;
  const { isActive, ...columns } = personColumns({ ...before, isActive: before.disabled_at === null }, changes);
  checkMayProvision(actor, school, before.role, columns.role);
  if (before.id === actor.id && (!isActive || columns.role !== before.role))
    throw new RefusalError("conflict", schoolText("own-account"));
  const isKnown = !before.login_asserted || (before.external_id !== null && before.external_id === columns.external_id);
  // Who has chosen the login of a person whom the directory makes later must not get that person's account.
  if (!isKnown && isActive) throw scimError("uniqueness", schoolText("login-asserted"));
  return await save(call, before, {
    ...columns,
    ...(isKnown ? { login_asserted: false, external_id_asserted: false } : {}),
    disabled_at: isActive ? null : (before.disabled_at ?? new Date()),
    deprovisioned_at: null,
  });
}

/**
 * The person's account is closed and no longer shown to the directory; it keeps what the school keeps of the person until somebody erases it
 * (RFC 7644 section 3.6).
 */
export async function deletePerson(call: PersonCall, before: User): Promise<void> {
  const { change, actor, school } = call;
  checkMayProvision(actor, school, before.role);
  if (before.id === actor.id) throw new RefusalError("conflict", schoolText("own-account"));
  await change.trx.deleteFrom("course_members").where("user_id", "=", before.id).execute();
  await save(call, before, { disabled_at: before.disabled_at ?? new Date(), deprovisioned_at: new Date() });
}

type Columns = Partial<
  Pick<User, "login" | "name" | "email" | "role" | "external_id" | "disabled_at" | "deprovisioned_at"> &
    Pick<User, "login_asserted" | "external_id_asserted">
>;

async function save({ change, context }: PersonCall, before: User, columns: Columns): Promise<User> {
  const changed = changedColumns(before, columns);
  if (Object.keys(changed).length === 0) return before;
  const after = await updateRow(change, "users", before, changed);
  if (after.disabled_at !== null) await change.trx.deleteFrom("sessions").where("user_id", "=", before.id).execute();
  await recordChanged(change, before, after);
  change.afterCommit(() => {
    context.signIn.clearCache();
    if (after.email !== before.email) context.mail.notify(before, "email");
  });
  return after;
}

/** Whose external id only a provider has said so far. */
async function signedOnBefore(
  { trx }: Change,
  school: School,
  { external_id: id }: Pick<User, "external_id">,
): Promise<User | null> {
  if (id === null) return null;
  const users = trx.selectFrom("users").selectAll().where("school_id", "=", school.id).where("external_id", "=", id);
  return (await users.where("external_id_asserted", "=", true).where("disabled_at", "is", null).executeTakeFirst()) ?? null;
}

function deletedPeople({ trx }: Change, school: School, wanted: Pick<User, "login" | "external_id">): Promise<User[]> {
  return trx
    .selectFrom("users")
    .selectAll()
    .where("school_id", "=", school.id)
    .where("deprovisioned_at", "is not", null)
    .where("disabled_at", "is not", null)
    .where("erased_at", "is", null)
    .where((where) => where.or([where("login", "=", wanted.login), where("external_id", "=", wanted.external_id ?? "")]))
    .execute();
}

/** The deleted account keeps its login with a part of its id, which no other has. */
async function freeLogin(call: PersonCall, one: User): Promise<void> {
  await save(call, one, { login: `${one.login.slice(0, 92)}-${one.id.slice(-7)}` });
}

/** For `catch` on a change of a person: another one has the login or the external id (RFC 7644 section 3.3). */
export function uniquePerson(error: unknown): never {
  const constraint = brokenUniqueness(error);
  if (constraint === null) throw error;
  throw scimError("uniqueness", schoolText(constraint.endsWith("_external") ? "external-id-taken" : "login-taken"));
}
