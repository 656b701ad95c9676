/**
 * Adds pictures and sound of papers, whose bytes are where materials are; how often candidates have played which; and which attempts were deleted while candidates may still have their tokens, so that workers
 * give them no key.
 */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table exam_paper_files (
    id text primary key,
    paper_id text not null references exam_papers on delete cascade deferrable,
    size integer not null,
    stored_id text not null unique,
    node text,
    secret_key text not null,
    type text not null,
    created_at timestamptz not null default now()
  )`,
  "create index exam_paper_files_paper on exam_paper_files (paper_id, id)",
  `create trigger lectern_note_exam_paper_file_removal after delete on exam_paper_files
    for each row execute function lectern_note_exam_file_removal()`,
  `create table exam_sound_plays (
    attempt_id text not null references exam_attempts on delete cascade deferrable,
    seat integer not null,
    seq integer not null,
    file text not null,
    played_at timestamptz not null,
    received_at timestamptz not null,
    primary key (attempt_id, seat, seq)
  )`,
  // Without a reference: the rows outlive what they name, until its tokens are worth nothing.
  `create table exam_deleted_attempts (
    attempt_id text primary key,
    exam_id text not null,
    deleted_at timestamptz not null default now()
  )`,
  "create index exam_deleted_attempts_exam on exam_deleted_attempts (exam_id)",
  // Attempts go in many ways. Of an examination that is deleted, or over, nobody gets a key.
  `create function lectern_note_deleted_exam_attempt() returns trigger language plpgsql as $$
    begin
      insert into exam_deleted_attempts (attempt_id, exam_id)
        select old.id, old.exam_id from exams
        where exams.id = old.exam_id and exams.deleted_at is null and exams.closes_at > now() - interval '2 days'
        on conflict do nothing;
      return null;
    end $$`,
  `create trigger lectern_note_deleted_exam_attempt after delete on exam_attempts
    for each row execute function lectern_note_deleted_exam_attempt()`,
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
