/** The catalog keeps what it has read as long as the files are the same, and notices when they are not. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { directoriesOf } from "../files/directories.ts";
import { type ByteSource, DISK, indexPath } from "../files/disk.ts";
import { VERIFY_MS } from "../files/open-files.ts";
import { FORGETS_NOTHING, writerOf } from "../files/test-file.ts";
import { SegmentCache } from "../replay/segment-cache.ts";
import { Catalog } from "./catalog.ts";

const FILE = "live/math/20260101-000000-000.flv";

async function record(directory: string, seconds: number, app = "live"): Promise<string> {
  const { ingest, log } = ingestOf(undefined, FORGETS_NOTHING);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(seconds)]);
  const path = join(directory, app, "math", "20260101-000000-000.flv");
  const writer = writerOf(log, path, 30, app);
  await writer.finish({ reason: "ended", end: null, time: writer.time, sequence: writer.next });
  return path;
}

/** A catalog with one recording of 20 s, and how often its index was read. */
async function recorded(t: TestContext) {
  const data = mkdtempSync(join(tmpdir(), "lectern-catalog-"));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const directories = directoriesOf(data);
  const path = await record(directories.record, 20);
  const reads = { index: 0 };
  const source: ByteSource = {
    read: (from, ...range) => {
      if (from === indexPath(path)) reads.index++;
      return DISK.read(from, ...range);
    },
    version: DISK.version,
  };
  return { path, directories, reads, catalog: new Catalog(directories, source) };
}

test("a hundred requests at the same time read the index once, and later ones get the same timeline", async (t) => {
  const { catalog, reads } = await recorded(t);
  const files = [FILE];
  const timelines = await Promise.all(Array.from({ length: 100 }, () => catalog.recording(files)));
  assert.equal(reads.index, 1);
  assert.equal(new Set(timelines).size, 1);
  await pause(VERIFY_MS + 50);
  assert.equal(await catalog.recording(files), timelines[0]);
  await Promise.all(Array.from({ length: 100 }, () => catalog.recording([FILE])));
  assert.equal(reads.index, 1);
});

test("a recording that was removed has no segments any more, within a second", async (t) => {
  const { catalog, path } = await recorded(t);
  const files = [FILE];
  assert.equal((await catalog.recording(files)).length, 10);
  rmSync(path);
  rmSync(indexPath(path));
  await pause(VERIFY_MS + 50);
  assert.equal((await catalog.recording(files)).length, 0);
});

test("segments of a file that was replaced come from the new file, although the cache has the old ones", async (t) => {
  const { catalog, path, directories } = await recorded(t);
  const files = [FILE];
  const cache = new SegmentCache();
  const segmentOf = async (number: number) => {
    const segment = (await catalog.recording(files)).segment(number);
    return segment && (await cache.acquire(segment));
  };
  const old = await segmentOf(3);
  const other = await record(directories.record, 8, "other");
  mkdirSync(dirname(path), { recursive: true });
  for (const [from, to] of [
    [other, path],
    [indexPath(other), indexPath(path)],
  ] as const)
    copyFileSync(from, to);
  await pause(VERIFY_MS + 50);
  assert.equal((await catalog.recording(files)).length, 4);
  const replaced = await segmentOf(3);
  assert.ok(old && replaced);
  assert.notEqual(replaced.bytes, old.bytes);
  assert.equal(cache.counts.packaged, 2);
});

test("of a file that was cut, what is gone is refused although the cache has it, and the rest is served", async (t) => {
  const { catalog, path } = await recorded(t);
  const files = [FILE];
  const cache = new SegmentCache();
  const acquire = async (number: number) => {
    const segment = (await catalog.recording(files)).segment(number);
    return segment && (await cache.acquire(segment));
  };
  assert.ok((await acquire(2)) && (await acquire(9)));
  const cutAt = (await catalog.recording(files)).segment(5)?.offset ?? 0;
  truncateSync(path, cutAt + 10);
  await pause(VERIFY_MS + 50);
  assert.equal(await acquire(9), null);
  assert.equal(await acquire(5), null);
  assert.ok(await acquire(2));
});
