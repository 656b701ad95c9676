/** Tells whether somebody comes to a lesson with a name that nobody vouches for. */
import type { Actor } from "../../access/actor.ts";
import { actsFor } from "../foundation/schools/scope.ts";
import type { Db, Lesson } from "../foundation/store/tables.ts";
import { findParticipant, type JoinRequest } from "./join.ts";

/**
 * The name that a stranger chooses; null: there is none, or the person has entered with it before, as the token proves. Where guests are not let in,
 * nobody learns which names there are.
 */
export async function chosenName(
  db: Db,
  actor: Actor,
  lesson: Lesson,
  { name, token, hasCode }: JoinRequest,
): Promise<string | null> {
  if (name === null || !hasCode || !lesson.guests || isVouchedFor(actor, lesson)) return null;
  return (await findParticipant(db, lesson, null, token)) ? null : name;
}

/** People of the school have their own names, and its keys vouch for those that they send; so does the operator. */
function isVouchedFor(actor: Actor, { school_id }: Lesson): boolean {
  if (actor.kind === "nobody") return false;
  return actor.kind === "token" || actsFor(actor, school_id);
}
