/** Notes when a student who answers a question again knows it: after right answers in a row, or because the student says so. */
import { type AuthoredQuestion, isMarkedByPeople, type QuestionScore } from "@lectern/exam";
import type { Db, User } from "../../foundation/store/tables.ts";
import type { WrongAnswer } from "./wrong-answers.ts";

/** One may be luck. */
export const RIGHTS_TO_KNOW = 2;

export type Practice = { readonly rights: number; readonly practised_at: Date | null; readonly known_at: Date | null };

/** Whether rules can grade an answer: what people mark cannot be practised. */
export function isGradable(authored: AuthoredQuestion): boolean {
  return !isMarkedByPeople(authored);
}

/** What an answer makes of the practice so far. */
export function practised(before: Pick<Practice, "rights">, score: QuestionScore, now: Date): Practice {
  const rights = score.points === score.of ? before.rights + 1 : 0;
  return { rights, practised_at: now, known_at: rights >= RIGHTS_TO_KNOW ? now : null };
}

export async function storePractice(db: Db, student: User, wrong: WrongAnswer, practice: Practice): Promise<void> {
  const { id: wrong_answer, attempt_id, quiz_id } = wrong;
  await db
    .insertInto("practised_wrong_answers")
    .values({ user_id: student.id, wrong_answer, attempt_id, quiz_id, ...practice })
    .onConflict((conflict) => conflict.columns(["user_id", "wrong_answer"]).doUpdateSet(practice))
    .execute();
}
