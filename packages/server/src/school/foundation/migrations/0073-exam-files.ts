/** Adds files that answer questions of examinations: photos of handwriting and recorded sound. Their bytes are where materials are; a deleted row leaves a note, by which they go too. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table exam_files (
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    id text not null,
    question text not null,
    size integer not null,
    hash text not null,
    received integer not null default 0,
    taken_at timestamptz not null,
    stored_id text not null unique,
    node text,
    secret_key text not null,
    type text,
    width integer,
    height integer,
    seconds double precision,
    is_late boolean not null default false,
    stored_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (attempt_id, id)
  )`,
  `create table exam_file_removals (
    stored_id text primary key,
    node text,
    failures integer not null default 0,
    due_at timestamptz not null default now()
  )`,
  "create index exam_file_removals_due on exam_file_removals (due_at)",
  `create function lectern_note_exam_file_removal() returns trigger language plpgsql as $$
    begin
      insert into exam_file_removals (stored_id, node) values (old.stored_id, old.node) on conflict do nothing;
      return null;
    end $$`,
  // Attempts are deleted in many ways, most of them by the database itself.
  `create trigger lectern_note_exam_file_removal after delete on exam_files
    for each row execute function lectern_note_exam_file_removal()`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
