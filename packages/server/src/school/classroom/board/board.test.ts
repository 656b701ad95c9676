import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import type { PageState } from "@lectern/board";
import { encodePoints, itemIds, LIMITS, type Operation, Page } from "@lectern/board";
import type { RoomEntry, RoomPerson } from "@lectern/room";
import { newId } from "../../../platform/id.ts";
import type { LessonMode } from "../../foundation/store/lesson-modes.ts";
import { openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { person, TestRoom } from "../talk/test-room.ts";
import { boardDomains } from "./board-domains.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const SLIDES = { title: "Fractions", count: 12, width: 1024, height: 768 };
const teacher = person("staff", "Ms Wang");
const line = encodePoints([
  { x: 10, y: 10, pressure: 0.5, at: 0 },
  { x: 60, y: 12, pressure: 0.5, at: 30 },
]);
const stroke = (id: string, text = line, ended: 0 | 1 = 1): Operation => ["s", id, "pen", "black", 12, text, ended];

async function open(t: TestContext, mode: LessonMode = "broadcast") {
  const find = async (_trx: unknown, _by: unknown, material: string) => (material === "m1" ? SLIDES : null);
  const room = await TestRoom.open(
    database,
    boardDomains(database.db, { slides: { find, opened: async () => {}, reopened: async () => {} } }),
    { mode },
  );
  t.after(() => room.close());
  const draw = (who: RoomPerson, page: string, ...ops: readonly Operation[]) => room.refusal(who, "stroke", { page, ops });
  const pens = async (body: object) => await room.refusal(teacher, "page", { action: "pens", ...body });
  const board = async () => {
    const result = await room.do(teacher, "page", { action: "board", background: "grid" });
    return "refused" in result ? result.refused : `${result.body?.["set"]}.1`;
  };
  return { room, draw, pens, board };
}

const stateOf = async (room: TestRoom, page: string): Promise<PageState | null> => room.page(page);
const items = (state: PageState | null) => Page.of(state?.operations ?? []).items();
const strokesOf = (entries: readonly RoomEntry[]) => entries.filter(({ kind }) => kind === "stroke");

test("staff opens slides and empty pages, shows one, adds one, and closes a set", async (t) => {
  const { room } = await open(t);
  const page = (body: object) => room.do(teacher, "page", body as Record<string, unknown>);
  const slides = await page({ action: "open", material: "m1" });
  assert.deepEqual("body" in slides && slides.body, { set: 1 });
  await page({ action: "board" });
  const added = await page({ action: "add", set: 2 });
  assert.deepEqual("body" in added && added.body, { page: "2.2" });
  await page({ action: "background", set: 2, background: "lines" });
  await page({ action: "show", page: "2.2", view: { x: 100, y: 50, scale: 2 } });
  const retained = await room.retained();
  assert.deepEqual(retained.get("page/1")?.body, {
    set: 1,
    title: "Fractions",
    count: 12,
    height: 4800,
    pages: "slides",
    material: "m1",
  });
  assert.deepEqual(retained.get("page/2")?.body, {
    set: 2,
    title: "",
    count: 2,
    height: 3600,
    pages: "board",
    background: "lines",
  });
  assert.deepEqual(retained.get("page/shown")?.body, { page: "2.2", view: { x: 100, y: 50, scale: 2 } });
  await page({ action: "close", set: 2 });
  const closed = await room.retained();
  assert.equal(closed.has("page/2"), false);
  assert.deepEqual(closed.get("page/shown")?.body, { page: null, view: null });
  // A number is never a set's for the second time, also in another process.
  await room.restart();
  const next = await page({ action: "board" });
  assert.deepEqual("body" in next && next.body, { set: 3 });
});

test("only staff turns pages, and only to pages that there are", async (t) => {
  const { room } = await open(t);
  const refused = async (who: RoomPerson, body: object) => await room.refusal(who, "page", body as Record<string, unknown>);
  for (const role of ["member", "guest"] as const)
    assert.equal(await refused(person(role), { action: "board" }), "refused-by-rule");
  assert.equal(await refused(teacher, { action: "open", material: "m2" }), "not-found");
  assert.equal(await refused(teacher, { action: "open", material: "m1" }), null);
  assert.equal(await refused(teacher, { action: "show", page: "1.13" }), "not-found");
  assert.equal(await refused(teacher, { action: "show", page: "1.12" }), null);
  assert.equal(await refused(teacher, { action: "add", set: 1 }), "not-found");
  assert.equal(await refused(teacher, { action: "close", set: 7 }), "not-found");
  for (const wrong of [{}, { action: "show" }, { action: "show", page: 1 }, { action: "pens" }, { action: "board", title: "x" }])
    assert.equal(await refused(teacher, wrong), "bad-request");
});

test("a lesson has no more pages than it may", async (t) => {
  const { room } = await open(t);
  const many = Math.floor(LIMITS.pages / SLIDES.count);
  for (let i = 0; i < many; i++) assert.equal(await room.refusal(teacher, "page", { action: "open", material: "m1" }), null);
  assert.equal(await room.refusal(teacher, "page", { action: "open", material: "m1" }), "board-full");
  await room.do(teacher, "page", { action: "close", set: 1 });
  assert.equal(await room.refusal(teacher, "page", { action: "open", material: "m1" }), null);
});

test("strokes are in the log without a key, and the page is there for who asks, also after another process has taken over", async (t) => {
  const { room, draw, board } = await open(t);
  const page = await board();
  assert.equal(await draw(teacher, page, stroke("aaaa.1", line, 0)), null);
  assert.equal(await draw(teacher, page, ["p", "aaaa.1", "CCCC", 0], ["p", "aaaa.1", "CCCC", 1]), null);
  assert.equal(await draw(teacher, page, stroke("aaaa.2"), ["m", "aaaa.1", 5, 5, 1], ["d", ["aaaa.2"]]), null);
  const entries = strokesOf(room.entries);
  assert.deepEqual(
    entries.map(({ key, to }) => [key, to]),
    Array.from({ length: 3 }, () => [null, "all"]),
  );
  const before = await stateOf(room, page);
  assert.equal(before?.seq, entries.at(-1)?.seq);
  assert.deepEqual(before?.operations.slice(0, 2), [stroke("aaaa.1", `${line}CCCCCCCC`), ["m", "aaaa.1", 5, 5, 1]]);
  await room.restart();
  assert.deepEqual(await stateOf(room, page), before);
  assert.equal(await stateOf(room, "1.2"), null);
  assert.equal(await stateOf(room, "../1"), null);
});

test("who has a pen draws, and changes only what is theirs", async (t) => {
  const { draw, pens, board } = await open(t);
  const [anna, ben] = [person("guest", "Anna"), person("member", "Ben")];
  const page = await board();
  assert.equal(await draw(anna, page, stroke("anna.1")), "refused-by-rule");
  await pens({ person: anna.id });
  await pens({ person: ben.id });
  assert.equal(await draw(anna, page, stroke("anna.1"), stroke("anna.2"), ["m", "anna.1", 1, 1, 1]), null);
  assert.equal(await draw(ben, page, stroke("ben0.1"), ["d", ["ben0.1"]], ["u", ["ben0.1"]]), null);
  assert.equal(await draw(ben, page, ["d", ["ben0.1", "anna.1"]]), "refused-by-rule");
  assert.equal(await draw(ben, page, ["m", "anna.1", 9, 9, 1]), "refused-by-rule");
  assert.equal(await draw(ben, page, ["t", "anna.1", "red"]), "refused-by-rule");
  assert.equal(await draw(ben, page, ["x"]), "refused-by-rule");
  assert.equal(
    await draw(ben, page, ["i", "ben0.2", { type: "picture", material: "m1", page: 1, x: 0, y: 0, width: 1, height: 1 }]),
    "refused-by-rule",
  );
  assert.equal(await draw(teacher, page, ["d", ["ben0.1"]], ["t", "anna.1", "blue"], ["x"]), null);
  await pens({ person: anna.id, on: false });
  assert.equal(await draw(anna, page, stroke("anna.3")), "refused-by-rule");
});

test("a tag belongs to the person who came first, also in another process", async (t) => {
  const { room, draw, pens, board } = await open(t);
  const anna = person("guest", "Anna");
  const page = await board();
  await pens({ person: anna.id });
  await draw(anna, page, stroke("anna.1", line, 0));
  assert.equal(await draw(teacher, page, stroke("anna.2")), "conflict");
  assert.equal(await draw(teacher, page, ["p", "anna.1", "CCCC", 1]), "conflict");
  await room.restart();
  assert.equal(await draw(teacher, page, stroke("anna.2")), "conflict");
  assert.equal(await draw(anna, page, ["p", "anna.1", "CCCC", 1]), null);
  assert.equal(items(await stateOf(room, page)).length, 1);
});

test("everybody draws in a small lesson when the teacher lets them, and nowhere else", async (t) => {
  const small = await open(t, "small");
  const page = await small.board();
  assert.equal(await small.draw(person("guest"), page, stroke("anna.1")), "refused-by-rule");
  assert.equal(await small.pens({ everybody: true }), null);
  assert.equal(await small.draw(person("guest"), page, stroke("anna.1")), null);
  assert.equal(await small.draw(person("watcher"), page, stroke("vera.1")), "refused-by-rule");
  const large = await open(t);
  assert.equal(await large.pens({ everybody: true }), "refused-by-rule");
});

test("pages that are closed, and pages that there never were, take no strokes", async (t) => {
  const { room, draw, board } = await open(t);
  const page = await board();
  for (const none of ["1.2", "7.1"]) assert.equal(await draw(teacher, none, stroke("aaaa.1")), "not-found");
  for (const wrong of ["1", "x.1", "1.1.1"]) assert.equal(await draw(teacher, wrong, stroke("aaaa.1")), "bad-request");
  await room.do(teacher, "page", { action: "close", set: 1 });
  assert.equal(await draw(teacher, page, stroke("aaaa.1")), "not-found");
});

test("a page that is full refuses more, in one group of actions as in many, and takes what makes it smaller", async (t) => {
  const { room, draw, board } = await open(t);
  const page = await board();
  const next = itemIds("aaaa");
  const each = LIMITS.operationsOfAction;
  for (let i = 0; i < LIMITS.items / each - 1; i++) {
    room.now += 10_000;
    assert.equal(await draw(teacher, page, ...Array.from({ length: each }, () => stroke(next(), "CCCC"))), null);
  }
  room.now += 600_000;
  const both = await Promise.all(
    [1, 2].map(() => draw(teacher, page, ...Array.from({ length: each }, () => stroke(next(), "CCCC")))),
  );
  assert.deepEqual(both, [null, "board-full"]);
  assert.equal(await draw(teacher, page, ["d", ["aaaa.1"]]), null);
  assert.equal(await draw(teacher, page, stroke(next(), "CCCC")), null);
  assert.equal(await draw(teacher, page, stroke(next(), "CCCC")), "board-full");
});

test("a page is written as a whole now and then, so that loading it reads few entries", async (t) => {
  const { room, draw, board } = await open(t);
  const page = await board();
  const next = itemIds("aaaa");
  for (let i = 0; i < 33; i++) {
    const id = next();
    const batches = Array.from({ length: 9 }, (_, of): Operation => ["p", id, "CCCC", of === 8 ? 1 : 0]);
    await Promise.all([stroke(id, line, 0), ...batches].map((one) => draw(teacher, page, one)));
  }
  const rows = await database.db.selectFrom("board_pages").selectAll().where("lesson_id", "=", room.lesson.id).execute();
  assert.equal(rows.length, 1);
  const upTo = strokesOf(room.entries).filter(({ seq }) => seq <= rows[0]!.seq);
  assert.equal(upTo.length, 300);
  assert.equal(rows[0]!.at.getTime(), upTo.at(-1)!.at);
  assert.deepEqual(Page.of(rows[0]!.operations).items(), Page.of(upTo.flatMap(({ body }) => body["ops"] as Operation[])).items());
  const before = await stateOf(room, page);
  // What is not in the row is read from the log; what is in the row is not read again.
  await database.db
    .updateTable("room_entries")
    .set({ body: { deleted: true } as never })
    .where("seq", "<=", rows[0]!.seq)
    .where("lesson_id", "=", room.lesson.id)
    .where("kind", "=", "stroke")
    .execute();
  await room.restart();
  assert.deepEqual(await stateOf(room, page), before);
  assert.equal(items(before).length, 33);
});

test("a page is written when it is turned", async (t) => {
  const { room, draw, board } = await open(t);
  const page = await board();
  await room.do(teacher, "page", { action: "show", page });
  for (let i = 1; i <= 25; i++) await draw(teacher, page, stroke(`aaaa.${i}`));
  const count = async () =>
    (await database.db.selectFrom("board_pages").selectAll().where("lesson_id", "=", room.lesson.id).execute()).length;
  assert.equal(await count(), 0);
  await room.do(teacher, "page", { action: "show", page: null });
  assert.equal(await count(), 1);
});

test("a page that is read while strokes are stored has all of them up to its place, and none after", async (t) => {
  const { room, draw, board } = await open(t);
  const page = await board();
  const next = itemIds("aaaa");
  await room.restart();
  const reads: Promise<PageState | null>[] = [];
  const drawn: Promise<unknown>[] = [];
  for (let i = 0; i < 120; i++) {
    drawn.push(draw(teacher, page, stroke(next())));
    if (i % 6 === 0) await drawn.at(-1);
    reads.push(stateOf(room, page));
  }
  await Promise.all(drawn);
  for (const state of await Promise.all(reads)) {
    const until = strokesOf(room.entries).filter(({ seq }) => seq <= state!.seq);
    assert.deepEqual(items(state), Page.of(until.flatMap(({ body }) => body["ops"] as Operation[])).items());
  }
});

test("more pages than are kept in memory lose nothing", async (t) => {
  const { room, draw } = await open(t);
  await room.do(teacher, "page", { action: "open", material: "m1" });
  const next = itemIds("aaaa");
  for (let round = 0; round < 3; round++)
    for (let number = 1; number <= SLIDES.count; number++) assert.equal(await draw(teacher, `1.${number}`, stroke(next())), null);
  for (let number = 1; number <= SLIDES.count; number++) assert.equal(items(await stateOf(room, `1.${number}`)).length, 3);
});

test("hostile operations are refused whole, and nothing of them is stored", async (t) => {
  const { room, board } = await open(t);
  const page = await board();
  let deep: unknown = [];
  for (let i = 0; i < 25; i++) deep = [deep];
  const hostile: readonly unknown[] = [
    null,
    {},
    [],
    [[]],
    [["s"]],
    [stroke("aaaa.1"), ["q"]],
    deep,
    [["d", ["aaaa.1", 7]]],
    "x".repeat(16_000),
    [["m", "aaaa.1", Number.POSITIVE_INFINITY, 0, 1]],
  ];
  for (const ops of hostile) assert.equal(await room.refusal(teacher, "stroke", { page, ops } as never), "bad-request");
  assert.equal(await room.refusal(teacher, "stroke", { page, ops: [["x"]], extra: 1 }), "bad-request");
  assert.equal(strokesOf(room.entries).length, 0);
});

test("nobody floods the log: a person has an allowance of bytes", async (t) => {
  const { room, board } = await open(t);
  const page = await board();
  const large: Operation = [
    "i",
    "aaaa.1",
    { type: "text", text: "x".repeat(2000), color: "red", size: 60, x: 0, y: 0, width: 10, height: 10 },
  ];
  const refusals = await Promise.all(
    Array.from({ length: 300 }, () => room.refusal(teacher, "stroke", { page, ops: [large, ["t", "aaaa.1", large[2]]] })),
  );
  assert.ok(refusals.includes("too-many") && refusals[0] === null);
  room.now += 30_000;
  assert.equal(await room.refusal(teacher, "stroke", { page, ops: [["d", ["aaaa.1"]]] }), null);
});

test("a laser shines for all and is not stored", async (t) => {
  const { room, pens, board } = await open(t);
  const page = await board();
  const anna = person("guest", "Anna");
  assert.equal(await room.refusal(anna, "laser", { page, points: line }), "refused-by-rule");
  await pens({ person: anna.id });
  assert.equal(await room.refusal(anna, "laser", { page, points: line }), null);
  assert.equal(await room.refusal(teacher, "laser", { page, points: "!" }), "bad-request");
  assert.equal(await room.refusal(teacher, "laser", { page: "9.9", points: "" }), "not-found");
  assert.deepEqual(
    room.signals.filter(({ kind }) => kind === "laser"),
    [{ kind: "laser", key: anna.id, to: "all", body: { page, points: line } }],
  );
  assert.equal(
    room.entries.some(({ kind }) => kind === "laser"),
    false,
  );
});

test("an action that is sent again is done once", async (t) => {
  const { room, board } = await open(t);
  const page = await board();
  const id = newId();
  const once = await room.do(teacher, "stroke", { page, ops: [stroke("aaaa.1", line, 0)] }, id);
  await room.restart();
  const again = await room.do(teacher, "stroke", { page, ops: [stroke("aaaa.1", line, 0)] }, id);
  assert.deepEqual(again, once);
  assert.equal(strokesOf(room.entries).length, 1);
});
