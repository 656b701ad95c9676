/** What staff and other systems read of attendance: the list, the differences, the table, the totals. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { RoomEntry } from "@lectern/room";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import { Changes } from "../../foundation/store/change.ts";
import type { Lesson } from "../../foundation/store/tables.ts";
import {
  insertCourse,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { workOnce } from "../../foundation/work/test-work.ts";
import { storeEntries } from "../entry-store.ts";
import { attendanceColumns, roundsOf, wholeAttendance } from "./attendance-export.ts";
import { attendanceOf } from "./attendance-report.ts";
import { attendanceReports } from "./attendance-reports.ts";
import { peoplePage, peopleSince, roomNow } from "./people-now.ts";
import { attendanceOfPerson, eraseDevicesOf } from "./personal-attendance.ts";

let database: TestDatabase;
let schoolId: string;
before(async () => {
  database = await openTestDatabase();
  schoolId = (await insertSchool(database.db)).id;
});
after(() => database.close());

const START = Date.parse("2026-11-20T09:00:00Z");
const MINUTE = 60_000;
const at = (minutes: number) => new Date(START + minutes * MINUTE);

let lesson: Lesson;
beforeEach(async () => {
  const { db } = database;
  const inserted = await insertLesson(db, schoolId, { state: "ended" });
  const times = { started_at: at(0), ended_at: at(60) };
  lesson = await db.updateTable("lessons").set(times).where("id", "=", inserted.id).returningAll().executeTakeFirstOrThrow();
  await db
    .insertInto("room_presence")
    .values({ lesson_id: lesson.id, owner: "o", seen_at: at(50), version: 7 })
    .execute();
});

async function join(name: string, userId: string | null = null): Promise<string> {
  const id = newId();
  const role = userId === null ? ("guest" as const) : ("student" as const);
  const row = { id, lesson_id: lesson.id, user_id: userId, name, role, joined_at: at(0), seen_at: at(0), token_hash: null };
  await database.db.insertInto("participants").values(row).execute();
  return id;
}

async function wasThere(
  participant: string,
  from: number,
  to: number | null,
  version = 1,
  device = "phone, Chrome",
): Promise<void> {
  const times = { from_at: at(from), to_at: to === null ? null : at(to) };
  const row = { participant_id: participant, lesson_id: lesson.id, ...times, device, present: to === null, version };
  await database.db.insertInto("attendance").values(row).execute();
}

test("attendance has the first and last time, and the seconds in the room and in the lesson", async () => {
  const ada = await join("Ada");
  await wasThere(ada, -10, 20);
  await wasThere(ada, 30, null, 1, "computer, Edge; phone, Chrome");
  const { items } = await attendanceOf(database.db, lesson, { limit: 10, after: "", now: START });
  assert.equal(items.length, 1);
  const { intervals, ...item } = items[0] ?? { intervals: [] };
  assert.deepEqual(item, {
    id: ada,
    participantId: ada,
    userId: null,
    externalId: null,
    name: "Ada",
    role: "guest",
    status: "guest",
    inRoom: true,
    firstAt: at(-10),
    lastAt: at(50),
    seconds: 50 * 60,
    lessonSeconds: 40 * 60,
    devices: ["phone, Chrome", "computer, Edge"],
    signins: [],
    stars: 0,
  });
  assert.deepEqual(
    intervals.map(({ from, to }) => [from, to]),
    [
      [at(-10), at(20)],
      [at(30), null],
    ],
  );
});

test("students of the course who did not come are listed as absent, in pages with the others", async () => {
  const { db } = database;
  const students = [await insertUser(db, schoolId, "student"), await insertUser(db, schoolId, "student")];
  const course = await insertCourse(db, schoolId, students);
  lesson = await db
    .updateTable("lessons")
    .set({ course_id: course.id })
    .where("id", "=", lesson.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await join("Here", students[0]?.id);
  await join("Guest");
  const statuses: string[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page: Awaited<ReturnType<typeof attendanceOf>> = await attendanceOf(db, lesson, { limit: 1, after, now: START });
    statuses.push(...page.items.map(({ status }) => status));
    after = page.nextCursor;
  }
  assert.deepEqual(statuses.toSorted(), ["absent", "guest", "present"]);
});

test("the list of those who are there is sorted by name, searched, and paged", async () => {
  const { db } = database;
  for (const name of ["Dora", "ada 100%", "Bob", "Ada"]) await wasThere(await join(name), 0, null);
  await wasThere(await join("Left"), 0, 10);
  const first = await peoplePage(db, lesson.id, { limit: 3 });
  const second = await peoplePage(db, lesson.id, { limit: 3, cursor: first.nextCursor ?? "" });
  const names = [...first.items, ...second.items].map(({ name }) => name);
  assert.deepEqual(new Set(names), new Set(["Ada", "Bob", "Dora", "ada 100%"]));
  assert.equal(names.length, 4);
  assert.equal(second.nextCursor, null);
  const found = await peoplePage(db, lesson.id, { limit: 10, search: "00%" });
  assert.deepEqual(
    found.items.map(({ name }) => name),
    ["ada 100%"],
  );
  await assert.rejects(peoplePage(db, lesson.id, { limit: 3, cursor: "x" }), /bad-request|order/);
});

test("the differences since a version are those who came and those who left", async () => {
  const { db } = database;
  await wasThere(await join("Before"), 0, null, 3);
  const came = await join("Came");
  const left = await join("Left");
  await wasThere(came, 5, null, 4);
  await wasThere(left, 0, 5, 5);
  const since = await peopleSince(db, lesson.id, 3);
  assert.deepEqual([since?.items.map(({ id }) => id), since?.left], [[came], [left]]);
  assert.deepEqual(await peopleSince(db, lesson.id, 5), { items: [], left: [] });
});

test("a room whose owner has not written for a minute has nobody", async () => {
  await wasThere(await join("Ada"), 0, null);
  assert.deepEqual(await roomNow(database.db, lesson.id, +at(50)), { version: 7, count: 1 });
  assert.deepEqual(await roomNow(database.db, lesson.id, +at(52)), { version: 7, count: 0 });
  assert.deepEqual(await roomNow(database.db, newId(), START), { version: 0, count: 0 });
});

async function insertRound(title: string): Promise<string> {
  const id = newId();
  const row = {
    id,
    lesson_id: lesson.id,
    title,
    code: null,
    late_allowed: true,
    opened_at: at(1),
    closes_at: null,
    closed_at: at(9),
  };
  await database.db.insertInto("signin_rounds").values(row).execute();
  return id;
}

test("the table has a column for each sign-in, and no cell is a formula", async () => {
  const { db } = database;
  const ada = await join("=1+1");
  await wasThere(ada, 0, 33);
  const [first, second] = [await insertRound("=2+2"), await insertRound("")];
  await db
    .insertInto("signins")
    .values({ round_id: first, participant_id: ada, at: at(2), late: true })
    .execute();
  assert.ok(second);
  const about = { person: ada, personName: "=1+1", personRole: "guest" };
  const star = (seq: number, count: number, given: number): RoomEntry => ({
    seq,
    at: START + seq,
    mediaTime: null,
    id: String(seq),
    from: null,
    kind: "star",
    to: "all",
    key: `star/${ada}`,
    gone: false,
    sampled: false,
    body: { ...about, count, given },
  });
  await storeEntries(db, lesson.id, "e", [star(1, 5, 5), star(2, 4, -1)]);
  const csv = writeCsv(attendanceColumns(await roundsOf(db, lesson.id)), await wholeAttendance(db, lesson, START));
  const [head, row] = csv.split("\r\n");
  assert.match(head ?? "", /,minutes,lessonMinutes,intervals,devices,signin 1: =2\+2,signin 2,stars$/);
  assert.match(row ?? "", /,'=1\+1,guest,guest,.*,33,33,1,"phone, Chrome",late,,4$/);
});

test("webhooks hear the totals of a lesson once after each of its ends, without names", async () => {
  const { db } = database;
  const webhook = { id: newId(), school_id: schoolId, url: "http://x.invalid/", secret: "s", enabled: true };
  await db
    .insertInto("webhooks")
    .values({ ...webhook, events: json<readonly string[]>(["attendance.ready"]) })
    .execute();
  const ada = await join("Ada Lovelace");
  await wasThere(ada, 0, 30);
  await insertRound("Monday");
  const reports = attendanceReports({ db, changes: new Changes(db, () => {}) });
  const told = async () => {
    const rows = await db.selectFrom("deliveries").select("body").where("webhook_id", "=", webhook.id).orderBy("id").execute();
    return rows.map(({ body }) => JSON.parse(body).data).filter((data) => data.lessonId === lesson.id);
  };
  await workOnce(reports, +at(61));
  assert.equal((await told()).length, 0);
  await workOnce(reports, +at(62));
  await workOnce(reports, +at(63));
  const [data, ...more] = await told();
  assert.equal(more.length, 0);
  assert.deepEqual(
    { guests: data.guests, attended: data.attended, averageSeconds: data.averageSeconds, signed: data.signins[0].signed },
    { guests: 1, attended: 1, averageSeconds: 1800, signed: 0 },
  );
  assert.ok(!JSON.stringify(data).includes("Lovelace"));
  await db
    .updateTable("lessons")
    .set({ ended_at: at(90) })
    .where("id", "=", lesson.id)
    .execute();
  await workOnce(reports, +at(92));
  assert.equal((await told()).length, 2);
});

test("a person's archive has when they were there, and erasing takes what they were there with", async () => {
  const { db } = database;
  const { id: userId } = await insertUser(db, schoolId, "student");
  const participant = await join("Ada", userId);
  await wasThere(participant, 0, 30);
  const archive = await attendanceOfPerson(db, userId);
  assert.deepEqual(archive, {
    attendance: [{ lessonId: lesson.id, from: at(0), to: at(30), device: "phone, Chrome" }],
    signins: [],
  });
  await eraseDevicesOf(db, [participant]);
  assert.equal((await attendanceOfPerson(db, userId)).attendance[0]?.device, "");
});
