/** Notifies every control process of changes of what invitations show: each keeps invitations in memory. Any writer fires the triggers. */
import { type Kysely, type Migration, sql } from "kysely";

const SHOWN = {
  lessons: "update of school_id, title, code, state, starts_at, ends_at, started_at, guests, teacher_id, deleted_at or delete",
  schools: "update of name, guest_consent, archived_at or delete",
  users: "update of name or delete",
} as const;

export const noticesOfInvitations: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql
      .raw(`
        create function lectern_notify_invitations() returns trigger language plpgsql as $$
        begin
          perform pg_notify('lectern_invitations', old.id);
          return null;
        end $$`)
      .execute(db);
    for (const [table, events] of Object.entries(SHOWN))
      await sql
        .raw(
          `create trigger lectern_notify_invitations after ${events} on ${table} for each row execute function lectern_notify_invitations()`,
        )
        .execute(db);
  },
};
