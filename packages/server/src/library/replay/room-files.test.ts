import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import type { RoomReplayAnswer, RoomReplayRequest } from "../../contracts/rooms/room-replay.ts";
import { parseRoomFile, RoomFiles } from "./room-files.ts";

const BEGIN = 1_700_000_000_000;
const SPANS = [{ at: BEGIN, position: 0, length: 400_000, lasts: 400_000 }];
const STATE = { kind: "state", past: "none", head: "epoch.9", first: BEGIN + 70_000, last: BEGIN + 130_000 } as const;
const DAY_MS = 86_400_000;

function open(state: RoomReplayAnswer = STATE) {
  const asked: RoomReplayRequest[] = [];
  const world = { state, now: BEGIN + DAY_MS, away: false };
  const files = new RoomFiles(
    async (request) => {
      asked.push(request);
      if (world.away) throw new Error("control is unreachable");
      return request.kind === "state" ? world.state : { kind: "file", gzip: gzipSync(request.kind).toString("base64") };
    },
    () => world.now,
  );
  const file = async (name: string) => {
    const parsed = parseRoomFile(name);
    const bytes = parsed && (await files.file("lesson", SPANS, parsed));
    return bytes && gunzipSync(bytes).toString();
  };
  return { files, file, asked, world };
}

test("the index lists the minutes in which something happened, and states since the first entry", async () => {
  const { files } = open();
  const { chunks, snapshots } = await files.index("lesson", SPANS);
  assert.deepEqual(
    chunks.map(({ from, to }) => [from, to]),
    [
      [60, 120],
      [120, 180],
    ],
  );
  assert.deepEqual(
    snapshots.map(({ at }) => at),
    [300],
  );
});

test("a file is asked for once, and has its name as long as its content is the same", async () => {
  const { files, file, asked, world } = open();
  const before = await files.index("lesson", SPANS);
  const name = before.chunks[0]?.file ?? "";
  assert.equal(await file(name), "entries");
  assert.equal(await file(name), "entries");
  assert.equal(asked.filter(({ kind }) => kind === "entries").length, 1);
  world.now += 10_000;
  world.state = { ...STATE, head: "epoch.10" };
  assert.deepEqual(await files.index("lesson", SPANS), before);
});

test("after a deletion all names are others, and those of before are not found", async () => {
  const { files, file, world } = open();
  const before = await files.index("lesson", SPANS);
  world.now += 10_000;
  world.state = { ...STATE, past: "a line" };
  const after = await files.index("lesson", SPANS);
  assert.notEqual(before.chunks[0]?.file, after.chunks[0]?.file);
  assert.equal(await file(before.chunks[0]?.file ?? ""), null);
  assert.equal(await file(after.chunks[0]?.file ?? ""), "entries");
});

test("while a minute may get more entries, each entry gives it another name", async () => {
  const { files, world } = open();
  world.now = BEGIN + 140_000;
  const before = await files.index("lesson", SPANS);
  world.now += 5000;
  world.state = { ...STATE, head: "epoch.10" };
  const after = await files.index("lesson", SPANS);
  assert.notEqual(before.chunks.at(-1)?.file, after.chunks.at(-1)?.file);
});

test("a room where nothing was said has no files", async () => {
  const { files, file } = open({ kind: "state", past: "none", head: "", first: null, last: null });
  assert.deepEqual(await files.index("lesson", SPANS), { chunks: [], snapshots: [] });
  assert.equal(await file("chunk-1-AAAAAAAAAAAAAAAA.json"), null);
});

test("names of other forms are no files of a room", () => {
  for (const name of [
    "chunk-1.json",
    "chunk--1-AAAAAAAAAAAAAAAA.json",
    "page-1-AAAAAAAAAAAAAAAA.json",
    "chunk-1-AAAAAAAAAAAAAAAA.json/x",
  ])
    assert.equal(parseRoomFile(name), null);
});

test("while the control process is unreachable, what is known is served", async () => {
  const { files, file, world } = open();
  const { chunks } = await files.index("lesson", SPANS);
  const name = chunks[0]?.file ?? "";
  await file(name);
  world.away = true;
  world.now += 10_000;
  assert.equal(await file(name), "entries");
  await assert.rejects(files.index("another", SPANS));
});
