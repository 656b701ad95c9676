/** What is searched in a lesson, where it is in a recording, and that the index follows its room. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RoomEntry } from "@lectern/room";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { openDataEncryption } from "../../foundation/encryption/data-encryption.ts";
import { REENCRYPTION } from "../../foundation/encryption/reencryption.ts";
import type { Database } from "../../foundation/store/tables.ts";
import {
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { workOnce } from "../../foundation/work/test-work.ts";
import { soleItem } from "../../foundation/work/work-kind.ts";
import { moveHead, storeEntries } from "../entry-store.ts";
import { eraseEntriesOf } from "../personal-entries.ts";
import { findHits, type Hit } from "./search-hits.ts";
import { searchIndexing } from "./search-index.ts";
import { queryOf } from "./search-words.ts";

const BEGIN = Date.UTC(2026, 10, 23, 8);
const EPOCH = "epoch";
const OWNER = { self: "n/1", term: { epoch: EPOCH, term: 1, head: 0 } };

let database: TestDatabase;

before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

type Line = Partial<RoomEntry> & { readonly at: number };

/** A lesson that is over, whose room has said these lines. */
async function lessonWith(db: Database, lines: readonly Line[]) {
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id, { state: "ended" });
  await db.insertInto("rooms").values({ lesson_id: lesson.id, epoch: EPOCH, term: 1, owner: OWNER.self, head: 0 }).execute();
  let head = 0;
  const add = async (more: readonly Line[]): Promise<void> => {
    const entries = more.map(({ at, ...line }): RoomEntry => {
      head++;
      const blank = { seq: head, mediaTime: null, id: `id-${head}`, from: null, kind: "chat", to: "all" as const, key: null };
      return { ...blank, gone: false, sampled: false, body: {}, ...line, at: BEGIN + at };
    });
    await storeEntries(db, lesson.id, EPOCH, entries);
    assert.ok(await moveHead(db, lesson.id, OWNER.self, OWNER.term, head));
  };
  await add(lines);
  const record = async (spans: readonly (readonly [number, number])[]) => {
    const id = newId();
    const seconds = spans.reduce((sum, [from, to]) => sum + (to - from) / 1000, 0);
    const absolute = spans.map(([from, to]): [number, number] => [BEGIN + from, BEGIN + to]);
    const part = { files: [], seconds, bytes: 1, whole: true, epochs: [EPOCH], spans: absolute };
    return await db
      .insertInto("recordings")
      .values({
        id,
        school_id: school.id,
        lesson_id: lesson.id,
        app: "live",
        name: id,
        epoch: id,
        title: "Fractions",
        started_at: new Date(absolute[0]?.[0] ?? 0),
        seconds,
        bytes: 1,
        whole: true,
        published: true,
        files: json<readonly string[]>([]),
        parts: json({ n: part }),
        chapters: json([]),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  };
  return { lesson, school, add, record };
}

const index = (db: Database): Promise<void> => workOnce(searchIndexing(db), BEGIN);

async function hitsIn(db: Database, recording: Parameters<typeof findHits>[1][number], text: string): Promise<readonly Hit[]> {
  const query = queryOf(text);
  return query ? ((await findHits(db, [recording], query, { blocks: 100, hits: 1000 })).get(recording.id) ?? []) : [];
}

const placesOf = (hits: readonly Hit[]) => hits.map(({ kind, seconds, text }) => [kind, seconds, text]);
const chat = (at: number, ref: string, text: string): Line => ({ at, key: `chat/${ref}`, body: { ref, text } });
const caption = (at: number, ref: string, text: string, isFinal = true): Line => ({
  at: at + 2000,
  kind: "caption",
  body: { ref, text, start: 0, end: 1000, spokenAt: BEGIN + at, isFinal, language: "" },
});
const written = (at: number, id: string, text: string): Line => ({
  at,
  kind: "stroke",
  body: { page: "1.1", ops: [["i", id, { type: "text", text, color: "red", size: 96, x: 0, y: 0, width: 1, height: 1 }]] },
});

test("what was said is at its moment in the recording, what was said in a pause where it goes on, and nothing outside it is found", async () => {
  const { db } = database;
  const { record } = await lessonWith(db, [
    chat(-5000, "a", "early word"),
    chat(3000, "b", "first word"),
    caption(4000, "c", "spoken word"),
    caption(5000, "d", "provisional word", false),
    chat(15_000, "e", "paused word"),
    caption(16_000, "f", "unheard word"),
    chat(22_000, "g", "later word"),
    chat(50_000, "h", "late word"),
  ]);
  const recording = await record([
    [0, 10_000],
    [20_000, 30_000],
  ]);
  await index(db);
  assert.deepEqual(placesOf(await hitsIn(db, recording, "word")), [
    ["chat", 3, "first word"],
    ["transcript", 4, "spoken word"],
    ["chat", 10, "paused word"],
    ["chat", 12, "later word"],
  ]);
});

test("a slide is found where it was shown first in the recording, and what stood there before it began at its beginning", async () => {
  const { db } = database;
  const { lesson, school, record, add } = await lessonWith(db, [
    { at: -9000, kind: "page", key: "page/1", body: { set: 1, count: 3, pages: "slides", material: "m1", title: "", height: 1 } },
    { at: -9000, kind: "page", key: "page/2", body: { set: 2, count: 1, pages: "board", title: "", height: 1 } },
    { at: -8000, kind: "page", key: "page/shown", body: { page: "1.1", view: null } },
    { at: -7000, kind: "page", key: "page/shown", body: { page: "1.2", view: null } },
    { at: 4000, kind: "page", key: "page/shown", body: { page: "1.2", view: { x: 1, y: 1, scale: 2 } } },
    { at: 5000, kind: "page", key: "page/shown", body: { page: "2.1", view: null } },
    { at: 6000, kind: "page", key: "page/shown", body: { page: "1.1", view: null } },
    { at: 7000, kind: "page", key: "page/shown", body: { page: "1.2", view: null } },
    written(-1000, "ab12.1", "old board text"),
    written(8000, "ab12.2", "new board tex"),
    { at: 8500, kind: "stroke", body: { page: "1.1", ops: [["t", "ab12.2", "blue"]] } },
  ]);
  await add([
    {
      ...written(9000, "ab12.2", "new board text"),
      body: {
        page: "1.1",
        ops: [["t", "ab12.2", { type: "text", text: "new board text", color: "red", size: 96, x: 0, y: 0, width: 1, height: 1 }]],
      },
    },
  ]);
  const owner = await insertUser(db, school.id, "teacher");
  const material = {
    id: "m1",
    school_id: school.id,
    owner_id: owner.id,
    title: "",
    filename: "",
    size: 1,
    kind: null,
    problem: null,
  };
  const rest = { state: "ready" as const, notices: json([]), total: 3, width: 1, height: 1, node: null, worker: null };
  await db
    .insertInto("materials")
    .values({ ...material, ...rest })
    .execute();
  const pages = [1, 2, 3].map((n) => ({ material_id: "m1", n, text: `slide ${n} text`, notes: "notes text", width: 1, height: 1 }));
  await db.insertInto("material_pages").values(pages).execute();
  await db.insertInto("lesson_materials").values({ lesson_id: lesson.id, material_id: "m1", opened_at: new Date() }).execute();
  const recording = await record([[0, 20_000]]);
  await index(db);
  const shown = await hitsIn(db, recording, "text");
  assert.deepEqual(placesOf(shown), [
    ["slide", 0, "slide 2 text"],
    ["board", 0, "old board text"],
    ["slide", 6, "slide 1 text"],
    ["board", 8, "new board text"],
  ]);
  // Neither a slide that was not shown, nor what only the speaker reads.
  for (const text of ["3", "notes"]) assert.deepEqual(await hitsIn(db, recording, text), []);
  await db.updateTable("materials").set({ deleted_at: new Date() }).where("id", "=", "m1").execute();
  assert.ok((await hitsIn(db, recording, "text")).every(({ kind }) => kind === "board"));
});

test("the index follows the room: what is corrected, deleted or erased is out, and a lesson that goes on waits for its end", async () => {
  const { db } = database;
  const { lesson, record, add } = await lessonWith(db, [
    caption(1000, "c", "first words"),
    { ...chat(2000, "b", "words of Ben"), from: { id: "ben", name: "Ben", role: "member" } },
  ]);
  const participant = { id: "ben", lesson_id: lesson.id, user_id: null, name: "Ben", role: "guest" as const, token_hash: null };
  await db
    .insertInto("participants")
    .values({ ...participant, joined_at: new Date(), seen_at: new Date() })
    .execute();
  const recording = await record([[0, 20_000]]);
  await index(db);
  const words = async () => (await hitsIn(db, recording, "words")).map(({ text }) => text);
  assert.deepEqual(await words(), ["first words", "words of Ben"]);
  await add([caption(1000, "c", "corrected words")]);
  await index(db);
  assert.deepEqual(await words(), ["corrected words", "words of Ben"]);
  await db.transaction().execute((trx) => eraseEntriesOf(trx, ["ben"], "removed person"));
  assert.deepEqual(await words(), []);
  await index(db);
  assert.deepEqual(await words(), ["corrected words"]);
  await db.updateTable("lessons").set({ state: "live" }).where("id", "=", lesson.id).execute();
  await add([caption(1000, "c", "live words")]);
  await index(db);
  assert.deepEqual(await words(), ["corrected words"]);
});

test("long lessons are found to their last line, and words in different lines are no hit", async () => {
  const { db } = database;
  const lines = Array.from({ length: 500 }, (_, i) =>
    caption(i * 1000, `r${i}`, `line ${i} of ${i % 2 === 0 ? "even" : "odd"} ones`),
  );
  const { record } = await lessonWith(db, lines);
  const recording = await record([[0, 600_000]]);
  await index(db);
  assert.deepEqual(placesOf(await hitsIn(db, recording, "line 499")), [["transcript", 499, "line 499 of odd ones"]]);
  assert.equal((await hitsIn(db, recording, "even")).length, 250);
  assert.deepEqual(await hitsIn(db, recording, "even odd"), []);
});

test("an index by a data key that was exchanged is made again, and one of before encryption", async (t) => {
  const own = await openTestDatabase();
  t.after(() => own.close());
  const { record } = await lessonWith(own.db, [chat(3000, "b", "first word")]);
  const recording = await record([[0, 10_000]]);
  await index(own.db);
  const encryption = await openDataEncryption(own.store, {
    atRest: true,
    secrets: () => ["a secret"],
    log: silentLog,
    spreadMs: 0,
  });
  t.after(() => encryption.close());
  const { db } = encryption.store;
  const keys = async () => (await own.db.selectFrom("search_blocks").select("data_key").execute()).map(({ data_key: key }) => key);
  assert.deepEqual(await keys(), [""]);
  // By the numbers of before.
  assert.equal((await hitsIn(db, recording, "word")).length, 1);
  await index(db);
  const [first] = await keys();
  assert.ok(first);
  assert.equal((await hitsIn(db, recording, "word")).length, 1);
  await encryption.rotate();
  const { signal } = new AbortController();
  await encryption.work()?.perform(soleItem(REENCRYPTION, 0), { now: Date.now(), signal });
  await index(db);
  const [second] = await keys();
  assert.ok(second && second !== first);
  assert.equal((await hitsIn(db, recording, "word")).length, 1);
});
