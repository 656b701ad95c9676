/** The peak of a lesson is that of a moment, not of a minute. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import { json } from "../../../platform/store/store.ts";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { watchingPeak, watchingPeaks } from "./watching-peak.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const BEGIN = Date.parse("2026-11-20T01:00:00Z");
let count = 0;

/** Seconds after the lesson's begin. */
async function watched(lessonId: string, from: number, to: number, cid = "live/a"): Promise<void> {
  const none = { watched_ms: 0, heard_ms: 0, stalls: 0, stall_ms: 0, frames: 0, dropped_frames: 0, bytes: 0 };
  const times = { started_at: new Date(BEGIN + from * 1000), last_at: new Date(BEGIN + to * 1000), ended_at: null };
  await database.db
    .insertInto("view_sessions")
    .values({
      id: `session-${count++}`,
      cid,
      lesson_id: lessonId,
      school_id: null,
      participant_id: null,
      trace: "t",
      node: "n",
      edge: "",
      engine: "flv",
      device: "phone",
      os: "",
      browser: "",
      line: "",
      network: "",
      carrier: "",
      region: "",
      ...times,
      end_reason: null,
      first_frame_ms: null,
      moments: json([]),
      complaint: null,
      ...none,
      switches: 0,
      reconnects: 0,
      errors: 0,
    })
    .execute();
}

test("five who are there for twenty seconds of a minute are five, and who comes when another leaves adds nobody", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lessons = [await insertLesson(db, school.id), await insertLesson(db, school.id)];
  for (const { id } of lessons)
    await db
      .updateTable("lessons")
      .set({ started_at: new Date(BEGIN), ended_at: new Date(BEGIN + 600_000) })
      .where("id", "=", id)
      .execute();
  const [one, two] = lessons.map(({ id }) => id) as [string, string];
  for (let i = 0; i < 5; i++) await watched(one, 120, 140);
  for (let i = 0; i < 3; i++) await watched(one, 200 + i * 10, 210 + i * 10);
  // Replays, and what began before the lesson and ended after it.
  for (let i = 0; i < 9; i++) await watched(one, 120, 140, "vod/x");
  await watched(two, -60, 10_000);
  const now = new Date(BEGIN + 3_600_000);
  assert.deepEqual(Object.fromEntries(await watchingPeaks(db, [one, two], now)), { [one]: 5, [two]: 1 });
  assert.equal(await watchingPeak(db, sql`lessons.school_id = ${school.id}`, now), 6);
});
