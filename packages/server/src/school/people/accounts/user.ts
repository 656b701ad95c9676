/** Finds users within the reach of a request, and presents them in answers. */
import type { Actor, Role } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { SortKey } from "../../foundation/requests/listing.ts";
import { actsFor } from "../../foundation/schools/scope.ts";
import type { Db, User } from "../../foundation/store/tables.ts";

/** The data of a person's webhook events; without the mail address, which receivers ask for if they need it. */
export function userEventData(user: User) {
  const { id: userId, login, name, role, external_id: externalId } = user;
  return { userId, login, name, role, externalId, disabled: user.disabled_at !== null };
}

/** What the list of people can be sorted by. */
export const USER_ORDERS: Readonly<Record<string, SortKey<User>>> = {
  name: { column: "users.name", type: "text", valueOf: ({ name }) => name },
  login: { column: "users.login", type: "text", valueOf: ({ login }) => login },
  updatedAt: { column: "users.updated_at", type: "timestamptz", valueOf: ({ updated_at }) => updated_at },
};

/** @throws RefusalError not-found, also where the person belongs to another school */
export async function findUser(db: Db, actor: Actor, userId: string): Promise<User> {
  const user = await db.selectFrom("users").selectAll().where("id", "=", userId).executeTakeFirst();
  if (!user || !actsFor(actor, user.school_id)) throw new RefusalError("not-found", schoolText("no-person"));
  return user;
}

/** Staff whose work needs the mail addresses of others. */
const MAIL_READERS: readonly (Role | null)[] = ["operator", "administrator", "teacher"];

/** @param reader who gets the answer; people see all of their own account */
export function userResponse(user: User, reader: Pick<Actor, "id" | "role">) {
  const seesMail = MAIL_READERS.includes(reader.role) || reader.id === user.id;
  return {
    id: user.id,
    schoolId: user.school_id,
    login: user.login,
    name: user.name,
    email: seesMail ? user.email : null,
    role: user.role,
    externalId: user.external_id,
    hasPassword: user.password_hash !== null,
    disabledAt: user.disabled_at,
    signedInAt: user.signed_in_at,
    invitedAt: user.invited_at,
    createdAt: user.created_at,
    updatedAt: user.updated_at,
    version: user.version,
  };
}
