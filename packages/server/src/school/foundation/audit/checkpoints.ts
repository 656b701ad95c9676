/**
 * Puts checkpoints into the audit log: each minute, what was written since becomes part of a chain of digests whose head is signed. An entry that is changed, removed or
 * slipped in afterwards breaks its chain (`verification.ts`). Each school has a chain of its own, the platform another.
 */
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { sql, type Transaction } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import type { AuditCheckpoint } from "../store/audit-tables.ts";
import type { Database, Tables } from "../store/tables.ts";
import { regularWork } from "../work/regular-work.ts";
import type { WorkItem, WorkKind } from "../work/work-kind.ts";
import { chainOf } from "./chains.ts";
import { chainDigest, contentDigest, NO_DIGEST } from "./checkpoint-digest.ts";
import { checkpointKey } from "./checkpoint-key.ts";

const EVERY_MS = 60_000;
/** After each checkpoint: a log from before has thousands. */
const REST_MS = 10;
/** Entries of one checkpoint. */
const MAX_ENTRIES = 1000;

export type CheckpointOptions = {
  readonly db: Database;
  readonly log: Logger;
  /** Of the server: the first signs; none: checkpoints are made without a signature. */
  readonly secrets: () => readonly string[];
  /** Called when some were made. */
  readonly onMade?: () => void;
};

export function auditCheckpoints(options: CheckpointOptions): WorkKind<WorkItem> {
  return regularWork({
    name: "audit-checkpoints",
    everyMs: EVERY_MS,
    firstAfterMs: EVERY_MS,
    failure: "audit checkpoint not made, trying again",
    run: async (_, signal) => {
      if ((await makeCheckpoints(options, signal)) > 0) options.onMade?.();
    },
  });
}

/** Makes checkpoints until every entry is under one. @returns how many */
export async function makeCheckpoints({ db, log, secrets }: CheckpointOptions, signal?: AbortSignal): Promise<number> {
  const chains = await db.selectFrom("audit").select("school_id").distinct().where("checkpoint", "is", null).execute();
  let made = 0;
  for (const { school_id: schoolId } of chains)
    while (!signal?.aborted) {
      const checkpoint = await db.transaction().execute((trx) => nextCheckpoint(trx, schoolId, secrets()[0] ?? null));
      if (!checkpoint) break;
      made++;
      const { number, entries, digest } = checkpoint;
      // The log of the service keeps what the database could lose.
      log.info({ school: schoolId, checkpoint: number, entries, digest }, "audit checkpoint made");
      // The embedded database serves others in between.
      await setTimeout(REST_MS);
    }
  return made;
}

type Signed = Pick<AuditCheckpoint, "school_id" | "number" | "entries" | "newest_at" | "digest">;

/** What is signed: which chain a checkpoint is of, where, and what of. */
export function signedText({ school_id, number, entries, newest_at, digest }: Signed): string {
  return `${school_id} ${number} ${entries} ${newest_at.toISOString()} ${digest}`;
}

/** What is signed when the entries of a checkpoint are deleted. */
export function expiryText(of: Pick<AuditCheckpoint, "school_id" | "number" | "digest"> & { readonly expired_at: Date }): string {
  return `${of.school_id} ${of.number} ${of.digest} expired ${of.expired_at.toISOString()}`;
}

async function nextCheckpoint(
  trx: Transaction<Tables>,
  schoolId: string | null,
  secret: string | null,
): Promise<AuditCheckpoint | null> {
  const chain = chainOf(schoolId);
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
    .where("school_id", schoolId === null ? "is" : "=", schoolId)
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
  const checkpoint = {
    school_id: chain,
    number,
    entries: entries.length,
    newest_at: new Date(Math.max(...rows.map(({ at }) => at.getTime()))),
    previous,
    digest: chainDigest(previous, entries),
  };
  const key = secret === null ? null : checkpointKey(secret);
  return await trx
    .insertInto("audit_checkpoints")
    .values({
      ...checkpoint,
      signature: key?.sign(signedText(checkpoint)) ?? "",
      public_key: key?.publicKey ?? "",
      expired_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}
