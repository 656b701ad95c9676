/** Reads what is stored of attempts, for devices that come back: the newest answer of each question, and how far the device has numbered. */
import type { Answer } from "@lectern/exam";
import { sql } from "kysely";
import type { AttemptContent, ExamMessages } from "../../../contracts/exams/exam-messages.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { readAttempts, timesOf } from "./attempt-rows.ts";

type Attempts = Parameters<ExamMessages["examStored"]>[0]["attempts"];

export async function storedAnswers(db: Db, attempts: Attempts): Promise<readonly AttemptContent[]> {
  const ids = [...new Set(attempts.map(({ attempt }) => attempt))];
  const states = await readAttempts(db, ids, false);
  const [answers, numbers] = await Promise.all([newestAnswers(db, ids), highestNumbers(db, ids)]);
  return attempts.map(({ exam, attempt: id, seat }): AttemptContent => {
    const attempt = states.get(id);
    if (attempt?.exam !== exam || seat > attempt.seat) return { refused: "exam-attempt-unknown" };
    if (seat < attempt.seat) return { refused: "exam-seat-taken" };
    return { ...timesOf(attempt), answers: answers.get(id) ?? [], seat, seq: numbers.get(`${id}/${seat}`) ?? 0 };
  });
}

/** Of each question the answer with the highest seat and number. */
async function newestAnswers(db: Db, attempts: readonly string[]): Promise<ReadonlyMap<string, readonly Answer[]>> {
  if (attempts.length === 0) return new Map();
  const rows = await db
    .selectFrom("exam_answers")
    .distinctOn(["attempt_id", "question"])
    .select(["attempt_id", "question", "seq", "value", "is_marked", "written_at"])
    .where("attempt_id", "in", [...attempts])
    .orderBy("attempt_id")
    .orderBy("question")
    .orderBy("seat", "desc")
    .orderBy("seq", "desc")
    .execute();
  const byAttempt = new Map<string, Answer[]>();
  for (const { attempt_id, question, seq, value, is_marked, written_at } of rows) {
    const answer = { seq, question, value, isMarked: is_marked, writtenAt: written_at.getTime() };
    const list = byAttempt.get(attempt_id);
    if (list) list.push(answer);
    else byAttempt.set(attempt_id, [answer]);
  }
  return byAttempt;
}

/** Of each seat, as `ATTEMPT/SEAT`. Answers and facts are numbered together. */
async function highestNumbers(db: Db, attempts: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ids = JSON.stringify(attempts);
  const { rows } = await sql<{ readonly attempt_id: string; readonly seat: number; readonly seq: number }>`
    select attempt_id, seat, max(seq) as seq from (
      select attempt_id, seat, seq from exam_answers union all select attempt_id, seat, seq from exam_facts
    ) as numbered where attempt_id in (select jsonb_array_elements_text((${ids}::text)::jsonb)) group by attempt_id, seat`.execute(
    db,
  );
  return new Map(rows.map(({ attempt_id, seat, seq }) => [`${attempt_id}/${seat}`, seq]));
}
