/** Provides the answers of a lesson as a table: a row for each person, a column for each quiz. Anonymous quizzes have no column. */

import type { Choice } from "@lectern/room";
import type { CsvColumn } from "../../foundation/requests/csv.ts";
import type { Quiz } from "../../foundation/store/quiz-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { isOptionIndexes } from "./question.ts";

type StoredChoice = { readonly choice: Choice | null; readonly is_correct: boolean | null };
type PersonRow = {
  readonly id: string;
  readonly user_id: string | null;
  readonly external_id: string | null;
  readonly name: string;
  readonly role: string;
  /** By quiz. */
  readonly answers: ReadonlyMap<string, StoredChoice>;
};

type QuizTablePage = {
  readonly columns: readonly CsvColumn<PersonRow>[];
  readonly rows: readonly PersonRow[];
  /** Null: the last page. */
  readonly next: string | null;
};

const LEARNERS = ["student", "supervisor", "guest"] as const;

/** People who learn in the lesson, and others who answered. */
export async function readQuizTable(
  db: Db,
  lessonId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<QuizTablePage> {
  const quizzes = await db
    .selectFrom("quizzes")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("anonymous", "=", false)
    .orderBy("id")
    .execute();
  const found = await db
    .selectFrom("participants")
    .leftJoin("users", "users.id", "participants.user_id")
    .select(["participants.id", "participants.user_id", "users.external_id", "participants.name", "participants.role"])
    .where("participants.lesson_id", "=", lessonId)
    .where("participants.waiting_since", "is", null)
    .where("participants.id", ">", after)
    .where(({ or, eb, exists, selectFrom }) =>
      or([
        eb("participants.role", "in", LEARNERS),
        exists(selectFrom("quiz_answers").select("quiz_id").whereRef("participant_id", "=", "participants.id")),
      ]),
    )
    .orderBy("participants.id")
    .limit(limit + 1)
    .execute();
  const people = found.slice(0, limit);
  const answers = await readAnswers(db, lessonId, after, people.at(-1)?.id ?? "");
  const rows = people.map((person) => ({ ...person, answers: answers.get(person.id) ?? new Map<string, StoredChoice>() }));
  return { columns: columnsOf(quizzes), rows, next: found.length > limit ? (people.at(-1)?.id ?? null) : null };
}

/** By participant and quiz. */
async function readAnswers(
  db: Db,
  lessonId: string,
  after: string,
  until: string,
): Promise<Map<string, Map<string, StoredChoice>>> {
  const given = await db
    .selectFrom("quiz_answers")
    .innerJoin("quizzes", "quizzes.id", "quiz_answers.quiz_id")
    .select(["quiz_id", "participant_id", "choice", "is_correct"])
    .where("lesson_id", "=", lessonId)
    .where("anonymous", "=", false)
    .where("participant_id", ">", after)
    .where("participant_id", "<=", until)
    .execute();
  const answers = new Map<string, Map<string, StoredChoice>>();
  for (const { quiz_id, participant_id, ...one } of given) {
    const own = answers.get(participant_id) ?? new Map<string, StoredChoice>();
    answers.set(participant_id, own.set(quiz_id, one));
  }
  return answers;
}

function columnsOf(quizzes: readonly Quiz[]): CsvColumn<PersonRow>[] {
  return [
    { name: "participantId", valueOf: ({ id }) => id },
    { name: "userId", valueOf: ({ user_id }) => user_id },
    { name: "externalId", valueOf: ({ external_id }) => external_id },
    { name: "name", valueOf: ({ name }) => name },
    { name: "role", valueOf: ({ role }) => role },
    ...quizzes.map((quiz, i) => ({
      name: `${i + 1}. ${quiz.text}`.trimEnd(),
      valueOf: ({ answers }: PersonRow) => choiceText(quiz, answers.get(quiz.id)?.choice ?? null),
    })),
    { name: "answered", valueOf: ({ answers }) => answers.size },
    { name: "correct", valueOf: ({ answers }) => [...answers.values()].filter(({ is_correct }) => is_correct).length },
  ];
}

function choiceText({ options }: Quiz, choice: Choice | null): string | number | null {
  if (isOptionIndexes(choice)) return choice.map((place) => options[place] ?? "").join("; ");
  return typeof choice === "boolean" ? String(choice) : choice;
}
