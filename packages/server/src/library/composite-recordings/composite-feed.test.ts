/** What ffmpeg gets of one person: everything at its real time, and something every second or two while the person is absent or not seen. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  FlvReader,
  type FlvTag,
  muxConfiguration,
  muxFrame,
  TAG_TYPE,
  tagSize,
  writeFlvHeader,
  writeTag,
  writeTagInto,
} from "@lectern/media";
import { aacConfiguration, avcConfiguration, lesson } from "../../live/streams/synthetic-source.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { Timeline } from "../files/timeline.ts";
import { feedOf } from "./composite-feed.ts";
import { recordComposite } from "./composite-recording.ts";
import { type CompositeTrack, placeTracks } from "./composite-tracks.ts";
import type { NameTile } from "./name-tile.ts";

const UTC = 1_700_000_000_000;
const HEAD_TAGS = 2;
const SECONDS_WITHOUT = { video: 2700, audio: 1100 } as const;
/** AVCPacketType 0 and 1 of key frames, and a byte that no other frame ends with. */
const TILE: NameTile = {
  configuration: Buffer.from(writeTag(TAG_TYPE.video, 0, [[0x17, 0, 0, 0, 0, 0xee]])),
  frame: Buffer.from(writeTag(TAG_TYPE.video, 0, [[0x17, 1, 0, 0, 0, 0xee]])),
};

/** @param ids of its frames, from this number on; @param isOff when the camera is off */
async function recorded(
  folder: string,
  name: string,
  from: number,
  seconds: number,
  ids: number,
  isOff: (ms: number) => boolean = () => false,
): Promise<Timeline> {
  const source = join(folder, `${name}.flv`);
  const pieces: Uint8Array[] = [writeFlvHeader(true, true)];
  for (const message of [avcConfiguration(), aacConfiguration, ...lesson(seconds, ids)]) {
    const body = message.kind === "configuration" ? muxConfiguration(message) : message.kind === "frame" ? muxFrame(message) : null;
    if (!body || (message.kind === "frame" && message.track === "video" && isOff(message.timestamp - ids))) continue;
    const tag = new Uint8Array(tagSize(body));
    writeTagInto(tag, body, message.kind === "frame" ? message.timestamp - ids : 0);
    pieces.push(tag);
  }
  writeFileSync(source, Buffer.concat(pieces));
  const path = join(folder, `${name}.recorded.flv`);
  await recordComposite({ source, path, recording: name, app: "live", name, epoch: name, utc: UTC + from, seconds, key: null });
  const file = await IndexedFile.open(path);
  assert.ok(file);
  return new Timeline([file]);
}

async function people(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "lectern-feed-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const anna = [await recorded(folder, "a1", 10_300, 4, 100_000), await recorded(folder, "a2", 30_000, 4, 200_000)];
  // In any order.
  return placeTracks([
    { person: "anna", timelines: anna.reverse() },
    { person: "first", timelines: [await recorded(folder, "b", 0, 4, 0)] },
    { person: "nobody", timelines: [] },
  ]);
}

test("tracks are in real time: who was there when, and nobody of whom there is nothing", async (t) => {
  const { tracks, milliseconds } = await people(t);
  assert.deepEqual(
    tracks.map(({ person, hasVideo, hasAudio }) => [person, hasVideo, hasAudio]),
    [
      ["first", true, true],
      ["anna", true, true],
    ],
  );
  const [, anna] = tracks;
  assert.deepEqual(
    anna?.spans.map(({ from }) => from),
    [10_300, 30_000],
  );
  assert.ok(Math.abs(milliseconds - 34_000) < 100, `${milliseconds} ms`);
});

async function tagsOf(track: CompositeTrack): Promise<FlvTag[]> {
  const tags: FlvTag[] = [];
  const reader = new FlvReader({ onTag: (tag) => tags.push({ ...tag, body: Uint8Array.from(tag.body) }), maxTagBytes: 1e6 });
  for await (const piece of feedOf({ track, video: true, audio: true, tile: TILE, origin: 0 }))
    assert.equal(reader.push(piece), null);
  return tags;
}

const isTile = ({ body }: FlvTag) => body.length === 6 && body[5] === 0xee;

test("each frame is at its real time; each track has a frame every second or two before, between and within", async (t) => {
  const { tracks } = await people(t);
  const [, track = assert.fail()] = tracks;
  const tags = await tagsOf(track);
  for (const [type, kind] of [
    [TAG_TYPE.audio, "audio"],
    [TAG_TYPE.video, "video"],
  ] as const) {
    const own = tags.slice(HEAD_TAGS).filter((tag) => tag.type === type);
    own.forEach(({ timestamp }, i) => {
      const since = timestamp - (own[i - 1]?.timestamp ?? 0);
      assert.ok(since >= 0 && since <= SECONDS_WITHOUT[kind], `${kind}: ${since} ms before ${timestamp} ms`);
    });
    const header = kind === "video" ? 5 : 2;
    let frames = 0;
    for (const { body, timestamp } of own) {
      if (body.length < header + 20 || body[1] === 0) continue;
      const id = Buffer.from(body.buffer, body.byteOffset + header).readDoubleBE(8);
      if (!(id >= 100_000)) continue;
      frames++;
      const wanted = id < 200_000 ? id - 100_000 + 10_300 : id - 200_000 + 30_000;
      assert.ok(Math.abs(timestamp - wanted) <= 1, `${kind}: frame ${id} is at ${timestamp} ms`);
    }
    assert.ok(frames >= 190, `${frames} frames`);
  }
});

test("while no picture comes, the tile with the name is there from the last one on, and each second; sound goes on", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-feed-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const isOff = (ms: number) => ms >= 6000 && ms < 13_000;
  const timeline = await recorded(folder, "off", 0, 20, 0, isOff);
  const { tracks } = placeTracks([{ person: "off", timelines: [timeline] }]);
  const [track = assert.fail()] = tracks;
  assert.equal(track.spans.length, 1);
  const tags = await tagsOf(track);
  const video = tags.filter(({ type, body }) => type === TAG_TYPE.video && body[1] === 1);
  const tiles = video.filter(isTile).map(({ timestamp }) => timestamp);
  const last = video.filter((tag) => !isTile(tag) && tag.timestamp < 7000).at(-1)?.timestamp ?? 0;
  const [begun = 0] = tiles;
  assert.ok(begun > last && begun - last <= 100, `the tile begins ${begun - last} ms after the last picture`);
  // The next key frame.
  const back = video.find((tag) => !isTile(tag) && tag.timestamp > 7000)?.timestamp ?? 0;
  assert.ok(Math.abs(back - 14_000) < 50, `the picture is back at ${back} ms`);
  assert.ok(tiles.every((ms) => ms < back));
  assert.ok(tiles.length >= 7, `${tiles.length} tiles`);
  // Each kind of picture comes after its own configuration.
  let decoder = false;
  for (const tag of tags.filter(({ type }) => type === TAG_TYPE.video)) {
    if (tag.body[1] === 0) decoder = isTile(tag);
    else assert.equal(isTile(tag), decoder, `at ${tag.timestamp} ms`);
  }
  const heard = tags.filter(({ type, timestamp }) => type === TAG_TYPE.audio && timestamp > 7000 && timestamp < 12_000);
  assert.ok(heard.length > 200, `${heard.length} frames of sound`);
});
