/** What becomes of the lessons of a series: made ahead, changed one by one, from a day on and all together, left out, deleted. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { type Change, Changes } from "../../foundation/store/change.ts";
import type { LessonSeries } from "../../foundation/store/lesson-series-tables.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import { insertSchool, openTestDatabase, refusalCode, type TestDatabase } from "../../foundation/store/test-database.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { workOnce } from "../../foundation/work/test-work.ts";
import { leaveOut, takeBack } from "../weekly/exceptions.ts";
import { renamer } from "../weekly/occurrences.ts";
import { differsFromSeries } from "../weekly/series-lesson.ts";
import { changeFollowing, deleteUpcoming, endSeries, type SeriesColumns } from "./divide-series.ts";
import { planSeries } from "./plan-series.ts";
import { lessonSeriesWork, planAgain } from "./series-work.ts";

const BERLIN = "Europe/Berlin";
/** A Monday. */
const NOW = Date.parse("2026-03-02T05:00:00Z");
const DAY_MS = 24 * 3600 * 1000;

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

/** A series of a new school, with its lessons. By default: Mondays and Thursdays at nine in Berlin, six lessons. */
async function openSeries(fields: SeriesColumns = {}) {
  const { db } = database;
  const school = await insertSchool(db);
  const changes = new Changes(db, () => {});
  const streams = { ruleChanged: () => {} };
  const act = (work: (change: Change) => Promise<unknown>) =>
    changes.transact(SYSTEM, async (change) => {
      await work(change);
      return { body: null };
    });
  const row = {
    id: newId(),
    school_id: school.id,
    title: "Maths",
    mode: "broadcast" as const,
    record: false,
    guests: true,
    waiting_room: false,
    open_to_school: false,
    time_zone: BERLIN,
    weekly: json([{ days: [1, 4], from: "09:00", to: "09:45" }]),
    every_weeks: 1,
    starts_on: "2026-03-02",
    lesson_count: 6,
    skip_holidays: true,
    ...fields,
  };
  const inserted = await db.insertInto("lesson_series").values(row).returningAll().executeTakeFirstOrThrow();
  await act((change) => planSeries(change, streams, inserted, NOW));
  const read = (id = row.id) => db.selectFrom("lesson_series").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const lessons = (id = row.id) =>
    db.selectFrom("lessons").selectAll().where("series_id", "=", id).orderBy("starts_at").orderBy("id").execute();
  /** `12-24 09:00` in UTC, with `!` where it was edited; without those in the bin. */
  const shown = async (id = row.id) =>
    (await lessons(id))
      .filter(({ deleted_at }) => deleted_at === null)
      .map(({ starts_at, series_edited }) => {
        return `${starts_at?.toISOString().slice(5, 16).replace("T", " ")}${series_edited ? "!" : ""}`;
      });
  const lesson = async (occurrence: string, id = row.id) =>
    (await lessons(id)).find((one) => one.occurrence === occurrence) ?? assert.fail(`no lesson ${occurrence}`);
  return {
    db,
    school,
    changes,
    streams,
    act,
    read,
    lessons,
    shown,
    lesson,
    /** All lessons, as the route does. */
    change: (columns: SeriesColumns, now = NOW) =>
      act(async (change) => {
        const earlier = await change.trx.selectFrom("lesson_series").selectAll().where("id", "=", row.id).executeTakeFirstOrThrow();
        const later: LessonSeries = await updateRow(change, "lesson_series", earlier, columns);
        await planSeries(change, streams, later, now, renamer(earlier, later));
      }),
    /** One lesson, as the route does. */
    edit: async (occurrence: string, columns: { title?: string; starts_at?: Date; ends_at?: Date }) => {
      const one = await lesson(occurrence);
      await act(async (change) => {
        const series_edited = await differsFromSeries(change.trx, { ...one, ...columns });
        await updateRow(change, "lessons", one, { ...columns, series_edited });
      });
    },
    remove: (occurrence: string) =>
      act(async (change) => {
        const found = change.trx
          .selectFrom("lessons")
          .selectAll()
          .where("series_id", "=", row.id)
          .where("occurrence", "=", occurrence);
        const one = await found.executeTakeFirstOrThrow();
        await updateRow(change, "lessons", one, { deleted_at: new Date(NOW) });
        await leaveOut(change, one);
      }),
    following: async (from: string, columns: SeriesColumns) => {
      const earlier = await read();
      await act((change) => changeFollowing(change, streams, earlier, from, columns, NOW));
    },
    plan: async (now = NOW) => {
      const series = await read();
      await act((change) => planSeries(change, streams, series, now));
    },
    holiday: async (starts_on: string, ends_on = starts_on) => {
      const entry = { id: newId(), school_id: school.id, kind: "holiday" as const, name: "Holiday", starts_on, ends_on };
      await db.insertInto("calendar_entries").values(entry).execute();
      await act((change) => planAgain(change, school.id));
    },
    work: (now = NOW) => workOnce(lessonSeriesWork({ db, changes, streams }), Math.max(now, Date.now())),
  };
}

const SIX = ["03-02 08:00", "03-05 08:00", "03-09 08:00", "03-12 08:00", "03-16 08:00", "03-19 08:00"];

test("a series has its lessons at once, each with a stream and a code of its own", async () => {
  const { shown, lessons, read } = await openSeries();
  assert.deepEqual(await shown(), SIX);
  const rows = await lessons();
  assert.equal(new Set(rows.map(({ code, stream_name, publish_key }) => `${code} ${stream_name} ${publish_key}`)).size, 6);
  assert.deepEqual(rows.map(({ title, occurrence }) => [title, occurrence]).slice(0, 2), [
    ["Maths", "2026-03-02"],
    ["Maths", "2026-03-05"],
  ]);
  assert.equal((await read()).next_at, null, "nothing is left to make");
});

test("lessons that would have begun already are not made", async () => {
  const { shown } = await openSeries({ starts_on: "2026-02-16" });
  assert.deepEqual(await shown(), SIX.slice(0, 2));
});

test("a series without an end has half a year of lessons, and gets another week each week", async () => {
  const { lessons, read, plan } = await openSeries({ lesson_count: null });
  const before = (await lessons()).length;
  assert.equal(before, 53);
  const due = (await read()).next_at?.getTime() ?? 0;
  assert.equal(due, NOW + 7 * DAY_MS);
  await plan(due);
  const after = await lessons();
  assert.equal(after.length, 55);
  assert.equal(new Set(after.map(({ occurrence }) => occurrence)).size, 55);
});

test("a change of all reaches the lessons that have not begun, which keep their codes, at nine by the clock on the wall", async () => {
  const { change, lessons, shown } = await openSeries({ starts_on: "2026-03-26", lesson_count: 2 });
  assert.deepEqual(await shown(), ["03-26 08:00", "03-30 07:00"], "the clocks change between them");
  const codes = (await lessons()).map(({ code }) => code);
  await change({ title: "Algebra", weekly: json([{ days: [1, 4], from: "10:30", to: "11:15" }]) });
  assert.deepEqual(await shown(), ["03-26 09:30", "03-30 08:30"]);
  assert.deepEqual(
    (await lessons()).map(({ code, title }) => [code, title]),
    codes.map((code) => [code, "Algebra"]),
  );
});

test("lessons that were held, are live, or that a person changed stay as they are when all are changed", async () => {
  const { change, db, edit, lesson, shown } = await openSeries();
  await edit("2026-03-09", { starts_at: new Date("2026-03-10T12:00:00Z"), ends_at: new Date("2026-03-10T12:45:00Z") });
  await db
    .updateTable("lessons")
    .set({ state: "live" })
    .where("id", "=", (await lesson("2026-03-12")).id)
    .execute();
  const fourth = Date.parse("2026-03-04T00:00:00Z");
  await change({ weekly: json([{ days: [1, 4], from: "11:00", to: "11:45" }]) }, fourth);
  assert.deepEqual(await shown(), ["03-02 08:00", "03-05 10:00", "03-10 12:00!", "03-12 08:00", "03-16 10:00", "03-19 10:00"]);
});

test("a lesson that was moved and moved back belongs to the series again", async () => {
  const { edit, shown } = await openSeries();
  const times = { starts_at: new Date("2026-03-10T12:00:00Z"), ends_at: new Date("2026-03-10T12:45:00Z") };
  await edit("2026-03-09", times);
  await edit("2026-03-09", { starts_at: new Date("2026-03-09T08:00:00Z"), ends_at: new Date("2026-03-09T08:45:00Z") });
  assert.deepEqual(await shown(), SIX);
});

test("a lesson that was left out stays out after a change of all, of the time and of the day", async () => {
  const { change, remove, shown } = await openSeries();
  await remove("2026-03-12");
  await change({ weekly: json([{ days: [1, 4], from: "10:00", to: "10:45" }]) });
  assert.deepEqual(await shown(), ["03-02 09:00", "03-05 09:00", "03-09 09:00", "03-16 09:00", "03-19 09:00"]);
  await change({ weekly: json([{ days: [1, 5], from: "10:00", to: "10:45" }]) });
  assert.deepEqual(await shown(), ["03-02 09:00", "03-06 09:00", "03-09 09:00", "03-16 09:00", "03-20 09:00"]);
});

test("a lesson that is restored from the bin is there again, and follows the series", async () => {
  const { act, change, db, lesson, read, remove, shown } = await openSeries();
  await remove("2026-03-12");
  const binned = await lesson("2026-03-12");
  await act(async (one) => {
    const series_edited = await takeBack(one, binned);
    await updateRow(one, "lessons", binned, { deleted_at: null, series_edited });
  });
  await change({ title: "Algebra" });
  assert.deepEqual(await shown(), SIX);
  assert.equal((await lesson("2026-03-12")).title, "Algebra");
  const left = db
    .selectFrom("lesson_series_exceptions")
    .selectAll()
    .where("series_id", "=", (await read()).id);
  assert.deepEqual(await left.execute(), []);
});

test("a day that the pattern loses loses its lessons; one that it gains has new ones", async () => {
  const { change, shown } = await openSeries({ lesson_count: null, ends_on: "2026-03-19" });
  await change({ weekly: json([{ days: [1], from: "09:00", to: "09:45" }]) });
  assert.deepEqual(await shown(), ["03-02 08:00", "03-09 08:00", "03-16 08:00"]);
  await change({ weekly: json([{ days: [1, 4], from: "09:00", to: "09:45" }]) });
  assert.deepEqual(await shown(), SIX);
});

const TWICE = json([
  { days: [1], from: "09:00", to: "09:45" },
  { days: [1], from: "14:00", to: "14:45" },
]);

test("of two lessons a day, the second one keeps its code when the series loses the first", async () => {
  const { change, lesson, lessons, shown } = await openSeries({ weekly: TWICE, lesson_count: null, ends_on: "2026-03-09" });
  const { id, code } = await lesson("2026-03-09/2");
  await change({ weekly: json([{ days: [1], from: "14:00", to: "14:45" }]) });
  assert.deepEqual(await shown(), ["03-02 13:00", "03-09 13:00"]);
  assert.deepEqual((await lessons()).map((one) => [one.id, one.code, one.deleted_at]).at(-1), [id, code, null]);
});

test("a first lesson of the day that was held makes room for the name of the second one", async () => {
  const { change, db, lesson, shown } = await openSeries({ weekly: TWICE, lesson_count: null, ends_on: "2026-03-09" });
  const [held, next] = [await lesson("2026-03-02"), await lesson("2026-03-02/2")];
  await change({ weekly: json([{ days: [1], from: "14:00", to: "14:45" }]) }, Date.parse("2026-03-02T10:00:00Z"));
  assert.deepEqual(await shown(), ["03-02 13:00", "03-09 13:00"]);
  assert.equal((await lesson("2026-03-02")).id, next.id);
  const kept = await db.selectFrom("lessons").selectAll().where("id", "=", held.id).executeTakeFirstOrThrow();
  assert.deepEqual([kept.deleted_at, kept.starts_at], [null, held.starts_at]);
});

test("a held lesson follows the order of its day: one put before it is not made a second time", async () => {
  const { change, lesson, shown } = await openSeries({ lesson_count: null, ends_on: "2026-03-05" });
  const held = await lesson("2026-03-02");
  const ten = Date.parse("2026-03-02T10:00:00Z");
  await change(
    {
      weekly: json([
        { days: [1, 4], from: "08:00", to: "08:45" },
        { days: [1, 4], from: "09:00", to: "09:45" },
      ]),
    },
    ten,
  );
  assert.equal((await lesson("2026-03-02/2")).id, held.id);
  assert.deepEqual(await shown(), ["03-02 08:00", "03-05 07:00", "03-05 08:00"]);
});

test("what a person made of a lesson stays when its day leaves the pattern, as a lesson of its own", async () => {
  const { change, db, edit, lesson, shown } = await openSeries();
  await edit("2026-03-12", { title: "Exam" });
  const { id } = await lesson("2026-03-12");
  await change({ weekly: json([{ days: [1], from: "09:00", to: "09:45" }]) });
  assert.equal(
    (await shown()).some((one) => one.startsWith("03-12")),
    false,
  );
  const exam = await db.selectFrom("lessons").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  assert.deepEqual([exam.title, exam.series_id, exam.deleted_at], ["Exam", null, null]);
});

test("a change from a day on divides the series: what is before stays, what follows keeps its codes and its number", async () => {
  const { db, following, lessons, read, remove, shown, school } = await openSeries();
  await remove("2026-03-16");
  const code = (await lessons()).find(({ occurrence }) => occurrence === "2026-03-12")?.code;
  await following("2026-03-12", { title: "Algebra", weekly: json([{ days: [2, 4], from: "14:00", to: "15:00" }]) });
  assert.deepEqual(await shown(), SIX.slice(0, 3));
  const second = await db
    .selectFrom("lesson_series")
    .selectAll()
    .where("school_id", "=", school.id)
    .where("title", "=", "Algebra")
    .executeTakeFirstOrThrow();
  assert.deepEqual([second.lesson_count, (await read()).ends_on], [3, "2026-03-11"]);
  assert.deepEqual(await shown(second.id), ["03-12 13:00", "03-19 13:00"], "Tuesday the 17th was left out as Monday the 16th");
  assert.equal((await lessons(second.id)).find(({ occurrence }) => occurrence === "2026-03-12")?.code, code);
});

test("a change from the first day on is a change of all, and one from a day without a lesson is refused", async () => {
  const { following, lessons, read } = await openSeries();
  await following("2026-03-02", { title: "Algebra" });
  assert.equal((await read()).title, "Algebra");
  assert.equal((await lessons()).length, 6);
  assert.equal(await refusalCode(following("2026-03-10", { title: "Geometry" })), "not-found");
});

test("a holiday takes its lessons out, a series of six ends later, and without the holiday they are the same again", async () => {
  const { db, holiday, lessons, school, shown, act, work } = await openSeries({ starts_on: "2090-03-06" });
  const before = await lessons();
  await holiday("2090-03-08", "2090-03-10");
  await work();
  assert.deepEqual(
    (await shown()).map((one) => one.slice(0, 5)),
    ["03-06", "03-13", "03-16", "03-20", "03-23", "03-27"],
  );
  await db.deleteFrom("calendar_entries").where("school_id", "=", school.id).execute();
  await act((change) => planAgain(change, school.id));
  await work();
  const after = (await lessons()).filter(({ deleted_at }) => deleted_at === null);
  assert.deepEqual(
    after.map(({ id, code }) => [id, code]),
    before.map(({ id, code }) => [id, code]),
  );
});

test("a holiday leaves a lesson alone that a person moved onto it", async () => {
  const { edit, holiday, plan, shown } = await openSeries();
  await edit("2026-03-09", { starts_at: new Date("2026-03-11T08:00:00Z"), ends_at: new Date("2026-03-11T09:00:00Z") });
  await holiday("2026-03-11");
  await plan();
  assert.ok((await shown()).includes("03-11 08:00!"));
});

test("a series that ends before a day has no lessons from then on, nor those that a person changed", async () => {
  const { act, edit, read, shown, streams } = await openSeries();
  await edit("2026-03-16", { title: "Exam" });
  const series = await read();
  await act((change) => endSeries(change, streams, series, "2026-03-12", {}, NOW));
  assert.deepEqual(await shown(), SIX.slice(0, 3));
  assert.equal((await read()).ends_on, "2026-03-11");
});

test("a series that ends before a day is not longer for it: its last day and its count stay where they are earlier", async () => {
  const ended = async (fields: SeriesColumns, from: string) => {
    const { act, read, shown, streams } = await openSeries(fields);
    const series = await read();
    await act((change) => endSeries(change, streams, series, from, {}, NOW));
    const { ends_on, lesson_count } = await read();
    return [ends_on, lesson_count, (await shown()).length];
  };
  assert.deepEqual(await ended({ lesson_count: null, ends_on: "2026-03-16" }, "2026-06-01"), ["2026-03-16", null, 5]);
  assert.deepEqual(await ended({}, "2026-06-01"), ["2026-05-31", 6, 6]);
  assert.deepEqual(await ended({}, "2026-03-19"), ["2026-03-18", null, 5]);
});

test("the lock of a series is taken before those of its lessons, as changes of it do", async () => {
  const { act, db, read, streams } = await openSeries({ lesson_count: 2 });
  const { id } = await read();
  const statements: string[] = [];
  await act(async (change) => {
    const trx = change.trx.withPlugin({
      transformQuery: ({ node, queryId }) => {
        statements.push(db.getExecutor().compileQuery(node, queryId).sql);
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    await deleteUpcoming({ ...change, trx }, streams, id, "", NOW);
  });
  assert.match(statements[0] ?? "", /from "lesson_series" .* for no key update$/);
  assert.match(statements[1] ?? "", /from "lessons"/);
});

test("lessons of a deleted series that were held stay, the others are in the bin", async () => {
  const { act, db, read, school, streams } = await openSeries();
  const sixth = Date.parse("2026-03-06T00:00:00Z");
  const { id } = await read();
  await act(async (change) => {
    await deleteUpcoming(change, streams, id, "", sixth);
    await change.trx.deleteFrom("lesson_series").where("id", "=", id).execute();
  });
  const rows = await db.selectFrom("lessons").selectAll().where("school_id", "=", school.id).orderBy("starts_at").execute();
  assert.deepEqual(
    rows.map(({ deleted_at, series_id }) => [deleted_at !== null, series_id]),
    [false, false, true, true, true, true].map((isGone) => [isGone, null]),
  );
});

test("other systems hear of each lesson, and the log has who changed the series", async () => {
  const { db, school } = await openSeries({ lesson_count: 2 });
  const entries = await db.selectFrom("audit").select("action").where("school_id", "=", school.id).execute();
  assert.deepEqual(
    entries.map(({ action }) => action),
    ["lesson.create", "lesson.create"],
  );
});

test("changes of all, a holiday, a deletion and the work behind them at the same time leave each day one lesson at most", async () => {
  const { act, change, holiday, lessons, remove, school, shown, work } = await openSeries({ starts_on: "2090-03-06" });
  const at = (from: string, to: string) => json([{ days: [1, 4], from, to }]);
  await Promise.all([
    change({ title: "Algebra", weekly: at("10:00", "10:45") }),
    change({ title: "Geometry", weekly: at("11:00", "11:45") }),
    holiday("2090-03-09").then(() => work()),
    remove("2090-03-13"),
    work(),
  ]);
  await act((one) => planAgain(one, school.id));
  await work();
  const rows = await lessons();
  assert.equal(new Set(rows.map(({ occurrence }) => occurrence)).size, rows.length);
  const ahead = await shown();
  assert.deepEqual(
    ahead.map((one) => one.slice(0, 5)),
    ["03-06", "03-16", "03-20", "03-23", "03-27"],
  );
  const shownRows = rows.filter(({ deleted_at }) => deleted_at === null);
  assert.equal(new Set(shownRows.map(({ title }) => title)).size, 1, "the last change has all of them");
});
