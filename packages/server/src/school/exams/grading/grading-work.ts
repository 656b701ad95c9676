/**
 * Grades in the background what was handed in, in small batches, so that other work goes on between them. An attempt is graded again when an answer comes after it, and when
 * a solution is changed.
 */
import type { AnswerValue, SheetScore } from "@lectern/exam";
import { sql } from "kysely";
import type { Change, Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import { newestAnswers } from "../attempt-rows.ts";
import { queueProposals } from "../score-proposals.ts";
import { EXAM_GRADING } from "../work-names.ts";
import { FrozenPapers } from "./frozen-papers.ts";
import { emitGraded } from "./grading-events.ts";
import { standingsDue } from "./standings-due.ts";

/** With sixty questions each it is 6000 rows, and some tens of milliseconds. */
const ATTEMPTS_PER_BATCH = 100;
/** Other work of the process has its turn between two batches. */
const REST_MS = 5;

type GradingOptions = { readonly db: Database; readonly changes: Changes };

export function examGrading({ db, changes }: GradingOptions): WorkKind<WorkItem> {
  const papers = new FrozenPapers();
  return {
    name: EXAM_GRADING,
    places: { total: 1 },
    restMs: 0,
    failure: "attempts not graded, trying again",
    find: async ({ busy }) => {
      if (busy.length > 0) return [];
      const due = db.selectFrom("exam_attempts").select("grade_due_at").where("grade_due_at", "is not", null);
      const first = await due.orderBy("grade_due_at").limit(1).executeTakeFirst();
      return first ? [soleItem(EXAM_GRADING, 0)] : [];
    },
    perform: async (_, { signal }) => {
      while (!signal.aborted) {
        const { body: count } = await changes.transact(SYSTEM, async (change) => ({ body: await gradeBatch(change, papers) }));
        if (count === 0) return;
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
      }
    },
  };
}

/** @returns how many attempts were graded */
async function gradeBatch(change: Change, papers: FrozenPapers): Promise<number> {
  const { trx } = change;
  const due = trx.selectFrom("exam_attempts").select("exam_id").where("grade_due_at", "is not", null);
  const oldest = await due.orderBy("grade_due_at").limit(1).executeTakeFirst();
  if (!oldest) return 0;
  const attempts = await trx
    .selectFrom("exam_attempts")
    .select(["id", "exam_id", "school_id", "user_id", "seed", "points", "graded_at", "handed_in_at", "handed_in_by", "regrade_id"])
    .where("exam_id", "=", oldest.exam_id)
    .where("grade_due_at", "is not", null)
    .orderBy("id")
    .limit(ATTEMPTS_PER_BATCH)
    .forNoKeyUpdate()
    .execute();
  const grade = await papers.graderOf(trx, oldest.exam_id);
  const ids = attempts.map(({ id }) => id);
  const [answers, marks] = [await answersBy(trx, ids), await marksBy(trx, ids)];
  const now = new Date();
  const graded = attempts.map((attempt) => ({
    attempt,
    score: grade(attempt.seed, answers.get(attempt.id) ?? {}, marks.get(attempt.id) ?? {}),
  }));
  await storeScores(
    trx,
    graded.map(({ attempt: { id }, score }) => ({ id, score })),
    now,
  );
  const changed = graded.flatMap(({ attempt: { id, points, regrade_id }, score }) =>
    regrade_id !== null && points !== null && points !== score.points
      ? [{ regrade_id, attempt_id: id, points_before: points, points: score.points, changed_at: now }]
      : [],
  );
  if (changed.length > 0)
    await trx
      .insertInto("exam_score_changes")
      .values(changed)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  await emitGraded(change, graded);
  await queueProposals(change, graded, answers);
  await standingsDue(change, oldest.exam_id, now);
  return attempts.length;
}

export type StoredScore = { readonly id: string; readonly score: SheetScore };

/** In one statement. What was due is done. */
export async function storeScores(db: Db, scores: readonly StoredScore[], now: Date): Promise<void> {
  const rows = scores.map(({ id, score }) => ({ id, ...score }));
  await sql`
    update exam_attempts set points = new.points, points_of = new."of", waiting = new.waiting, questions = new.questions,
      graded_at = ${now}, grade_due_at = null, regrade_id = null
    from jsonb_to_recordset((${JSON.stringify(rows)}::text)::jsonb)
      as new (id text, points double precision, "of" double precision, waiting integer, questions jsonb)
    where exam_attempts.id = new.id`.execute(db);
}

export async function answersBy(db: Db, ids: readonly string[]) {
  return byAttempt(await newestAnswers(db, ids), ({ value }): AnswerValue => value);
}

export async function marksBy(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, Record<string, number>>();
  const marks = db.selectFrom("exam_marks").select(["attempt_id", "question", "points"]).where("attempt_id", "in", ids);
  return byAttempt(await marks.execute(), ({ points }) => points);
}

type OfQuestion = { readonly attempt_id: string; readonly question: string };

/** Of each attempt, values by question: which may have any name. */
function byAttempt<Row extends OfQuestion, Value>(rows: readonly Row[], read: (row: Row) => Value) {
  const by = new Map<string, Record<string, Value>>();
  for (const row of rows) {
    const own: Record<string, Value> = by.get(row.attempt_id) ?? Object.create(null);
    own[row.question] = read(row);
    by.set(row.attempt_id, own);
  }
  return by;
}
