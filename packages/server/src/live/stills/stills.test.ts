/** One picture is decoded once, by whichever worker is asked first. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../streams/synthetic-source.ts";
import { type NoStill, type Still, type StillSource, Stills } from "./stills.ts";

const LATER_MS = 4000;

function setUp(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-stills-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(2)]);
  const stream: StillSource & { ended: boolean } = { app: "live", name: "math", epoch: "e", log, ended: false };
  let decoded = 0;
  const worker = () => new Stills(directory, async (mp4: Buffer) => Buffer.from(`picture ${++decoded} of ${mp4.length}`));
  return { directory, stream, ingest, worker, decoded: () => decoded };
}

function jpegOf(still: Still | NoStill): string {
  assert.ok(typeof still !== "string", `there is no picture: ${still}`);
  return still.jpeg.toString();
}

test("what one worker has made, another shows, until there is a newer key frame", async (t) => {
  const { stream, ingest, worker, decoded, directory } = setUp(t);
  const [one, two] = [worker(), worker()];
  const first = await one.of(stream, 640);
  assert.deepEqual(jpegOf(await two.of(stream, 640)), jpegOf(first));
  assert.equal(decoded(), 1);
  pushAll(ingest, lesson(4, 2000));
  const now = performance.now() + LATER_MS;
  const second = await two.of(stream, 640, now);
  assert.deepEqual(jpegOf(await one.of(stream, 640, now)), jpegOf(second));
  assert.notDeepEqual(jpegOf(second), jpegOf(first));
  assert.equal(decoded(), 2);
  assert.equal(readdirSync(directory).length, 1, "the older picture is gone");
});

test("where nothing can be left for others, each makes its own", async (t) => {
  const { stream, worker, decoded, directory } = setUp(t);
  const [one, two] = [worker(), worker()];
  rmSync(directory, { recursive: true });
  writeFileSync(directory, "in the way");
  await one.of(stream, 640);
  await two.of(stream, 640);
  assert.equal(decoded(), 2);
});
