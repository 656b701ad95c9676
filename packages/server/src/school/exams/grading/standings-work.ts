/**
 * Computes what results are compared with, once after a release and once after grading again: the points of all candidates, and the means of sections and of what questions
 * test. Nobody who reads a result waits for it.
 */
import { RunningStandings, type Standings } from "@lectern/exam/analysis";
import { sql } from "kysely";
import { json } from "../../../platform/store/store.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { soleItem, type WorkItem, type WorkKind } from "../../foundation/work/work-kind.ts";
import { EXAM_STANDINGS } from "../work-names.ts";
import { FrozenPapers } from "./frozen-papers.ts";

const ATTEMPTS_PER_STEP = 200;
/** Other work of the process has its turn between two steps. */
const REST_MS = 2;

export function examStandings(db: Database): WorkKind<WorkItem> {
  const papers = new FrozenPapers();
  return {
    name: EXAM_STANDINGS,
    places: { total: 1 },
    restMs: 0,
    failure: "standings of an examination not computed, trying again",
    find: async ({ busy }) => {
      if (busy.length > 0) return [];
      const first = await db
        .selectFrom("exam_standings")
        .select("exam_id")
        .where("due_at", "is not", null)
        // The last batch of grading wakes this again.
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("exam_attempts")
                .select("exam_attempts.id")
                .whereRef("exam_attempts.exam_id", "=", "exam_standings.exam_id")
                .where("grade_due_at", "is not", null),
            ),
          ),
        )
        .orderBy("due_at")
        .limit(1)
        .executeTakeFirst();
      return first ? [soleItem(first.exam_id, 0)] : [];
    },
    perform: async ({ id }, { signal }) => {
      const row = await db
        .selectFrom("exam_standings")
        // As the database has it: a Date has no microseconds, and would equal nothing.
        .select(sql<string | null>`due_at::text`.as("due"))
        .where("exam_id", "=", id)
        .executeTakeFirst();
      if (!row?.due) return;
      const computedAt = new Date();
      const standings = await compute(db, papers, id, signal);
      if (!standings) return;
      await db
        .updateTable("exam_standings")
        .set({
          standings: json(standings),
          computed_at: computedAt,
          // What changed meanwhile is computed next.
          due_at: sql<Date | null>`case when due_at = ${row.due}::timestamptz then null else due_at end`,
        })
        .where("exam_id", "=", id)
        .execute();
    },
  };
}

/** Of each person the newest attempt that is graded, as the result shows it. @returns null: the process ends */
async function compute(db: Database, papers: FrozenPapers, examId: string, signal: AbortSignal): Promise<Standings | null> {
  const standings = new RunningStandings(await papers.paperOf(db, examId));
  for (let after = ""; ; ) {
    if (signal.aborted) return null;
    const rows = await db
      .selectFrom("exam_attempts")
      .select(["id", "points", "points_of", "waiting", "questions"])
      .where("exam_id", "=", examId)
      .where("graded_at", "is not", null)
      .where("id", ">", after)
      .where(
        sql<boolean>`not exists (select from exam_attempts newer where newer.exam_id = exam_attempts.exam_id
          and newer.user_id = exam_attempts.user_id and newer.number > exam_attempts.number and newer.graded_at is not null)`,
      )
      .orderBy("id")
      .limit(ATTEMPTS_PER_STEP)
      .execute();
    for (const { points, points_of, waiting, questions } of rows)
      standings.add({ points: points ?? 0, of: points_of ?? 0, waiting: waiting ?? 0, questions: questions ?? {} });
    after = rows.at(-1)?.id ?? "";
    if (rows.length < ATTEMPTS_PER_STEP) return standings.read();
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
  }
}
