/** What somebody holds is never written over, however much is made meanwhile; and what many ask for is made once. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { FileWriter } from "../files/file-writer.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { packageStored } from "../files/stored-segment.ts";
import { Timeline } from "../files/timeline.ts";
import { SegmentCache, type SegmentLease } from "./segment-cache.ts";

const LOTS = { segments: 1000, milliseconds: 1e9, bytes: () => 1e9 };

async function recorded(t: TestContext): Promise<Timeline> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-cache-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { ingest, log } = ingestOf(undefined, LOTS);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(40)]);
  const [first] = log.segments;
  assert.ok(first);
  const path = join(directory, "a.flv");
  const writer = new FileWriter(
    { path, recording: "r", number: 0, app: "live", name: "math", epoch: "e", segments: 30 },
    first.head,
    first.context,
  );
  for (const segment of log.segments) for (const record of segment.entries) writer.take(record);
  await writer.finish({ reason: "ended", end: null, time: writer.time, sequence: writer.next });
  const file = await IndexedFile.open(path);
  assert.ok(file);
  return new Timeline([file]);
}

test("what is held stays as it is while all else is made and forgotten, many times over", async (t) => {
  const timeline = await recorded(t);
  // Room for two.
  const cache = new SegmentCache(2 * 64 * 1024);
  const right = await Promise.all(
    Array.from({ length: timeline.length }, async (_, i) => {
      const segment = timeline.segment(i);
      return segment && (await packageStored(segment));
    }),
  );
  const holding: { readonly number: number; readonly held: SegmentLease }[] = [];
  for (let i = 0; i < 400; i++) {
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
