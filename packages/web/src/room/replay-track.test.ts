/** The room of then against a source in memory: seeking and playing through end in the same, and nothing is shown twice. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame, WireEntry } from "@lectern/room";
import fc from "fast-check";
import { recordingSource, rewoundSource } from "./replay-sources.ts";
import { type ReplaySource, ReplayTrack } from "./replay-track.ts";
import { RoomStore } from "./room-store.ts";

type Said = { readonly t: number; readonly key: string | null; readonly gone?: boolean };

function wire({ key, gone = false }: Said, seq: number): WireEntry {
  return {
    epoch: "e",
    seq,
    at: seq,
    mediaTime: null,
    id: `id-${seq}`,
    from: "ada",
    name: "Ada",
    role: "member",
    kind: key ? "chat" : "danmaku",
    key,
    gone,
    to: "all",
    body: { text: `text ${seq}` },
  };
}

const EACH = 10;

/** What a room says to a page that has nothing of it. */
const snapshotAnd = (entries: readonly WireEntry[]): Frame => ({
  you: null,
  now: null,
  position: { epoch: "e", seq: 0 },
  snapshot: [],
  entries,
  older: [],
  signals: [],
  acks: [],
});

/** As the server makes it: states every 30 seconds, stretches of 10. */
function sourceOf(said: readonly Said[]): ReplaySource & { loads: number } {
  const entries = said.map((one, i) => ({ t: one.t, entry: wire(one, i + 1) }));
  const source = {
    loads: 0,
    stateAt: async (seconds: number) => {
      const at = Math.floor(seconds / 30) * 30;
      const store = new RoomStore();
      const before = entries.filter(({ t, entry }) => t < at && entry.key !== null).map(({ entry }) => entry);
      store.take(snapshotAnd(before));
      return { at, entries: store.held("chat") };
    },
    stretchAt: async (seconds: number) => {
      source.loads++;
      const from = Math.floor(seconds / EACH) * EACH;
      return { from, to: from + EACH, entries: entries.filter(({ t }) => t >= from && t < from + EACH) };
    },
  };
  return source;
}

const shown = (track: ReplayTrack) => track.store.held("chat").map(({ key, body }) => `${key} ${body["text"]}`);
const trackOf = (source: ReplaySource) => new ReplayTrack(source, () => {}, Date.now);

test("entries come when their time comes, each once", async () => {
  const track = trackOf(
    sourceOf([
      { t: 1, key: "chat/a" },
      { t: 2, key: null },
      { t: 12, key: "chat/b" },
    ]),
  );
  const told: string[] = [];
  track.onEntry(({ body }) => told.push(String(body["text"])));
  await track.moveTo(0.5);
  assert.deepEqual(shown(track), []);
  for (const at of [1, 1.25, 2.1, 2.1, 9, 11.9]) await track.moveTo(at);
  assert.deepEqual(told, ["text 1", "text 2"]);
  await track.moveTo(12);
  assert.deepEqual(told, ["text 1", "text 2", "text 3"]);
  assert.deepEqual(shown(track), ["chat/a text 1", "chat/b text 3"]);
});

test("a seek shows what was there at that time, forwards and backwards, and tells of nothing that it skips", async () => {
  const track = trackOf(
    sourceOf([
      { t: 1, key: "chat/a" },
      { t: 40, key: "chat/b" },
      { t: 70, key: "chat/a", gone: true },
    ]),
  );
  let told = 0;
  track.onEntry(() => told++);
  await track.moveTo(75);
  assert.deepEqual(shown(track), ["chat/b text 2"]);
  await track.moveTo(50);
  assert.deepEqual(shown(track), ["chat/a text 1", "chat/b text 2"]);
  await track.moveTo(0);
  assert.deepEqual(shown(track), []);
  assert.equal(told, 0);
});

test("each stretch is loaded once while the picture plays", async () => {
  const source = sourceOf([{ t: 1, key: "chat/a" }]);
  const track = trackOf(source);
  for (let at = 0; at < 60; at += 0.25) await track.moveTo(at);
  assert.ok(source.loads <= 9, `${source.loads} loads`);
});

test("of several seeks while one loads, the last one counts", async () => {
  const track = trackOf(
    sourceOf([
      { t: 1, key: "chat/a" },
      { t: 100, key: "chat/b" },
    ]),
  );
  void track.moveTo(200);
  void track.moveTo(90);
  await track.moveTo(50);
  assert.deepEqual(shown(track), ["chat/a text 1"]);
});

test("what a source does not have yet is shown once it does", async () => {
  let to = 15;
  let now = 0;
  const entries = [12, 14, 16].map((t, i) => ({ t, entry: wire({ t, key: `chat/${i}` }, i + 1) }));
  const source: ReplaySource = {
    stateAt: async () => ({ at: 10, entries: [] }),
    stretchAt: async () => ({ from: 10, to, entries }),
  };
  const track = new ReplayTrack(
    source,
    () => {},
    () => now,
  );
  await track.moveTo(17);
  assert.equal(track.store.held("chat").length, 2);
  to = 70;
  await track.moveTo(17.25);
  assert.equal(track.store.held("chat").length, 2);
  now += 3000;
  await track.moveTo(17.5);
  assert.equal(track.store.held("chat").length, 3);
});

const said = fc
  .array(
    fc.record({
      after: fc.double({ min: 0, max: 8, noNaN: true }),
      key: fc.constantFrom("chat/a", "chat/b", "chat/c", null),
      gone: fc.boolean(),
    }),
    {
      maxLength: 60,
    },
  )
  .map((list) => {
    let t = 0;
    return list.map(({ after, key, gone }) => {
      t = Math.round((t + after) * 1000) / 1000;
      return { t, key, gone: gone && key !== null };
    });
  });

test("wherever one has been before, a time shows the same", async () => {
  await fc.assert(
    fc.asyncProperty(said, fc.array(fc.nat(240_000), { minLength: 1, maxLength: 12 }), async (list, seeks) => {
      const source = sourceOf(list);
      const jumping = trackOf(source);
      for (const seek of seeks) {
        await jumping.moveTo(seek / 1000);
        const playing = trackOf(source);
        for (let at = 0; at < seek / 1000; at += 4) await playing.moveTo(at);
        await playing.moveTo(seek / 1000);
        assert.deepEqual(shown(jumping), shown(playing));
        const expected = new RoomStore();
        const before = list.flatMap((one, i) => (one.t <= seek / 1000 ? [wire(one, i + 1)] : []));
        expected.take(snapshotAnd(before));
        assert.deepEqual(
          shown(jumping),
          expected.held("chat").map(({ key, body }) => `${key} ${body["text"]}`),
        );
      }
    }),
    { numRuns: 60 },
  );
});

test("the files beside a recording are read by their names in the index, again after something was deleted", async () => {
  const world: { index: unknown; files: Record<string, unknown> } = {
    index: { files: "/vod/ID/s/S/room/", chunks: [{ from: 0, to: 60, file: "chunk-0-old.json" }], snapshots: [] },
    files: { "chunk-0-old.json": { entries: [{ t: 1.5, epoch: "e", seq: 1, kind: "chat", key: "chat/a", text: "rude" }] } },
  };
  const asked: string[] = [];
  const load = async (address: string): Promise<unknown> => {
    asked.push(address);
    if (address.startsWith("/vod/ID/room/index.json?sign=1")) return world.index;
    const file = world.files[address.slice("/vod/ID/s/S/room/".length)];
    if (!file) throw new Error("not-found");
    return file;
  };
  const source = recordingSource("/vod/ID.m3u8?sign=1", load, () => 0);
  const [first] = (await source.stretchAt(5)).entries;
  assert.deepEqual([first?.t, first?.entry.body["text"]], [1.5, "rude"]);
  assert.deepEqual(await source.stateAt(5), { at: 0, entries: [] });
  assert.deepEqual(await source.stretchAt(61), { from: 60, to: 120, entries: [] });
  world.index = { files: "/vod/ID/s/S/room/", chunks: [{ from: 0, to: 60, file: "chunk-0-new.json" }], snapshots: [] };
  world.files = { "chunk-0-new.json": { entries: [] } };
  assert.deepEqual((await source.stretchAt(5)).entries, []);
});

test("a rewound lesson is read by the minutes of the clock", async () => {
  const asked: string[] = [];
  const source = rewoundSource("/live/lesson-x.m3u8?sign=1", async (address) => {
    asked.push(address);
    return {
      from: 1_700_000_040_000,
      to: 1_700_000_100_000,
      snapshot: [{ epoch: "e", seq: 1, kind: "chat", key: "chat/a" }],
      entries: [{ t: 2, epoch: "e", seq: 2, kind: "chat" }],
    };
  });
  const { at, entries } = await source.stateAt(1_700_000_050);
  assert.deepEqual([at, entries.length], [1_700_000_040, 1]);
  assert.equal((await source.stretchAt(1_700_000_050)).entries[0]?.t, 1_700_000_042);
  assert.equal(asked[0], "/live/lesson-x/room.json?sign=1&start=1700000040");
});
