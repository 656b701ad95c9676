/** Verifies the audit log: computes the digests of entries again, and compares them with their checkpoints, and the checkpoints with each other. */
import type { AuditProblem, AuditVerification } from "../../../contracts/audit/audit-verification.ts";
import type { AuditCheckpoint } from "../store/audit-tables.ts";
import type { AuditRow, Db } from "../store/tables.ts";
import { chainOf, entriesOf, schoolOf } from "./chains.ts";
import { chainDigest, contentDigest, NO_DIGEST } from "./checkpoint-digest.ts";
import { isSigned, keyName } from "./checkpoint-key.ts";
import { expiryText, signedText } from "./checkpoints.ts";

/** Checkpoints that are verified with one request. */
const CHECKPOINTS_AT_ONCE = 50;

/**
 * @param schoolId null: the platform's chain @param after the number of the last checkpoint that was verified before
 * @param ownKeys public keys of the server: who has the database alone can sign with another key only
 */
export async function verifyAudit(
  db: Db,
  ownKeys: ReadonlySet<string>,
  schoolId: string | null,
  after = 0,
): Promise<AuditVerification> {
  const checkpoints = await db
    .selectFrom("audit_checkpoints")
    .selectAll()
    .where("school_id", "=", chainOf(schoolId))
    .where("number", ">=", after)
    .orderBy("number")
    .limit(CHECKPOINTS_AT_ONCE + 1)
    .execute();
  const before = checkpoints[0]?.number === after ? checkpoints[0] : null;
  const page = before ? checkpoints.slice(1) : checkpoints.slice(0, CHECKPOINTS_AT_ONCE);
  let previous = before ?? { number: after, digest: after === 0 ? NO_DIGEST : null };
  const problems: AuditProblem[] = [];
  const counts = { entries: 0, redacted: 0, expired: 0 };
  for (const checkpoint of page) {
    const rows = await entriesOf(db, schoolId, checkpoint.number);
    problems.push(
      ...checkpointProblems(checkpoint, previous, ownKeys),
      // Expired ones have no entries; where some are left, they are judged.
      ...(checkpoint.expired_at === null || rows.length > 0
        ? entryProblems(checkpoint, rows)
        : expiryProblems(checkpoint, ownKeys)),
    );
    counts.entries += rows.length;
    counts.redacted += rows.filter(({ redacted_at }) => redacted_at !== null).length;
    if (checkpoint.expired_at !== null) counts.expired++;
    previous = checkpoint;
  }
  const head = page.at(-1) ?? before;
  return {
    checkpoints: page.length,
    ...counts,
    problems,
    keys: [...new Set(page.flatMap(({ public_key }) => (public_key === "" ? [] : [keyName(public_key)])))],
    head: head && { number: head.number, digest: head.digest },
    heldSince: await oldestEntry(db, schoolId),
    next: checkpoints.length > CHECKPOINTS_AT_ONCE ? (page.at(-1)?.number ?? null) : null,
  };
}

/** The schools that have checkpoints, and null for the platform. */
export async function auditChains(db: Db): Promise<(string | null)[]> {
  const chains = await db.selectFrom("audit_checkpoints").select("school_id").distinct().orderBy("school_id").execute();
  return chains.map(({ school_id }) => schoolOf(school_id));
}

async function oldestEntry(db: Db, schoolId: string | null): Promise<string | null> {
  const entries = db.selectFrom("audit").select("at").orderBy("id").limit(1);
  const oldest = await entries.where("school_id", schoolId === null ? "is" : "=", schoolId).executeTakeFirst();
  return oldest?.at.toISOString() ?? null;
}

/** Who has the database alone can delete the entries, and say that their time was over, but cannot sign that. */
function expiryProblems(checkpoint: AuditCheckpoint, ownKeys: ReadonlySet<string>): AuditProblem[] {
  const { number, expired_at, expiry_signature: signature, expiry_key: key } = checkpoint;
  if (expired_at && signature && key && ownKeys.has(key) && isSigned(expiryText({ ...checkpoint, expired_at }), signature, key))
    return [];
  return [{ problem: "expiry", checkpoint: number, entryId: null }];
}

function checkpointProblems(
  checkpoint: AuditCheckpoint,
  previous: { readonly number: number; readonly digest: string | null },
  ownKeys: ReadonlySet<string>,
): AuditProblem[] {
  const follows =
    checkpoint.number === previous.number + 1 && (previous.digest === null || checkpoint.previous === previous.digest);
  const problem = (name: AuditProblem["problem"]) => ({ problem: name, checkpoint: checkpoint.number, entryId: null });
  return [...(follows ? [] : [problem("chain")]), ...signatureProblem(checkpoint, ownKeys).map(problem)];
}

function signatureProblem(checkpoint: AuditCheckpoint, ownKeys: ReadonlySet<string>): AuditProblem["problem"][] {
  const { signature, public_key: key } = checkpoint;
  if (signature === "") return ["unsigned"];
  if (!isSigned(signedText(checkpoint), signature, key)) return ["signature"];
  return ownKeys.has(key) ? [] : ["key"];
}

function entryProblems(checkpoint: AuditCheckpoint, rows: readonly AuditRow[]): AuditProblem[] {
  const problems: AuditProblem[] = rows
    // An erasure takes the salt along.
    .filter((row) => (row.redacted_at === null || row.salt !== null) && row.digest !== contentDigest(row, row.salt ?? ""))
    .map(({ id }) => ({ problem: "changed", checkpoint: checkpoint.number, entryId: id }));
  const digest = chainDigest(
    checkpoint.previous,
    rows.map((row) => ({ ...row, digest: row.digest ?? "" })),
  );
  if (rows.length < checkpoint.entries) problems.push({ problem: "missing", checkpoint: checkpoint.number, entryId: null });
  else if (digest !== checkpoint.digest) problems.push({ problem: "chain", checkpoint: checkpoint.number, entryId: null });
  return problems;
}
