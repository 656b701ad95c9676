/** Scheduled backups and their trial restores, on real databases. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { sql } from "kysely";
import { restoreOnTrial } from "../packages/server/src/node/backups/trial-restore.ts";
import { BackupDigest } from "../packages/server/src/platform/store/backup-file.ts";
import { connectStore } from "../packages/server/src/platform/store/store.ts";
import { MIGRATIONS } from "../packages/server/src/school/foundation/migrations/index.ts";
import { silentLog as log } from "../packages/server/src/school/foundation/store/test-database.ts";
import { startLectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { startPostgres } from "./postgres.ts";

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-scheduled-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A backup with one school, and a user of a school. */
function writeSmallBackup(file: string, userSchool: string): void {
  const digest = new BackupDigest();
  const lines = [
    { lectern: "backup", version: 2, writtenAt: "2026-11-30T00:00:00.000Z", migrations: Object.keys(MIGRATIONS) },
    { table: "schools", columns: ["id", "slug", "name", "time_zone", "guests", "admin_networks"] },
    ["s1", "s1", "School", "UTC", "true", "[]"],
    { table: "users", columns: ["id", "school_id", "login", "name", "role"] },
    ["u1", userSchool, "anna", "Anna", "student"],
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  digest.add(text, 2);
  writeFileSync(file, gzipSync(`${text}${JSON.stringify({ end: digest.end() })}\n`));
}

test("a backup is restored on trial into a database that is dropped, where the role may create one, and a bad one fails", async (t) => {
  const dataDir = folder(t);
  const postgres = await startPostgres(t);
  const { signal } = new AbortController();
  const tryOut = async (url: string, userSchool: string) => {
    const store = await connectStore<unknown>({ url, dataDir, log });
    t.after(() => store.close());
    const file = join(dataDir, "small.gz");
    writeSmallBackup(file, userSchool);
    return await restoreOnTrial(file, { db: store.db, url, dataDir, signal, secrets: [] });
  };
  const url = postgres.database();
  assert.equal(await tryOut(url, "s1"), "restored");
  await assert.rejects(tryOut(url, "s2"), /small\.gz could not be restored: .*violates foreign key/);
  assert.equal(await tryOut(postgres.ownedDatabase(), "s1"), "not-possible");
  const store = await connectStore<unknown>({ url, dataDir, log });
  t.after(() => store.close());
  const { rows } = await sql`select datname from pg_database where datname like '%trial%'`.execute(store.db);
  assert.deepEqual([rows, readdirSync(dataDir)], [[], ["small.gz"]]);
});

long(
  "a server backs up its embedded database by itself, restores it on trial, and says so in its metrics and on its page",
  async (t) => {
    const kept = folder(t);
    const server = await startLectern(t, { "backup.every": "24h", "backup.to": kept });
    const backup = async () => {
      const [{ id }] = (await done(server, "GET", "/nodes")).items;
      const { items } = await done(server, "GET", `/nodes/${id}/components`);
      return items.find(({ name }: { name: string }) => name === "backup");
    };
    await until(async () => /restored on trial/.test((await backup())?.detail ?? ""), "the trial restore");
    assert.match((await backup()).detail, /^last good backup 20.*Z, \d+ rows, \d+ bytes; restored on trial 20.*Z$/);
    assert.equal(readdirSync(kept).length, 1);
    assert.match(await (await fetch(`${server.http}/metrics`)).text(), /^lectern_backup_age_seconds \d/m);
  },
);
