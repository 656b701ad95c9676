import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { HeldEntries } from "../../../platform/rooms/held-entries.ts";
import type { RoomEntry } from "../../../platform/rooms/room-entry.ts";
import { partOf, positionOf, type RoomReplayAnswer, type RoomSpan, spansOf } from "../../../platform/rooms/room-replay.ts";
import { json } from "../../../platform/store/store.ts";
import { insertLesson, insertSchool, openTestDatabase, type TestDatabase } from "../../store/test-database.ts";
import { storeEntries } from "../entry-store.ts";
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
    ...{ seq, mediaTime: null, id: `id-${seq}`, from: { id: "ada", name: "Ada", role: "member" }, kind: "chat", to: "all" },
    ...{ key: null, gone: false, sampled: false, body: {} },
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

type Shown = {
  readonly seq: number;
  readonly t?: number;
  readonly key?: string;
  readonly gone?: boolean;
  readonly text?: string;
  readonly kind: string;
  readonly epoch: string;
};

function contentOf(answer: RoomReplayAnswer): { readonly snapshot?: Shown[]; readonly entries?: Shown[] } {
  assert.equal(answer.kind, "file");
  return JSON.parse(gunzipSync(Buffer.from(answer.kind === "file" ? answer.gzip : "", "base64")).toString());
}

async function play(replay: RoomReplay, lesson: string, spans: readonly RoomSpan[], from: number, to: number): Promise<Shown[]> {
  const part = partOf(spans, from, to);
  return part ? (contentOf(await replay.answer({ kind: "entries", lesson, ...part })).entries ?? []) : [];
}

const snapshot = async (replay: RoomReplay, lesson: string, at: number): Promise<Shown[]> =>
  contentOf(await replay.answer({ kind: "snapshot", lesson, at: BEGIN + at })).snapshot ?? [];

const texts = (entries: readonly Shown[]) => entries.map(({ text }) => text);
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

/** What a page shows: the newest entry of each key. */
function shownAfter(entries: readonly Shown[]): string {
  const held = new HeldEntries();
  for (const { seq, key = null, gone = false, text } of entries) held.take(entry(seq, { at: 0, key, gone, body: { text } }));
  return JSON.stringify(held.all().map(({ seq, body }) => [seq, body["text"]]));
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
