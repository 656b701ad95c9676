import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type Operation, Page } from "@lectern/board";
import { RetainedEntries, type RoomEntry } from "@lectern/room";
import fc from "fast-check";
import { partOf, positionOf, type RoomReplayAnswer, type RoomSpan, spansOf } from "../../../contracts/rooms/room-replay.ts";
import { json } from "../../../platform/store/store.ts";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { storeEntries } from "../entry-store.ts";
import { eraseEntriesOf } from "../personal-entries.ts";
import { RoomReplay } from "./room-replay.ts";

const BEGIN = Date.UTC(2026, 10, 23, 8);
const EPOCH = "epoch-of-room";
const LATER = BEGIN + 24 * 3600_000;

let database: TestDatabase;
let schoolId: string;

before(async () => {
  database = await openTestDatabase();
  schoolId = (await insertSchool(database.db)).id;
});
after(() => database.close());

type Line = Partial<RoomEntry> & { readonly at: number };

function entry(seq: number, { at, ...line }: Line): RoomEntry {
  return {
    seq,
    mediaTime: null,
    id: `id-${seq}`,
    from: { id: "ada", name: "Ada", role: "member" },
    kind: "chat",
    to: "all",
    key: null,
    gone: false,
    sampled: false,
    body: {},
    ...line,
    at: BEGIN + at,
  };
}

const chat = (at: number, ref: string, text: string): Line => ({ at, key: `chat/${ref}`, body: { ref, text } });
const danmaku = (at: number, text: string): Line => ({ at, kind: "danmaku", sampled: true, body: { text } });
const deletion = (at: number, ref: string): Line[] => [
  { at, kind: "moderation", to: "staff", body: { action: "delete", key: `chat/${ref}` } },
  { at, key: `chat/${ref}`, body: { ref, deleted: true } },
];

async function roomOf(lines: readonly Line[]) {
  const lesson = await insertLesson(database.db, schoolId);
  await database.db.insertInto("rooms").values({ lesson_id: lesson.id, epoch: EPOCH, term: 1, owner: "", head: 0 }).execute();
  const entries = lines.map((line, i) => entry(i + 1, line));
  await storeEntries(database.db, lesson.id, EPOCH, entries);
  const add = (more: readonly Line[]) =>
    storeEntries(
      database.db,
      lesson.id,
      EPOCH,
      more.map((line, i) => entry(lines.length + i + 1, line)),
    );
  return { lesson: lesson.id, replay: new RoomReplay(database.db, () => LATER), add };
}

type ReplayedEntry = {
  readonly seq: number;
  readonly t?: number;
  readonly key?: string;
  readonly gone?: boolean;
  readonly text?: string;
  readonly page?: string;
  readonly ops?: readonly Operation[];
  readonly kind: string;
  readonly epoch: string;
};

function contentOf(answer: RoomReplayAnswer): { readonly snapshot?: ReplayedEntry[]; readonly entries?: ReplayedEntry[] } {
  assert.equal(answer.kind, "file");
  return JSON.parse(gunzipSync(Buffer.from(answer.kind === "file" ? answer.gzip : "", "base64")).toString());
}

async function play(
  replay: RoomReplay,
  lesson: string,
  spans: readonly RoomSpan[],
  from: number,
  to: number,
): Promise<ReplayedEntry[]> {
  const part = partOf(spans, from, to);
  return part ? (contentOf(await replay.answer({ kind: "entries", lesson, ...part })).entries ?? []) : [];
}

const snapshot = async (replay: RoomReplay, lesson: string, at: number): Promise<ReplayedEntry[]> =>
  contentOf(await replay.answer({ kind: "snapshot", lesson, at: BEGIN + at })).snapshot ?? [];

const texts = (entries: readonly ReplayedEntry[]) => entries.map(({ text }) => text);
const WHOLE = spansOf([{ utc: BEGIN, position: 0, length: 120_000 }]);

test("entries come with their positions in the recording, also after a pause", async () => {
  const lines = [
    chat(-5000, "a", "before"),
    chat(1500, "b", "first"),
    danmaku(30_000, "in the pause"),
    chat(30_001, "c", "paused"),
    chat(61_000, "d", "later"),
  ];
  const { replay, lesson } = await roomOf(lines);
  const spans = spansOf([
    { utc: BEGIN, position: 0, length: 10_000 },
    { utc: BEGIN + 60_000, position: 10_000, length: 10_000 },
  ]);
  const shown = await play(replay, lesson, spans, 0, 60_000);
  assert.deepEqual(
    shown.map(({ text, t }) => [text, t]),
    [
      ["first", 1.5],
      ["paused", 10],
      ["later", 11],
    ],
  );
  assert.deepEqual(texts(await snapshot(replay, lesson, 0)), ["before"]);
  assert.equal(shown[0]?.epoch, EPOCH);
});

test("a caption comes where it was said, before what was written while it was being heard", async () => {
  const caption = { kind: "caption", body: { ref: "c", text: "said", spokenAt: BEGIN + 2000 } };
  const { replay, lesson } = await roomOf([chat(3000, "a", "written"), { at: 4500, ...caption }]);
  assert.deepEqual(
    (await play(replay, lesson, WHOLE, 0, 60_000)).map(({ text, t }) => [text, t]),
    [
      ["said", 2],
      ["written", 3],
    ],
  );
});

test("a line that was deleted later is in no part and in no snapshot, nor as the pinned line", async () => {
  const lines = [
    chat(1000, "a", "rude"),
    chat(2000, "b", "kind"),
    { at: 3000, kind: "moderation", key: "pin", body: { key: "chat/a", ref: "a", text: "rude" } },
  ];
  const { replay, lesson, add } = await roomOf(lines);
  const state = await replay.answer({ kind: "state", lesson });
  assert.deepEqual(texts(await snapshot(replay, lesson, 90_000)), ["rude", "kind", "rude"]);
  await add(deletion(50_000, "a"));
  assert.deepEqual(texts(await play(replay, lesson, WHOLE, 0, 60_000)), ["kind"]);
  assert.deepEqual(texts(await snapshot(replay, lesson, 2500)), ["kind"]);
  assert.deepEqual(texts(await snapshot(replay, lesson, 90_000)), ["kind"]);
  const changed = await replay.answer({ kind: "state", lesson });
  assert.ok(state.kind === "state" && changed.kind === "state" && state.past !== changed.past);
});

test("a line that was deleted and restored is where it was", async () => {
  const { replay, lesson } = await roomOf([chat(1000, "a", "fine"), ...deletion(2000, "a"), chat(3000, "a", "fine")]);
  assert.deepEqual(
    (await play(replay, lesson, WHOLE, 0, 60_000)).map(({ text, t }) => [text, t]),
    [
      ["fine", 1],
      ["fine", 3],
    ],
  );
});

test("what an erased person wrote is gone, and the files have other names", async () => {
  const { replay, lesson } = await roomOf([danmaku(1000, "mine"), danmaku(2000, "theirs")]);
  const before = await replay.answer({ kind: "state", lesson });
  await database.db
    .updateTable("room_entries")
    .set({ body: json({ deleted: true }) })
    .where("lesson_id", "=", lesson)
    .where("seq", "=", 1)
    .execute();
  assert.deepEqual(texts(await play(replay, lesson, WHOLE, 0, 60_000)), ["theirs"]);
  const after = await replay.answer({ kind: "state", lesson });
  assert.ok(before.kind === "state" && after.kind === "state" && before.past !== after.past);
});

test("what was for staff or for one person is not replayed", async () => {
  const lines: Line[] = [
    { ...chat(1000, "a", "to staff"), to: "staff" },
    { ...chat(1000, "b", "to Ada"), to: { participant: "ada" } },
    chat(2000, "c", "to all"),
  ];
  const { replay, lesson } = await roomOf(lines);
  assert.deepEqual(texts(await play(replay, lesson, WHOLE, 0, 60_000)), ["to all"]);
  assert.deepEqual(texts(await snapshot(replay, lesson, 60_000)), ["to all"]);
});

test("at most twenty bullet comments of a second are replayed, and every line of chat", async () => {
  const lines = Array.from({ length: 60 }, (_, i) => (i % 2 ? chat(5000 + i, `r${i}`, "line") : danmaku(5000 + i, "bullet")));
  const { replay, lesson } = await roomOf([...lines, danmaku(6000, "next second")]);
  const shown = await play(replay, lesson, WHOLE, 0, 60_000);
  assert.equal(shown.filter(({ kind }) => kind === "danmaku").length, 21);
  assert.equal(shown.filter(({ kind }) => kind === "chat").length, 30);
});

test("a quiz's results are there from when they were revealed", async () => {
  const quiz = (at: number, state: string, more: object): Line => ({
    at,
    kind: "quiz",
    key: "quiz/q",
    body: { ref: "q", state, ...more },
  });
  const { replay, lesson } = await roomOf([
    quiz(1000, "open", {}),
    quiz(20_000, "closed", {}),
    quiz(40_000, "revealed", { results: { counts: [3, 4] } }),
  ]);
  const before = JSON.stringify(await snapshot(replay, lesson, 39_999));
  assert.ok(before.includes("closed") && !before.includes("results"));
  assert.ok(JSON.stringify(await snapshot(replay, lesson, 40_001)).includes("results"));
});

const drawn = (at: number, page: string, ...ops: readonly Operation[]): Line => ({ at, kind: "stroke", body: { page, ops } });
const stroke = (id: string): Operation => ["s", id, "pen", "black", 12, "CCCC", 0];
const set = (at: number, number: number): Line => ({
  at,
  kind: "page",
  key: `page/${number}`,
  body: { set: number, title: "", count: 3, height: 3600, pages: "board", background: "blank" },
});

/** What pages have on them: a snapshot has whole ones. */
function pagesOf(entries: readonly ReplayedEntry[]): Map<string, Page> {
  const pages = new Map<string, Page>();
  for (const { kind, key, page = "", ops = [] } of entries) {
    if (kind !== "stroke") continue;
    const known = key === `stroke/${page}` ? new Page() : (pages.get(page) ?? new Page());
    for (const operation of ops) known.apply(operation);
    pages.set(page, known);
  }
  return pages;
}

test("what was written in a pause of the publisher is on the board when the recording goes on", async () => {
  const { replay, lesson } = await roomOf([
    set(-1000, 1),
    drawn(30_000, "1.1", stroke("aaaa.1")),
    drawn(61_000, "1.1", ["d", ["aaaa.1"]]),
  ]);
  const spans = spansOf([
    { utc: BEGIN, position: 0, length: 10_000 },
    { utc: BEGIN + 60_000, position: 10_000, length: 10_000 },
  ]);
  const shown = await play(replay, lesson, spans, 0, 60_000);
  assert.deepEqual(
    shown.map(({ t, kind, ops }) => [t, kind, ops]),
    [
      [10, "stroke", [stroke("aaaa.1")]],
      [11, "stroke", [["d", ["aaaa.1"]]]],
    ],
  );
  assert.deepEqual(Object.keys(shown[0] ?? {}).sort(), ["epoch", "kind", "ops", "page", "seq", "t"]);
  const [page] = (await snapshot(replay, lesson, 45_000)).filter(({ kind }) => kind === "stroke");
  assert.deepEqual(page, { page: "1.1", ops: [stroke("aaaa.1")], epoch: EPOCH, seq: 2, kind: "stroke", key: "stroke/1.1" });
});

test("a snapshot has pages of open sets only, and begins with the one that is shown", async () => {
  const { replay, lesson } = await roomOf([
    ...[set(0, 1), set(1, 2), { at: 2, kind: "page", key: "page/shown", body: { page: "1.2", view: null } }],
    ...["1.2", "1.1", "2.1"].map((page, i) => drawn(10 + i, page, stroke("aaaa.1"))),
    { ...set(50_000, 2), gone: true },
  ]);
  const keys = async (at: number) =>
    (await snapshot(replay, lesson, at)).flatMap(({ kind, key }) => (kind === "stroke" ? [key] : []));
  assert.deepEqual(await keys(40_000), ["stroke/1.2", "stroke/2.1", "stroke/1.1"]);
  assert.deepEqual(await keys(60_000), ["stroke/1.2", "stroke/1.1"]);
  assert.deepEqual(await keys(5), []);
});

test("what an erased person drew is on no page, and what others drew stays", async () => {
  const { replay, lesson } = await roomOf([
    set(0, 1),
    drawn(10, "1.1", stroke("aaaa.1")),
    { ...drawn(20, "1.1", stroke("bbbb.1")), from: null },
  ]);
  const { db } = database;
  const person = {
    id: `ada-${lesson}`,
    lesson_id: lesson,
    user_id: null,
    name: "Ada",
    role: "guest" as const,
    token_hash: null,
    joined_at: new Date(),
    seen_at: new Date(),
  };
  await db.insertInto("participants").values(person).execute();
  await db
    .updateTable("room_entries")
    .set({ from_id: person.id })
    .where("lesson_id", "=", lesson)
    .where("from_id", "=", "ada")
    .execute();
  await db.insertInto("board_tags").values({ lesson_id: lesson, tag: "aaaa", person_id: person.id }).execute();
  const whole = { lesson_id: lesson, page: "1.1", epoch: EPOCH, seq: 3, at: new Date(BEGIN + 20) };
  await db
    .insertInto("board_pages")
    .values({ ...whole, operations: json([stroke("aaaa.1"), stroke("bbbb.1")]) })
    .execute();
  const ids = async () =>
    [...pagesOf(await snapshot(replay, lesson, 60_000)).values()].flatMap((page) => page.items().map(({ id }) => id));
  assert.deepEqual(await ids(), ["aaaa.1", "bbbb.1"]);
  await db.transaction().execute((trx) => eraseEntriesOf(trx, [person.id], "—"));
  assert.deepEqual(await ids(), ["bbbb.1"]);
  assert.ok(
    (await snapshot(replay, lesson, 60_000)).some(({ key }) => key === "page/1"),
    "the set of pages is the lesson's",
  );
});

test("seeking to any time ends in the same pages as playing through, wherever whole pages were written", async () => {
  const ids = fc.constantFrom("aaaa.1", "aaaa.2", "bbbb.1", "bbbb.2");
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    ids.map(stroke),
    fc.tuple(fc.constant("p" as const), ids, fc.constantFrom("CCCC", "CACA"), fc.constantFrom(0 as const, 1 as const)),
    fc.tuple(fc.constant("m" as const), ids, fc.nat(9), fc.nat(9), fc.constant(1)),
    fc.tuple(fc.constantFrom("d" as const, "u" as const), fc.array(ids, { minLength: 1, maxLength: 3 })),
    fc.constant<Operation>(["x"]),
  );
  const action = fc.record({
    after: fc.nat(2500),
    page: fc.constantFrom("1.1", "1.2", "2.1"),
    ops: fc.array(operation, { minLength: 1, maxLength: 3 }),
    isWritten: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 5, maxLength: 50, size: "max" }),
      segments,
      fc.array(fc.nat(100), { maxLength: 5 }),
      async (actions, placed, seeks) => {
        let at = -3000;
        const lines = [set(-4000, 1), set(-4000, 2)];
        const whole = new Map<string, Page>();
        const written: {
          readonly page: string;
          readonly seq: number;
          readonly at: number;
          readonly operations: readonly Operation[];
        }[] = [];
        for (const { after, page, ops, isWritten } of actions) {
          at += after;
          lines.push(drawn(at, page, ...ops));
          const known = whole.get(page) ?? new Page();
          whole.set(page, known);
          for (const one of ops) known.apply(one);
          if (isWritten) written.push({ page, seq: lines.length, at, operations: known.operations() });
        }
        const { replay, lesson } = await roomOf(lines);
        for (const { operations, ...row } of written)
          await database.db
            .insertInto("board_pages")
            .values({ ...row, lesson_id: lesson, epoch: EPOCH, at: new Date(BEGIN + row.at), operations: json(operations) })
            .execute();
        let [utc, position] = [BEGIN, 0];
        const spans = spansOf(
          placed.map(({ wait, length }, i) => {
            utc += i === 0 ? 0 : wait;
            const placedAt = { utc, position, length };
            utc += length;
            position += length;
            return placedAt;
          }),
        );
        const through = await snapshot(replay, lesson, 0);
        for (let from = 0; from < position; from += 7000) through.push(...(await play(replay, lesson, spans, from, from + 7000)));
        for (const seek of seeks) {
          const to = Math.floor((position * seek) / 100);
          const jump = Math.floor(to / 14_000) * 14_000;
          const before = partOf(spans, jump, Number.POSITIVE_INFINITY);
          if (!before) continue;
          const jumped = await snapshot(replay, lesson, before.from - BEGIN);
          jumped.push(...(await play(replay, lesson, spans, jump, to)));
          const itemsOf = (entries: readonly ReplayedEntry[]) =>
            [...pagesOf(entries)]
              .map(([page, of]) => [page, of.items()] as const)
              .filter(([, items]) => items.length > 0)
              .sort();
          assert.deepEqual(itemsOf(jumped), itemsOf(through.filter(({ t = -1 }) => Math.round(t * 1000) < to)), `at ${to}`);
        }
      },
    ),
    { numRuns: 40 },
  );
});

/** What a page shows: the newest entry of each key. */
function shownAfter(entries: readonly ReplayedEntry[]): string {
  const retained = new RetainedEntries();
  for (const { seq, key = null, gone = false, text } of entries) retained.take(entry(seq, { at: 0, key, gone, body: { text } }));
  return JSON.stringify(retained.all().map(({ seq, body }) => [seq, body["text"]]));
}

const action = fc.record({
  ref: fc.integer({ min: 0, max: 6 }),
  after: fc.integer({ min: 0, max: 4000 }),
  what: fc.constantFrom("say", "say", "say", "gone", "delete", "bullet"),
});
const segments = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 30_000 }), length: fc.integer({ min: 500, max: 20_000 }) }), {
  minLength: 1,
  maxLength: 6,
});

test("seeking to any time shows what playing through shows, whatever was said, deleted and paused", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { maxLength: 60 }),
      segments,
      fc.array(fc.nat(100), { maxLength: 5 }),
      async (actions, placed, seeks) => {
        let at = -2000;
        const lines = actions.flatMap(({ ref, after, what }, i): Line[] => {
          at += after;
          if (what === "gone") return [{ ...chat(at, String(ref), ""), gone: true }];
          if (what === "delete") return deletion(at, String(ref));
          return [what === "bullet" ? danmaku(at, `bullet ${i}`) : chat(at, String(ref), `line ${i}`)];
        });
        const { replay, lesson } = await roomOf(lines);
        let utc = BEGIN;
        let position = 0;
        const spans = spansOf(
          placed.map(({ wait, length }, i) => {
            utc += i === 0 ? 0 : wait;
            const placed = { utc, position, length };
            utc += length;
            position += length;
            return placed;
          }),
        );
        const first = await snapshot(replay, lesson, 0);
        const through = [...first];
        for (let from = 0; from < position; from += 7000) through.push(...(await play(replay, lesson, spans, from, from + 7000)));
        for (const seek of seeks) {
          const to = Math.floor((position * seek) / 100);
          const jump = Math.floor(to / 14_000) * 14_000;
          const before = partOf(spans, jump, Number.POSITIVE_INFINITY);
          if (!before) continue;
          const jumped = await snapshot(replay, lesson, before.from - BEGIN);
          jumped.push(...(await play(replay, lesson, spans, jump, to)));
          const played = through.filter(({ t = -1 }) => Math.round(t * 1000) < to);
          assert.equal(shownAfter(jumped), shownAfter(played), `at ${to} of ${JSON.stringify(spans)}`);
        }
        for (const { t, seq } of through)
          if (t !== undefined) assert.equal(Math.round(t * 1000), positionOf(spans, BEGIN + (lines[seq - 1]?.at ?? 0))?.position);
      },
    ),
    { numRuns: 40 },
  );
});
