/** Finds out whether an address list is in use. */
import { sql } from "kysely";
import { LIST_PREFIX } from "../../foundation/requests/network.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** Whether the rules of any policy name a list. */
export async function isListNamed(db: Db, listId: string): Promise<boolean> {
  const naming = (field: "allow" | "deny") => JSON.stringify([{ kind: "addresses", [field]: [LIST_PREFIX + listId] }]);
  const policy = await db
    .selectFrom("policies")
    .select("id")
    .where(sql<boolean>`rules @> ${naming("allow")}::jsonb or rules @> ${naming("deny")}::jsonb`)
    .limit(1)
    .executeTakeFirst();
  return policy !== undefined;
}
