/** Notes that what results are compared with has to be computed again: results were released, or points changed since. */
import { sql } from "kysely";
import type { Change } from "../../foundation/store/change.ts";
import { EXAM_STANDINGS } from "../work-names.ts";

/** Does nothing while results are not released. */
export async function standingsDue({ trx, wake }: Change, examId: string, now: Date): Promise<void> {
  const { numAffectedRows = 0n } = await sql`
    insert into exam_standings (exam_id, due_at) select id, ${now}::timestamptz from exams where id = ${examId} and released_at is not null
    on conflict (exam_id) do update set due_at = excluded.due_at`.execute(trx);
  if (numAffectedRows > 0n) wake(EXAM_STANDINGS);
}
