/** Attendance of a room: rows follow the reports of media workers, through deaths of workers and of the process that writes them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RoomSignal } from "@lectern/room";
import { ManualClock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/id.ts";
import {
  insertLesson,
  insertSchool,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { AttendanceStore } from "./attendance-store.ts";
import type { Presence } from "./presence.ts";

let database: TestDatabase;
let schoolId: string;
before(async () => {
  database = await openTestDatabase();
  schoolId = (await insertSchool(database.db)).id;
});
after(() => database.close());

const SECOND = 1000;

type TestRoom = {
  readonly lessonId: string;
  readonly people: readonly string[];
  readonly clock: ManualClock;
  readonly start: number;
  readonly signals: RoomSignal[];
  /** A process that opens the room. */
  readonly open: () => Promise<{ readonly store: AttendanceStore; readonly presence: Presence }>;
  /** Moves the clock by whole seconds, and writes after each. */
  readonly pass: (store: AttendanceStore, seconds: number, report?: () => Promise<void>) => Promise<void>;
  readonly rows: () => Promise<(readonly [person: number, from: number, to: number | null, present: boolean])[]>;
};

async function openRoom(count = 1): Promise<TestRoom> {
  const { db } = database;
  const { id: lessonId } = await insertLesson(db, schoolId);
  const people = Array.from({ length: count }, () => newId());
  const now = new Date();
  const columns = { lesson_id: lessonId, user_id: null, name: "Ada", role: "guest" as const, joined_at: now, seen_at: now };
  for (const id of people)
    await db
      .insertInto("participants")
      .values({ id, ...columns, token_hash: null })
      .execute();
  const clock = new ManualClock();
  const start = clock.utc();
  const signals: RoomSignal[] = [];
  return {
    lessonId,
    people,
    clock,
    start,
    signals,
    open: async () => {
      // Writing is what the test says, also for a process that is killed.
      const store = new AttendanceStore({ db, log: silentLog, clock: { ...clock, utc: clock.utc, after: () => () => {} } });
      return {
        store,
        presence: await store.open({ lessonId, signal: (signal) => signals.push(signal), notStudents: async () => 1 }),
      };
    },
    pass: async (store, seconds, report) => {
      for (let i = 0; i < seconds; i++) {
        clock.advance(SECOND);
        await report?.();
        await store.write();
      }
    },
    rows: async () => {
      const rows = await db.selectFrom("attendance").selectAll().where("lesson_id", "=", lessonId).orderBy("from_at").execute();
      const seconds = (time: Date) => (time.getTime() - start) / SECOND;
      const told = rows.map(
        ({ participant_id: id, from_at: from, to_at: to, present }) =>
          [people.indexOf(id), seconds(from), to && seconds(to), present] as const,
      );
      return told.toSorted(([a], [b]) => a - b);
    },
  };
}

const AGENT = "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36";

function visit({ people, start }: TestRoom, person: number, from: number, to: number | null = null) {
  const participant = people[person] ?? "";
  return { participant, from: start + from * SECOND, to: to === null ? null : start + to * SECOND, agent: AGENT };
}

test("who comes and leaves is written within a second, and has left 15 seconds later", async () => {
  const room = await openRoom();
  const { store, presence } = await room.open();
  await presence.report("n1/1", [visit(room, 0, 0)]);
  await room.pass(store, 10);
  assert.deepEqual(await room.rows(), [[0, 0, null, true]]);
  const stored = presence.report("n1/1", [visit(room, 0, 0, 10)]);
  await room.pass(store, 1);
  await stored;
  assert.deepEqual(await room.rows(), [[0, 0, 10, true]]);
  assert.equal(presence.count, 1);
  await room.pass(store, 15);
  assert.equal(presence.count, 0);
  assert.deepEqual(await room.rows(), [[0, 0, 10, false]]);
  await store.closeAll();
});

test("a worker's death is no leaving for those who are at another one within 15 seconds", async () => {
  const room = await openRoom(2);
  const { store, presence } = await room.open();
  await room.pass(store, 20, () => presence.report("n1/1", [visit(room, 0, 0), visit(room, 1, 0)]));
  presence.workerGone("n1/1", room.clock.utc());
  await room.pass(store, 5);
  assert.equal(presence.count, 2);
  await room.pass(store, 20, () => presence.report("n1/2", [visit(room, 0, 23)]));
  assert.deepEqual(await room.rows(), [
    [0, 0, null, true],
    [1, 0, 20, false],
  ]);
  await store.closeAll();
});

test("with a worker go the groups in which it reports a large room", async () => {
  const room = await openRoom(2);
  const { store, presence } = await room.open();
  await presence.report("n1/1", [visit(room, 0, 0)]);
  await presence.report("n1/1#1", [visit(room, 1, 0)]);
  await room.pass(store, 3);
  presence.workerGone("n1/1", room.clock.utc());
  await room.pass(store, 16);
  assert.deepEqual(await room.rows(), [
    [0, 0, 3, false],
    [1, 0, 3, false],
  ]);
  await store.closeAll();
});

test("a worker that falls silent is gone since its last report", async () => {
  const room = await openRoom();
  const { store, presence } = await room.open();
  await presence.report("n1/1", [visit(room, 0, 0)]);
  await room.pass(store, 5);
  await presence.report("n1/1", [visit(room, 0, 0)]);
  await room.pass(store, 30);
  assert.deepEqual(await room.rows(), [[0, 0, 5, false]]);
  await store.closeAll();
});

test("after the writing process died, visits continue as the workers report them", async () => {
  const room = await openRoom(3);
  const { store, presence } = await room.open();
  await room.pass(store, 60, () => presence.report("n1/1", [visit(room, 0, 0), visit(room, 1, 0), visit(room, 2, 0)]));
  // Killed: nothing of it is written any more. The first left meanwhile, the third with its node.
  room.clock.advance(20 * SECOND);
  const next = await room.open();
  assert.equal(next.presence.count, 3);
  const stored = next.presence.report("n1/1", [visit(room, 0, 0, 63), visit(room, 1, 0)]);
  await room.pass(next.store, 1);
  await stored;
  assert.deepEqual(
    (await room.rows()).filter(([person]) => person !== 2),
    [
      [0, 0, 63, false],
      [1, 0, null, true],
    ],
  );
  await room.pass(next.store, 20, () => next.presence.report("n1/1", [visit(room, 1, 0)]));
  const third = (await room.rows()).find(([person]) => person === 2);
  assert.deepEqual(third, [2, 0, 60, false]);
  assert.equal(next.presence.count, 1);
  await next.store.closeAll();
});

test("a process that lost the room writes nothing to it any more", async () => {
  const room = await openRoom();
  const { store, presence } = await room.open();
  await presence.report("n1/1", [visit(room, 0, 0)]);
  await room.pass(store, 1);
  const next = await room.open();
  await next.presence.report("n1/1", [visit(room, 0, 0)]);
  const late = presence.report("n1/1", [visit(room, 0, 0, 1)]);
  const refused = assert.rejects(late, { name: "PresenceLost" });
  await room.pass(store, 1);
  await refused;
  await assert.rejects(presence.report("n1/1", [visit(room, 0, 0)]), { name: "PresenceLost" });
  await room.pass(next.store, 1);
  assert.deepEqual(await room.rows(), [[0, 0, null, true]]);
  await next.store.closeAll();
});

test("followers hear the count, and staff the version of the roster, only when they change", async () => {
  const room = await openRoom();
  const { store, presence } = await room.open();
  await room.pass(store, 2);
  await presence.report("n1/1", [visit(room, 0, 2)]);
  await room.pass(store, 5);
  assert.deepEqual(room.signals, [
    { kind: "people", key: "", to: "all", body: { count: 0, staff: 1 } },
    { kind: "people", key: "", to: "all", body: { count: 1, staff: 1 } },
    { kind: "roster", key: "", to: "staff", body: { version: 1 } },
  ]);
  await store.closeAll();
});

test("the count is told at a later second where nobody could say who is of the staff", async () => {
  const { id: lessonId } = await insertLesson(database.db, schoolId);
  const clock = new ManualClock();
  const store = new AttendanceStore({ db: database.db, log: silentLog, clock });
  const signals: RoomSignal[] = [];
  let attempts = 0;
  const notStudents = async () => {
    if (++attempts < 3) throw new Error("database away");
    return 0;
  };
  await store.open({ lessonId, signal: (signal) => signals.push(signal), notStudents });
  for (let second = 0; second < 4; second++) {
    clock.advance(SECOND);
    await store.write();
    await new Promise(setImmediate);
  }
  assert.deepEqual(signals, [{ kind: "people", key: "", to: "all", body: { count: 0, staff: 0 } }]);
  assert.equal(attempts, 3);
  await store.closeAll();
});

test("a report repeated after its answer was lost changes nothing", async () => {
  const room = await openRoom();
  const { store, presence } = await room.open();
  await presence.report("n1/1", [visit(room, 0, 0)]);
  await room.pass(store, 3);
  for (let i = 0; i < 3; i++) {
    const stored = presence.report("n1/1", [visit(room, 0, 0, 3)]);
    await room.pass(store, 1);
    await stored;
  }
  assert.deepEqual(await room.rows(), [[0, 0, 3, true]]);
  await store.closeAll();
});

test("two intervals that a late report joins become one row", async () => {
  const room = await openRoom();
  const { store, presence } = await room.open();
  await room.pass(store, 60);
  const first = presence.report("n1/1", [visit(room, 0, 0, 10), visit(room, 0, 40, 50)]);
  await room.pass(store, 1);
  await first;
  assert.equal((await room.rows()).length, 2);
  const late = presence.report("n1/2", [visit(room, 0, 12, 39)]);
  await room.pass(store, 1);
  await late;
  assert.deepEqual(await room.rows(), [[0, 0, 50, true]]);
  await store.closeAll();
});

test("what the database does not take is written later, and the report is repeated meanwhile", async () => {
  const room = await openRoom();
  const { store, presence } = await room.open();
  await room.pass(store, 1);
  await database.db.schema.alterTable("attendance").renameTo("attendance_away").execute();
  const refused = assert.rejects(presence.report("n1/1", [visit(room, 0, 0, 0.5)]));
  await room.pass(store, 1);
  await refused;
  await database.db.schema.alterTable("attendance_away").renameTo("attendance").execute();
  await room.pass(store, 1);
  assert.deepEqual(await room.rows(), [[0, 0, 0.5, true]]);
  await store.closeAll();
});

test("rooms that are opened all the time do not keep others from being written", async () => {
  const { db } = database;
  const clock = new ManualClock();
  const store = new AttendanceStore({ db, log: silentLog, clock });
  const signals: RoomSignal[] = [];
  for (let i = 0; i < 4; i++) {
    const { id: lessonId } = await insertLesson(db, schoolId);
    await store.open({ lessonId, signal: (signal) => signals.push(signal), notStudents: async () => 0 });
    clock.advance(400);
  }
  // What counts the staff is asked before the signal.
  await new Promise(setImmediate);
  assert.equal(signals.length, 3, "those that were open after a second");
  await store.closeAll();
});
