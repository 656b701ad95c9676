/** Adds which of their wrong answers students have practised and know by now, and links of learning platforms that open examinations. */
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
  `create table lti_exam_links (
    id text primary key,
    platform_id text not null references lti_platforms on delete cascade deferrable,
    deployment_id text not null,
    link_id text not null,
    exam_id text not null references exams on delete cascade deferrable,
    line_item_url text,
    line_items_url text,
    grade_scopes jsonb not null,
    scored_until timestamptz,
    score_attempts integer not null default 0,
    score_at timestamptz,
    score_error text,
    constraint lti_exam_links_link unique (platform_id, deployment_id, link_id)
  )`,
  "create index lti_exam_links_exam on lti_exam_links (exam_id)",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
