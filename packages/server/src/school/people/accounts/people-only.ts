/** Keeps programs out of what is for people: signing in, and the own account. */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Text } from "../../../platform/messages/message.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import { findUser } from "./user.ts";

const NO_SESSIONS = schoolText("people-only-session");

/**
 * The id of the person who asks.
 * @param refusal what a program reads. Default: that only a person has sessions
 * @throws RefusalError refused-by-rule, where it is a program
 */
export function personOf({ kind, id }: Actor, refusal: Text = NO_SESSIONS): string {
  if (kind !== "user" || id === null) throw new RefusalError("refused-by-rule", refusal);
  return id;
}

/** The account of the person who asks. @param refusal as of `personOf` @throws RefusalError refused-by-rule, not-found */
export async function ownAccount(db: Db, actor: Actor, refusal?: Text): Promise<User> {
  return await findUser(db, actor, personOf(actor, refusal));
}

/** Strangers may: they are about to sign in. @throws RefusalError refused-by-rule */
export function checkNoKey({ kind }: Actor): void {
  if (kind === "key") throw new RefusalError("refused-by-rule", NO_SESSIONS);
}
