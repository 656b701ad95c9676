/** Sign-in rounds: who signs when, with which code, and what staff hear of it. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RetainedEntries, type RoomEntry, type RoomPerson, type RoomSignal } from "@lectern/room";
import type { ActionResult } from "../../../contracts/rooms/room-requests.ts";
import { ManualClock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { commitGroup, type GroupAction, type GroupRoom, roomView } from "../commit-group.ts";
import type { Domain, RoomHandle } from "../domain.ts";
import { claimRoom } from "../entry-store.ts";
import { assertDeclared } from "../test-declared-entries.ts";
import { signinDomain } from "./signin-domain.ts";

let database: TestDatabase;
let schoolId: string;
before(async () => {
  database = await openTestDatabase();
  schoolId = (await insertSchool(database.db)).id;
});
after(() => database.close());

const TEACHER: RoomPerson = { id: newId(), name: "Teacher", role: "staff" };

async function openRoom(students = 1) {
  const { db } = database;
  const lesson = await insertLesson(db, schoolId);
  const people = Array.from({ length: students }, (): RoomPerson => ({ id: newId(), name: "Student", role: "member" }));
  const now = new Date();
  const rows = people.map(({ id, name }) => ({
    id,
    lesson_id: lesson.id,
    user_id: null,
    name,
    role: "guest" as const,
    joined_at: now,
    seen_at: now,
    token_hash: null,
  }));
  await db.insertInto("participants").values(rows).execute();
  const clock = new ManualClock();
  const signals: RoomSignal[] = [];
  const entries: RoomEntry[] = [];
  const acts: Promise<unknown>[] = [];
  let head = 0;
  const open = async () => {
    const domain = signinDomain(clock) as Domain;
    const claim = await claimRoom(db, lesson.id, "n/1", () => false);
    assert.ok("mine" in claim);
    const send = async (actions: readonly GroupAction[]): Promise<readonly ActionResult[]> => {
      const done = await commitGroup(room, head, actions);
      head = done.entries.at(-1)?.seq ?? head;
      assertDeclared(done.entries);
      entries.push(...done.entries);
      for (const call of done.afterCommit) call();
      return done.results;
    };
    const handle: RoomHandle = {
      lessonId: lesson.id,
      signal: (signal) => signals.push(signal),
      act: (action) => {
        const act = send([{ person: null, action: { ...action, mediaTime: null } }]);
        acts.push(act);
        return act.then(() => {});
      },
    };
    const room: GroupRoom = {
      db,
      handle,
      domains: new Map([["signin", domain]]),
      term: claim.mine,
      self: "n/1",
      retained: new RetainedEntries(),
      now: clock.utc,
      done: new Map(),
      people: () => new Set(),
      lesson: { id: lesson.id, schoolId, title: lesson.title },
    };
    const calls: (() => void)[] = [];
    await db.transaction().execute(async (trx) => {
      const view = roomView(
        room,
        trx,
        (call) => calls.push(call),
        () => {},
      );
      await domain.opened?.(view, handle);
    });
    for (const call of calls) call();
    return { send, close: () => domain.closed?.(lesson.id) };
  };
  const first = await open();
  const asAction = (person: RoomPerson, body: Readonly<Record<string, unknown>>): GroupAction => ({
    person,
    action: { id: newId(), kind: "signin", mediaTime: null, body },
  });
  const one = async (person: RoomPerson, body: Readonly<Record<string, unknown>>, process = first) => {
    const [result] = await process.send([asAction(person, body)]);
    assert.ok(result);
    return result;
  };
  return {
    lesson,
    people,
    clock,
    signals,
    entries,
    acts,
    open,
    first,
    asAction,
    one,
    round: async (body: Readonly<Record<string, unknown>> = {}): Promise<string> => {
      const result = await one(TEACHER, { action: "open", ...body });
      assert.ok("seq" in result, JSON.stringify(result));
      return String(result.body?.["ref"]);
    },
    student: people[0] ?? TEACHER,
    newest: (ref: string) => entries.findLast(({ key }) => key === `signin/${ref}`)?.body,
    told: (ref: string) => signals.findLast(({ key }) => key === ref)?.body,
  };
}

function codeOf(result: ActionResult): string {
  return "refused" in result ? result.refused : "done";
}

test("a person signs once; a repetition is answered with the first time", async () => {
  const { round, one, student, clock, told } = await openRoom();
  const ref = await round({ title: "Monday" });
  const first = await one(student, { action: "sign", ref });
  clock.advance(60_000);
  const again = await one(student, { action: "sign", ref });
  assert.deepEqual(Reflect.get(again, "body"), Reflect.get(first, "body"));
  assert.deepEqual(told(ref), { signed: 1, late: 0, code: null });
});

test("everybody sees the round without its code; staff hear the code and the count", async () => {
  const { round, newest, signals } = await openRoom();
  const ref = await round({ title: "Monday", code: "0417", seconds: 60, late: true });
  const { closesAt, ...body } = newest(ref) ?? {};
  assert.deepEqual(body, { ref, title: "Monday", state: "open", needsCode: true, lateAllowed: true });
  assert.equal(typeof closesAt, "number");
  assert.deepEqual(signals.at(-1), { kind: "signin", key: ref, to: "staff", body: { signed: 0, late: 0, code: "0417" } });
});

test("a wrong code is refused, and after five of them even the right one, for 30 seconds", async () => {
  const { round, one, student, clock } = await openRoom();
  const ref = await round({ code: "0417" });
  for (let i = 0; i < 5; i++) assert.equal(codeOf(await one(student, { action: "sign", ref, code: `100${i}` })), "wrong-code");
  const refused = await one(student, { action: "sign", ref, code: "0417" });
  assert.equal(codeOf(refused), "too-many");
  assert.equal(Reflect.get(refused, "retryAfter"), 30);
  clock.advance(30_000);
  assert.equal(codeOf(await one(student, { action: "sign", ref, code: "0417" })), "done");
});

test("asking without a code tells whether one has signed, and is no attempt", async () => {
  const { round, one, student } = await openRoom();
  const ref = await round({ code: "0417" });
  for (let i = 0; i < 10; i++) assert.equal(codeOf(await one(student, { action: "sign", ref })), "wrong-code");
  assert.equal(codeOf(await one(student, { action: "sign", ref, code: "0417" })), "done");
  assert.equal(codeOf(await one(student, { action: "sign", ref })), "done");
});

test("a round with a time limit closes by itself, and tells webhooks the totals", async () => {
  const { round, one, student, clock, acts, newest, lesson } = await openRoom();
  const { db } = database;
  const webhook = { id: newId(), school_id: schoolId, url: "http://x.invalid/", secret: "s", enabled: true };
  await db
    .insertInto("webhooks")
    .values({ ...webhook, events: json<readonly string[]>(["room.signin.closed"]) })
    .execute();
  const ref = await round({ title: "Now", seconds: 60 });
  await one(student, { action: "sign", ref });
  clock.advance(60_001);
  await Promise.all(acts);
  assert.equal(newest(ref)?.["state"], "closed");
  assert.equal(codeOf(await one({ ...student, id: newId() }, { action: "sign", ref })), "closed");
  const delivery = await db.selectFrom("deliveries").select("body").where("webhook_id", "=", webhook.id).executeTakeFirstOrThrow();
  assert.deepEqual(JSON.parse(delivery.body).data, { lessonId: lesson.id, ref, title: "Now", signed: 1, late: 0 });
});

test("where late is allowed, people sign after the limit and are noted as late, until staff close the round", async () => {
  const { round, one, people, clock, acts, told } = await openRoom(3);
  const [early, late, never] = people;
  assert.ok(early && late && never);
  const ref = await round({ seconds: 60, late: true });
  await one(early, { action: "sign", ref });
  clock.advance(120_000);
  assert.equal(acts.length, 0);
  const result = await one(late, { action: "sign", ref });
  assert.equal(Reflect.get(Reflect.get(result, "body") ?? {}, "late"), true);
  await one(TEACHER, { action: "close", ref });
  assert.equal(codeOf(await one(never, { action: "sign", ref })), "closed");
  assert.deepEqual(told(ref), { signed: 2, late: 1, code: null });
});

test("the next owner of the room closes a round in time, and tells staff its count", async () => {
  const { round, one, student, clock, open, first, acts, newest, signals, told } = await openRoom();
  const ref = await round({ seconds: 60 });
  await one(student, { action: "sign", ref });
  first.close();
  signals.length = 0;
  const second = await open();
  assert.deepEqual(told(ref), { signed: 1, late: 0, code: null });
  clock.advance(60_001);
  await Promise.all(acts);
  assert.equal(newest(ref)?.["state"], "closed");
  second.close();
});

test("only staff open and close rounds, and only participants sign", async () => {
  const { round, one, student } = await openRoom();
  assert.equal(codeOf(await one(student, { action: "open" })), "refused-by-rule");
  const ref = await round();
  assert.equal(codeOf(await one(student, { action: "close", ref })), "refused-by-rule");
  assert.equal(codeOf(await one(TEACHER, { action: "sign", ref })), "refused-by-rule");
  assert.equal(codeOf(await one(student, { action: "sign", ref: newId() })), "not-found");
});

test("a round of another lesson is not there", async () => {
  const other = await openRoom();
  const { one, student } = await openRoom();
  const ref = await other.round();
  assert.equal(codeOf(await one(student, { action: "sign", ref })), "not-found");
  assert.equal(codeOf(await one(TEACHER, { action: "close", ref })), "not-found");
});

test("malformed codes and limits are refused", async () => {
  const { one } = await openRoom();
  for (const body of [{ code: "12345" }, { code: "12a4" }, { seconds: 0 }, { seconds: 1e9 }, { title: "x".repeat(101) }, { x: 1 }])
    assert.equal(codeOf(await one(TEACHER, { action: "open", ...body })), "bad-request", JSON.stringify(body));
});

test("thousands who sign in one group are all noted, whatever stands between them", async () => {
  const { round, first, people, asAction, told } = await openRoom(3000);
  const ref = await round();
  const actions = people.flatMap((person) => [
    asAction(person, { action: "sign", ref }),
    asAction(person, { action: "sign", ref }),
  ]);
  const results = await first.send([...actions.slice(0, 3000), asAction(TEACHER, { action: "open" }), ...actions.slice(3000)]);
  assert.equal(results.length, 6001);
  assert.ok(results.every((result) => codeOf(result) === "done"));
  assert.deepEqual(told(ref), { signed: 3000, late: 0, code: null });
});
