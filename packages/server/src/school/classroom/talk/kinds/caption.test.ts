/** Captions in a room: the server writes them, and nobody else. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { newId } from "../../../../platform/id.ts";
import { openTestDatabase, type TestDatabase } from "../../../foundation/store/test-database.ts";
import { person, TestRoom } from "../test-room.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

async function open(t: TestContext): Promise<TestRoom> {
  const room = await TestRoom.open(database);
  t.after(() => room.close());
  return room;
}

const caption = (isFinal: boolean, text: string, ref = newId()) => ({
  ref,
  start: 1000,
  end: 2500,
  spokenAt: Date.parse("2026-11-20T08:59:57Z"),
  text,
  language: "en",
  isFinal,
});

test("staff, members and guests cannot write captions", async (t) => {
  const room = await open(t);
  for (const role of ["staff", "member", "guest"] as const)
    assert.equal(await room.refusal(person(role), "caption", caption(true, "Good morning")), "refused-by-rule", role);
  assert.deepEqual(room.entries, []);
});

test("what the server hears passes by, from nobody, and the final words have the ref of the provisional ones", async (t) => {
  const room = await open(t);
  const ref = newId();
  await room.hear([caption(false, "Good mourning", ref), caption(true, "Good morning", ref)]);
  assert.deepEqual(
    room.entries.map(({ kind, key, from, body }) => [kind, key, from, body["ref"], body["text"], body["isFinal"]]),
    [
      ["caption", null, null, ref, "Good mourning", false],
      ["caption", null, null, ref, "Good morning", true],
    ],
  );
  assert.equal((await room.retained()).size, 0);
});
