/** What somebody holds is never written over, however much is made meanwhile; and what many ask for is made once. */
import assert from "node:assert/strict";
import { createDecipheriv } from "node:crypto";
import { linkSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ContentKeys } from "../../access/encryption/content-keys.ts";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { indexPath } from "../files/disk.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { packageStored } from "../files/stored-segment.ts";
import { FORGETS_NOTHING, writerOf } from "../files/test-file.ts";
import { Timeline } from "../files/timeline.ts";
import { SegmentCache, type SegmentLease, SegmentsBusy } from "./segment-cache.ts";

async function recorded(t: TestContext): Promise<Timeline> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-cache-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { ingest, log } = ingestOf(undefined, FORGETS_NOTHING);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(40)]);
  const path = join(directory, "a.flv");
  const writer = writerOf(log, path, 30);
  await writer.finish({ reason: "ended", end: null, time: writer.time, sequence: writer.next });
  const file = await IndexedFile.open(path);
  assert.ok(file);
  return new Timeline([file]);
}

test("what is held stays as it is while all else is made and forgotten, many times over", async (t) => {
  const timeline = await recorded(t);
  // Room for two.
  const cache = new SegmentCache(2 * 16 * 1024);
  const right = await Promise.all(
    Array.from({ length: timeline.length }, async (_, i) => {
      const segment = timeline.segment(i);
      return segment && (await packageStored(segment));
    }),
  );
  const holding: { readonly number: number; readonly held: SegmentLease }[] = [];
  for (let i = 0; i < 150; i++) {
    const asked = [i * 7, i * 7 + 1, i * 3].map((number) => number % timeline.length);
    await Promise.all(
      asked.map(async (number) => {
        const segment = timeline.segment(number);
        const held = segment && (await cache.acquire(segment));
        assert.ok(held);
        holding.push({ number, held });
      }),
    );
    while (holding.length > 8) {
      const [first] = holding.splice((i * 5) % holding.length, 1);
      assert.ok(first);
      assert.deepEqual(first.held.bytes, right[first.number], `segment ${first.number} in round ${i}`);
      first.held.release();
      first.held.release();
    }
  }
});

test("a segment is encrypted once for all who ask with its key, beside the one that is not", async (t) => {
  const timeline = await recorded(t);
  const cache = new SegmentCache();
  const segment = timeline.segment(3);
  assert.ok(segment);
  const key = new ContentKeys([Buffer.from("secret")]).of("e", 3, 5);
  const [first, second] = await Promise.all([cache.acquire(segment, key), cache.acquire(segment, key)]);
  const third = await cache.acquire(segment, key);
  const plain = await cache.acquire(segment);
  assert.ok(first && plain);
  assert.deepEqual([second?.bytes.buffer, third?.bytes.buffer], [first.bytes.buffer, first.bytes.buffer]);
  const decipher = createDecipheriv("aes-128-cbc", key.key, key.iv);
  assert.deepEqual(Buffer.concat([decipher.update(first.bytes), decipher.final()]), await packageStored(segment));
  assert.deepEqual(plain.bytes, await packageStored(segment));
  assert.deepEqual(cache.counts, { cached: 1, shared: 1, packaged: 2 });
});

test("who asks at the same moment gets the same", async (t) => {
  const timeline = await recorded(t);
  const cache = new SegmentCache();
  const segment = timeline.segment(3);
  assert.ok(segment);
  const held = await Promise.all(Array.from({ length: 20 }, () => cache.acquire(segment)));
  assert.equal(new Set(held.map((one) => one?.bytes.buffer)).size, 1);
  for (const one of held) one?.release();
  assert.equal((await cache.acquire(segment))?.bytes.buffer, held[0]?.bytes.buffer);
});

test("a segment that twenty requests ask for at the same moment is packaged once", async (t) => {
  const timeline = await recorded(t);
  const cache = new SegmentCache();
  const segment = timeline.segment(2);
  assert.ok(segment);
  const held = await Promise.all(Array.from({ length: 20 }, () => cache.acquire(segment)));
  for (const one of held) one?.release();
  (await cache.acquire(segment))?.release();
  assert.deepEqual(cache.counts, { packaged: 1, shared: 19, cached: 1 });
  assert.equal(cache.held, 0);
});

test("two thousand different segments stay within the bound, and the memory of the process does too", async (t) => {
  const timeline = await recorded(t);
  const [file] = timeline.files;
  assert.ok(file);
  const copies = await Promise.all(
    Array.from({ length: Math.ceil(2000 / timeline.length) }, async (_, i) => {
      const path = `${file.path}-${i}.flv`;
      linkSync(file.path, path);
      linkSync(indexPath(file.path), indexPath(path));
      return await IndexedFile.open(path);
    }),
  );
  const segments = copies.flatMap((copy) => (copy ? Array.from({ length: timeline.length }, (_, i) => copy.segment(i)) : []));
  assert.ok(segments.length >= 2000);
  const bound = 1024 * 1024;
  const cache = new SegmentCache(bound);
  const before = process.memoryUsage().arrayBuffers;
  for (let at = 0; at < segments.length; at += 50) {
    const held = await Promise.all(segments.slice(at, at + 50).map((segment) => segment && cache.acquire(segment)));
    assert.ok(cache.size <= bound, `${cache.size} bytes are cached`);
    for (const one of held) {
      assert.ok(one);
      one.release();
    }
  }
  assert.equal(cache.counts.packaged, segments.length);
  assert.equal(cache.held, 0);
  // The cache, its pool of free buffers, and that of the reads.
  const grown = process.memoryUsage().arrayBuffers - before;
  assert.ok(grown < bound + 2 * 16 * 1024 * 1024 + 8 * 1024 * 1024, `${grown} bytes more`);
});

test("clients that read nothing hold at most as much again as the cache; further segments are refused, and cached ones are not", async (t) => {
  const timeline = await recorded(t);
  const cache = new SegmentCache(1, 1);
  const holding: SegmentLease[] = [];
  await assert.rejects(async () => {
    for (let i = 0; i < timeline.length; i++) {
      const segment = timeline.segment(i);
      const held = segment && (await cache.acquire(segment));
      if (held) holding.push(held);
    }
  }, SegmentsBusy);
  // One is cached, and one that was evicted is held.
  assert.equal(holding.length, 2);
  const cached = timeline.segment(1);
  assert.ok(cached);
  (await cache.acquire(cached))?.release();
  for (const one of holding) one.release();
  assert.equal(cache.held, 0);
  const next = timeline.segment(2);
  assert.ok(next && (await cache.acquire(next)));
});
