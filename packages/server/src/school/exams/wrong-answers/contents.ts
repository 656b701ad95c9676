/** Reads what a page of mistakes shows: the questions with what is right, and what the student answered. Three statements, however many mistakes there are. */
import { type AnswerValue, type AuthoredQuestion, type BankQuestion, type Passage, questionOfBank } from "@lectern/exam";
import type { Choice } from "@lectern/room";
import { sql } from "kysely";
import type { Db, User } from "../../foundation/store/tables.ts";
import { answersToQuestions } from "./answers-to-questions.ts";
import type { WrongAnswer } from "./wrong-answers.ts";

export type WrongAnswerContent = {
  readonly authored: AuthoredQuestion;
  /** What the question refers to; null: nothing. */
  readonly passage: Passage | null;
  readonly value: AnswerValue;
  /** Of who marked it. */
  readonly comment: string;
  /** Of a quiz. */
  readonly lessonId: string | null;
};

/** By the id of the mistake. Quizzes that no paper could ask are left out. */
export async function wrongAnswerContents(
  db: Db,
  student: User,
  mistakes: readonly WrongAnswer[],
): Promise<ReadonlyMap<string, WrongAnswerContent>> {
  const [sat, quizzes] = await Promise.all([examContents(db, mistakes), quizContents(db, student, mistakes)]);
  return new Map([...sat, ...quizzes]);
}

type RequestedRow = {
  readonly exam_id: string;
  readonly question: string;
  readonly authored: AuthoredQuestion;
  readonly passage: Passage | null;
};

async function examContents(db: Db, mistakes: readonly WrongAnswer[]): Promise<[string, WrongAnswerContent][]> {
  const sat = mistakes.flatMap(({ id, attempt_id, exam_id, question }) =>
    attempt_id === null || exam_id === null ? [] : [{ id, attemptId: attempt_id, examId: exam_id, question }],
  );
  if (sat.length === 0) return [];
  const wanted = sql`select * from unnest(${sat.map(({ examId }) => examId)}::text[], ${sat.map(({ question }) => question)}::text[])`;
  const { rows } = await sql<RequestedRow>`
    select exam_id, q -> 'question' ->> 'id' as question, q as authored,
      (select p from jsonb_array_elements(s -> 'passages') p where p ->> 'id' = q -> 'question' ->> 'passage') as passage
    from exam_packages, jsonb_array_elements(paper -> 'sections') s, jsonb_array_elements(s -> 'questions') q
    where (exam_id, q -> 'question' ->> 'id') in (${wanted})`.execute(db);
  const asked = new Map(rows.map((row) => [`${row.exam_id}.${row.question}`, row]));
  const { values, comments } = await answersToQuestions(db, sat);
  return sat.flatMap(({ id, examId, question }): [string, WrongAnswerContent][] => {
    const row = asked.get(`${examId}.${question}`);
    if (!row) return [];
    const { authored, passage } = row;
    return [[id, { authored, passage, value: values.get(id) ?? null, comment: comments.get(id) ?? "", lessonId: null }]];
  });
}

async function quizContents(
  db: Db,
  { id: userId }: User,
  mistakes: readonly WrongAnswer[],
): Promise<[string, WrongAnswerContent][]> {
  const ids = mistakes.flatMap(({ quiz_id }) => quiz_id ?? []);
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("quiz_answers")
    .innerJoin("participants", "participants.id", "quiz_answers.participant_id")
    .innerJoin("quizzes", "quizzes.id", "quiz_answers.quiz_id")
    .select(["quizzes.id", "quizzes.lesson_id", "quizzes.type", "quizzes.text", "quizzes.options", "quizzes.correct"])
    .select(["quizzes.explanation", "quiz_answers.choice"])
    .where("participants.user_id", "=", userId)
    .where("quizzes.id", "in", ids)
    .execute();
  return rows.flatMap(({ id, lesson_id, choice, ...quiz }): [string, WrongAnswerContent][] => {
    const authored = questionOfBank({ ...quiz, tags: [] }, "q");
    if (typeof authored === "string") return [];
    const value = choice === null ? null : answerOf(authored, quiz.type, choice);
    return [[id, { authored, passage: null, value, comment: "", lessonId: lesson_id }]];
  });
}

/** The choice in a quiz, as the answer to the same question of a paper. */
function answerOf({ question }: AuthoredQuestion, type: BankQuestion["type"], choice: Choice): AnswerValue {
  if (question.kind === "gaps") return { [question.gaps[0]?.id ?? ""]: String(choice) };
  if (!("options" in question)) return typeof choice === "boolean" || typeof choice === "string" ? choice : null;
  const chosen = Array.isArray(choice) ? choice.flatMap((place: number) => question.options[place]?.id ?? []) : [];
  return type === "single" ? (chosen[0] ?? null) : chosen;
}
