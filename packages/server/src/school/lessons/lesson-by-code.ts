/** Lessons by their join codes. Whoever tries too many waits. */
import { RefusalError } from "../../platform/api/server.ts";
import type { SignIn } from "../accounts/sign-in.ts";
import type { Db, Lesson } from "../store/tables.ts";
import { readCode } from "./join-code.ts";

/** Those that are not in the bin, of schools that are not put away. */
export function openLessons(db: Db) {
  return db
    .selectFrom("lessons")
    .innerJoin("schools", "schools.id", "lessons.school_id")
    .selectAll("lessons")
    .where("lessons.deleted_at", "is", null)
    .where("schools.archived_at", "is", null);
}

/** @throws RefusalError no-such-lesson, too-many */
export async function lessonOfCode(db: Db, { attempts }: SignIn, typed: string, ip: string): Promise<Lesson> {
  await attempts.check([{ kind: "code", of: ip }]);
  const code = readCode(typed);
  const lesson = code && (await openLessons(db).where("code", "=", code).executeTakeFirst());
  return lesson || (await noSuchLesson({ attempts }, ip));
}

/** Counts an attempt that led nowhere. @throws RefusalError always */
export async function noSuchLesson({ attempts }: Pick<SignIn, "attempts">, ip: string): Promise<never> {
  await attempts.failed([{ kind: "code", of: ip }]);
  throw new RefusalError("no-such-lesson");
}
