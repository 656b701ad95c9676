/** Queues answers for the school's scoring service, and reads what it proposes. A proposal is nobody's points until a person or a rule of the school accepts it. */
import { createHash } from "node:crypto";
import type { AnswerValue, SheetScore } from "@lectern/exam";
import { sql } from "kysely";
import { z } from "zod";
import type { Change } from "../foundation/store/change.ts";
import type { Db } from "../foundation/store/tables.ts";
import { EXAM_SCORING } from "./work-names.ts";

export const proposalShape = z
  .object({
    points: z.number(),
    confidence: z.number().nullable().describe("0 to 1, as the service says it."),
    criteria: z.array(z.string()).describe("Ids of the criteria that it finds met."),
    comment: z.string(),
  })
  .meta({ id: "ScoreProposal" });

type Graded = {
  readonly attempt: { readonly id: string; readonly exam_id: string; readonly school_id: string };
  readonly score: SheetScore;
};

export function hashOfAnswer(value: AnswerValue): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 22);
}

/** What waits for a person, of questions that go to the service: also again, where the answer is another than the one that was scored. All are of one examination. */
export async function queueProposals(
  change: Change,
  graded: readonly Graded[],
  answers: ReadonlyMap<string, Readonly<Record<string, AnswerValue>>>,
): Promise<void> {
  const { trx } = change;
  const examId = graded[0]?.attempt.exam_id;
  if (examId === undefined) return;
  const questions = await scoredQuestions(trx, examId);
  const rows = graded.flatMap(({ attempt, score }) =>
    questions
      .filter((question) => Object.hasOwn(score.questions, question) && score.questions[question]?.by === "waits")
      .map((question) => ({ attempt_id: attempt.id, question, hash: hashOfAnswer(answers.get(attempt.id)?.[question] ?? null) })),
  );
  if (rows.length === 0) return;
  await sql`
    insert into exam_proposals (attempt_id, question, exam_id, school_id, state, next_at)
    select attempt_id, question, ${examId}, ${graded[0]?.attempt.school_id}, 'waiting', now()
    from jsonb_to_recordset((${JSON.stringify(rows)}::text)::jsonb) as given (attempt_id text, question text)
    on conflict do nothing`.execute(trx);
  await sql`
    update exam_proposals set state = 'waiting', next_at = now(), tries = 0
    from jsonb_to_recordset((${JSON.stringify(rows)}::text)::jsonb) as given (attempt_id text, question text, hash text)
    where exam_proposals.attempt_id = given.attempt_id and exam_proposals.question = given.question
      and state in ('proposed', 'refused') and answer_hash <> given.hash`.execute(trx);
  change.wake(EXAM_SCORING);
}

/** Of answers that were graded before the questions were chosen. */
export async function queueWaiting({ trx, wake }: Change, examId: string, schoolId: string): Promise<void> {
  await sql`
    insert into exam_proposals (attempt_id, question, exam_id, school_id, state, next_at)
    select a.id, s.question, a.exam_id, ${schoolId}, 'waiting', now()
    from exam_attempts a join exam_scored_questions s on s.exam_id = a.exam_id
    where a.exam_id = ${examId} and a.handed_in_at is not null and a.questions -> s.question ->> 'by' = 'waits'
    on conflict do nothing`.execute(trx);
  await trx
    .deleteFrom("exam_proposals")
    .where("exam_id", "=", examId)
    .where("state", "=", "waiting")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("exam_scored_questions")
            .select("question")
            .whereRef("exam_scored_questions.exam_id", "=", "exam_proposals.exam_id")
            .whereRef("exam_scored_questions.question", "=", "exam_proposals.question"),
        ),
      ),
    )
    .execute();
  wake(EXAM_SCORING);
}

export async function scoredQuestions(db: Db, examId: string): Promise<readonly string[]> {
  const rows = await db.selectFrom("exam_scored_questions").select("question").where("exam_id", "=", examId).execute();
  return rows.map(({ question }) => question).toSorted();
}

/** What the service proposes for an answer; null: nothing, or not yet. */
export async function proposalFor(db: Db, attemptId: string, question: string): Promise<z.input<typeof proposalShape> | null> {
  const row = await db
    .selectFrom("exam_proposals")
    .select(["points", "confidence", "criteria", "comment"])
    .where("attempt_id", "=", attemptId)
    .where("question", "=", question)
    .where("state", "in", ["proposed", "accepted"])
    .executeTakeFirst();
  if (!row || row.points === null) return null;
  return { points: row.points, confidence: row.confidence, criteria: [...(row.criteria ?? [])], comment: row.comment };
}
