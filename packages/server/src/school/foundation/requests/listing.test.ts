/** Tests lists on a real database: every order page by page, what changed since a time, and totals. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { visibleLessons } from "../../lessons/lesson-rights.ts";
import type { Lesson, School } from "../store/tables.ts";
import {
  actorOf,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  type TestDatabase,
} from "../store/test-database.ts";
import { type ListQuery, listPage, type SortKey } from "./listing.ts";

let database: TestDatabase;
let school: School;
const ORDERS: Readonly<Record<string, SortKey<Lesson>>> = {
  startsAt: { column: "lessons.starts_at", type: "timestamptz", valueOf: ({ starts_at }) => starts_at },
  title: { column: "lessons.title", type: "text", valueOf: ({ title }) => title },
  updatedAt: { column: "lessons.updated_at", type: "timestamptz", valueOf: ({ updated_at }) => updated_at },
};

before(async () => {
  database = await openTestDatabase();
  school = await insertSchool(database.db);
  // Equal values, missing ones, and times apart by less than a second.
  const starts = [3000, null, 1000, 1000, 1001, null, 2000, 1000];
  const titles = ["b", "a", "b", "'; drop table lessons", "ä", "a", "B", "b"];
  for (const [i, at] of starts.entries()) {
    const { id } = await insertLesson(database.db, school.id, { starts_at: at === null ? null : new Date(at) });
    await database.db
      .updateTable("lessons")
      .set({ title: titles[i] ?? "" })
      .where("id", "=", id)
      .execute();
  }
});
after(() => database.close());

async function list(query: Partial<ListQuery>) {
  const administrator = actorOf(await insertUser(database.db, school.id, "administrator"));
  return await listPage(
    visibleLessons(database.db, administrator),
    "lessons",
    ORDERS,
    { limit: 100, total: false, ...query },
    (row) => row,
  );
}

async function allPages(sort: string | undefined, limit: number): Promise<Lesson[]> {
  const items: Lesson[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ sort, limit, cursor });
    assert.ok(page.items.length <= limit);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && items.length < 100);
  return items;
}

test("each order page by page has every item once, in the order of one large page; its reverse is the reverse", async () => {
  for (const sort of [undefined, "createdAt", "startsAt", "title", "updatedAt"]) {
    const whole = (await list({ sort })).items.map(({ id }) => id);
    assert.equal(new Set(whole).size, 8, sort);
    for (const limit of [1, 2, 3, 8])
      assert.deepEqual(
        (await allPages(sort, limit)).map(({ id }) => id),
        whole,
        `${sort} by ${limit}`,
      );
    const reversed = (await allPages(`-${sort ?? "createdAt"}`, 3)).map(({ id }) => id);
    assert.deepEqual(reversed, whole.toReversed(), `-${sort}`);
  }
});

test("missing times come last", async () => {
  const starts = (await list({ sort: "startsAt" })).items.map(({ starts_at }) => starts_at?.getTime() ?? null);
  assert.deepEqual(starts, [1000, 1000, 1000, 1001, 2000, 3000, null, null]);
});

test("what changed since a time is listed, also when no code noted the change", async () => {
  const [first] = (await list({})).items;
  const since = new Date((await list({ sort: "-updatedAt", limit: 1 })).items[0]?.updated_at ?? 0);
  await database.db
    .updateTable("lessons")
    .set({ record: true })
    .where("id", "=", first?.id ?? "")
    .execute();
  const changed = await list({ updatedSince: new Date(since.getTime() + 1).toISOString(), total: true });
  assert.deepEqual(
    changed.items.map(({ id }) => id),
    [first?.id],
  );
  assert.equal(changed.total, 1);
});

test("the total counts all items that match, whatever the page", async () => {
  assert.equal((await list({ limit: 2, total: true })).total, 8);
  assert.equal((await list({ limit: 2 })).total, undefined);
});

test("a cursor of another order, and one that is made up, are refused", async () => {
  const { nextCursor } = await list({ sort: "title", limit: 2 });
  const crafted = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const id = (await list({ limit: 1 })).items[0]?.id;
  for (const query of [
    { sort: "startsAt", cursor: nextCursor ?? "" },
    { cursor: nextCursor ?? "" },
    { sort: "title", cursor: "\0" },
    { sort: "title", cursor: crafted(["title", "\0", id]) },
    { sort: "startsAt", cursor: crafted(["startsAt", "tomorrow", id]) },
    { sort: "startsAt", cursor: crafted(["startsAt", "infinity", "x"]) },
    { sort: "startsAt", cursor: crafted({}) },
    { cursor: "not-an-id" },
  ])
    assert.equal(await refusalCode(list(query)), "bad-request", JSON.stringify(query));
});
