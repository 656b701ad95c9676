/** What the embedded database's upkeep finds due, and what it leaves behind. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EmbeddedDatabase } from "./embedded.ts";
import { vacuumAndAnalyze } from "./embedded-upkeep.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-upkeep-"));
let database: EmbeddedDatabase;
before(async () => {
  database = await EmbeddedDatabase.open(directory);
});
after(async () => {
  await database.end();
  rmSync(directory, { recursive: true, force: true });
});

async function query<Row>(text: string): Promise<Row[]> {
  const client = await database.connect();
  try {
    return (await client.query<Row>(text, [])).rows;
  } finally {
    client.release();
  }
}

test("tables are analyzed and vacuumed when enough of them has changed, and not before", { timeout: 60_000 }, async () => {
  await query(`create table small (id integer primary key)`);
  await query(`create table "Odd name" (id integer primary key, at integer)`);
  assert.deepEqual(await vacuumAndAnalyze(database), [], "empty tables");
  await query(`insert into small select generate_series(1, 10)`);
  await query(`insert into "Odd name" select i, i from generate_series(1, 5000) as i`);
  assert.deepEqual(await vacuumAndAnalyze(database), [`vacuum (analyze) "Odd name"`, "analyze small"]);
  assert.deepEqual(await vacuumAndAnalyze(database), []);
  await query(`update "Odd name" set at = at + 1 where id <= 400`);
  assert.deepEqual(await vacuumAndAnalyze(database), [], "less than a tenth");
  await query(`update "Odd name" set at = at + 1 where id <= 400`);
  assert.deepEqual(await vacuumAndAnalyze(database), [`analyze "Odd name"`]);
});

test("rows that are changed again and again take no more space after a while", { timeout: 60_000 }, async () => {
  await query("create table seen (id integer primary key, at integer)");
  await query("create index seen_at on seen (at)");
  await query("insert into seen select i, i from generate_series(1, 1000) as i");
  const sizes: number[] = [];
  for (let round = 0; round < 8; round++) {
    await query("update seen set at = at + 1");
    await vacuumAndAnalyze(database);
    const [size] = await query<{ bytes: number }>("select pg_total_relation_size('seen') as bytes");
    sizes.push(Number(size?.bytes));
  }
  assert.ok((sizes.at(-1) ?? 0) <= (sizes[3] ?? 0), `${sizes}`);
});

test("upkeep waits for the end of a transaction", { timeout: 60_000 }, async () => {
  await query("create table lessons (id integer primary key)");
  await query("insert into lessons select generate_series(1, 2000)");
  const holder = await database.connect();
  await holder.query("begin", []);
  await holder.query("insert into lessons values (0)", []);
  const upkeep = vacuumAndAnalyze(database);
  await holder.query("commit", []);
  holder.release();
  assert.deepEqual(await upkeep, ["vacuum (analyze) lessons"]);
});
