/** Searches without accents and capitals, as this program and the database fold texts. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import { openTestDatabase, type TestDatabase } from "../store/test-database.ts";
import { folded, hasWords } from "./folded.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const NAMES = [
  "Zoë Müller",
  "Łukasz Nowak",
  "Søren Đorđević",
  "ĐOÀN VĂN",
  "Straße",
  "王芳",
  "İpek",
  "한지민",
  "Éléonore d'Arc",
  "50%_\\",
];

test("the database folds texts as this program does", async () => {
  const { db } = database;
  for (const name of NAMES) {
    const { rows } = await sql<{ folded: string }>`select lectern_folded(${name}) as folded`.execute(db);
    assert.equal(rows[0]?.folded, folded(name), name);
  }
});

test("each word is found in one of the columns, in any order, without accents; what LIKE gives a meaning is a character", async () => {
  const { db } = database;
  const isFound = async (search: string, name: string, email: string | null = null) => {
    const columns = [sql<string>`${name}::text`, sql<string | null>`${email}::text`];
    const { rows } = await sql<{ found: boolean }>`select ${hasWords(search, columns)} as found`.execute(db);
    return rows[0]?.found;
  };
  assert.equal(await isFound("zoe", "Zoë Müller"), true);
  assert.equal(await isFound("MULLER zoë", "Zoë Müller"), true);
  assert.equal(await isFound("zoe families.example", "Zoë Müller", "z@families.example"), true);
  assert.equal(await isFound("zoe anna", "Zoë Müller"), false);
  assert.equal(await isFound("芳", "王芳"), true);
  assert.equal(await isFound("%", "Zoë Müller"), false);
  assert.equal(await isFound("50%_\\", "50%_\\ off"), true);
  assert.equal(await isFound(" ", "Zoë Müller"), true);
});
