/** Adds the supervision of examinations: what candidates publish, their groups with supervisors, pauses, messages and notes, and whose recordings they are. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `alter table exams
    add column supervision jsonb not null default '{"camera": "none", "screen": false, "phone": false, "keepDays": 0}',
    add column stream_name text`,
  "create unique index exams_stream on exams (stream_name)",
  `create table exam_groups (
    id text primary key,
    exam_id text not null references exams on delete cascade deferrable,
    school_id text not null references schools on delete cascade deferrable,
    name text not null,
    course_id text references courses on delete set null deferrable,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index exam_groups_exam on exam_groups (exam_id, id)",
  "create index exam_groups_school on exam_groups (school_id, id)",
  "create index exam_groups_course on exam_groups (course_id)",
  `create table exam_group_people (
    group_id text not null references exam_groups on delete cascade deferrable,
    user_id text not null references users on delete cascade deferrable,
    role text not null check (role in ('candidate', 'supervisor')),
    primary key (group_id, user_id, role)
  )`,
  "create index exam_group_people_user on exam_group_people (user_id)",
  `alter table exam_attempts
    add column group_id text references exam_groups on delete set null deferrable,
    add column paused_at timestamptz,
    add column heard_at timestamptz`,
  "create index exam_attempts_group on exam_attempts (group_id) where group_id is not null",
  `create table exam_messages (
    id text primary key,
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    text text not null,
    sender_id text references users on delete set null deferrable,
    sent_at timestamptz not null,
    seen_at timestamptz
  )`,
  "create index exam_messages_attempt on exam_messages (attempt_id, id)",
  "create index exam_messages_unseen on exam_messages (attempt_id) where seen_at is null",
  "create index exam_messages_sender on exam_messages (sender_id)",
  `create table exam_notes (
    id text primary key,
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    text text not null,
    author_id text references users on delete set null deferrable,
    written_at timestamptz not null
  )`,
  "create index exam_notes_attempt on exam_notes (attempt_id, id)",
  "create index exam_notes_author on exam_notes (author_id)",
  `create table exam_watchers (
    exam_id text not null references exams on delete cascade deferrable,
    user_id text not null references users on delete cascade deferrable,
    watched_at timestamptz not null,
    primary key (exam_id, user_id)
  )`,
  "create index exam_watchers_user on exam_watchers (user_id)",
  // Both are gone before the recording is, whose files are deleted then.
  `alter table recordings
    add column exam_id text references exams on delete set null deferrable,
    add column attempt_id text references exam_attempts on delete set null deferrable`,
  "create index recordings_exam on recordings (exam_id) where exam_id is not null",
  "create index recordings_attempt on recordings (attempt_id) where attempt_id is not null",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
