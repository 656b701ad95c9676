import assert from "node:assert/strict";
import { test } from "node:test";
import { insertSchool, insertUser, openTestDatabase } from "./test-database.ts";

test("a test database that another test has filled is lent without rows, and answers only the one that has it", async () => {
  const first = await openTestDatabase();
  const { id } = await insertSchool(first.db);
  await insertUser(first.db, id, "teacher");
  await first.close();
  const second = await openTestDatabase();
  for (const table of ["schools", "users"] as const)
    assert.deepEqual(await second.db.selectFrom(table).selectAll().execute(), [], table);
  await assert.rejects(insertSchool(first.db), /destroyed/);
  await second.close();
});
