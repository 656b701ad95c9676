/** Ten thousand answers at once: all stored and counted, and the last counts told within a second. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomPerson } from "@lectern/room";
import type { RoomUpdate } from "../../../contracts/rooms/room-requests.ts";
import { insertLesson, insertSchool, openTestDatabase, silentLog } from "../../foundation/store/test-database.ts";
import { claimRoom } from "../entry-store.ts";
import { RoomOwner } from "../room-owner.ts";
import { quizDomains } from "./quiz-domains.ts";
import { actionOf, student, TEACHER } from "./test-room.ts";

const PEOPLE = 10_000;
/** On a machine that does nothing else it takes about a second; tests share theirs. */
const WITHIN_MS = 60_000;

test("ten thousand answers at once are stored and counted once each", async () => {
  const { db, close } = await openTestDatabase();
  const lesson = await insertLesson(db, (await insertSchool(db)).id);
  const domains = quizDomains((_, text) => ({ action: "pass", text, reason: null }));
  const claim = await claimRoom(db, lesson.id, "n/1", () => false);
  assert.ok("mine" in claim);
  const updates: RoomUpdate[] = [];
  const owner = await RoomOwner.open({
    db,
    log: silentLog,
    self: "n/1",
    term: claim.mine,
    now: Date.now,
    people: () => new Set<string>(),
    lesson: { id: lesson.id, schoolId: lesson.school_id, title: lesson.title },
    domains: new Map(domains.map((domain) => [domain.kind, domain])),
    onUpdate: (update) => updates.push(update),
    onDeliveriesQueued: () => {},
    onCommitted: () => {},
  });
  const asked = { action: "open", type: "single", text: "?", options: ["a", "b", "c", "d"], correct: [2] };
  const opened = await owner.send(TEACHER, actionOf("quiz", asked));
  const ref = "body" in opened ? opened.body?.["ref"] : null;
  const people = Array.from({ length: PEOPLE }, () => student());
  const begin = performance.now();
  const give = (person: RoomPerson, choice: number) => owner.send(person, actionOf("answer", { quiz: ref, choice: [choice % 4] }));
  const first = people.map((person, i) => give(person, i));
  // Every second one thinks again, the others press twice.
  const second = people.map((person, i) => give(person, i + (i % 2)));
  const results = await Promise.all([...first, ...second]);
  const expected = [5000, 0, 5000, 0].map((count, choice) => ({ choice, count }));
  assert.equal(results.filter((result) => "refused" in result).length, 0);
  while (JSON.stringify(lastTally(updates)?.["counts"]) !== JSON.stringify(expected)) {
    assert.ok(performance.now() - begin < WITHIN_MS, "not told in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { count } = await db
    .selectFrom("quiz_answers")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  assert.equal(Number(count), PEOPLE);
  await owner.close();
  await close();
});

function lastTally(updates: readonly RoomUpdate[]) {
  return updates.flatMap(({ signals }) => signals).findLast(({ kind }) => kind === "tally")?.body;
}
