/** Adds which of their mistakes students have practised, and which they know by now. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table practised_wrong_answers (
    user_id text not null references users on delete cascade deferrable,
    wrong_answer text not null,
    attempt_id text references exam_attempts on delete cascade deferrable,
    quiz_id text references quizzes on delete cascade deferrable,
    rights integer not null,
    practised_at timestamptz,
    known_at timestamptz,
    primary key (user_id, wrong_answer)
  )`,
  "create index practised_wrong_answers_attempt on practised_wrong_answers (attempt_id) where attempt_id is not null",
  "create index practised_wrong_answers_quiz on practised_wrong_answers (quiz_id) where quiz_id is not null",
];

export const practisedWrongAnswers: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
