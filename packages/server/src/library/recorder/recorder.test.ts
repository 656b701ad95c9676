/** What was live is in the files: every frame once, and in HLS byte for byte. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { decodeAmf0, FlvReader, type FlvTag } from "@lectern/media";
import { HlsStream } from "../../live/hls/hls-stream.ts";
import type { Retention } from "../../live/streams/log/log.ts";
import {
  aacConfiguration,
  audioFrame,
  avcConfiguration,
  idOf,
  ingestOf,
  lesson,
  mediaOf,
  pushAll,
} from "../../live/streams/synthetic-source.ts";
import { ManualClock } from "../../platform/clock.ts";
import { NO_FILE_KEYS } from "../files/file-keys.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { packageStored } from "../files/stored-segment.ts";
import { frameOf } from "../files/tags.ts";
import { Timeline } from "../files/timeline.ts";
import { mp4File } from "../replay/downloads.ts";
import { SegmentCache } from "../replay/segment-cache.ts";
import { BrokenFiles } from "./broken-files.ts";
import type { Limits } from "./file-split.ts";
import { type Plan, Recorder, type Source } from "./recorder.ts";

const LOTS = { segments: 1000, milliseconds: 1e9, bytes: () => 1e9 };

function newDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-recorder-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function setUp(
  t: TestContext,
  limits: Limits = { seconds: 1800, bytes: 1e9 },
  directory = newDirectory(t),
  retention: Retention = LOTS,
) {
  const clock = new ManualClock();
  const { ingest, log, entries: records } = ingestOf(clock, retention);
  const source: { -readonly [K in keyof Source]: Source[K] } = { app: "live", name: "math", epoch: "e", log };
  const state = { plan: "record" as Plan, now: 0, isOurs: true };
  const told: string[] = [];
  const broken = new BrokenFiles(() => state.now, NO_FILE_KEYS);
  const recorder = new Recorder(
    source,
    {
      directories: { record: join(directory, "recordings"), shift: join(directory, "timeshift") },
      plan: () => state.plan,
      keys: NO_FILE_KEYS,
      isOurs: () => state.isOurs,
      limits: () => limits,
      broken,
      now: () => state.now,
      events: {
        changed: ({ path, whole }) => told.push(`${path.split("/").at(-1)} ${whole}`),
        failed: (_, error) => told.push(`failed ${error.message}`),
        resumed: () => told.push("resumed"),
        lost: (_, plan, lost) => told.push(`lost ${lost} s of ${plan}`),
      },
    },
    null,
  );
  /** Seconds of a lesson, written as they come. */
  const seconds = async (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      pushAll(ingest, lesson(1, at * 1000));
      clock.advance(1000);
      state.now += 1000;
      await broken.work();
      await recorder.work();
    }
  };
  const pathsOf = (plan: "recordings" | "timeshift") => {
    const folder = join(directory, plan, "live", "math");
    return readdirSync(folder)
      .filter((file) => file.endsWith(".flv"))
      .sort()
      .map((file) => join(folder, file));
  };
  const files = async (plan: "recordings" | "timeshift" = "recordings") => {
    const opened = await Promise.all(pathsOf(plan).map((path) => IndexedFile.open(path)));
    return opened.filter((file) => file !== null);
  };
  return { directory, seconds, ingest, log, records, source, state, told, recorder, pathsOf, files };
}

function tagsOf(path: string): FlvTag[] {
  const tags: FlvTag[] = [];
  const reader = new FlvReader({ onTag: (tag) => tags.push(tag), maxTagBytes: 1e7 });
  assert.equal(reader.push(readFileSync(path)), null);
  return tags;
}

function metadataOf(path: string) {
  const [tag] = tagsOf(path);
  const values = decodeAmf0(tag?.body ?? new Uint8Array());
  assert.ok(Array.isArray(values) && values[0] === "onMetaData");
  return values[1] as { duration: number; filesize: number; keyframes: { times: number[]; filepositions: number[] } };
}

test("files of so many seconds hold every frame once; HLS made of them is what it was live", async (t) => {
  const { ingest, log, records, recorder, pathsOf, files, seconds } = setUp(t, { seconds: 10, bytes: 1e9 });
  const live = new HlsStream(log, "", 500);
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  await seconds(0, 31);
  ingest.end("over");
  await recorder.work();
  assert.equal(recorder.done, true);
  const paths = pathsOf("recordings");
  assert.equal(paths.length, 4);
  const ids: number[] = [];
  for (const path of paths) {
    const { duration, filesize, keyframes } = metadataOf(path);
    assert.ok(duration <= 10.1 && duration >= 0.9, `${duration} s`);
    assert.equal(filesize, statSync(path).size);
    const bytes = readFileSync(path);
    keyframes.filepositions.forEach((at, i) => {
      assert.equal(bytes[at], 9, "a key frame's tag begins there");
      assert.equal(bytes.readUIntBE(at + 4, 3), Math.round((keyframes.times[i] ?? 0) * 1000));
    });
    const tags = tagsOf(path).filter(({ type }) => type === 8 || type === 9);
    assert.equal(Math.min(...tags.map(({ timestamp }) => timestamp)), 0);
    let at = 0;
    for (const { type, timestamp, body } of tags) {
      const frame = frameOf({ at, tag: Buffer.concat([Buffer.alloc(11), body, Buffer.alloc(4)]), type, timestamp }, 0);
      if (frame) ids.push(idOf(frame));
      at++;
    }
  }
  assert.deepEqual(ids, mediaOf(records).map(idOf));
  const timeline = new Timeline(await files());
  assert.equal(timeline.ended, true);
  assert.ok(Math.abs(timeline.duration - 31) < 0.1, `${timeline.duration} s`);
  for (let i = 0; i < timeline.length; i++) {
    const segment = timeline.segment(i);
    assert.ok(segment);
    const bytes = await packageStored(segment);
    assert.equal(bytes?.length, segment.hlsBytes, `segment ${i} is as long as its index says`);
    assert.deepEqual(bytes, live.media(segment.term, segment.msn, null), `segment ${i}`);
  }
});

test("files of so many bytes are no larger; they can be read while they are written", async (t) => {
  const { ingest, recorder, pathsOf, files, seconds } = setUp(t, { seconds: 1800, bytes: 120_000 });
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  await seconds(0, 5);
  const grown = (await files())[0] ?? null;
  const before = grown?.length ?? 0;
  await seconds(5, 60);
  await grown?.refresh();
  assert.ok(before > 0 && (grown?.length ?? 0) > before);
  ingest.end("over");
  await recorder.work();
  const sizes = pathsOf("recordings").map((path) => statSync(path).size);
  assert.ok(sizes.length > 2 && sizes.every((size) => size <= 120_000), `${sizes}`);
});

test("recording begins and ends while the stream goes on; time-shift has the rest, and both together all of it", async (t) => {
  const { ingest, recorder, state, files, told, seconds } = setUp(t);
  state.plan = "shift";
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  await seconds(0, 7);
  state.plan = "record";
  await seconds(7, 15);
  const first = recorder.current;
  assert.match(first ?? "", /^[0-9a-z]{26}$/);
  state.plan = "shift";
  await seconds(15, 20);
  assert.equal(recorder.current, null);
  state.plan = "record";
  await seconds(20, 25);
  assert.notEqual(recorder.current, first, "another recording");
  ingest.end("over");
  await recorder.work();
  const [recorded, shifted] = [await files("recordings"), await files("timeshift")];
  assert.deepEqual([recorded.length, shifted.length], [2, 2]);
  const timeline = new Timeline([...recorded, ...shifted]);
  const segments = Array.from({ length: timeline.length }, (_, i) => timeline.segment(i));
  assert.ok(
    segments.every((segment) => segment?.discontinuities === segments[0]?.discontinuities),
    "nothing is missing",
  );
  assert.ok(Math.abs(timeline.duration - 25) < 0.1);
  assert.equal(told.filter((what) => what.endsWith("true")).length, 2);
});

test("entries that the log dropped make a discontinuity, not an error", async (t) => {
  const { ingest, log, recorder, files } = setUp(t);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(7)]);
  await recorder.work();
  // The disk failed for longer than the log retains.
  Object.assign(log, { retention: { ...LOTS, bytes: () => 1 } });
  pushAll(ingest, lesson(20, 7000));
  await recorder.work();
  ingest.end("over");
  await recorder.work();
  const timeline = new Timeline(await files());
  assert.equal(timeline.files.length, 2);
  assert.equal(timeline.files[0]?.end?.reason, "lost");
  const breaks = Array.from({ length: timeline.length }, (_, i) => timeline.segment(i)?.discontinuities);
  assert.equal(new Set(breaks).size, 2);
  for (let i = 0; i < timeline.length; i++) {
    const segment = timeline.segment(i);
    assert.ok(segment && segment.duration > 0 && segment.duration <= 2.1, `${segment?.duration}`);
    assert.equal(timeline.at(timeline.startOf(i) + 0.1), i);
  }
});

test("what the log dropped before the first file began is told as well", async (t) => {
  const { ingest, log, recorder, files, told } = setUp(t);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  // The first file waits for other streams, for longer than the log retains.
  Object.assign(log, { retention: { ...LOTS, bytes: () => 1 } });
  pushAll(ingest, lesson(8, 1000));
  await recorder.work();
  ingest.end("over");
  await recorder.work();
  const missing = log.segments[0]?.head.time ?? 0;
  assert.ok(missing > 0);
  assert.deepEqual(
    told.filter((line) => line.startsWith("lost")),
    [`lost ${missing / 1000} s of record`],
  );
  assert.deepEqual(
    (await files()).map(({ end }) => end?.reason),
    ["ended"],
  );
});

test("sound alone is recorded, and cut by time", async (t) => {
  const { ingest, log, recorder, files } = setUp(t, { seconds: 6, bytes: 1e9 });
  const live = new HlsStream(log, "", 500);
  pushAll(ingest, [aacConfiguration, ...Array.from({ length: 900 }, (_, i) => audioFrame(Math.round((i * 1024) / 44.1)))]);
  ingest.end("over");
  await recorder.work();
  const timeline = new Timeline(await files());
  assert.ok(timeline.files.length >= 3);
  for (let i = 0; i < timeline.length; i++) {
    const segment = timeline.segment(i);
    assert.ok(segment);
    assert.deepEqual(await packageStored(segment), live.media(1, segment?.msn ?? 0, null));
  }
});

/** A disk of so many bytes, with a way to fill it. */
function smallDisk(t: TestContext, bytes: number) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-recorder-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", directory]);
  t.after(() => {
    execFileSync("umount", ["-l", directory]);
    rmSync(directory, { recursive: true, force: true });
  });
  const ballast = join(directory, "ballast");
  return {
    directory,
    fill: () => {
      const { bavail, bsize } = statfsSync(directory);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    },
    free: () => rmSync(ballast),
  };
}

async function readMp4(timeline: Timeline) {
  const file = mp4File(timeline, new SegmentCache());
  assert.ok(file);
  const pieces: Uint8Array[] = [];
  for await (const bytes of file.read({ from: 0, to: file.length })) pieces.push(bytes);
  const all = Buffer.concat(pieces);
  const count = (type: string) => all.toString("latin1").split(type).length - 1;
  return { announced: file.length, read: all.length, tracks: count("tkhd"), entries: count("avcC") };
}

test("a recording in which a track stops for a while is one MP4 with both tracks", async (t) => {
  for (const stopped of ["audio", "video"] as const) {
    const { ingest, recorder, files } = setUp(t);
    pushAll(ingest, [avcConfiguration(), aacConfiguration]);
    pushAll(
      ingest,
      [...lesson(30)].filter(({ track, timestamp }) => track !== stopped || timestamp < 5000 || timestamp >= 15_000),
    );
    ingest.end("over");
    await recorder.work();
    const timeline = new Timeline(await files());
    assert.deepEqual(
      new Set(Array.from({ length: timeline.length }, (_, i) => timeline.segment(i)?.context[stopped] !== null)).size,
      2,
    );
    const { announced, read, tracks } = await readMp4(timeline);
    assert.deepEqual([read, tracks], [announced, 2], stopped);
  }
});

test("a recording whose video changes its configuration is one MP4, with a sample entry of each", async (t) => {
  const { ingest, recorder, files } = setUp(t);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(5), avcConfiguration(1), ...lesson(5, 6000)]);
  ingest.end("over");
  await recorder.work();
  const { announced, read, tracks, entries } = await readMp4(new Timeline(await files()));
  assert.deepEqual([read, tracks, entries], [announced, 2, 2]);
});

test("a recording whose sound changes its configuration is no MP4", async (t) => {
  const { ingest, recorder, files } = setUp(t);
  const other = { ...aacConfiguration, data: Buffer.from("1390", "hex") };
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(5), other, ...lesson(5, 6000)]);
  ingest.end("over");
  await recorder.work();
  assert.equal(mp4File(new Timeline(await files()), new SegmentCache()), null);
});

const NEEDS_ROOT = { skip: process.getuid?.() === 0 ? false : "mounting a small disk needs root" };

for (const [title, retention] of [
  ["kept in memory", LOTS],
  ["gone", { segments: 3, milliseconds: 6000, bytes: () => 1e9 }],
] as const)
  test(
    `a full disk leaves one file, whose MP4 is as long as announced, and no empty ones; it goes on when there is room, with what was missed ${title}`,
    NEEDS_ROOT,
    async (t) => {
      const disk = smallDisk(t, 4 << 20);
      const { seconds, state, told, pathsOf, files, recorder, ingest, records } = setUp(t, undefined, disk.directory, retention);
      pushAll(ingest, [avcConfiguration(), aacConfiguration]);
      await seconds(0, 7);
      disk.fill();
      await seconds(7, 90);
      assert.equal(told.filter((what) => what.startsWith("failed")).length, 1);
      assert.equal(pathsOf("recordings").length, 1, "a file for each attempt");
      assert.equal(readdirSync(join(disk.directory, "recordings/live/math")).length, 2, "index files alone");
      disk.free();
      state.now += 5000;
      await seconds(90, 100);
      assert.equal(told.at(-1), "resumed");
      ingest.end("over");
      await recorder.work();
      const opened = await files();
      assert.deepEqual(
        opened.map(({ end }) => end?.reason),
        ["full", "ended"],
      );
      const timeline = new Timeline(opened);
      const { announced, read } = await readMp4(timeline);
      assert.equal(read, announced);
      const breaks = new Set(Array.from({ length: timeline.length }, (_, i) => timeline.segment(i)?.discontinuities));
      if (retention === LOTS) {
        assert.equal(breaks.size, 1, "nothing is missing");
        assert.ok(Math.abs(timeline.duration - 100) < 0.1, `${timeline.duration} s`);
      } else assert.equal(breaks.size, 2);
      assert.ok(mediaOf(records).length > 5000);
    },
  );
