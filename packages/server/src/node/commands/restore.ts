/**
 * Runs `lectern restore`: restores a backup into an empty database. An embedded database is made beside the one that is there, and takes its place
 * when it is complete; whatever fails before leaves the old one where it is.
 */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import type { Config } from "../../platform/config/schema.ts";
import { openLog } from "../../platform/log.ts";
import { migrationsOfBackup, restoreBackup } from "../../platform/store/restore.ts";
import { type ConnectOptions, connectStore } from "../../platform/store/store.ts";
import { MIGRATIONS } from "../../school/foundation/migrations/index.ts";
import { assertDataKeys, encryptStoredSecrets, type SchoolTables } from "../../school/school.ts";
import { whileStopped } from "../ipc/admin-socket.ts";
import { encryptionSecrets, knownEncryptionSecrets } from "./server-secrets.ts";

/** The folder below dataDir of a database that is being restored. */
const UNFINISHED = "restoring-";

export async function restore(sources: ConfigSources, name: string): Promise<number> {
  const config = loadConfig(sources);
  const file = resolve(name);
  await migrationsOfBackup(file, MIGRATIONS);
  const { url } = config.database;
  const { rows, unreadable } = await whileStopped(config.dataDir, () =>
    url === "" ? restoreEmbedded(config, file) : restoreInto({ url, dataDir: config.dataDir, log: openLog("warn") }, config, file),
  );
  process.stdout.write(`${rows} rows restored from ${file}\n`);
  if (unreadable > 0) process.stdout.write(unreadableWords(unreadable));
  return 0;
}

type Restored = { readonly rows: number; readonly unreadable: number };

async function restoreEmbedded(config: Config, file: string): Promise<Restored> {
  const { dataDir } = config;
  for (const name of readdirSync(dataDir))
    if (name.startsWith(UNFINISHED)) rmSync(join(dataDir, name), { recursive: true, force: true });
  const beside = join(dataDir, `${UNFINISHED}${process.pid}`);
  try {
    const restored = await restoreInto({ url: "", dataDir: beside, log: openLog("warn") }, config, file);
    const previous = replaceDirectory(join(dataDir, "db"), join(beside, "db"));
    if (previous) process.stdout.write(`the previous database is now ${previous}\n`);
    return restored;
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

async function restoreInto(options: ConnectOptions, config: Config, file: string): Promise<Restored> {
  const store = await connectStore<SchoolTables>(options);
  try {
    const { rows } = await restoreBackup(store, file, MIGRATIONS, (trx) => assertDataKeys(trx, knownEncryptionSecrets(config)));
    const { unreadable } = await encryptStoredSecrets(store.db, encryptionSecrets(config), openLog("silent"));
    return { rows, unreadable };
  } finally {
    await store.close();
  }
}

/** Renames the directory that is there, and moves the new one to its place. Gives the old one's new name; null where there was none. */
function replaceDirectory(directory: string, complete: string): string | null {
  if (!existsSync(directory)) {
    renameSync(complete, directory);
    return null;
  }
  const renamed = `${directory}.before-restore-${new Date().toISOString().replace(/[:.]/g, "")}`;
  renameSync(directory, renamed);
  try {
    renameSync(complete, directory);
  } catch (error) {
    renameSync(renamed, directory);
    throw error;
  }
  return renamed;
}

function unreadableWords(count: number): string {
  return (
    `${count} stored secrets (second factors, webhooks, sign-on providers) were encrypted by another server, and this one cannot decrypt them; ` +
    "before you start it, copy that server's dataDir/encryption-secret to this dataDir, or add its secrets.encryption or cluster.secret\n"
  );
}
