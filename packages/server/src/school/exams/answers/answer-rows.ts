/** Writes answers and facts of many attempts in one statement each, and finds those that were stored before. */
import { isDeepStrictEqual } from "node:util";
import type { Answer, Fact } from "@lectern/exam";
import { sql } from "kysely";
import { encryptedFor } from "../../foundation/encryption/column-cipher.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** Where a device wrote something. */
type Place = { readonly attempt: string; readonly seat: number };
export type AnswerRow = Place & { readonly answer: Answer; readonly isLate: boolean };
export type FactRow = Place & { readonly fact: Fact };
type Key = { readonly attempt_id: string; readonly seat: number; readonly seq: number };

export function keyOf(attempt: string, seat: number, seq: number): string {
  return `${attempt}/${seat}/${seq}`;
}

/** Stores those whose numbers are free. @returns the keys of the rows that were written */
export async function insertAnswers(trx: Db, rows: readonly AnswerRow[], now: number): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const given = rows.map(({ attempt, seat, answer, isLate }) => ({
    attempt_id: attempt,
    seat,
    seq: answer.seq,
    question: answer.question,
    value: encryptedFor(trx, "exam_answers", "value", answer.value),
    is_marked: answer.isMarked ?? false,
    written_at: new Date(answer.writtenAt).toISOString(),
    is_late: isLate,
  }));
  // Without the plugins: the values are encrypted. A value of null is JSON's.
  const { rows: written } = await sql<Key>`
    insert into exam_answers (attempt_id, seat, seq, question, value, is_marked, written_at, received_at, is_late)
    select attempt_id, seat, seq, question, coalesce(value, 'null'::jsonb), is_marked, written_at, ${new Date(now).toISOString()}::timestamptz, is_late
    from jsonb_to_recordset((${JSON.stringify(given)}::text)::jsonb) as given (attempt_id text, seat integer, seq integer, question text,
      value jsonb, is_marked boolean, written_at timestamptz, is_late boolean)
    on conflict do nothing returning attempt_id, seat, seq`.execute(trx.withoutPlugins());
  return new Set(written.map(({ attempt_id, seat, seq }) => keyOf(attempt_id, seat, seq)));
}

export async function insertFacts(trx: Db, rows: readonly FactRow[], now: number): Promise<void> {
  if (rows.length === 0) return;
  const given = rows.map(({ attempt, seat, fact }) => ({
    attempt_id: attempt,
    seat,
    seq: fact.seq,
    fact: fact.fact,
    detail: encryptedFor(trx, "exam_facts", "detail", fact.detail ?? ""),
    written_at: new Date(fact.writtenAt).toISOString(),
  }));
  await sql`
    insert into exam_facts (attempt_id, seat, seq, fact, detail, written_at, received_at)
    select attempt_id, seat, seq, fact, detail, written_at, ${new Date(now).toISOString()}::timestamptz
    from jsonb_to_recordset((${JSON.stringify(given)}::text)::jsonb) as given (attempt_id text, seat integer, seq integer, fact text,
      detail text, written_at timestamptz)
    on conflict do nothing`.execute(trx.withoutPlugins());
}

/** @param rows facts that sound was played */
export async function insertPlays(trx: Db, rows: readonly FactRow[], now: number): Promise<void> {
  if (rows.length === 0) return;
  const plays = rows.map(({ attempt, seat, fact }) => ({
    attempt_id: attempt,
    seat,
    seq: fact.seq,
    file: fact.detail ?? "",
    played_at: new Date(fact.writtenAt),
    received_at: new Date(now),
  }));
  const insert = trx.insertInto("exam_sound_plays").values(plays);
  await insert.onConflict((conflict) => conflict.doNothing()).execute();
}

/** Of these answers, the keys of those that are stored: `same` as they are here, `other` with other words. */
export async function findStored(
  db: Db,
  rows: readonly AnswerRow[],
): Promise<{ readonly same: ReadonlySet<string>; readonly other: ReadonlySet<string> }> {
  const [same, other] = [new Set<string>(), new Set<string>()];
  if (rows.length === 0) return { same, other };
  const asked = new Map(rows.map((row) => [keyOf(row.attempt, row.seat, row.answer.seq), row.answer]));
  const keys = rows.map(({ attempt, seat, answer }) => ({ attempt_id: attempt, seat, seq: answer.seq }));
  const stored = await db
    .selectFrom("exam_answers")
    .select(["attempt_id", "seat", "seq", "question", "value"])
    .where(
      sql<boolean>`(attempt_id, seat, seq) in (select attempt_id, seat, seq
        from jsonb_to_recordset((${JSON.stringify(keys)}::text)::jsonb) as asked (attempt_id text, seat integer, seq integer))`,
    )
    .execute();
  for (const { attempt_id, seat, seq, question, value } of stored) {
    const key = keyOf(attempt_id, seat, seq);
    const answer = asked.get(key);
    const isSame = answer?.question === question && isDeepStrictEqual(answer.value, value);
    (isSame ? same : other).add(key);
  }
  return { same, other };
}

/** Takes rows back that this transaction has written. */
export async function deleteAnswers(trx: Db, { attempt, seat }: Place, seqs: readonly number[]): Promise<void> {
  if (seqs.length === 0) return;
  await trx
    .deleteFrom("exam_answers")
    .where("attempt_id", "=", attempt)
    .where("seat", "=", seat)
    .where("seq", "in", [...seqs])
    .execute();
}
