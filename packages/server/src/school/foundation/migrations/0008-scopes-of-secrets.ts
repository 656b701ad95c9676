/**
 * Gives existing API keys the scopes that now guard secrets, where they could change what the secret belongs to before; keys that could only
 * read do not get them. Keys that manage people get what a student may do, because a key now needs the rights of the accounts it manages.
 */
import { type Kysely, type Migration, sql } from "kysely";
import { json } from "../../../platform/store/store.ts";

/** Keys with the first scope get the others. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  "lessons:write": ["publish-keys:write"],
  "webhooks:write": ["webhook-secrets:write"],
  "recordings:read": ["recording-links:write"],
  "people:write": ["schools:read", "people:read", "lessons:read", "recordings:read", "recording-links:write"],
};

export const scopesOfSecrets: Migration = {
  up: async (db: Kysely<unknown>) => {
    const { rows } = await sql<{ id: string; scopes: readonly string[] }>`select id, scopes from api_keys`.execute(db);
    for (const { id, scopes } of rows) {
      const all = new Set([...scopes, ...scopes.flatMap((scope) => ADDED[scope] ?? [])]);
      if (all.size > scopes.length) await sql`update api_keys set scopes = ${json([...all])} where id = ${id}`.execute(db);
    }
  },
};
