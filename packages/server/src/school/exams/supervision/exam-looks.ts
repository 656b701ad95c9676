/** Notes who looks at whom: what a person has open of a candidate ends with the right to see this one. */
import { sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** Whom addresses of live pictures are given to: they end with the right to see this candidate, and others of the person go on. */
export function pictureViewer(actor: Actor, attemptId: string): string {
  return actor.kind === "user" && actor.id !== null ? lookName(actor.id, attemptId) : (actor.id ?? actor.kind);
}

/** As the policy of the examination's streams names one who may look no more. */
export function lookName(userId: string, attemptId: string): string {
  return `${userId}-${attemptId}`;
}

/** Notes who gets live addresses: what they open ends with their right. */
export async function noteWatcher(db: Db, { kind, id }: Actor, { id: attempt_id }: Pick<ExamAttempt, "id">): Promise<void> {
  if (kind !== "user" || id === null) return;
  await db
    .insertInto("exam_looks")
    .values({ attempt_id, user_id: id, looked_at: new Date() })
    .onConflict((conflict) =>
      conflict
        .columns(["attempt_id", "user_id"])
        .doUpdateSet({ looked_at: new Date() })
        // Once a minute is often enough: the page asks every few seconds for the candidate in focus.
        .where(sql<boolean>`exam_looks.looked_at < now() - interval '1 minute'`),
    )
    .execute();
}
