/** Runs `lectern audit verify`: proves that the audit log of the running server was not changed since its checkpoints, by the admin socket. */
import type { AuditProblem, AuditVerification } from "../../contracts/audit/audit-verification.ts";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { callServer } from "../ipc/admin-socket.ts";
import { writeTable } from "./table.ts";

type Verified = Omit<AuditVerification, "next"> & {
  /** Null: what concerns no school. */
  readonly schoolId: string | null;
};

const WORDS: Readonly<Record<AuditProblem["problem"], string>> = {
  changed: "does not say what it said then",
  missing: "has entries that are gone",
  chain: "does not follow the checkpoint before it, or is made of other entries",
  signature: "was not signed with the key that it names",
  key: "was signed with a key that none of the server's secrets gives",
  unsigned: "is not signed: the server had no secret",
  expiry: "has no entries any more, and the server has not signed that their time was over",
};

/** Exit code 1: a problem was found, or no server runs. */
export async function verifyAuditCommand(sources: ConfigSources, json: boolean): Promise<number> {
  const { dataDir } = loadConfig(sources);
  const chains = await callServer(dataDir, "auditChains", {});
  if (!chains) {
    process.stderr.write(`lectern: no server runs with ${dataDir}\n`);
    return 1;
  }
  const verified: Verified[] = [];
  for (const schoolId of chains) verified.push(await verifyChain(dataDir, schoolId));
  if (json) process.stdout.write(`${JSON.stringify(verified, null, 2)}\n`);
  else print(verified);
  return verified.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

async function verifyChain(dataDir: string, schoolId: string | null): Promise<Verified> {
  const sum = { checkpoints: 0, entries: 0, redacted: 0, expired: 0 };
  const problems: AuditProblem[] = [];
  const keys = new Set<string>();
  let head: AuditVerification["head"] = null;
  let heldSince: AuditVerification["heldSince"] = null;
  for (let after: number | null = 0; after !== null; ) {
    const page: AuditVerification | null = await callServer(dataDir, "verifyAudit", { schoolId, after });
    if (!page) throw new Error("the server has ended");
    for (const name of ["checkpoints", "entries", "redacted", "expired"] as const) sum[name] += page[name];
    problems.push(...page.problems);
    for (const key of page.keys) keys.add(key);
    head = page.head;
    heldSince = page.heldSince;
    after = page.next;
  }
  return { schoolId, ...sum, problems, keys: [...keys], head, heldSince };
}

function print(verified: readonly Verified[]): void {
  const nameOf = ({ schoolId }: Verified) => schoolId ?? "(platform)";
  const rows = verified.map((one) => [
    nameOf(one),
    String(one.checkpoints),
    String(one.entries),
    String(one.redacted),
    String(one.expired),
    String(one.problems.length),
    one.heldSince ?? "-",
    one.head?.digest ?? "-",
  ]);
  writeTable([["SCHOOL", "CHECKPOINTS", "ENTRIES", "ERASED", "EXPIRED", "PROBLEMS", "HELD SINCE", "HEAD"], ...rows]);
  for (const one of verified)
    for (const { problem, checkpoint, entryId } of one.problems)
      process.stdout.write(
        `${nameOf(one)}: ${entryId === null ? `checkpoint ${checkpoint}` : `entry ${entryId} of checkpoint ${checkpoint}`} ${WORDS[problem]}\n`,
      );
}
