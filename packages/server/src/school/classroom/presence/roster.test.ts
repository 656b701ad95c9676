/** Who is in the room, as members see it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { RetainedEntries, type RoomPerson, settingsOf } from "@lectern/room";
import { ManualClock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/id.ts";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { commitGroup, type GroupRoom } from "../commit-group.ts";
import type { Domain } from "../domain.ts";
import { claimRoom } from "../entry-store.ts";
import { rosterDomain } from "./roster-domain.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const MEMBER: RoomPerson = { id: newId(), name: "Me", role: "member" };

async function openRoom(names: readonly string[]) {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id);
  const clock = new ManualClock();
  const now = new Date(clock.utc());
  await db.insertInto("room_presence").values({ lesson_id: lesson.id, owner: "o", seen_at: now, version: 1 }).execute();
  const add = async (name: string) => {
    const id = newId();
    const row = { id, lesson_id: lesson.id, user_id: null, name, role: "guest" as const, joined_at: now, seen_at: now };
    await db
      .insertInto("participants")
      .values({ ...row, token_hash: null })
      .execute();
    const times = { from_at: now, to_at: null, device: "", present: true, version: 1 };
    await db
      .insertInto("attendance")
      .values({ participant_id: id, lesson_id: lesson.id, ...times })
      .execute();
  };
  for (const name of names) await add(name);
  const shedding = { isShed: false, sheds: () => shedding.isShed };
  const claim = await claimRoom(db, lesson.id, "n/1", () => false);
  assert.ok("mine" in claim);
  const retained = new RetainedEntries();
  const domain = rosterDomain({ degradation: shedding, clock }) as Domain;
  const room: GroupRoom = {
    db,
    domains: new Map([["roster", domain]]),
    term: claim.mine,
    self: "n/1",
    retained,
    now: clock.utc,
    done: new Map(),
    handle: { lessonId: lesson.id, signal: () => {}, act: () => Promise.resolve() },
    lesson: { id: lesson.id, schoolId: school.id, title: lesson.title },
    people: () => new Set(),
  };
  const ask = async (body: Readonly<Record<string, unknown>> = {}, person: RoomPerson = MEMBER) => {
    const action = { id: newId(), kind: "roster", mediaTime: null, body };
    const { results } = await commitGroup(room, 0, [{ person, action }]);
    const [result] = results;
    assert.ok(result);
    return "refused" in result ? { refused: result.refused } : (result.body ?? {});
  };
  const setRoster = (roster: boolean) => {
    const entry = { seq: 1, at: 0, mediaTime: null, id: "s", from: null, kind: "settings", to: "all" as const };
    retained.take({ ...entry, key: "settings", gone: false, sampled: false, body: { ...settingsOf(), roster } });
  };
  return { ask, add, clock, shedding, setRoster };
}

test("members see names and roles, in pages, and find a name", async () => {
  const names = Array.from({ length: 60 }, (_, i) => `Student ${String(i).padStart(2, "0")}`);
  const { ask } = await openRoom(names);
  const first = await ask();
  assert.deepEqual([first["count"], first["next"]], [60, 50]);
  const rest = await ask({ from: 50 });
  assert.equal(rest["next"], null);
  assert.deepEqual(
    [...(first["names"] as object[]), ...(rest["names"] as object[])],
    names.map((name) => ({ name, role: "guest" })),
  );
  assert.deepEqual((await ask({ search: "student 07" }))["names"], [{ name: "Student 07", role: "guest" }]);
});

test("the names are read again after a few seconds, not for each who asks", async () => {
  const { ask, add, clock } = await openRoom(["Ada"]);
  await ask();
  await add("Bob");
  assert.equal((await ask())["count"], 1);
  clock.advance(3000);
  assert.equal((await ask())["count"], 2);
});

test("members see nobody where the teacher has switched it off, or under load; staff do", async () => {
  const { ask, setRoster, shedding } = await openRoom(["Ada"]);
  const teacher: RoomPerson = { ...MEMBER, role: "staff" };
  setRoster(false);
  assert.deepEqual([await ask(), (await ask({}, teacher))["count"]], [{ refused: "switched-off" }, 1]);
  setRoster(true);
  shedding.isShed = true;
  assert.deepEqual([await ask(), (await ask({}, teacher))["count"]], [{ refused: "switched-off" }, 1]);
});
