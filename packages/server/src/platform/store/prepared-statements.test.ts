import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { PreparedStatements } from "./prepared-statements.ts";

const database = await PGlite.create();
const statements = new PreparedStatements(database);
after(() => database.close());

const run = (sql: string, ...parameters: unknown[]) => statements.run(sql, parameters);

/** Runs a statement as it comes first, as it is prepared, and as it is prepared already. */
async function runThrice(sql: string, ...parameters: unknown[]) {
  return [await run(sql, ...parameters), await run(sql, ...parameters), await run(sql, ...parameters)];
}

async function preparedNow(): Promise<number> {
  const { rows } = await database.query<{ count: number }>("select count(*)::int as count from pg_prepared_statements");
  return rows[0]?.count ?? 0;
}

test("a prepared statement gives what an unprepared one gives, for every type", async () => {
  const at = new Date("2026-11-22T10:00:00.123Z");
  const sql = `select $1::text as text, $2::int8 as big, $3::timestamptz as at, $4::jsonb as json, $5::text[] as list, $6::bool as yes,
    $7::float8 as real, $8::bytea as bytes, $9::text as nothing, $10::int as int, 9007199254740993 as bigger, '' as "empty"`;
  const values = [
    "a\u0001'\"\\ü老师",
    2 ** 40,
    at,
    { a: [1, "b"] },
    ['x,"y', "z"],
    true,
    1.5,
    new Uint8Array([0, 255, 7]),
    null,
    7,
  ];
  const plain = await database.query(sql, values);
  for (const { rows, command, rowCount } of await runThrice(sql, ...values)) {
    assert.deepEqual(rows, plain.rows);
    assert.deepEqual([command, rowCount], ["SELECT", 1]);
  }
  assert.equal(await preparedNow(), 1);
});

test("changes tell how many rows they changed, and what they return", async () => {
  await run("create table numbers (id int primary key, word text)");
  const insert = "insert into numbers (id, word) values ($1, $2) returning *";
  for (const id of [1, 2, 3]) {
    const { rows, command, rowCount } = await run(insert, id, `w${id}`);
    assert.deepEqual([rows, command, rowCount], [[{ id, word: `w${id}` }], "INSERT", 1]);
  }
  for (const { command, rowCount } of await runThrice("update numbers set word = $1 where id > $2", "x", 1))
    assert.deepEqual([command, rowCount], ["UPDATE", 2]);
  for (const { rows } of await runThrice("select * from numbers where id > $1", 10)) assert.deepEqual(rows, []);
});

test("a statement that seeks many values is planned with them each time, and one that inserts many is not", async () => {
  await run("create table people (login text)");
  const logins = Array.from({ length: 200 }, (_, i) => `person${i}`);
  const seek = `select login from people where login in (${logins.map((_, i) => `$${i + 1}`).join(", ")})`;
  const insert = `insert into people values ${logins.map((_, i) => `($${i + 1})`).join(", ")}`;
  for (const sql of [seek, insert]) await runThrice(sql, ...logins);
  const text = "select statement from pg_prepared_statements where statement in ($1, $2)";
  assert.deepEqual((await database.query(text, [seek, insert])).rows, [{ statement: insert }]);
});

test("a statement that joins results of its own is planned with its values each time", async () => {
  const sql = "with found as (select login from people where login = $1) select count(*)::int as count from found";
  for (const { rows } of await runThrice(sql, "person1")) assert.deepEqual(rows, [{ count: 3 }]);
  const text = "select statement from pg_prepared_statements where statement = $1";
  assert.deepEqual((await database.query(text, [sql])).rows, []);
});

test("an error has code and constraint, and the next statement works", async () => {
  const insert = "insert into numbers (id) values ($1)";
  for (let time = 0; time < 3; time++) {
    await assert.rejects(run(insert, 1), { code: "23505", constraint: "numbers_pkey" });
    await assert.rejects(run("select * from nowhere where id = $1", 1), { code: "42P01" });
  }
  assert.deepEqual((await run("select count(*)::int as count from numbers")).rows, [{ count: 3 }]);
});

test("a transaction is taken back with all that its prepared statements did, also after an error", async () => {
  for (let time = 0; time < 3; time++) {
    await run("begin");
    await run("delete from numbers where id = $1", 1);
    await assert.rejects(run("insert into numbers (id) values ($1)", 2), { code: "23505" });
    await assert.rejects(run("select 1 as one"), { code: "25P02" });
    await run("rollback");
    assert.equal((await run("select id from numbers where id = $1", 1)).rows.length, 1);
  }
});

test("a statement that reads all columns reads a new one too", async () => {
  await runThrice("select * from numbers where id = $1", 1);
  await run("alter table numbers add column more int default 5");
  for (const { rows } of await runThrice("select * from numbers where id = $1", 1))
    assert.deepEqual(rows, [{ id: 1, word: "w1", more: 5 }]);
});

test("notices of a prepared statement come before its answer", async () => {
  const heard: string[] = [];
  await database.listen("news", (payload) => heard.push(payload));
  for (const word of ["a", "b", "c"]) {
    await run("select pg_notify('news', $1)", word);
    assert.equal(heard.at(-1), word);
  }
});

test("there are no more prepared statements than a bound, and those in use stay", async () => {
  const used = "select $1::int as used";
  for (let i = 0; i < 300; i++) {
    await run(`select $1::int + ${i} as sum`, 1);
    const { rows } = await run(`select $1::int + ${i} as sum`, 1);
    assert.deepEqual(rows, [{ sum: i + 1 }]);
    await run(used, i);
  }
  assert.ok((await preparedNow()) <= 128, `${await preparedNow()}`);
  const { rows } = await database.query("select 1 from pg_prepared_statements where statement = $1", [used]);
  assert.equal(rows.length, 1);
});
