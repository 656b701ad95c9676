/** Finds lessons that guests name, by join code or id. Wrong codes count as failed attempts of the address. */
import { addressOwner } from "../../platform/address.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { assertRate } from "../foundation/requests/request-rate.ts";
import type { Db, Lesson } from "../foundation/store/tables.ts";
import { type Attempts, lockedRefusal } from "../people/accounts/attempts.ts";
import { readCode } from "./join-code.ts";

/** Wrong codes of an address that are counted in the database; more are refused without it. A class that mistypes together has room. */
const wrongCodes = new RateLimit({ burst: 60, perSecond: 2 });

type AttemptCounter = { readonly attempts: Attempts };

/** Lessons outside the bin, of schools that are not archived. */
export function activeLessons(db: Db) {
  return db
    .selectFrom("lessons")
    .innerJoin("schools", "schools.id", "lessons.school_id")
    .selectAll("lessons")
    .where("lessons.deleted_at", "is", null)
    .where("schools.archived_at", "is", null);
}

/** Null: there is none. @param typed as people write codes */
export async function readLessonByCode(db: Db, typed: string): Promise<Lesson | null> {
  const code = readCode(typed);
  return (code && (await activeLessons(db).where("code", "=", code).executeTakeFirst())) || null;
}

/** Null: there is none. */
export async function readActiveLesson(db: Db, lessonId: string): Promise<Lesson | null> {
  return (await activeLessons(db).where("lessons.id", "=", lessonId).executeTakeFirst()) ?? null;
}

/** @throws RefusalError no-such-lesson, too-many */
export async function findLessonByCode(db: Db, signIn: AttemptCounter, typed: string, ip: string): Promise<Lesson> {
  return (await readLessonByCode(db, typed)) ?? (await rejectUnknownLesson(signIn, ip));
}

/** @throws RefusalError no-such-lesson, too-many */
export async function findActiveLesson(db: Db, signIn: AttemptCounter, lessonId: string, ip: string): Promise<Lesson> {
  return (await readActiveLesson(db, lessonId)) ?? (await rejectUnknownLesson(signIn, ip));
}

/**
 * Counts a failed attempt. A known code is accepted whatever others at the address have tried: a school shares one. What stops guessing is the
 * number of codes, 8.5 × 10¹¹, and the limit of requests of an address.
 *
 * @throws RefusalError always
 */
export async function rejectUnknownLesson({ attempts }: AttemptCounter, ip: string): Promise<never> {
  const owner = addressOwner(ip);
  assertRate(wrongCodes, [owner]);
  const seconds = await attempts.count([{ kind: "code", subject: owner }]);
  throw seconds > 0 ? lockedRefusal(seconds) : new RefusalError("no-such-lesson");
}
