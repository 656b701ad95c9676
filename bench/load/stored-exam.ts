/** Compares what devices were told is stored with the rows of the database, one by one. */
import { isDeepStrictEqual } from "node:util";
import type { Answer } from "@lectern/exam";
import type { Database } from "../../packages/server/src/school/foundation/store/tables.ts";

/** Of one device. */
export type Acknowledged = { readonly attempt: string; readonly seat: number; readonly answers: readonly Answer[] };

export type ExamComparison = {
  readonly acknowledged: number;
  readonly stored: number;
  /** Acknowledged, and not there. */
  readonly missing: number;
  /** Rows of one device that say the same as another of its rows, with the same time. */
  readonly twice: number;
  /** There with another answer. */
  readonly other: number;
  /** Rows that were received after the time that the rules allow, or written after the end and received after it. */
  readonly afterRules: number;
  readonly attempts: number;
  readonly handedIn: number;
};

export async function compareStored(db: Database, exam: string, devices: readonly Acknowledged[]): Promise<ExamComparison> {
  const { offline_seconds } = await db
    .selectFrom("exams")
    .select("offline_seconds")
    .where("id", "=", exam)
    .executeTakeFirstOrThrow();
  const attempts = await db
    .selectFrom("exam_attempts")
    .select(["id", "ends_at", "handed_in_at"])
    .where("exam_id", "=", exam)
    .execute();
  const ends = new Map(attempts.map(({ id, ends_at }) => [id, ends_at?.getTime() ?? 0]));
  const rows = await db
    .selectFrom("exam_answers")
    .innerJoin("exam_attempts", "exam_attempts.id", "exam_answers.attempt_id")
    .select(["attempt_id", "exam_answers.seat", "seq", "question", "value", "written_at", "received_at"])
    .where("exam_id", "=", exam)
    .execute();
  const byKey = new Map(rows.map((row) => [`${row.attempt_id}/${row.seat}/${row.seq}`, row]));
  const counts = { acknowledged: 0, missing: 0, other: 0 };
  for (const { attempt, seat, answers } of devices) {
    for (const { seq, question, value } of answers) {
      const row = byKey.get(`${attempt}/${seat}/${seq}`);
      counts.acknowledged++;
      if (!row) counts.missing++;
      else if (row.question !== question || !isDeepStrictEqual(row.value, value)) counts.other++;
    }
  }
  const afterRules = rows.filter(({ attempt_id, written_at, received_at }) => {
    const end = ends.get(attempt_id) ?? 0;
    const received = received_at.getTime();
    return received > end && (received > end + offline_seconds * 1000 || written_at.getTime() > end);
  }).length;
  const contents = new Set(rows.map((row) => JSON.stringify([row.attempt_id, row.question, row.value, row.written_at])));
  const handedIn = attempts.filter(({ handed_in_at }) => handed_in_at !== null).length;
  return { ...counts, stored: rows.length, twice: rows.length - contents.size, afterRules, attempts: attempts.length, handedIn };
}
