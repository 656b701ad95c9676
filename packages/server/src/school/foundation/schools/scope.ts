/** Decides which school a request acts on. Operators act on every school; everyone else on their own only. */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../messages/school-texts.ts";
import type { Db, School } from "../store/tables.ts";

/**
 * The one school that a request acts on: the actor's own. An operator names it, unless there is only one.
 * @throws RefusalError not-found, bad-request
 */
export async function targetSchool(db: Db, actor: Actor, requestedId: string | undefined): Promise<School> {
  const schoolId = schoolScope(actor, requestedId);
  const schools = db.selectFrom("schools").selectAll().where("archived_at", "is", null);
  if (schoolId !== null) {
    const school = await schools.where("id", "=", schoolId).executeTakeFirst();
    if (!school) throw noSuchSchool();
    return school;
  }
  const [only, another] = await schools.limit(2).execute();
  if (!only || another) throw new RefusalError("bad-request", schoolText("school-needed"));
  if (!actsFor(actor, only.id)) throw new RefusalError("school-entry-needed");
  return only;
}

/**
 * The school that a list is limited to; null: all schools, for an operator who names none.
 * @throws RefusalError not-found
 */
export function schoolScope(actor: Actor, requestedId: string | undefined): string | null {
  if (actor.schoolId !== null && requestedId !== undefined && requestedId !== actor.schoolId) throw noSuchSchool();
  return actor.schoolId ?? requestedId ?? null;
}

/** Whether the actor acts for a school; null: for the platform. */
export function actsFor(actor: Actor, schoolId: string | null): boolean {
  if (actor.schoolId !== null) return actor.schoolId === schoolId;
  return actor.role === "operator" && (schoolId === null || actor.closedSchools?.includes(schoolId) !== true);
}

export function noSuchSchool(): RefusalError {
  return new RefusalError("not-found", schoolText("no-school"));
}
