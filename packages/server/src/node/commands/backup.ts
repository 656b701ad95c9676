/** `lectern backup`, `lectern restore`, and `lectern recover`, which gives the first administrator a new password. */
import { existsSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { openLog } from "../../platform/log.ts";
import { readBackup, readBackupHead, writeBackup } from "../../platform/store/backup.ts";
import { openStore } from "../../platform/store/open-store.ts";
import { connectStore, type Store, StoreError, tableNames } from "../../platform/store/store.ts";
import { MIGRATIONS } from "../../school/migrations/index.ts";
import { encryptStoredSecrets, recoverOffline, type SchoolTables } from "../../school/school.ts";
import { callServer, openAdminSocket } from "../ipc/admin-socket.ts";
import { encryptionSecrets } from "./server-secrets.ts";

/** Backs up the running server, or the database of a stopped one. */
export async function backup(sources: ConfigSources, name: string): Promise<number> {
  const { dataDir, database } = loadConfig(sources);
  const file = resolve(name);
  if (existsSync(file)) {
    process.stderr.write(`lectern: ${file} exists already; a backup overwrites no file\n`);
    return 1;
  }
  const said =
    (await callServer(dataDir, "backup", { file })) ??
    (await whileStopped(dataDir, async () => {
      const store = await connectStore<unknown>({ url: database.url, dataDir, log: openLog("warn") });
      try {
        return await writeBackup(store.db, file);
      } finally {
        await store.close();
      }
    }));
  process.stdout.write(`${said.rows} rows written to ${file}\n`);
  return 0;
}

/** Restores into an empty database. An existing embedded database is renamed, not overwritten. */
export async function restore(sources: ConfigSources, name: string): Promise<number> {
  const config = loadConfig(sources);
  const { dataDir, database } = config;
  const file = resolve(name);
  const { migrations: wanted } = await readBackupHead(file);
  const unknown = wanted.filter((migration) => !(migration in MIGRATIONS));
  if (unknown.length > 0) throw new StoreError(`${file} was written by a newer Lectern (it has ${unknown.join(", ")})`);
  const { rows, unreadable } = await whileStopped(dataDir, async () => {
    const renamed = database.url === "" ? renameDatabase(join(dataDir, "db")) : null;
    if (renamed) process.stdout.write(`the previous database is now ${renamed}\n`);
    const options = { url: database.url, dataDir, log: openLog("warn") };
    // First with the backup's own migrations; the later ones run on the restored data.
    const then = Object.fromEntries(Object.entries(MIGRATIONS).filter(([migration]) => wanted.includes(migration)));
    const empty = await connectStore<unknown>(options);
    const full = await using(empty, async ({ db }) => (await tableNames(db)).length > 0);
    if (full) throw new StoreError("the database of database.url is not empty; restore into an empty one");
    const store = await openStore<unknown>({ ...options, migrations: then });
    const read = await using(store, ({ db }) => readBackup(db, file));
    const migrated = await openStore<SchoolTables>({ ...options, migrations: MIGRATIONS });
    const { unreadable } = await using(migrated, ({ db }) =>
      encryptStoredSecrets(db, encryptionSecrets(config), openLog("silent")),
    );
    return { ...read, unreadable };
  });
  process.stdout.write(`${rows} rows restored from ${file}\n`);
  if (unreadable > 0) process.stdout.write(unreadableWords(unreadable));
  return 0;
}

function unreadableWords(count: number): string {
  return (
    `${count} stored secrets (second factors, webhooks, sign-on providers) were encrypted by another server, and this one cannot decrypt them; ` +
    "before you start it, copy that server's dataDir/encryption-secret to this dataDir, or add its secrets.encryption or cluster.secret\n"
  );
}

export async function recover(sources: ConfigSources): Promise<number> {
  const { dataDir, database } = loadConfig(sources);
  const said =
    (await callServer(dataDir, "recover", {})) ??
    (await whileStopped(dataDir, () => recoverOffline({ url: database.url, dataDir, log: openLog("warn") })));
  process.stdout.write(`login: ${said.login}\npassword: ${said.password}\n`);
  return 0;
}

/** Works on the data directory of a stopped server. @throws InUse */
async function whileStopped<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const lock = await openAdminSocket(dataDir, null);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function using<Tables, T>(store: Store<Tables>, work: (store: Store<Tables>) => Promise<T>): Promise<T> {
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function renameDatabase(directory: string): string | null {
  if (!existsSync(directory)) return null;
  const renamed = `${directory}.before-restore-${new Date().toISOString().replace(/[:.]/g, "")}`;
  renameSync(directory, renamed);
  return renamed;
}
