/** `lectern backup` and `lectern restore`, and `lectern recover`, which gives the first administrator a new password. */
import { existsSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { openLog } from "../../platform/log.ts";
import { readBackup, readBackupHead, writeBackup } from "../../platform/store/backup.ts";
import { openStore } from "../../platform/store/open-store.ts";
import { connectStore, type Store, StoreError, tableNames } from "../../platform/store/store.ts";
import { MIGRATIONS } from "../../school/migrations/index.ts";
import { recoverOffline } from "../../school/school.ts";
import { callServer, openAdminSocket } from "../ipc/admin-socket.ts";

/** Of the server that runs, or of the database that lies there. */
export async function backup(sources: ConfigSources, name: string): Promise<number> {
  const { dataDir, database } = loadConfig(sources);
  const file = resolve(name);
  if (existsSync(file)) {
    process.stderr.write(`lectern: ${file} is there already; a backup overwrites nothing\n`);
    return 1;
  }
  const said =
    (await callServer(dataDir, "backup", { file })) ??
    (await alone(dataDir, async () => {
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

/** Into a database that is empty. The embedded one that was there is put aside, not overwritten. */
export async function restore(sources: ConfigSources, name: string): Promise<number> {
  const { dataDir, database } = loadConfig(sources);
  const file = resolve(name);
  const { migrations: wanted } = await readBackupHead(file);
  const unknown = wanted.filter((migration) => !(migration in MIGRATIONS));
  if (unknown.length > 0) throw new StoreError(`${file} was written by a newer Lectern (it has ${unknown.join(", ")})`);
  const rows = await alone(dataDir, async () => {
    const aside = database.url === "" ? putAside(join(dataDir, "db")) : null;
    if (aside) process.stdout.write(`the database that was there is now ${aside}\n`);
    const options = { url: database.url, dataDir, log: openLog("warn") };
    // At the backup's own state first; what has been added since is brought up to date afterwards.
    const then = Object.fromEntries(Object.entries(MIGRATIONS).filter(([migration]) => wanted.includes(migration)));
    const empty = await connectStore<unknown>(options);
    const full = await using(empty, async ({ db }) => (await tableNames(db)).length > 0);
    if (full) throw new StoreError("the database of database.url is not empty; give an empty one to restore into");
    const store = await openStore<unknown>({ ...options, migrations: then });
    const read = await using(store, ({ db }) => readBackup(db, file));
    await (await openStore<unknown>({ ...options, migrations: MIGRATIONS })).close();
    return read.rows;
  });
  process.stdout.write(`${rows} rows restored from ${file}\n`);
  return 0;
}

export async function recover(sources: ConfigSources): Promise<number> {
  const { dataDir, database } = loadConfig(sources);
  const said =
    (await callServer(dataDir, "recover", {})) ??
    (await alone(dataDir, () => recoverOffline({ url: database.url, dataDir, log: openLog("warn") })));
  process.stdout.write(`login: ${said.login}\npassword: ${said.password}\n`);
  return 0;
}

/** While no server has the data directory. @throws InUse */
async function alone<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const door = await openAdminSocket(dataDir, null);
  try {
    return await work();
  } finally {
    door.close();
  }
}

async function using<T>(store: Store<unknown>, work: (store: Store<unknown>) => Promise<T>): Promise<T> {
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function putAside(directory: string): string | null {
  if (!existsSync(directory)) return null;
  const aside = `${directory}.before-restore-${new Date().toISOString().replace(/[:.]/g, "")}`;
  renameSync(directory, aside);
  return aside;
}
