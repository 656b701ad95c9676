import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { encodePoints, type Operation, Page } from "@lectern/board";
import type { RoomPerson } from "@lectern/room";
import { newId } from "../../../platform/id.ts";
import { insertUser, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { eraseEntriesOf } from "../personal-entries.ts";
import { readBoardLog } from "../replay/board-log.ts";
import { RoomReplay } from "../replay/room-replay.ts";
import { TestRoom } from "../talk/test-room.ts";
import { boardDomains } from "./board-domains.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const SLIDES = { title: "Fractions", count: 3, width: 1024, height: 768 };
const LINE = encodePoints([
  { x: 10, y: 10, pressure: 0.5, at: 0 },
  { x: 60, y: 12, pressure: 0.5, at: 30 },
]);
const PICTURE = { type: "picture", material: "m2", page: 1, x: 0, y: 0, width: 10, height: 10 } as const;
const stroke = (id: string, ended: 0 | 1 = 1): Operation => ["s", id, "pen", "black", 12, LINE, ended];

/** Two lessons of a teacher; the earlier one has a board and slides, on which the teacher and a student have drawn. */
async function open(t: TestContext) {
  const reopened: string[] = [];
  const slides = {
    find: async () => SLIDES,
    opened: async () => {},
    reopened: async (_trx: unknown, _lessons: object, material: string) => void reopened.push(material),
  };
  const room = async () => {
    const opened = await TestRoom.open(database, boardDomains(database.db, { slides }));
    t.after(() => opened.close());
    return opened;
  };
  const [earlier, now] = [await room(), await room()];
  const school = earlier.lesson.school_id;
  const user = await insertUser(database.db, school, "teacher");
  const ids = [earlier.lesson.id, now.lesson.id];
  await database.db.updateTable("lessons").set({ school_id: school, teacher_id: user.id }).where("id", "in", ids).execute();
  const teacher: RoomPerson = { id: user.id, name: "Ms Wang", role: "staff" };
  const anna: RoomPerson = { id: newId(), name: "Anna", role: "guest" };
  await earlier.do(teacher, "page", { action: "board", background: "grid" });
  await earlier.do(teacher, "page", { action: "add", set: 1 });
  await earlier.do(teacher, "page", { action: "open", material: "m1" });
  await earlier.do(teacher, "page", { action: "pens", person: anna.id });
  const drawn: Operation[] = [
    stroke("wang.1"),
    stroke("wang.2"),
    ["m", "wang.1", 40, 50, 2],
    ["d", ["wang.2"]],
    ["i", "wang.3", PICTURE],
  ];
  await earlier.do(teacher, "stroke", { page: "1.1", ops: drawn });
  await earlier.do(anna, "stroke", { page: "1.1", ops: [stroke("anna.1", 0)] });
  await earlier.do(teacher, "stroke", { page: "2.3", ops: [["t", "wang.9", "red"], stroke("wang.9"), ["t", "wang.9", "red"]] });
  const take = (who: RoomPerson = teacher, lesson = earlier.lesson.id) => now.do(who, "page", { action: "continue", lesson });
  return { earlier, now, user, teacher, anna, take, reopened };
}

/** What is seen of a page, without the ids. */
async function seen(room: TestRoom, page: string) {
  const items = Page.of((await room.page(page))?.operations ?? []).items();
  return items
    .filter(({ deleted }) => !deleted)
    .map(({ id: _, content, ...item }) => ({ ...item, content: { ...content, ended: true } }));
}

test("the pages of an earlier lesson are copied as they were last, once, and are this lesson's from then on", async (t) => {
  const { earlier, now, teacher, take, reopened } = await open(t);
  await now.do(teacher, "page", { action: "board" });
  await now.do(teacher, "stroke", { page: "1.1", ops: [stroke("wang.1")] });
  const taken = await take();
  assert.deepEqual("body" in taken && taken.body, { sets: [2, 3] });
  const { id: lesson } = earlier.lesson;
  const retained = await now.retained();
  const board = { set: 2, title: "", count: 2, height: 3600, pages: "board", background: "grid", earlier: { lesson, set: 1 } };
  assert.deepEqual(retained.get("page/2")?.body, board);
  assert.deepEqual(retained.get("page/3")?.body["material"], "m1");
  assert.deepEqual(reopened.toSorted(), ["m1", "m2"]);
  const before = { one: await seen(earlier, "1.1"), slide: await seen(earlier, "2.3") };
  assert.equal(before.one.length, 3);
  assert.deepEqual(await seen(now, "2.1"), before.one);
  assert.deepEqual(await seen(now, "2.2"), []);
  assert.deepEqual(await seen(now, "3.3"), before.slide);
  await now.restart();
  assert.deepEqual(await seen(now, "2.1"), before.one);

  const count = now.entries.length;
  const again = await take();
  assert.deepEqual("body" in again && again.body, { sets: [2, 3] });
  assert.equal(now.entries.length, count, "nothing is copied twice");
  await now.do(teacher, "page", { action: "close", set: 2 });
  const third = await take();
  assert.deepEqual("body" in third && third.body, { sets: [4, 3] });

  assert.equal(await now.refusal(teacher, "stroke", { page: "4.1", ops: [["x"]] }), null);
  assert.equal(await now.refusal(teacher, "stroke", { page: "3.3", ops: [stroke("wang.77")] }), null);
  assert.deepEqual(await seen(now, "4.1"), []);
  assert.equal((await seen(now, "3.3")).length, 2);
  assert.deepEqual(await seen(earlier, "1.1"), before.one);
});

test("only staff of the earlier lesson continues with it, in the same school", async (t) => {
  const { earlier, now, user, take } = await open(t);
  const refused = async (who: RoomPerson, lesson?: string) => {
    const result = await take(who, lesson);
    return "refused" in result ? result.refused : null;
  };
  const other = await insertUser(database.db, earlier.lesson.school_id, "teacher");
  const administrator = await insertUser(database.db, earlier.lesson.school_id, "administrator");
  const staff = (id: string): RoomPerson => ({ id, name: "", role: "staff" });
  assert.equal(await refused(staff(other.id)), "not-found");
  assert.equal(await refused({ ...staff(user.id), role: "member" }), "refused-by-rule");
  assert.equal(await refused(staff("token")), "not-found");
  assert.equal(await refused(staff(user.id), now.lesson.id), "not-found", "its own board");
  const { lesson: foreign } = await TestRoom.open(database, []);
  await database.db.updateTable("lessons").set({ teacher_id: user.id }).where("id", "=", foreign.id).execute();
  assert.equal(await refused(staff(user.id), foreign.id), "not-found");
  assert.equal((await now.retained()).has("page/1"), false);
  assert.equal(await refused(staff(administrator.id)), null);
});

test("students do not change what was copied, and what one of them drew is erased there too", async (t) => {
  const { now, teacher, anna, take } = await open(t);
  await take();
  const ben: RoomPerson = { id: newId(), name: "Ben", role: "guest" };
  await now.do(teacher, "page", { action: "pens", person: ben.id });
  for (const ops of [[["d", ["wang.1"]]], [["m", "anna.1", 1, 1, 1]]])
    assert.equal(await now.refusal(ben, "stroke", { page: "1.1", ops }), "refused-by-rule");
  assert.equal(await now.refusal(ben, "stroke", { page: "1.1", ops: [stroke("anna.2")] }), "conflict");
  assert.equal((await seen(now, "1.1")).length, 3);
  await database.db.transaction().execute((trx) => eraseEntriesOf(trx, [anna.id], "removed person"));
  await now.restart();
  assert.equal((await seen(now, "1.1")).length, 2);
});

test("more writing than a room waits for is refused, and nothing of it is copied", async (t) => {
  const { earlier, now, teacher, take } = await open(t);
  const text = { type: "text", text: "x".repeat(2000), color: "red", size: 60, x: 0, y: 0, width: 10, height: 10 } as const;
  const ops = Array.from({ length: 300 }, (_, i): Operation => ["i", `long.${i + 1}`, text]);
  for (const page of ["1.1", "1.2", "2.1", "2.2"])
    await database.db
      .insertInto("board_pages")
      .values({
        lesson_id: earlier.lesson.id,
        page,
        epoch: (await epochOf(earlier))!,
        seq: 1000,
        at: new Date(),
        operations: JSON.stringify(ops) as never,
      })
      .execute();
  const refused = await take();
  assert.equal("refused" in refused && refused.refused, "too-large");
  assert.equal((await now.retained()).has("page/1"), false);
  const rows = await database.db.selectFrom("board_pages").select("page").where("lesson_id", "=", now.lesson.id).execute();
  assert.deepEqual(rows, []);
  assert.equal(await now.refusal(teacher, "page", { action: "board" }), null);
});

test("replays and board videos show what was copied from when it was copied", async (t) => {
  const { earlier, now, take } = await open(t);
  await take();
  const [from, to] = [now.now - 1000, now.now + 1000];
  const drawn = await seen(earlier, "1.1");
  const { entries } = await readBoardLog(database.db, {
    kind: "board",
    lesson: now.lesson.id,
    strokes: true,
    before: to,
    after: null,
  });
  assert.deepEqual(
    entries.map(({ kind, key, body }) => key ?? `${kind} ${body["page"]}`),
    ["stroke 2.3", "stroke 1.1", "page/1", "page/2"],
  );
  assert.equal(Page.of(entries[1]!.body["ops"] as Operation[]).items().length, drawn.length);
  const last = entries[0]!;
  const later = await readBoardLog(database.db, { kind: "board", lesson: now.lesson.id, strokes: true, before: to, after: last });
  assert.deepEqual(later.entries, entries.slice(1));
  const replay = new RoomReplay(database.db, () => now.now + 3_600_000);
  const read = async (request: Parameters<typeof replay.answer>[0]) => await unzipped(await replay.answer(request));
  const then = await read({ kind: "snapshot", lesson: now.lesson.id, at: to } as never);
  const kept = (then.snapshot as { kind: string; page?: string }[]).filter(({ kind }) => kind === "stroke");
  assert.deepEqual(kept.map(({ page }) => page).toSorted(), ["1.1", "2.3"]);
  const spans = [{ at: from, lasts: to - from, position: 0 }];
  const passed = await read({ kind: "entries", lesson: now.lesson.id, from, to, spans } as never);
  assert.deepEqual(
    (passed.entries as { kind: string; page?: string }[]).filter(({ kind }) => kind === "stroke").map(({ page }) => page),
    ["2.3", "1.1"],
  );
});

async function epochOf({ lesson }: TestRoom): Promise<string | undefined> {
  const row = await database.db.selectFrom("rooms").select("epoch").where("lesson_id", "=", lesson.id).executeTakeFirst();
  return row?.epoch;
}

async function unzipped(answer: Awaited<ReturnType<RoomReplay["answer"]>>): Promise<Record<string, unknown>> {
  assert.equal(answer.kind, "file");
  return JSON.parse(gunzipSync(Buffer.from("gzip" in answer ? answer.gzip : "", "base64")).toString());
}
