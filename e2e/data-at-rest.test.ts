/**
 * What is encrypted on the disk, and what is not: every column of every table is filled from the schema, and what is readable afterwards must be
 * stated so by its table (`access/privacy.ts`), and what is of people by docs/security.md; a server's folder is searched for what people said.
 * Rotation, a wrong secret, and a key management service that lies. Shares a process.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import type { Kysely } from "kysely";
import { newId } from "../packages/server/src/platform/id.ts";
import { openDataEncryption } from "../packages/server/src/school/foundation/encryption/data-encryption.ts";
import { DataKeys } from "../packages/server/src/school/foundation/encryption/data-keys.ts";
import { REENCRYPTION, reencrypt } from "../packages/server/src/school/foundation/encryption/reencryption.ts";
import { PROTECTED_COLUMNS } from "../packages/server/src/school/foundation/store/protected-columns.ts";
import { StoredSecrets } from "../packages/server/src/school/foundation/store/stored-secrets.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";
import { insertSchool, insertUser, silentLog } from "../packages/server/src/school/foundation/store/test-database.ts";
import { soleItem } from "../packages/server/src/school/foundation/work/work-kind.ts";
import { clip } from "./clips.ts";
import { everyRow, fillEveryTable } from "./every-table.ts";
import { ffmpegDone, frames } from "./ffmpeg.ts";
import { spawnLectern, startLectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { MAIN } from "./program.ts";
import { onEachDatabase } from "./school-databases.ts";
import { statedOf, tablePrivacy } from "./table-privacy.ts";

const SECRET = "a secret of the server";
/** So fast a new key is known to all. */
const SPREAD_MS = 3000;
const ROOT = join(import.meta.dirname, "..");
const run = promisify(execFile);

onEachDatabase((_, openStore) => {
  test("every protected column is encrypted, and every other one that has data of people is stated and documented", async (t) => {
    const store = await openStore();
    t.after(() => store.close());
    const { db } = store;
    await fillEveryTable(db);
    const before = await marksIn(db);
    // They are no keys.
    await db.deleteFrom("data_keys").execute();
    const encryption = await openDataEncryption(store, { atRest: true, secrets: () => [SECRET], log: silentLog });
    const keys = new DataKeys({ db, storedSecrets: new StoredSecrets(() => [SECRET], silentLog), log: silentLog, spreadMs: 0 });
    await reencrypt({ db, keys, encrypts: () => true, log: silentLog }, Date.now());
    encryption.close();
    const after = await marksIn(db);
    for (const { table, column } of PROTECTED_COLUMNS) {
      const name = `${table}.${column}`;
      assert.ok(before.has(name), `${name} was not there`);
      assert.ok(!after.has(name), `${name} is readable`);
    }
    const stated = tablePrivacy();
    const wordOf = (name: string) => statedOf(stated, "atRest", name);
    assert.deepEqual([...after].filter((name) => [undefined, "encrypted"].includes(wordOf(name))).sort(), []);
    // The document names each column of people.
    const told = documented();
    for (const { table, column } of PROTECTED_COLUMNS)
      assert.ok(told.protected.includes(`\`${table}.${column}\``), `${table}.${column}`);
    const personal = [...after].filter((name) => wordOf(name) === "personal");
    assert.ok(personal.length >= 20, `${personal.length} columns of people`);
    for (const name of personal) assert.ok(told.readable.includes(`\`${name}\``), name);
  });

  test("while two control processes write, a rotation loses no value, and both read what the other has written", async (t) => {
    const store = await openStore();
    t.after(() => store.close());
    // Of one database, as two processes have it. The embedded one has one process.
    const options = { atRest: true, secrets: () => [SECRET], log: silentLog, spreadMs: SPREAD_MS };
    const first = await openDataEncryption(store, options);
    const second = store.embedded ? first : await openDataEncryption(store, options);
    t.after(() => [first, second].forEach((one) => void one.close()));
    const processes = [first, second].map(({ store: { db } }) => db);
    const written = new Map<string, string>();
    let isWriting = true;
    const write = async (db: Database, who: number) => {
      const school = await insertSchool(db);
      const { id: child_id } = await insertUser(db, school.id, "student");
      for (let i = 0; isWriting; i++) {
        const row = {
          id: newId(),
          school_id: school.id,
          child_id,
          name: `${who} ${i}`,
          email: `${who}-${i}`,
          absences: true,
          check_ins: true,
        };
        await db.insertInto("guardians").values(row).execute();
        written.set(row.id, row.name);
        const read = await processes[1 - who]?.selectFrom("guardians").select("name").where("id", "=", row.id).executeTakeFirst();
        assert.equal(read?.name, row.name);
        // A value that changes while it is encrypted again.
        const name = `${row.name} changed`;
        await db.updateTable("guardians").set({ name }).where("id", "=", row.id).execute();
        written.set(row.id, name);
      }
    };
    const writers = processes.map((db, i) => write(db, i));
    const works = [first, second].map((one) => one.work() ?? assert.fail("work"));
    const { signal } = new AbortController();
    const keyOf = async () => (await first.status()).keys;
    for (let round = 0; round < 2; round++) {
      const before = (await keyOf())[0]?.id;
      await first.rotate();
      await until(async () => {
        // Where the lead passes on, both do it.
        for (const work of works) await work.perform(soleItem(REENCRYPTION, 0), { now: Date.now(), signal });
        const keys = await keyOf();
        return keys.length === 1 && keys[0]?.id !== before;
      }, "one key");
    }
    isWriting = false;
    await Promise.all(writers);
    const rows = await processes[0]?.selectFrom("guardians").select(["id", "name"]).execute();
    assert.deepEqual(new Map(rows?.map(({ id, name }) => [id, name])), written);
    const key = (await keyOf())[0]?.id;
    const stored = await store.db.selectFrom("guardians").select("name").execute();
    if (!store.embedded) {
      // A process that could not read the keys for long writes nothing by one that may be gone.
      second.close();
      await new Promise((resolve) => setTimeout(resolve, SPREAD_MS + 100));
      const change = second.store.db.updateTable("guardians").set({ name: "late" });
      await assert.rejects(change.execute(), /data keys were not read/);
    }
    assert.ok(stored.length > 10 && stored.every(({ name }) => name.startsWith(`enc2:${key}:`)), `${stored.length} rows`);
  });
});

/** What docs/security.md says of columns. */
function documented(): Readonly<Record<"protected" | "readable", string>> {
  const [, section = ""] = readFileSync(join(ROOT, "docs/security.md"), "utf8").split("\n## Data at rest\n");
  const [, encrypted = "", readable = ""] =
    /### What is encrypted\n([\s\S]*?)\n### What is not\n([\s\S]*?)\n##/.exec(section) ?? [];
  return { protected: encrypted, readable };
}

async function marksIn<Tables>(db: Kysely<Tables>): Promise<ReadonlySet<string>> {
  const rows = Object.values(await everyRow(db)).flat();
  return new Set(rows.flatMap((row) => [...row.matchAll(/([a-z_]+\.[a-z_]+) [01] '/g)].map((match) => match[1] ?? "")));
}

/** A folder for a server that several start in. */
function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-at-rest-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Every file below a folder that has one of the texts, with which. */
function filesWith(directory: string, marks: readonly string[]): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.flatMap(({ parentPath, name }) => {
    // The database writes and removes files of its own meanwhile.
    if (!existsSync(join(parentPath, name))) return [];
    const bytes = readFileSync(join(parentPath, name));
    return marks.filter((mark) => bytes.includes(mark)).map((mark) => `${join(parentPath, name).slice(directory.length)}: ${mark}`);
  });
}

const cli = (...args: readonly string[]) => run(process.execPath, [MAIN, ...args], { cwd: tmpdir() });
const SAID = ["mark-chat", "mark-question", "mark-answer", "mark-quiz", "mark-option", "mark-parent", "mark-mail"];

test("what people said and were recorded with is in no file of a server, survives a rotation that is killed, and needs the server's secret", async (t) => {
  const dataDir = folder(t);
  const set = { dataDir, "encryption.atRest": "true", "recording.auto": "pushed", "publish.graceSeconds": "1", workers: "1" };
  const first = await startLectern(t, set);
  const lesson = await said(first);
  await ffmpegDone(t, ["-t", "3", "-i", clip("12 Mb/s", 20), "-c", "copy", "-f", "flv", `${first.rtmp}/live/math`]);
  const { id } = await until(
    async () => (await done(first, "GET", "/recordings")).items.find(({ whole }: { whole: boolean }) => whole) ?? null,
    "the recording",
  );
  const before = await frames(t, `${first.http}/vod/${id}.mp4`, "decoded", "0:v");
  assert.ok(before.length > 20, `${before.length} frames`);
  const said1 = await linesOf(first, lesson);
  assert.ok(said1.includes("mark-chat"));
  const { stdout } = await cli("encryption", "--data", dataDir);
  assert.match(stdout, /current/);
  const backup = join(dataDir, "../at-rest-backup.gz");
  t.after(() => rmSync(backup, { force: true }));
  assert.match((await cli("backup", backup, "--data", dataDir)).stdout, /needs the secret [\w-]{8}/);
  // A rotation is killed as soon as it was begun.
  await cli("encryption", "rotate", "--data", dataDir);
  first.process.kill("SIGKILL");
  await first.exited;
  assert.deepEqual(filesWith(dataDir, SAID), []);
  assert.ok(filesWith(dataDir, ["mark-title"]).length > 0, "what is not encrypted is found");
  // A key frame of the recording as ffmpeg finds it in FLV.
  await assert.rejects(ffmpegDone(t, ["-v", "error", "-xerror", "-i", flvOf(dataDir), "-f", "null", "-"]));

  const second = await startLectern(t, set);
  await until(async () => {
    const status = JSON.parse((await cli("encryption", "--json", "--data", dataDir)).stdout);
    return status.keys.length === 1 && status.progress.finishedAt ? status : null;
  }, "the end of the rotation");
  assert.deepEqual(await linesOf(second, lesson), said1);
  assert.deepEqual(await frames(t, `${second.http}/vod/${id}.mp4`, "decoded", "0:v"), before);
  await second.stop();
  assert.deepEqual(filesWith(dataDir, SAID), []);

  // Restored where the secret is not, and where it is.
  const elsewhere = folder(t);
  await assert.rejects(cli("restore", backup, "--data", elsewhere), ({ stderr }: { stderr: string }) => {
    assert.match(stderr, /^lectern: the data of people in this database is encrypted by the data key .*encryption-secret.*\n$/);
    return true;
  });
  assert.match((await cli("backup", "--check", backup)).stdout, /needs the secret/);
  writeFileSync(join(elsewhere, "encryption-secret"), readFileSync(join(dataDir, "encryption-secret")));
  assert.match((await cli("restore", backup, "--data", elsewhere)).stdout, /rows restored/);

  // Another secret: the server says why it does not start.
  writeFileSync(join(dataDir, "encryption-secret"), "another secret of 32 characters");
  const refused = await spawnLectern(set, {});
  await assert.rejects(refused.ready);
  assert.match(refused.said(), /encrypted by the data key [\w-]{8}/);
});

/** Says and asks everything that has a mark. @returns the lesson's id */
async function said(lectern: { readonly http: string }): Promise<string> {
  const school =
    (await done(lectern, "GET", "/schools")).items[0] ?? (await done(lectern, "POST", "/schools", { slug: "s", name: "S" }));
  const child = await done(lectern, "POST", "/users", { schoolId: school.id, login: "child", name: "Child", role: "student" });
  await done(lectern, "POST", `/users/${child.id}/guardians`, {
    name: "mark-parent",
    email: "mark-mail@example.com",
    absences: true,
    checkIns: true,
  });
  const lesson = await done(lectern, "POST", "/lessons", { schoolId: school.id, title: "mark-title", openToSchool: true });
  const say = (kind: string, body: object) =>
    done(lectern, "POST", `/lessons/${lesson.id}/room/entries`, { id: newId(), kind, ...body });
  await say("chat", { text: "mark-chat" });
  const { answer } = await say("question", { action: "ask", text: "mark-question" });
  await say("question", { action: "answer", ref: answer.ref, text: "mark-answer" });
  await say("quiz", { action: "open", type: "single", text: "mark-quiz", options: ["mark-option", "b"] });
  return lesson.id;
}

async function linesOf(lectern: { readonly http: string }, lesson: string): Promise<readonly string[]> {
  const { items } = await done(lectern, "GET", `/lessons/${lesson}/room/entries`);
  return items.flatMap(({ text }: { text?: string }) => text ?? []);
}

function flvOf(dataDir: string): string {
  const root = join(dataDir, "recordings");
  const name = readdirSync(root, { recursive: true })
    .map(String)
    .find((one) => one.endsWith(".flv"));
  return join(root, name ?? assert.fail("a file"));
}

test("a key management service wraps the secret; one that lies stops the start with words", async (t) => {
  const dataDir = folder(t);
  const program = join(dataDir, "kms.sh");
  // Reverses the letters, so that the secret itself is on no disk; a real one asks a service.
  const write = (body: string) => {
    writeFileSync(program, `#!/bin/sh\n${body}\n`);
    chmodSync(program, 0o700);
  };
  const honest = `read -r line; printf '%s' "$line" | rev`;
  write(honest);
  const set = { dataDir, "encryption.kmsCommand": `["${program}"]`, "encryption.kmsSeconds": "2", workers: "1" };
  const file = join(dataDir, "encryption-secret");
  writeFileSync(file, "a-secret-that-was-there-before-the-service");
  const first = await startLectern(t, set);
  assert.match(readFileSync(file, "utf8"), /^kms1:[\w-]{8}:ecivres-eht-erofeb-ereht-saw-taht-terces-a$/);
  await first.stop();
  write("echo another-secret-than-the-one-before");
  const refused = await spawnLectern(set, {});
  await assert.rejects(refused.ready);
  assert.match(refused.said(), /answered with another secret/);
  assert.ok(!refused.said().includes("a-secret-that-was-there"));
  write(honest);
  const second = await startLectern(t, set);
  await second.stop();
});
