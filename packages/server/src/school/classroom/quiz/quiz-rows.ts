/** Reads and writes quizzes and answers: many answers in one statement, because ten thousand come within a second. */

import type { Choice } from "@lectern/room";
import { sql } from "kysely";
import { encryptedFor } from "../../foundation/encryption/column-cipher.ts";
import type { Quiz } from "../../foundation/store/quiz-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { Tally } from "./tally.ts";

export type Answer = {
  readonly quiz_id: string;
  /** As `answer-person.ts` says. */
  readonly participant_id: string;
  readonly choice: Choice | null;
  readonly is_correct: boolean | null;
};
export type NewAnswer = Answer & { readonly answered_at: Date };

export async function findQuizzes(db: Db, lessonId: string, ids: readonly string[]): Promise<Map<string, Quiz>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("quizzes")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("id", "in", [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** The answers that these people have given to these quizzes until now. */
export async function findAnswers(db: Db, asked: readonly Pick<Answer, "quiz_id" | "participant_id">[]): Promise<Answer[]> {
  if (asked.length === 0) return [];
  const pairs = JSON.stringify(asked.map(({ quiz_id, participant_id }) => ({ quiz_id, participant_id })));
  const { rows } = await sql<Answer>`
    select quiz_id, participant_id, choice, is_correct from quiz_answers
    join jsonb_to_recordset((${pairs}::text)::jsonb) as asked (quiz_id text, participant_id text) using (quiz_id, participant_id)`.execute(
    db,
  );
  return rows;
}

/** Stores answers, and replaces those that the same people have given before. @param answers at most one of a person and quiz */
export async function storeAnswers(db: Db, answers: readonly NewAnswer[]): Promise<void> {
  if (answers.length === 0) return;
  const stored = answers.map((answer) => ({ ...answer, choice: encryptedFor(db, "quiz_answers", "choice", answer.choice) }));
  // Without the plugins: the choices are encrypted.
  await sql`
    insert into quiz_answers (quiz_id, participant_id, choice, answered_at, is_correct)
    select quiz_id, participant_id, choice, answered_at, is_correct from jsonb_to_recordset((${JSON.stringify(stored)}::text)::jsonb)
      as given (quiz_id text, participant_id text, choice jsonb, answered_at timestamptz, is_correct boolean)
    on conflict (quiz_id, participant_id)
    do update set choice = excluded.choice, answered_at = excluded.answered_at, is_correct = excluded.is_correct`.execute(
    db.withoutPlugins(),
  );
}

/** Counts the rows of quizzes. */
export async function countAnswers(db: Db, quizzes: readonly Quiz[]): Promise<Map<string, Tally>> {
  const tallies = new Map(quizzes.map((quiz) => [quiz.id, new Tally(quiz)]));
  if (quizzes.length === 0) return tallies;
  const rows = await db
    .selectFrom("quiz_answers")
    .select(["quiz_id", "choice", "is_correct"])
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("quiz_id", "in", [...tallies.keys()])
    .groupBy(["quiz_id", "choice", "is_correct"])
    .orderBy("quiz_id")
    .execute();
  // The first of the spellings of a text is the one that is shown. Here, because an encrypted choice has an order of its own.
  const inOrder = rows.toSorted((a, b) => compare(JSON.stringify(a.choice), JSON.stringify(b.choice)));
  for (const { quiz_id, choice, is_correct, count } of inOrder) tallies.get(quiz_id)?.add(choice, is_correct, Number(count));
  return tallies;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
