/**
 * Gives the next answer to mark to one marker, for some minutes. Two never get the same turn of an answer: its row is the lease, and the primary key decides. Answers come in
 * the order of their seeds, which are random, from a place that differs between markers, so the order tells neither who handed in early nor what others have marked.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Db } from "../../foundation/store/tables.ts";

export const LEASE_MS = 4 * 60_000;
/** Losing so often to others, one after the other, does not happen; the next call goes on. */
const MAX_TRIES = 20;
/** As seeds of attempts. */
const SEEDS = 2 ** 31 - 1;

export type Taken = { readonly attemptId: string; readonly turn: number; readonly leasedUntil: Date };
type Wanted = {
  readonly examId: string;
  readonly question: string;
  readonly markerId: string;
  readonly isDouble: boolean;
  /** Attempts whose answers the marker's page has already. */
  readonly besides: readonly string[];
  readonly now: Date;
};
type Free = { readonly id: string; readonly seed: number; readonly turns: readonly number[] };
type Place = { readonly seed: number; readonly id: string };

/** @param db a transaction @returns null: nothing waits for this marker */
export async function takeNext(db: Db, wanted: Wanted): Promise<Taken | null> {
  const { examId, question, markerId, now } = wanted;
  await db
    .deleteFrom("exam_markings")
    .where("exam_id", "=", examId)
    .where("question", "=", question)
    .where("points", "is", null)
    .where("leased_until", "<=", now)
    .execute();
  const leasedUntil = new Date(now.getTime() + LEASE_MS);
  const open = await renewOpen(db, wanted, leasedUntil);
  if (open) return open;
  const from = await placeOf(db, wanted);
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const free = (await findFree(db, wanted, from, false)) ?? (await findFree(db, wanted, from, true));
    if (!free) return null;
    const turn = [1, 2, 3].find((one) => !free.turns.includes(one)) ?? 1;
    const row = { attempt_id: free.id, question, turn, exam_id: examId, marker_id: markerId, leased_until: leasedUntil };
    const inserted = db
      .insertInto("exam_markings")
      .values(row)
      .onConflict((conflict) => conflict.doNothing());
    const { numInsertedOrUpdatedRows = 0n } = await inserted.executeTakeFirst();
    if (numInsertedOrUpdatedRows > 0n) return { attemptId: free.id, turn, leasedUntil };
  }
  return null;
}

/** What the marker has open since before, such as before the page was loaded again. */
async function renewOpen(db: Db, { examId, question, markerId, besides }: Wanted, leasedUntil: Date): Promise<Taken | null> {
  const own = db
    .selectFrom("exam_markings")
    .select(["attempt_id", "turn"])
    .where("exam_id", "=", examId)
    .where("question", "=", question)
    .where("marker_id", "=", markerId)
    .where("points", "is", null);
  const others = besides.length > 0 ? own.where("attempt_id", "not in", besides) : own;
  const row = await others.orderBy("attempt_id").limit(1).forUpdate().executeTakeFirst();
  if (!row) return null;
  await db
    .updateTable("exam_markings")
    .set({ leased_until: leasedUntil })
    .where("attempt_id", "=", row.attempt_id)
    .where("question", "=", question)
    .where("turn", "=", row.turn)
    .execute();
  return { attemptId: row.attempt_id, turn: row.turn, leasedUntil };
}

/** Behind the marker's last answer; at first, anywhere. */
async function placeOf(db: Db, { examId, question, markerId }: Wanted): Promise<Place> {
  const last = await db
    .selectFrom("exam_markings")
    .innerJoin("exam_attempts", "exam_attempts.id", "exam_markings.attempt_id")
    .select(["exam_attempts.seed", "exam_attempts.id"])
    .where("exam_markings.exam_id", "=", examId)
    .where("question", "=", question)
    .where("marker_id", "=", markerId)
    .orderBy(sql`coalesce(leased_until, marked_at)`, "desc")
    .limit(1)
    .executeTakeFirst();
  if (last) return last;
  const digest = createHash("sha256").update(`${examId} ${question} ${markerId}`).digest();
  return { seed: digest.readUInt32BE() % SEEDS, id: "" };
}

/** @param isWrapped before the place instead of behind it */
async function findFree(db: Db, wanted: Wanted, from: Place, isWrapped: boolean): Promise<Free | undefined> {
  const { examId, question, markerId, isDouble } = wanted;
  const place = sql`(${from.seed}::int, ${from.id}::text)`;
  const { rows } = await sql<Free>`
    select a.id, a.seed, m.turns from exam_attempts a
    cross join lateral (
      select count(*)::int as taken, count(points)::int as given, coalesce(bool_or(marker_id = ${markerId}::text), false) as is_own,
        coalesce(jsonb_agg(turn), '[]'::jsonb) as turns
      from exam_markings where attempt_id = a.id and question = ${question}::text
    ) m
    where a.exam_id = ${examId} and a.waiting > 0 and a.questions -> ${question}::text ->> 'by' = 'waits'
      and a.handed_in_at is not null and a.regrade_id is null and a.erased_at is null
      and (a.seed, a.id) ${isWrapped ? sql`<=` : sql`>`} ${place}
      and not m.is_own
      and m.taken < case when not ${isDouble}::boolean then 1 when m.given >= 2 then 3 else 2 end
    order by a.seed, a.id limit 1`.execute(db);
  return rows[0];
}
