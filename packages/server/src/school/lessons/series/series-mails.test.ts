/** What teachers are told of their series by mail. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import { actorOf, insertSchool, insertUser, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { workOnce } from "../../foundation/work/test-work.ts";
import { planSeries } from "./plan-series.ts";
import { noticeColumns, seriesMails } from "./series-mails.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const MINUTE_MS = 60_000;

/** A series of three lessons, which somebody has just made. @param accepts whether the mail server accepts a mail */
async function openSeries(by: "teacher" | "administrator", accepts = true) {
  const { db } = database;
  const school = await insertSchool(db);
  const teacher = await insertUser(db, school.id, "teacher");
  await db.updateTable("users").set({ email: "wang@school.cn" }).where("id", "=", teacher.id).execute();
  const head = await insertUser(db, school.id, "administrator");
  const changes = new Changes(db, () => {});
  const row = {
    id: newId(),
    school_id: school.id,
    teacher_id: teacher.id,
    title: "Maths",
    mode: "broadcast" as const,
    record: false,
    guests: true,
    waiting_room: false,
    open_to_school: false,
    time_zone: "Asia/Shanghai",
    weekly: json([{ days: [4, 1], from: "09:00", to: "09:45" }]),
    every_weeks: 2,
    starts_on: "2090-03-06",
    lesson_count: 3,
    skip_holidays: true,
    ...noticeColumns(teacher.id, actorOf(by === "teacher" ? teacher : head)),
  };
  const series = await db.insertInto("lesson_series").values(row).returningAll().executeTakeFirstOrThrow();
  await changes.transact(SYSTEM, async (change) => {
    await planSeries(change, { ruleChanged: () => {} }, series, Date.now());
    return { body: null };
  });
  const sent: { to: string | null; subject: string; text: string }[] = [];
  const mail = {
    sendSeries: async ({ email }: { email: string | null }, subject: string, text: string) => {
      sent.push({ to: email, subject, text });
      return accepts;
    },
  };
  return { db, teacher, sent, send: (minutes: number) => workOnce(seriesMails({ db, mail }), Date.now() + minutes * MINUTE_MS) };
}

test("a teacher gets one mail about all lessons of a series, some minutes after it was made, in both languages", async () => {
  const { sent, send } = await openSeries("administrator");
  await send(1);
  assert.equal(sent.length, 0, "another change may follow");
  await send(6);
  await send(60);
  assert.deepEqual(
    sent.map(({ to, subject }) => [to, subject]),
    [["wang@school.cn", "Maths: your lessons / 你的课程安排"]],
  );
  const text = sent[0]?.text ?? "";
  assert.match(text, /You teach “Maths” every 2 weeks: Monday and Thursday 09:00–09:45 \(Asia\/Shanghai\)\./);
  assert.match(text, /Lessons in the timetable: 3, from Monday, March 6, 2090 to Monday, March 20, 2090\./);
  assert.match(text, /“Maths”由你授课，每 2 周：星期一和星期四 09:00–09:45（Asia\/Shanghai）。/);
});

test("teachers are not told of what they do themselves", async () => {
  const { sent, send } = await openSeries("teacher");
  await send(60);
  assert.equal(sent.length, 0);
});

test("a mail that the mail server refuses is tried again, and one to a suspended teacher is not sent", async () => {
  const { db, sent, send, teacher } = await openSeries("administrator", false);
  await send(6);
  await send(7);
  assert.equal(sent.length, 2);
  await db.updateTable("users").set({ disabled_at: new Date() }).where("id", "=", teacher.id).execute();
  await send(10_000);
  await send(100_000);
  assert.equal(sent.length, 2);
  const left = await db.selectFrom("lesson_series").selectAll().where("teacher_id", "=", teacher.id).executeTakeFirstOrThrow();
  assert.equal(left.notify_at, null);
});
