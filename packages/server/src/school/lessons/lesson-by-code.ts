/** Lessons by their join codes. Whoever tries too many waits. */
import { RefusalError } from "../../platform/api/server.ts";
import type { SignInService } from "../accounts/sign-in.ts";
import type { Db, Lesson } from "../store/tables.ts";
import { readCode } from "./join-code.ts";

/** Those that are not in the bin, of schools that are not put away. */
export function activeLessons(db: Db) {
  return db
    .selectFrom("lessons")
    .innerJoin("schools", "schools.id", "lessons.school_id")
    .selectAll("lessons")
    .where("lessons.deleted_at", "is", null)
    .where("schools.archived_at", "is", null);
}

/** @throws RefusalError no-such-lesson, too-many */
export async function findLessonByCode(db: Db, { attempts }: SignInService, typed: string, ip: string): Promise<Lesson> {
  await attempts.check([{ kind: "code", of: ip }]);
  const code = readCode(typed);
  const lesson = code && (await activeLessons(db).where("code", "=", code).executeTakeFirst());
  return lesson || (await rejectUnknownLesson({ attempts }, ip));
}

/** Counts an attempt that led nowhere. @throws RefusalError always */
export async function rejectUnknownLesson({ attempts }: Pick<SignInService, "attempts">, ip: string): Promise<never> {
  await attempts.failed([{ kind: "code", of: ip }]);
  throw new RefusalError("no-such-lesson");
}
