/**
 * Restores a backup on trial: by `lectern restore`, as an operator would, in a process of its own that gives way to the server. With an embedded
 * database into a folder that is deleted afterwards, with PostgreSQL into a database that is dropped.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { entryFile } from "../../platform/program.ts";

export type TrialOptions<Tables> = {
  readonly db: Kysely<Tables>;
  /** Of the database that the backup is of; empty: embedded. */
  readonly url: string;
  readonly dataDir: string;
  readonly signal: AbortSignal;
  /** Of the server, which decrypt what is in the backup. */
  readonly secrets: readonly string[];
};

/** `not-possible`: the role may not create a database for it. */
export type TrialResult = "restored" | "not-possible";

const SCRATCH = "trial-restore-";
const WITHIN_MS = 3_600_000;

/** @throws Error when the backup cannot be restored, with the reason */
export async function restoreOnTrial<Tables>(file: string, options: TrialOptions<Tables>): Promise<TrialResult> {
  const { url, dataDir, signal, secrets } = options;
  // What a killed process has left.
  for (const name of readdirSync(dataDir))
    if (name.startsWith(SCRATCH)) rmSync(join(dataDir, name), { recursive: true, force: true });
  const scratch = mkdtempSync(join(dataDir, SCRATCH));
  try {
    if (url === "") {
      await runRestore(file, scratch, "", { signal, secrets });
      return "restored";
    }
    return await inScratchDatabase(options, (scratchUrl) => runRestore(file, scratch, scratchUrl, { signal, secrets }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function inScratchDatabase<Tables>(
  { db, url }: TrialOptions<Tables>,
  use: (url: string) => Promise<void>,
): Promise<TrialResult> {
  const { rows } = await sql<{ may: boolean; name: string }>`
    select rolcreatedb or rolsuper as may, current_database() as name from pg_roles where rolname = current_user`.execute(db);
  const { may, name } = rows[0] ?? { may: false, name: "" };
  if (!may) return "not-possible";
  // The same each time: what a killed process has left is dropped by the next one.
  const scratch = `${name}_trial_restore`;
  const drop = () => sql`drop database if exists ${sql.id(scratch)} with (force)`.execute(db);
  await drop();
  // The encoding and the locale of this one.
  await sql`create database ${sql.id(scratch)} template template0`.execute(db);
  try {
    const scratchUrl = new URL(url);
    scratchUrl.pathname = `/${encodeURIComponent(scratch)}`;
    await use(scratchUrl.href);
    return "restored";
  } finally {
    await drop();
  }
}

/** So many may be configured. */
const MAX_SECRETS = 2;

function runRestore(
  file: string,
  scratch: string,
  url: string,
  { signal, secrets }: { readonly signal: AbortSignal; readonly secrets: readonly string[] },
): Promise<void> {
  // The address and the secrets are not among the arguments, which every user of the machine sees.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("LECTERN_"));
  const given = secrets.length > 0 && { LECTERN_SECRETS_ENCRYPTION: JSON.stringify(secrets.slice(0, MAX_SECRETS)) };
  const env = { ...Object.fromEntries(inherited), ...(url !== "" && { LECTERN_DATABASE_URL: url }), ...given };
  const args = [entryFile("main"), "restore", file, "--data", scratch];
  const options = { cwd: scratch, env, signal, timeout: WITHIN_MS };
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, args, options, (error, _, said) => {
      if (!error) return resolve();
      reject(
        new Error(
          said
            .trim()
            .split("\n")[0]
            ?.replace(/^lectern: /, "") || error.message,
          { cause: error },
        ),
      );
    });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  });
}
