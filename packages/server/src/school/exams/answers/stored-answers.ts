/** Reads what is stored of attempts, for devices that come back: the newest answer of each question, and how far the device has numbered. */
import type { Answer } from "@lectern/exam";
import { sql } from "kysely";
import type { AttemptContent, ExamMessages } from "../../../contracts/exams/exam-messages.ts";
import type { ExamAnswer } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { newestAnswers } from "../attempt-rows.ts";
import { readAttempts, timesOf } from "./attempt-states.ts";
import { supervisorNotices } from "./messages.ts";

type Attempts = Parameters<ExamMessages["examStored"]>[0]["attempts"];

/** @param now milliseconds since 1970 */
export async function storedAnswers(db: Db, attempts: Attempts, now = Date.now()): Promise<readonly AttemptContent[]> {
  const ids = [...new Set(attempts.map(({ attempt }) => attempt))];
  const states = await readAttempts(db, ids, false);
  const [rows, numbers, plays, notices] = await Promise.all([
    newestAnswers(db, ids),
    highestNumbers(db, ids),
    playsOf(db, ids),
    supervisorNotices(db, states.values(), now),
  ]);
  const answers = byAttempt(rows);
  return attempts.map(({ exam, attempt: id, seat }): AttemptContent => {
    const attempt = states.get(id);
    if (attempt?.exam !== exam || seat > attempt.seat) return { refused: "exam-attempt-unknown" };
    if (seat < attempt.seat) return { refused: "exam-seat-taken" };
    const own = { answers: answers.get(id) ?? [], seat, seq: numbers.get(`${id}/${seat}`) ?? 0 };
    const played = plays.get(id);
    return { ...timesOf(attempt, notices), ...own, ...(played ? { plays: played } : {}) };
  });
}

function byAttempt(rows: readonly ExamAnswer[]): ReadonlyMap<string, readonly Answer[]> {
  const answers = rows.map(({ attempt_id, question, seq, value, is_marked, written_at }) => ({
    attempt: attempt_id,
    answer: { seq, question, value, isMarked: is_marked, writtenAt: written_at.getTime() },
  }));
  const grouped = Map.groupBy(answers, ({ attempt }) => attempt);
  return new Map([...grouped].map(([attempt, own]) => [attempt, own.map(({ answer }) => answer)]));
}

/** How often each attempt has played which sound. */
async function playsOf(db: Db, attempts: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
  if (attempts.length === 0) return new Map();
  const rows = await db
    .selectFrom("exam_sound_plays")
    .select(({ fn }) => ["attempt_id", "file", fn.countAll<number>().as("count")])
    .where("attempt_id", "in", [...attempts])
    .groupBy(["attempt_id", "file"])
    .execute();
  const byAttempt = Map.groupBy(rows, ({ attempt_id }) => attempt_id);
  return new Map([...byAttempt].map(([id, own]) => [id, Object.fromEntries(own.map(({ file, count }) => [file, Number(count)]))]));
}

/** Of each seat, as `ATTEMPT/SEAT`. Answers and facts are numbered together. */
async function highestNumbers(db: Db, attempts: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ids = JSON.stringify(attempts);
  const { rows } = await sql<{ readonly attempt_id: string; readonly seat: number; readonly seq: number }>`
    select attempt_id, seat, max(seq) as seq from (
      select attempt_id, seat, seq from exam_answers union all select attempt_id, seat, seq from exam_facts
      union all select attempt_id, seat, seq from exam_sound_plays
    ) as numbered where attempt_id in (select jsonb_array_elements_text((${ids}::text)::jsonb)) group by attempt_id, seat`.execute(
    db,
  );
  return new Map(rows.map(({ attempt_id, seat, seq }) => [`${attempt_id}/${seat}`, seq]));
}
