/** Runs `lectern backup`, `lectern backup --check`, and `lectern recover`, which gives the first administrator a new password. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { openLog } from "../../platform/log.ts";
import { writeBackup } from "../../platform/store/backup.ts";
import { checkBackup } from "../../platform/store/backup-file.ts";
import { migrationsOfBackup } from "../../platform/store/restore.ts";
import { connectStore } from "../../platform/store/store.ts";
import { MIGRATIONS } from "../../school/foundation/migrations/index.ts";
import { neededSecrets, recoverOffline, type SchoolTables, secretOfDataKey } from "../../school/school.ts";
import { callServer, whileStopped } from "../ipc/admin-socket.ts";

const DATA_KEYS = "data_keys";

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
      const store = await connectStore<SchoolTables>({ url: database.url, dataDir, log: openLog("warn") });
      try {
        return { ...(await writeBackup(store.db, file)), secrets: await neededSecrets(store.db) };
      } finally {
        await store.close();
      }
    }));
  process.stdout.write(`${said.rows} rows written to ${file}\n`);
  sayNeeded(said.secrets);
  return 0;
}

/** Reads a whole backup, and prints what it has. @throws StoreError when it cannot be restored */
export async function check(name: string, json: boolean): Promise<number> {
  const file = resolve(name);
  await migrationsOfBackup(file, MIGRATIONS);
  const needed = new Set<string>();
  const { head, rows, tables } = await checkBackup(file, (table, columns, cells) => {
    if (table === DATA_KEYS) needed.add(secretOfDataKey(String(JSON.parse(cells)[columns.indexOf("wrapped")])));
  });
  const secrets = [...needed];
  const schema = head.migrations.at(-1) ?? "";
  if (json) {
    const { version, writtenAt } = head;
    process.stdout.write(
      `${JSON.stringify({ file, version, writtenAt, schema, rows, secrets, tables: Object.fromEntries(tables) })}\n`,
    );
    return 0;
  }
  const width = String(Math.max(0, ...tables.values())).length;
  for (const [table, count] of tables) process.stdout.write(`${String(count).padStart(width)}  ${table}\n`);
  process.stdout.write(
    `${file}: complete, written at ${head.writtenAt}; ${rows} rows in ${tables.size} tables, schema ${schema}\n`,
  );
  sayNeeded(secrets);
  return 0;
}

export async function recover(sources: ConfigSources): Promise<number> {
  const { dataDir, database } = loadConfig(sources);
  const said =
    (await callServer(dataDir, "recover", {})) ??
    (await whileStopped(dataDir, () => recoverOffline({ url: database.url, dataDir, log: openLog("warn") })));
  process.stdout.write(`login: ${said.login}\npassword: ${said.password}\n`);
  return 0;
}

/** @param secrets that data keys in the backup are encrypted by */
function sayNeeded(secrets: readonly string[]): void {
  for (const name of secrets)
    process.stdout.write(
      `the data of people in it is encrypted: to restore it, a server needs the secret ${name} (dataDir/encryption-secret, secrets.encryption or cluster.secret); it is not in the backup\n`,
    );
}
