/**
 * Puts checkpoints into the audit log: each minute, what was written since becomes part of a chain of digests whose head is signed. An entry that is changed, removed or
 * slipped in afterwards breaks its chain (`verification.ts`). Each school has a chain of its own, the platform another.
 */
import { randomBytes } from "node:crypto";
import { sql, type Transaction } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import type { AuditCheckpoint } from "../store/audit-tables.ts";
import type { Database, Tables } from "../store/tables.ts";
import { regularWork } from "../work/regular-work.ts";
import type { WorkItem, WorkKind } from "../work/work-kind.ts";
import { chainDigest, contentDigest, NO_DIGEST } from "./checkpoint-digest.ts";
import { checkpointKey } from "./checkpoint-key.ts";

const EVERY_MS = 60_000;
/** Entries of one checkpoint. */
const MAX_ENTRIES = 1000;
/** The chain of what concerns no school. */
export const PLATFORM = "";

export type CheckpointOptions = {
  readonly db: Database;
  readonly log: Logger;
  /** Of the server: the first signs; none: checkpoints are made without a signature. */
  readonly secrets: () => readonly string[];
};

export function auditCheckpoints(options: CheckpointOptions): WorkKind<WorkItem> {
  return regularWork({
    name: "audit-checkpoints",
    everyMs: EVERY_MS,
    firstAfterMs: EVERY_MS,
    failure: "audit checkpoint not made, trying again",
    run: async (_, signal) => {
      await makeCheckpoints(options, signal);
    },
  });
}

/** Makes checkpoints until every entry is under one. @returns how many */
export async function makeCheckpoints({ db, log, secrets }: CheckpointOptions, signal?: AbortSignal): Promise<number> {
  let made = 0;
  for (;;) {
    const chains = await db
      .selectFrom("audit")
      .select(sql<string>`coalesce(school_id, ${PLATFORM})`.as("chain"))
      .distinct()
      .where("checkpoint", "is", null)
      .execute();
    if (chains.length === 0) return made;
    for (const { chain } of chains) {
      if (signal?.aborted) return made;
      const checkpoint = await db.transaction().execute((trx) => nextCheckpoint(trx, chain, secrets()[0] ?? null));
      if (!checkpoint) continue;
      made++;
      // The log of the service keeps what the database could lose.
      log.info(
        { school: chain, checkpoint: checkpoint.number, entries: checkpoint.entries, digest: checkpoint.digest },
        "audit checkpoint made",
      );
    }
  }
}

/** What is signed: a checkpoint says which chain it is of, and where. */
export function signedText({ school_id, number, digest }: Pick<AuditCheckpoint, "school_id" | "number" | "digest">): string {
  return `${school_id} ${number} ${digest}`;
}

async function nextCheckpoint(trx: Transaction<Tables>, chain: string, secret: string | null): Promise<AuditCheckpoint | null> {
  const last = await trx
    .selectFrom("audit_checkpoints")
    .select(["number", "digest"])
    .where("school_id", "=", chain)
    .orderBy("number", "desc")
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  const number = (last?.number ?? 0) + 1;
  const rows = await trx
    .selectFrom("audit")
    .selectAll()
    .where(sql<string>`coalesce(school_id, ${PLATFORM})`, "=", chain)
    .where("checkpoint", "is", null)
    .orderBy("id")
    .limit(MAX_ENTRIES)
    .forUpdate()
    .execute();
  if (rows.length === 0) return null;
  const entries = rows.map((row) => {
    const salt = randomBytes(16).toString("base64url");
    return { ...row, salt, digest: contentDigest(row, salt) };
  });
  await sql`update audit set checkpoint = ${number}, salt = entries.salt, digest = entries.digest
    from (select unnest(${entries.map(({ id }) => id)}::text[]) as id, unnest(${entries.map(({ salt }) => salt)}::text[]) as salt,
      unnest(${entries.map(({ digest }) => digest)}::text[]) as digest) as entries
    where audit.id = entries.id`.execute(trx);
  const previous = last?.digest ?? NO_DIGEST;
  const checkpoint = { school_id: chain, number, entries: entries.length, previous, digest: chainDigest(previous, entries) };
  const key = secret === null ? null : checkpointKey(secret);
  return await trx
    .insertInto("audit_checkpoints")
    .values({
      ...checkpoint,
      newest_at: new Date(Math.max(...rows.map(({ at }) => at.getTime()))),
      signature: key?.sign(signedText(checkpoint)) ?? "",
      public_key: key?.publicKey ?? "",
      expired_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}
