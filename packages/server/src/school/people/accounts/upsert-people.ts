/** Creates or changes people by their ids in the school's own system. */
import { z } from "zod";
import type { ApiRoute } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { ADMINISTRATORS } from "../../foundation/requests/permissions.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { changedColumns } from "../../foundation/upserts/changed-columns.ts";
import { type UpsertCall, type Upserted, upsertRoutes } from "../../foundation/upserts/upsert-routes.ts";
import type { AccountContext } from "./account-context.ts";
import { checkMayManage } from "./account-rights.ts";
import { recordChanged, recordCreated } from "./person-record.ts";
import { email, login, personName, SCHOOL_ROLES } from "./shapes.ts";

const personFields = {
  login,
  name: personName,
  email: email.nullable().default(null),
  role: z.enum(SCHOOL_ROLES).default("student"),
  disabled: z.boolean().default(false),
};
export type PersonFields = z.output<z.ZodObject<typeof personFields>>;

export function upsertPeopleRoutes(context: AccountContext): ApiRoute[] {
  return upsertRoutes(context, {
    name: "User",
    path: "/users",
    tag: "People",
    what: "a person",
    scope: "people:write",
    roles: ADMINISTRATORS,
    fields: personFields,
    upsert: async (call) => {
      const done = await upsertPerson(call);
      if (done.result === "changed") call.change.afterCommit(() => context.signIn.clearCache());
      return done;
    },
  });
}

/** An account with the same login and no external id becomes this person's, unless a provider alone has said that login. */
export async function upsertPerson({ change, actor, school, externalId, fields }: UpsertCall<PersonFields>): Promise<Upserted> {
  const { trx } = change;
  checkMayManage(actor, fields.role);
  const ofSchool = trx.selectFrom("users").selectAll().where("school_id", "=", school.id);
  const before =
    (await ofSchool.where("external_id", "=", externalId).executeTakeFirst()) ??
    (await ofSchool
      .where("login", "=", fields.login)
      .where("external_id", "is", null)
      .where("login_asserted", "=", false)
      .executeTakeFirst());
  const { disabled, ...columns } = fields;
  if (!before) {
    const row = {
      id: newId(),
      school_id: school.id,
      ...columns,
      external_id: externalId,
      password_hash: null,
      calendar_secret: null,
    };
    const user = await trx
      .insertInto("users")
      .values({ ...row, disabled_at: disabled ? new Date() : null })
      .returningAll()
      .executeTakeFirstOrThrow();
    await recordCreated(change, user);
    return { id: user.id, result: "created" };
  }
  checkMayManage(actor, before.role);
  if (before.id === actor.id && (disabled || fields.role !== before.role))
    throw new RefusalError("conflict", schoolText("own-account"));
  const disabledAt = disabled ? (before.disabled_at ?? new Date()) : null;
  const confirmed = { external_id: externalId, login_asserted: false, external_id_asserted: false };
  const changed = changedColumns(before, { ...columns, ...confirmed, disabled_at: disabledAt });
  if (Object.keys(changed).length === 0) return { id: before.id, result: "unchanged" };
  const after = await updateRow(change, "users", before, changed);
  if (disabled) await trx.deleteFrom("sessions").where("user_id", "=", before.id).execute();
  await recordChanged(change, before, after);
  return { id: before.id, result: "changed" };
}
