/** A disk that is too slow for its streams: memory stays within its bound, nothing live is lost, and what recordings miss is told. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { BacklogBudget, type Stream } from "../../live/streams/index.ts";
import { avcConfiguration, idOf, pushAll, quietIngestOf, videoFrame } from "../../live/streams/synthetic-source.ts";
import { ManualClock } from "../../platform/clock.ts";
import { NO_FILE_KEYS } from "../files/file-keys.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { FLV_HEADER_BYTES } from "../files/metadata.ts";
import { frameOf, readTags } from "../files/tags.ts";
import { Recorders } from "./recorders.ts";

const CAMERAS = 40;
/** As candidates' cameras have them. */
const CAMERA = { fps: 5, gopSeconds: 5, frameBytes: 2750 } as const;
const SEGMENTS = 4;
const BACKLOG_BYTES = 2 * 1024 * 1024;
/** Of all cameras: complete segments, and the one that is being written. */
const RETAINED_BYTES = CAMERAS * (SEGMENTS + 1) * CAMERA.gopSeconds * CAMERA.fps * (CAMERA.frameBytes + 300);

function camera(number: number, clock: ManualClock, backlog: BacklogBudget) {
  const { ingest, log } = quietIngestOf(clock, { segments: SEGMENTS, milliseconds: 60_000, bytes: () => 64 << 20, backlog });
  const live = { frames: 0 };
  log.listen((entry) => {
    if (entry.kind === "media") live.frames++;
  });
  pushAll(ingest, [avcConfiguration()]);
  let frames = 0;
  const second = (): void => {
    for (let i = 0; i < CAMERA.fps; i++, frames++)
      pushAll(ingest, [
        videoFrame((frames * 1000) / CAMERA.fps, frames % (CAMERA.fps * CAMERA.gopSeconds) === 0, frames, CAMERA.frameBytes),
      ]);
  };
  const stream = { app: "live", name: `camera${number}`, epoch: "e", log, ended: false };
  const end = (): void => {
    ingest.end("over");
    stream.ended = true;
  };
  return { stream: stream as unknown as Stream, log, live, second, end };
}

function setUp(directory: string) {
  const clock = new ManualClock();
  const backlog = new BacklogBudget(() => BACKLOG_BYTES);
  const cameras = Array.from({ length: CAMERAS }, (_, i) => camera(i, clock, backlog));
  /** Frames of each camera. */
  const lost = new Map<string, number>();
  const recorders = new Recorders({
    streams: { list: () => cameras.map(({ stream }) => stream), onBegan: () => {} } as never,
    directories: { record: join(directory, "record"), shift: join(directory, "shift") },
    planOf: () => "record",
    sourceOf: (stream) => stream,
    keys: NO_FILE_KEYS,
    recordedFrom: () => "here",
    isOurs: () => true,
    limits: () => ({ seconds: 1800, bytes: 1e9 }),
    before: async () => null,
    now: () => performance.now(),
    events: {
      changed: () => {},
      failed: (_, error) => assert.fail(error),
      resumed: () => {},
      lost: ({ name }, plan, seconds) => {
        assert.equal(plan, "record");
        // Until the next frame would have come, nothing is missing.
        lost.set(name, (lost.get(name) ?? 0) + Math.floor(seconds * CAMERA.fps));
      },
    },
  });
  const most = { logs: 0, backlog: 0 };
  let pushed = 0;
  /** Seconds of all cameras, much faster than they come. */
  const seconds = async (count: number, eachMs: number): Promise<void> => {
    for (let i = 0; i < count; i++, pushed++) {
      for (const { second } of cameras) second();
      clock.advance(1000);
      most.logs = Math.max(
        most.logs,
        cameras.reduce((sum, { log }) => sum + log.bytes, 0),
      );
      most.backlog = Math.max(most.backlog, backlog.used);
      await pause(eachMs);
    }
  };
  const finish = async (): Promise<void> => {
    for (const { end } of cameras) end();
    await recorders.close();
  };
  const check = async (): Promise<void> => {
    assert.ok(most.backlog <= BACKLOG_BYTES, `${most.backlog} bytes for readers that are behind`);
    assert.ok(most.logs <= RETAINED_BYTES + BACKLOG_BYTES, `${most.logs} bytes in all logs`);
    for (const { live } of cameras) assert.equal(live.frames, pushed * CAMERA.fps, "live frames");
    assert.ok(lost.size > 0, "nothing was lost: the disk was not too slow");
    assert.equal(backlog.used, 0, "what was held is given back");
    for (const { stream } of cameras) await checkFiles(join(directory, "record/live", stream.name), lost.get(stream.name) ?? 0);
  };
  /** Each file is whole, a gap is said where one is, and nothing else is missing. */
  const checkFiles = async (folder: string, lostFrames: number): Promise<void> => {
    const paths = readdirSync(folder)
      .filter((file) => file.endsWith(".flv"))
      .sort();
    const ids: number[] = [];
    const reasons: (string | undefined)[] = [];
    for (const path of paths.map((file) => join(folder, file))) {
      const file = await IndexedFile.open(path);
      assert.ok(file);
      reasons.push(file.end?.reason);
      const own = framesOf(path);
      assert.deepEqual(
        own,
        Array.from(own, (_, i) => (own[0] ?? 0) + i),
        `${path}: frames in a row`,
      );
      ids.push(...own);
    }
    assert.deepEqual(reasons, [...Array<string>(reasons.length - 1).fill("lost"), "ended"]);
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
      "in their order",
    );
    assert.equal(new Set(ids).size, ids.length, "no frame twice");
    assert.equal(ids.length + lostFrames, pushed * CAMERA.fps, `${folder}: what is missing was told`);
    assert.equal(reasons.length > 1 || ids[0] !== 0, lostFrames > 0);
  };
  return { seconds, finish, check, lost };
}

function framesOf(path: string): number[] {
  const tags = [...readTags(readFileSync(path).subarray(FLV_HEADER_BYTES))];
  return tags.flatMap((tag) => frameOf(tag, 0) ?? []).map(idOf);
}

test("a disk that is too slow costs recordings a gap that is told, and neither memory nor live frames", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-behind-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const probe = await open(join(directory, "probe"), "w");
  const prototype: { write: (...given: unknown[]) => Promise<unknown> } = Object.getPrototypeOf(probe);
  await probe.close();
  const { write } = prototype;
  let slowMs = 200;
  t.mock.method(prototype, "write", async function (this: unknown, ...given: unknown[]) {
    await pause(slowMs);
    return await write.apply(this, given);
  });
  const { seconds, finish, check } = setUp(directory);
  await seconds(200, 25);
  slowMs = 0;
  await seconds(20, 100);
  await finish();
  await check();
});

const CAN_FREEZE = { skip: process.getuid?.() === 0 ? false : "freezing a disk needs root" };

test(
  "a disk that stands still and goes on costs recordings a gap that is told, and neither memory nor live frames",
  CAN_FREEZE,
  async (t) => {
    const disk = freezingDisk(t);
    const { seconds, finish, check, lost } = setUp(disk.directory);
    await seconds(10, 100);
    disk.freeze();
    await seconds(100, 20);
    disk.thaw();
    await seconds(10, 100);
    await finish();
    await check();
    // The budget has room for what some of them have.
    assert.ok(lost.size > CAMERAS / 2, `${lost.size} cameras`);
  },
);

/** An ext4 of its own: what is written to it waits while it is frozen, as on a network storage that hangs. */
function freezingDisk(t: TestContext) {
  const home = mkdtempSync(join(tmpdir(), "lectern-behind-disk-"));
  const [image, directory] = [join(home, "image"), join(home, "disk")];
  writeFileSync(image, "");
  truncateSync(image, 256 << 20);
  execFileSync("mkfs.ext4", ["-q", image]);
  mkdirSync(directory);
  execFileSync("mount", ["-o", "loop", image, directory]);
  let isFrozen = false;
  const thaw = (): void => {
    if (isFrozen) execFileSync("fsfreeze", ["--unfreeze", directory]);
    isFrozen = false;
  };
  t.after(() => {
    thaw();
    execFileSync("umount", ["--lazy", directory]);
    rmSync(home, { recursive: true, force: true });
  });
  return {
    directory,
    thaw,
    freeze: () => {
      execFileSync("fsfreeze", ["--freeze", directory]);
      isFrozen = true;
    },
  };
}
