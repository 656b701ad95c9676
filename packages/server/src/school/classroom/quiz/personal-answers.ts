/** Provides a person's answers to quizzes as personal data: given out to the person, and erased with the name. */
import { sql } from "kysely";
import { json } from "../../../platform/store/store.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** All answers of a person with an account, but those to anonymous quizzes. */
export async function answersOf(db: Db, userId: string) {
  const rows = await db
    .selectFrom("quiz_answers")
    .innerJoin("participants", "participants.id", "quiz_answers.participant_id")
    .innerJoin("quizzes", "quizzes.id", "quiz_answers.quiz_id")
    .select(["quizzes.lesson_id as lessonId", "quizzes.text as question", "quizzes.options", "answered_at as answeredAt"])
    .select(["choice", "is_correct as isCorrect"])
    .where("user_id", "=", userId)
    .orderBy("quiz_id")
    .execute();
  return rows.map(({ options, choice, ...row }) => ({
    ...row,
    options: [...options],
    choice: typeof choice === "object" && choice !== null ? [...choice] : choice,
  }));
}

/** Erases the texts that people wrote as answers: they may tell who it was. All other answers count as before, under no name. */
export async function eraseAnswers(db: Db, participants: readonly string[]): Promise<void> {
  if (participants.length === 0) return;
  await db
    .updateTable("quiz_answers")
    .set({ choice: json(null) })
    .where("participant_id", "in", [...participants])
    .where(sql<boolean>`jsonb_typeof(choice) = 'string'`)
    .execute();
}
