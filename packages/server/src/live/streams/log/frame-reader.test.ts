import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aacConfiguration,
  audioFrame,
  avcConfiguration,
  idOf,
  ingestOf,
  lesson,
  pushAll,
  videoFrame,
} from "../synthetic-source.ts";
import { FrameReader } from "./frame-reader.ts";

const VIDEO = { video: true, audio: false, maxBehindMs: 1000 };

function readTimes(reader: FrameReader, max?: number): number[] {
  const times: number[] = [];
  reader.read((frame) => times.push(idOf(frame)), max);
  return times;
}

test("a reader begins at the newest key frame, then gets each frame once", () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(4.2)]);
  const reader = new FrameReader(log, VIDEO);
  assert.deepEqual(readTimes(reader), [4000, 4040, 4080, 4120, 4160]);
  assert.deepEqual(readTimes(reader), []);
  pushAll(ingest, [videoFrame(4200, false), audioFrame(4200), videoFrame(4240, false)]);
  assert.deepEqual(readTimes(reader), [4200, 4240]);
  assert.equal(reader.skips, 0);
});

test("a reader of an empty log hears of the first key frame", () => {
  const { ingest, log } = ingestOf();
  let readable = 0;
  const reader = new FrameReader(log, { ...VIDEO, onReadable: () => readable++ });
  assert.deepEqual(readTimes(reader), []);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(0.2)]);
  assert.ok(readable > 0);
  assert.equal(readTimes(reader)[0], 0);
  reader.close();
  const before = readable;
  pushAll(ingest, [videoFrame(200, false)]);
  assert.equal(readable, before);
});

test("a reader that is too far behind is moved to the newest key frame, and not before there is one", () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(2)]);
  const reader = new FrameReader(log, VIDEO);
  assert.deepEqual(readTimes(reader, 2), [0, 40]);
  assert.deepEqual(readTimes(reader, 1), [80], "it is 1900 ms behind, but the newest key frame is behind it");
  pushAll(
    ingest,
    [...lesson(2.4, 0)].filter(({ timestamp }) => timestamp >= 2000),
  );
  assert.equal(readTimes(reader)[0], 2000);
  assert.equal(reader.skips, 1);
});

test("frames come with the configuration that applies to them", () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  const reader = new FrameReader(log, { ...VIDEO, maxBehindMs: 60_000 });
  pushAll(ingest, [avcConfiguration(1), videoFrame(1000, true)]);
  const configurations = new Set<unknown>();
  reader.read((_frame, { video }) => configurations.add(Buffer.from(video?.data ?? []).toString("hex")));
  assert.equal(configurations.size, 1);
  pushAll(ingest, [avcConfiguration(2), videoFrame(1040, true)]);
  reader.read((_frame, { video }) => configurations.add(Buffer.from(video?.data ?? []).toString("hex")));
  assert.equal(configurations.size, 2);
});

test("segments that were forgotten before they were read are skipped", () => {
  const { ingest, log } = ingestOf(undefined, { segments: 2, milliseconds: 60_000, bytes: () => 64 << 20 });
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  const reader = new FrameReader(log, { video: false, audio: true, maxBehindMs: 600_000 });
  assert.equal(readTimes(reader).length, 1, "audio begins at its newest frame");
  pushAll(
    ingest,
    [...lesson(30)].filter(({ timestamp }) => timestamp >= 1000),
  );
  assert.ok(log.oldest > 100);
  assert.equal(readTimes(reader).length, 1);
  assert.equal(reader.skips, 1);
});

test("data messages are read where they are wanted", () => {
  const { ingest, log } = ingestOf();
  const data = { kind: "data", timestamp: 40, data: Buffer.from("0200026f6e", "hex") } as const;
  pushAll(ingest, [
    avcConfiguration(),
    aacConfiguration,
    ...lesson(0.04),
    data,
    ...[...lesson(0.4)].filter((f) => f.timestamp >= 40),
  ]);
  const tracksOf = (options: { readonly data?: boolean }) => {
    const tracks: string[] = [];
    new FrameReader(log, { ...VIDEO, ...options }).read(({ track }) => tracks.push(track));
    return new Set(tracks);
  };
  assert.deepEqual(tracksOf({}), new Set(["video"]));
  assert.deepEqual(tracksOf({ data: true }), new Set(["video", "data"]));
});
