/** Remembers which challenges were solved, so that each counts once at all nodes. */
import type { Database } from "../../foundation/store/tables.ts";
import type { SolvedChallenge } from "./challenge.ts";

/** Rows stay for longer than any clock of the cluster's nodes may be wrong. */
const KEEP_MS = 3600 * 1000;

/** Counts a solved challenge. False: it has counted before, at this node or another. */
export async function countChallenge(db: Database, { id, expiresAt }: SolvedChallenge): Promise<boolean> {
  const counted = await db
    .insertInto("solved_challenges")
    .values({ id, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  return counted !== undefined;
}

/** Forgets challenges that nobody can show any more. @param now milliseconds since 1970 */
export async function sweepChallenges(db: Database, now: number): Promise<void> {
  await db
    .deleteFrom("solved_challenges")
    .where("expires_at", "<", new Date(now - KEEP_MS))
    .execute();
}
