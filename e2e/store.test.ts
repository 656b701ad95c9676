/** The store on both databases: backups, refused foreign databases, and committed data after a killed process. Only with --all, or by name. */
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Kysely, type Migration, sql } from "kysely";
import { pino } from "pino";
import { openStore } from "../packages/server/src/platform/store/open-store.ts";
import { connectStore, tableNames } from "../packages/server/src/platform/store/store.ts";
import { sharedLectern } from "./fixtures.ts";
import { startLectern, until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { rareUnless } from "./long-tests.ts";
import { startPostgres } from "./postgres.ts";
import { MAIN } from "./program.ts";
import { pidOf } from "./worker-connections.ts";

const run = promisify(execFile);
const log = pino({ level: "silent" });

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-store-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs a command of the program. */
async function lectern(...args: readonly string[]): Promise<{ code: number; said: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [MAIN, ...args], { cwd: tmpdir() });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

/** All rows of all tables. */
function rowsOf(file: string): string[] {
  return gunzipSync(readFileSync(file)).toString().trim().split("\n").slice(1, -1).sort();
}

test("a backup is made while the server runs, and restored into the other kind of database, row for row", async (t) => {
  const directory = folder(t);
  const postgres = await startPostgres(t);
  const server = await sharedLectern();
  const lesson = await done(server, "POST", "/lessons", {
    title: "数学 \\ \" 'quoted' %_;--",
    startsAt: "2026-11-20T09:00:00+08:00",
  });
  await done(server, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" });
  await done(server, "POST", "/webhooks", { url: "http://127.0.0.1:9/", events: ["lesson.created"] });
  const list = await done(server, "POST", "/address-lists", { name: "Blocked" });
  await done(server, "POST", `/address-lists/${list.id}/entries`, { add: ["192.0.2.0/24", "2001:db8::/32"] });
  const first = join(directory, "first.gz");
  assert.match((await lectern("backup", first, "--data", server.directory)).said, /rows written/);
  assert.match((await lectern("backup", first, "--data", server.directory)).said, /overwrites no file/);
  assert.match((await lectern("restore", first, "--data", server.directory)).said, /another Lectern is running/);
  assert.match(
    (await lectern("backup", "--check", first)).said,
    /^ +1 {2}address_lists$(?:.|\n)*complete, written at .* rows in \d+ tables/m,
  );
  // Into PostgreSQL, and from there back into an embedded one.
  const url = postgres.database();
  const at = ["--data", directory, "--set", `database.url=${url}`];
  assert.match((await lectern("restore", first, ...at)).said, /rows restored/);
  assert.match((await lectern("restore", first, ...at)).said, /not empty/);
  const second = join(directory, "second.gz");
  assert.equal((await lectern("backup", second, ...at)).code, 0);
  assert.deepEqual(rowsOf(second), rowsOf(first));
  const elsewhere = folder(t);
  assert.equal((await lectern("restore", second, "--data", elsewhere)).code, 0);
  assert.match((await lectern("restore", second, "--data", elsewhere)).said, /the previous database is now .*before-restore/);
  const third = join(directory, "third.gz");
  assert.equal((await lectern("backup", third, "--data", elsewhere)).code, 0);
  assert.deepEqual(rowsOf(third), rowsOf(first));
});

test("a file that is no backup, is cut short, or comes from a newer Lectern restores nothing", async (t) => {
  const directory = folder(t);
  const postgres = await startPostgres(t);
  const server = await sharedLectern();
  for (let i = 0; i < 50; i++) await done(server, "POST", "/lessons", { title: `lesson ${i}` });
  const good = join(directory, "good.gz");
  await lectern("backup", good, "--data", server.directory);
  const url = postgres.database();
  const cut = join(directory, "cut.gz");
  writeFileSync(cut, readFileSync(good));
  truncateSync(cut, readFileSync(good).length - 200);
  const newer = join(directory, "newer.gz");
  const text = gunzipSync(readFileSync(good)).toString();
  writeFileSync(newer, gzipSync(text.replace('"migrations":[', '"migrations":["9999-tomorrow",')));
  const nonsense = join(directory, "nonsense.gz");
  writeFileSync(nonsense, "hello");
  for (const [file, words] of [
    [cut, /is cut short: /],
    [newer, /newer Lectern/],
    [nonsense, /is not a backup/],
    [join(directory, "none"), /there is no file/],
  ] as const)
    for (const command of [
      ["restore", file, "--data", directory, "--set", `database.url=${url}`],
      ["backup", "--check", file],
    ]) {
      const { code, said } = await lectern(...command);
      assert.equal(code, 1, said);
      assert.match(said, words);
      assert.equal(said.trim().split("\n").length, 1, said);
    }
  assert.equal((await lectern("backup", "--check")).code, 2);
  const store = await connectStore<unknown>({ url, dataDir: directory, log });
  t.after(() => store.close());
  assert.deepEqual(await tableNames(store.db), []);
});

test("a database that is not Lectern's, is newer, is unreachable or is no address is refused with words", async (t) => {
  const directory = folder(t);
  const postgres = await startPostgres(t);
  const serve = (url: string) =>
    lectern("serve", "--data", directory, "--http-port", "0", "--rtmp-port", "0", "--set", `database.url=${url}`);
  const foreign = postgres.database();
  const store = await connectStore<unknown>({ url: foreign, dataDir: directory, log });
  await sql`create table customers (id integer)`.execute(store.db);
  await store.close();
  const newer = postgres.database();
  await (
    await openStore<unknown>({ url: newer, dataDir: directory, log, migrations: { "9999-tomorrow": { up: async () => {} } } })
  ).close();
  for (const [url, words] of [
    [foreign, /tables that are not Lectern's/],
    [newer, /made by a newer Lectern \(it has 9999-tomorrow\)/],
    [foreign.replace(/[^/]+$/, "none"), /cannot be used: .*does not exist/],
    ["mysql://x", /not an address such as postgres:/],
  ] as const) {
    const { code, said } = await serve(url);
    assert.equal(code, 1, said);
    assert.match(said, words);
    assert.doesNotMatch(said, /\n\s+at /, "no stack for a person to read");
  }
});

for (const database of ["embedded", "PostgreSQL"] as const) {
  rareUnless(
    database === "embedded",
    `a backup is written before each change of the tables, and a change that fails leaves them as they were: ${database}`,
    async (t) => {
      const dataDir = folder(t);
      const url = database === "embedded" ? "" : (await startPostgres(t)).database();
      const open = (migrations: Record<string, Migration>) =>
        openStore<{ things: { id: number } }>({ url, dataDir, log, migrations });
      const first: Migration = {
        up: (db: Kysely<unknown>) => sql`create table things (id integer, words jsonb)`.execute(db).then(() => {}),
      };
      const second: Migration = {
        up: (db: Kysely<unknown>) => sql`alter table things add column more text`.execute(db).then(() => {}),
      };
      const broken: Migration = {
        up: async (db: Kysely<unknown>) => {
          await sql`alter table things drop column words`.execute(db);
          throw new Error("half way");
        },
      };
      const one = await open({ "0001-a": first });
      await sql`insert into things values (1, '{"a": [1, "two"]}')`.execute(one.db);
      await one.close();
      const backups = () => (readdirSync(dataDir).includes("backups") ? readdirSync(join(dataDir, "backups")) : []);
      assert.deepEqual(backups(), [], "nothing to back up at first");
      await assert.rejects(open({ "0001-a": first, "0002-b": broken }), /half way/);
      assert.equal(backups().length, 1);
      const again = await open({ "0001-a": first, "0002-b": second });
      const { rows } = await sql`select * from things`.execute(again.db);
      assert.deepEqual(rows, [{ id: 1, words: { a: [1, "two"] }, more: null }]);
      await again.close();
      assert.equal(backups().length, 2);
      assert.match(
        gunzipSync(readFileSync(join(dataDir, "backups", backups()[0] ?? ""))).toString(),
        /^\["1","\{\\"a\\": \[1, \\"two\\"\]\}"\]$/m,
      );
    },
  );
}

test("what was answered is there after the control process was killed, again and again", async () => {
  const server = await sharedLectern();
  const answered: string[] = [];
  for (let round = 0; round < 3; round++) {
    const busy = Array.from({ length: 40 }, async (_, i) => {
      const answer = await ask(server, "POST", "/lessons", { title: `${round}.${i}` }).catch(() => null);
      if (answer?.status === 201) answered.push(answer.body.id);
    });
    await Promise.race(busy.slice(0, 1));
    process.kill(pidOf(server, "control"), "SIGKILL");
    await Promise.all(busy);
    await until(async () => (await ask(server, "GET", "/lessons").catch(() => null))?.status === 200, "the API");
  }
  const { items } = await done(server, "GET", "/lessons?limit=1000");
  const there = new Set(items.map(({ id }: { id: string }) => id));
  assert.ok(answered.length > 2, `${answered.length} answered`);
  assert.deepEqual(
    answered.filter((id) => !there.has(id)),
    [],
  );
});

test("the first administrator's password is printed once, can be given, and is recovered at the machine", async (t) => {
  const server = await startLectern(t);
  const password = /^password: (\S+)$/m.exec(server.said())?.[1] ?? "";
  const signIn = async (with_: string) =>
    (await ask(server, "POST", "/sessions", { login: "admin", password: with_ }, null)).status;
  assert.equal(await signIn(password), 201);
  const { said } = await lectern("recover", "--data", server.directory);
  const recovered = /^password: (\S+)$/m.exec(said)?.[1] ?? "";
  assert.notEqual(recovered, password);
  assert.deepEqual([await signIn(password), await signIn(recovered)], [401, 201]);
  await server.stop();
  assert.doesNotMatch(server.said().replace(/^password: .*$/m, ""), new RegExp(`${password}|${recovered}`));
  const offline = await lectern("recover", "--data", server.directory);
  assert.match(offline.said, /^login: admin\npassword: \S+$/m);
  assert.equal(execFileSync("stat", ["-c", "%a", join(server.directory, "link-secret")], { encoding: "utf8" }).trim(), "600");
});
