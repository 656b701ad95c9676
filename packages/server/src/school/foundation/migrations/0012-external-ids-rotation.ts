/**
 * Adds for integrators: the time of the last change, ids of other systems, and credentials that are being rotated. A trigger notes the time, so that
 * no change can forget it.
 */
import { type Kysely, type Migration, sql } from "kysely";

const NOTED = ["users", "courses", "lessons", "recordings"];
const WITH_EXTERNAL_ID = ["users", "courses", "lessons"];

const STATEMENTS = [
  `create function lectern_note_update() returns trigger language plpgsql as $$
    begin
      new.updated_at = clock_timestamp();
      return new;
    end
  $$`,
  // Milliseconds, as in the API: a cursor names a row's exact place.
  ...NOTED.flatMap((table) => [
    `alter table ${table} add column updated_at timestamptz(3) not null default now()`,
    `create index ${table}_by_update on ${table} (school_id, updated_at, id)`,
    `create trigger ${table}_updated before update on ${table} for each row execute function lectern_note_update()`,
  ]),
  ...WITH_EXTERNAL_ID.flatMap((table) => [
    `alter table ${table} add column external_id text`,
    `create unique index ${table}_external on ${table} (school_id, external_id)`,
  ]),
  `alter table api_keys
    add column previous_hash text unique,
    add column previous_until timestamptz,
    add column requests_per_minute integer`,
  `alter table webhooks
    add column previous_secret text,
    add column previous_until timestamptz`,
];

export const externalIdsRotation: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
