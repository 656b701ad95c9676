/** The embedded database fails pending queries when its thread ends. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isDatabaseUnavailable } from "./database-errors.ts";
import { EmbeddedDatabase } from "./embedded.ts";

test("pending queries fail and the owner hears of it when the thread ends, but not when the database is closed", {
  timeout: 60_000,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-embedded-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  let lost = 0;
  const first = await EmbeddedDatabase.open(directory, () => lost++);
  await (await first.connect()).query("select 1", []);
  await first.end();
  assert.equal(lost, 0);
  const second = await EmbeddedDatabase.open(directory, () => lost++);
  const client = await second.connect();
  const asked = client.query("select count(*) from generate_series(1, 100000000)", []);
  const waiting = second.connect();
  const ends = assert.rejects(asked as Promise<unknown>, /has ended/);
  // As if it had run out of memory.
  await second["thread"].terminate();
  await ends;
  await assert.rejects((await waiting).query("select 1", []) as Promise<unknown>, /has ended/);
  await assert.rejects(second.connect(), /has ended/);
  assert.equal(lost, 1);
});

test("who wants the database while a statement waits for ever is refused, and is not when it has ended", {
  timeout: 60_000,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-embedded-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const database = await EmbeddedDatabase.open(directory, assert.fail, 300);
  t.after(() => database.end());
  const client = await database.connect();
  const asked = client.query("select count(*) from generate_series(1, 6000000)", []) as Promise<unknown>;
  let hasAnswered = false;
  void asked.then(() => {
    hasAnswered = true;
  });
  const refused = await database.connect().catch((error: Error) => error);
  assert.ok(isDatabaseUnavailable(refused));
  assert.equal(hasAnswered, false);
  await asked;
  client.release();
  await (await database.connect()).query("select 1", []);
});
