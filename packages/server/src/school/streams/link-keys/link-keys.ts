/** Reads link keys as the media workers need them, with their secrets. */
import { sql } from "kysely";
import type { LinkKey } from "../../../access/links/link-scheme.ts";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import type { LinkKeyRow } from "../../foundation/store/link-key-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** Decrypted at once, which takes less than a millisecond. */
const ROWS_AT_ONCE = 50;

/** All keys of all schools and of the installation. A key whose secret this server cannot decrypt is left out: no link is valid by it. */
export async function readLinkKeys(db: Db, secrets: StoredSecrets): Promise<LinkKey[]> {
  const all: LinkKey[] = [];
  for (let after = ""; ; ) {
    const rows = await db.selectFrom("link_keys").selectAll().where("id", ">", after).orderBy("id").limit(ROWS_AT_ONCE).execute();
    all.push(...rows.flatMap((row) => toLinkKey(row, secrets) ?? []));
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_AT_ONCE) return all;
    after = last.id;
  }
}

/** Null: there is no such key, or this server cannot decrypt its secret. */
export async function readLinkKey(db: Db, secrets: StoredSecrets, id: string): Promise<LinkKey | null> {
  const row = await db.selectFrom("link_keys").selectAll().where("id", "=", id).executeTakeFirst();
  return row ? toLinkKey(row, secrets) : null;
}

/** Deletes the keys of a school that is deleted; media workers forget them. */
export async function deleteLinkKeys(db: Db, notices: PolicyNotices, schoolId: string): Promise<void> {
  const deleted = await db.deleteFrom("link_keys").where("school_id", "=", schoolId).returning("id").execute();
  for (const { id } of deleted) notices.policyChanged({ part: "link-key", id });
}

/** Whether a rule of a policy names the key. */
export async function isInPolicy(db: Db, keyId: string): Promise<boolean> {
  const naming = JSON.stringify([{ kind: "links", keys: [keyId] }]);
  const policy = await db
    .selectFrom("policies")
    .select("id")
    .where(sql<boolean>`rules @> ${naming}::jsonb`)
    .limit(1)
    .executeTakeFirst();
  return policy !== undefined;
}

function toLinkKey({ id, scheme, secret: stored, valid_seconds }: LinkKeyRow, secrets: StoredSecrets): LinkKey | null {
  const secret = secrets.decrypt("link_keys", id, stored);
  return secret === null ? null : { id, scheme, secret, validSeconds: valid_seconds };
}
