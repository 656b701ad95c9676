/** Keeps programs out of what is for people: signing in, and the own account. */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";

/** The id of the person who asks. @throws RefusalError refused-by-rule, where it is a program */
export function personOf({ kind, id }: Actor): string {
  if (kind !== "user" || id === null) throw new RefusalError("refused-by-rule", schoolText("people-only-session"));
  return id;
}

/** Strangers may: they are about to sign in. @throws RefusalError refused-by-rule */
export function checkNoKey({ kind }: Actor): void {
  if (kind === "key") throw new RefusalError("refused-by-rule", schoolText("people-only-session"));
}
