/** Dice of a room: what falls, and who throws. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import type { Domain } from "../domain.ts";
import { person, TestRoom } from "../talk/test-room.ts";
import { diceDomain } from "./dice.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const teacher = person("staff", "Ms Li");

async function open(t: TestContext, random?: (below: number) => number) {
  const room = await TestRoom.open(database, [diceDomain(random) as Domain]);
  t.after(() => room.close());
  return room;
}

test("a die has six sides, several have as many as are asked for, and all see what fell", async (t) => {
  const room = await open(t, (below) => below - 1);
  await room.do(teacher, "dice", { action: "roll" });
  assert.deepEqual((await room.retained()).get("dice")?.body, { values: [6], sides: 6 });
  await room.do(teacher, "dice", { action: "roll", count: 2, sides: 20 });
  assert.deepEqual((await room.retained()).get("dice")?.body, { values: [20, 20], sides: 20 });
});

test("the server's own dice show each side", async (t) => {
  const room = await open(t);
  const seen = new Set<unknown>();
  for (let i = 0; i < 60; i++) {
    const result = await room.do(teacher, "dice", { action: "roll", count: 6 });
    assert.ok("seq" in result);
    const values: unknown = result.body?.["values"];
    assert.ok(Array.isArray(values) && values.length === 6);
    for (const value of values) seen.add(value);
  }
  assert.deepEqual([...seen].sort(), [1, 2, 3, 4, 5, 6]);
});

test("students throw none, and nobody says what falls", async (t) => {
  const room = await open(t);
  for (const role of ["member", "guest", "watcher"] as const)
    assert.equal(await room.refusal(person(role), "dice", { action: "roll" }), "refused-by-rule");
  const bad = [{ count: 0 }, { count: 7 }, { sides: 1 }, { sides: 101 }, { count: "1" }, { values: [6] }];
  for (const fields of bad)
    assert.equal(await room.refusal(teacher, "dice", { action: "roll", ...fields }), "bad-request", JSON.stringify(fields));
  assert.equal((await room.retained()).has("dice"), false);
});
