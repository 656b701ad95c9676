/**
 * Reads what is known of all candidates of an examination, once every two seconds however many supervisors look: thousands of rows would be read for each of them
 * otherwise. What is live is not in it: that is in memory anyway.
 */
import { sql } from "kysely";
import type { Database } from "../../foundation/store/tables.ts";

export type WallFact = { readonly fact: string; readonly detail: string; readonly writtenAt: Date; readonly receivedAt: Date };
export type WallCandidate = {
  readonly id: string;
  readonly seat: number;
  readonly name: string;
  readonly login: string | null;
  /** In small letters, what a search looks in. */
  readonly searched: string;
  readonly groupId: string | null;
  readonly startedAt: Date | null;
  readonly endsAt: Date | null;
  readonly extraSeconds: number;
  readonly handedInAt: Date | null;
  readonly pausedAt: Date | null;
  readonly heardAt: Date | null;
  readonly factCount: number;
  /** The newest first, up to three. */
  readonly facts: readonly WallFact[];
  readonly unseenMessages: number;
  readonly notes: number;
};

const FRESH_MS = 2000;
/** Examinations whose state is kept: more are seldom supervised at one time. */
const MAX_KEPT = 50;
const NEWEST_FACTS = 3;

type Kept = { readonly at: number; readonly state: Promise<readonly WallCandidate[]> };

export class WallStates {
  private readonly db: Database;
  private readonly now: () => number;
  private readonly kept = new Map<string, Kept>();

  /** @param now monotonic milliseconds */
  constructor(db: Database, now: () => number = () => performance.now()) {
    this.db = db;
    this.now = now;
  }

  of(examId: string): Promise<readonly WallCandidate[]> {
    const known = this.kept.get(examId);
    if (known && this.now() - known.at < FRESH_MS) return known.state;
    const state = readCandidates(this.db, examId);
    this.kept.delete(examId);
    this.kept.set(examId, { at: this.now(), state });
    state.catch(() => this.forget(examId));
    const [oldest] = this.kept.keys();
    if (this.kept.size > MAX_KEPT && oldest !== undefined) this.kept.delete(oldest);
    return state;
  }

  /** A supervisor has changed something, and wants to see it. */
  forget(examId: string): void {
    this.kept.delete(examId);
  }
}

async function readCandidates(db: Database, examId: string): Promise<readonly WallCandidate[]> {
  const [attempts, facts, messages, notes] = await Promise.all([
    db
      .selectFrom("exam_attempts")
      .leftJoin("users", "users.id", "exam_attempts.user_id")
      .select(["exam_attempts.id", "exam_attempts.name", "login", "seat", "group_id", "started_at", "ends_at"])
      .select(["extra_seconds", "handed_in_at", "paused_at", "heard_at"])
      .where("exam_id", "=", examId)
      .where("exam_attempts.erased_at", "is", null)
      .orderBy("exam_attempts.id")
      .execute(),
    readFacts(db, examId),
    countOf(db, examId, "exam_messages", true),
    countOf(db, examId, "exam_notes", false),
  ]);
  return attempts.map((row) => {
    const known = facts.get(row.id);
    return {
      id: row.id,
      seat: row.seat,
      name: row.name,
      login: row.login,
      searched: `${row.name} ${row.login ?? ""}`.toLowerCase(),
      groupId: row.group_id,
      startedAt: row.started_at,
      endsAt: row.ends_at,
      extraSeconds: row.extra_seconds,
      handedInAt: row.handed_in_at,
      pausedAt: row.paused_at,
      heardAt: row.heard_at,
      factCount: known?.count ?? 0,
      facts: known?.newest ?? [],
      unseenMessages: messages.get(row.id) ?? 0,
      notes: notes.get(row.id) ?? 0,
    };
  });
}

type Facts = { readonly count: number; readonly newest: WallFact[] };

async function readFacts(db: Database, examId: string): Promise<ReadonlyMap<string, Facts>> {
  const { rows } = await sql<{
    attempt_id: string;
    fact: string;
    detail: string;
    written_at: Date;
    received_at: Date;
    count: string;
  }>`
    select attempt_id, fact, detail, written_at, received_at, count from (
      select exam_facts.*, count(*) over of_attempt as count, row_number() over (of_attempt order by received_at desc, exam_facts.seat desc, seq desc) as place
      from exam_facts join exam_attempts on exam_attempts.id = exam_facts.attempt_id
      where exam_attempts.exam_id = ${examId} window of_attempt as (partition by attempt_id)
    ) exam_facts where place <= ${NEWEST_FACTS} order by attempt_id, place`.execute(db);
  const facts = new Map<string, Facts>();
  for (const { attempt_id, fact, detail, written_at, received_at, count } of rows) {
    const known = facts.get(attempt_id) ?? { count: Number(count), newest: [] };
    known.newest.push({ fact, detail, writtenAt: written_at, receivedAt: received_at });
    facts.set(attempt_id, known);
  }
  return facts;
}

async function countOf(db: Database, examId: string, table: "exam_messages" | "exam_notes", isUnseen: boolean) {
  const { rows } = await sql<{ attempt_id: string; count: string }>`
    select attempt_id, count(*) as count from ${sql.table(table)} join exam_attempts on exam_attempts.id = attempt_id
    where exam_id = ${examId} ${isUnseen ? sql`and seen_at is null` : sql``} group by attempt_id`.execute(db);
  return new Map(rows.map(({ attempt_id, count }) => [attempt_id, Number(count)]));
}
