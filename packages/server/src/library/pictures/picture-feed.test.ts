/** What ffmpeg gets of one person: everything at its real time, and something each second while the person is absent. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FlvReader, type FlvTag, muxConfiguration, muxFrame, tagSize, writeFlvHeader, writeTagInto } from "@lectern/media";
import { aacConfiguration, avcConfiguration, lesson } from "../../live/streams/synthetic-source.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { Timeline } from "../files/timeline.ts";
import { feedOf } from "./picture-feed.ts";
import { recordPicture } from "./picture-recording.ts";
import { placeTracks } from "./picture-tracks.ts";

const UTC = 1_700_000_000_000;
const HEAD_TAGS = 2;

/** @param ids of its frames, from this number on */
async function recorded(folder: string, name: string, from: number, seconds: number, ids: number): Promise<Timeline> {
  const source = join(folder, `${name}.flv`);
  const pieces: Uint8Array[] = [writeFlvHeader(true, true)];
  for (const message of [avcConfiguration(), aacConfiguration, ...lesson(seconds, ids)]) {
    const body = message.kind === "configuration" ? muxConfiguration(message) : message.kind === "frame" ? muxFrame(message) : null;
    if (!body) continue;
    const tag = new Uint8Array(tagSize(body));
    writeTagInto(tag, body, message.kind === "frame" ? message.timestamp - ids : 0);
    pieces.push(tag);
  }
  writeFileSync(source, Buffer.concat(pieces));
  const path = join(folder, `${name}.recorded.flv`);
  await recordPicture({ source, path, recording: name, app: "live", name, epoch: name, utc: UTC + from, seconds });
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

test("each frame is at its real time; each track has a frame each second before, between and within", async (t) => {
  const { tracks } = await people(t);
  const [, track = assert.fail()] = tracks;
  const tags: FlvTag[] = [];
  const reader = new FlvReader({ onTag: (tag) => tags.push({ ...tag, body: Uint8Array.from(tag.body) }), maxTagBytes: 1e6 });
  for await (const piece of feedOf({ track, video: true, audio: true, origin: 0 })) assert.equal(reader.push(piece), null);
  const times = tags.map(({ timestamp }) => timestamp);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  for (const type of [8, 9]) {
    const own = tags.slice(HEAD_TAGS).filter((tag) => tag.type === type);
    own.forEach(({ timestamp }, i) => {
      assert.ok(timestamp - (own[i - 1]?.timestamp ?? 0) <= 1100, `${type}: nothing before ${timestamp} ms`);
    });
    const header = type === 9 ? 5 : 2;
    const ids = new Map<number, number>();
    for (const { body, timestamp } of own)
      if (body.length >= header + 20) ids.set(Buffer.from(body.buffer, body.byteOffset + header).readDoubleBE(0), timestamp);
    const real = [...ids].filter(([id]) => id > 0);
    assert.ok(real.length >= 190, `${real.length} frames`);
    for (const [id, timestamp] of real) {
      // A key frame is repeated, last at the end of an absence.
      if (type === 9 && (id - 100_000) % 2000 === 0) continue;
      const wanted = id < 200_000 ? id - 100_000 + 10_300 : id - 200_000 + 30_000;
      assert.ok(Math.abs(timestamp - wanted) <= 1, `${type}: frame ${id} is at ${timestamp} ms`);
    }
  }
});
