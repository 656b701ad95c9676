/** Adds votes for questions of rooms, and gives API keys the scopes of rooms where they manage accounts, which now have them. */
import { type Kysely, type Migration, sql } from "kysely";
import { json } from "../../../platform/store/store.ts";

const TABLE = `create table question_votes (
  lesson_id text not null references lessons (id) on delete cascade,
  question text not null,
  participant text not null,
  primary key (lesson_id, question, participant)
)`;

/** What a key needed to manage accounts of students: every account has the new scopes too. */
const MEMBER = ["schools:read", "people:read", "people:write", "lessons:read", "recordings:read", "recording-links:write"];
const ADDED = ["rooms:read", "rooms:write"];

export const questionVotes: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql.raw(TABLE).execute(db);
    const { rows } = await sql<{ id: string; scopes: readonly string[] }>`select id, scopes from api_keys`.execute(db);
    for (const { id, scopes } of rows)
      if (MEMBER.every((scope) => scopes.includes(scope)))
        await sql`update api_keys set scopes = ${json([...new Set([...scopes, ...ADDED])])} where id = ${id}`.execute(db);
  },
};
