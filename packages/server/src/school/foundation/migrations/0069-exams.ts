/** Adds papers, examinations, and the attempts of candidates with what they answered, what was noted, and what they reached. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table exam_papers (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    course_id text references courses on delete set null deferrable,
    title text not null,
    content jsonb not null,
    questions integer not null,
    points double precision not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index exam_papers_school on exam_papers (school_id, id)",
  "create index exam_papers_course on exam_papers (course_id)",
  `create table exams (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    course_id text references courses on delete set null deferrable,
    paper_id text references exam_papers on delete set null deferrable,
    title text not null,
    code text not null unique,
    opens_at timestamptz not null,
    closes_at timestamptz not null,
    latest_entry_at timestamptz,
    seconds integer not null,
    attempts integer not null default 1,
    guests boolean not null default false,
    secret_access_code text not null default '',
    practice boolean not null default false,
    facts jsonb not null,
    offline_seconds integer not null default 1200,
    results_shown text not null default 'score' check (results_shown in ('score', 'answers', 'explanations')),
    published_at timestamptz,
    released_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index exams_school on exams (school_id, id)",
  "create index exams_course on exams (course_id)",
  "create index exams_paper on exams (paper_id)",
  // What is running or begins soon is asked for by its times.
  "create index exams_deleted on exams (deleted_at) where deleted_at is not null",
  "create index exams_closing on exams (closes_at) where published_at is not null",
  `create table exam_packages (
    exam_id text primary key references exams on delete cascade deferrable,
    paper jsonb not null,
    hash text not null,
    bytes bytea not null,
    secret_key text not null
  )`,
  // They are encrypted, and cannot be made smaller.
  "alter table exam_packages alter column bytes set storage external",
  `create table exam_regrades (
    id text primary key,
    exam_id text not null references exams on delete cascade deferrable,
    question text not null,
    solution_before jsonb not null,
    solution jsonb not null,
    changed_by text references users on delete set null deferrable,
    changed_at timestamptz not null default now()
  )`,
  "create index exam_regrades_exam on exam_regrades (exam_id, id)",
  "create index exam_regrades_person on exam_regrades (changed_by)",
  `create table exam_attempts (
    id text primary key,
    exam_id text not null references exams on delete cascade deferrable,
    school_id text not null references schools on delete cascade deferrable,
    user_id text references users on delete cascade deferrable,
    number integer not null default 1,
    name text not null,
    seat integer not null default 1,
    seed integer not null,
    entered_at timestamptz not null default now(),
    started_at timestamptz,
    ends_at timestamptz,
    extra_seconds integer not null default 0,
    handed_in_at timestamptz,
    handed_in_by text check (handed_in_by in ('candidate', 'time', 'supervisor')),
    grade_due_at timestamptz,
    graded_at timestamptz,
    points double precision,
    points_of double precision,
    waiting integer,
    questions jsonb,
    erased_at timestamptz,
    regrade_id text references exam_regrades on delete set null deferrable
  )`,
  "create unique index exam_attempts_person on exam_attempts (exam_id, user_id, number)",
  "create index exam_attempts_exam on exam_attempts (exam_id, id)",
  "create index exam_attempts_school on exam_attempts (school_id)",
  "create index exam_attempts_user on exam_attempts (user_id)",
  "create index exam_attempts_ending on exam_attempts (ends_at) where handed_in_at is null and ends_at is not null",
  "create index exam_attempts_grading on exam_attempts (grade_due_at) where grade_due_at is not null",
  // A batch is of one examination.
  "create index exam_attempts_batch on exam_attempts (exam_id, id) where grade_due_at is not null",
  "create index exam_attempts_waiting on exam_attempts (exam_id, id) where waiting > 0",
  "create index exam_attempts_regrade on exam_attempts (regrade_id) where regrade_id is not null",
  `create table exam_answers (
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    seat integer not null,
    seq integer not null,
    question text not null,
    value jsonb not null,
    is_marked boolean not null default false,
    written_at timestamptz not null,
    received_at timestamptz not null,
    is_late boolean not null default false,
    primary key (attempt_id, seat, seq)
  )`,
  `create table exam_facts (
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    seat integer not null,
    seq integer not null,
    fact text not null,
    detail text not null default '',
    written_at timestamptz not null,
    received_at timestamptz not null,
    primary key (attempt_id, seat, seq)
  )`,
  `create table exam_marks (
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    question text not null,
    marker_id text references users on delete set null deferrable,
    points double precision not null,
    comment text not null default '',
    marked_at timestamptz not null,
    primary key (attempt_id, question)
  )`,
  "create index exam_marks_marker on exam_marks (marker_id)",
  `create table exam_score_changes (
    regrade_id text not null references exam_regrades on delete cascade deferrable,
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    points_before double precision not null,
    points double precision not null,
    changed_at timestamptz not null,
    primary key (regrade_id, attempt_id)
  )`,
  "create index exam_score_changes_attempt on exam_score_changes (attempt_id)",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
