/** Adds the accent colour and the logo of a school, and a form of texts in which searches find them without accents and capitals. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table schools add column accent text",
  // Names the picture in its address; null: there is none.
  "alter table schools add column logo text",
  `create table school_logos (
    school_id text primary key references schools (id) on delete cascade,
    type text not null,
    image text not null
  )`,
  // Invitations show both.
  "drop trigger lectern_notify_invitations on schools",
  `create trigger lectern_notify_invitations after update of name, guest_consent, archived_at, accent, logo or delete on schools
    for each row execute function lectern_notify_invitations()`,
  // As folded() in requests/folded.ts.
  `create function lectern_folded(value text) returns text language sql immutable parallel safe as $$
    select lower(translate(regexp_replace(normalize(value, NFD), '[\\u0300-\\u036f]', '', 'g'), 'ßøłđıØŁĐ', 'soldiold'))
  $$`,
];

export const appearance: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
