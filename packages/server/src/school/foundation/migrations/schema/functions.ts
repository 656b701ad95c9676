/** Defines the functions of the database: those of triggers, and what searches use. Triggers hold whichever process writes a row. */
export const FUNCTIONS: readonly string[] = [
  // No change can forget the time of the last one.
  `create function lectern_note_update() returns trigger language plpgsql as $$
    begin
      new.updated_at = clock_timestamp();
      return new;
    end $$`,
  // Each control process keeps what invitations show, what makes jobs and what checks texts in memory.
  `create function lectern_notify_invitations() returns trigger language plpgsql as $$
    begin
      perform pg_notify('lectern_invitations', old.id);
      return null;
    end $$`,
  `create function lectern_notify_jobs() returns trigger language plpgsql as $$
    begin
      perform pg_notify('lectern_jobs', '');
      return null;
    end $$`,
  `create function lectern_notify_text_checks() returns trigger language plpgsql as $$
    begin
      perform pg_notify('lectern_text_checks', coalesce(new.school_id, old.school_id));
      return null;
    end $$`,
  // As folded() in requests/folded.ts.
  `create function lectern_folded(value text) returns text language sql immutable parallel safe as $$
    select lower(translate(regexp_replace(normalize(value, NFD), '[\\u0300-\\u036f]', '', 'g'), 'ßøłđıØŁĐ', 'soldiold'))
  $$`,
];
