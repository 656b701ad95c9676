/** A recording that another node goes on with: the files of both nodes are one recording, in which every frame is once. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { HlsStream } from "../../live/hls/hls-stream.ts";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { ManualClock } from "../../platform/clock.ts";
import type { EarlierRecording } from "../catalog/catalog.ts";
import { NO_FILE_KEYS } from "../files/file-keys.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { packageStored } from "../files/stored-segment.ts";
import { FORGETS_NOTHING } from "../files/test-file.ts";
import { Timeline } from "../files/timeline.ts";
import { BrokenFiles } from "./broken-files.ts";
import { Recorder, type Source } from "./recorder.ts";

function publisher() {
  const clock = new ManualClock();
  const { ingest, log } = ingestOf(clock, FORGETS_NOTHING);
  const source: Source = { app: "live", name: "math", epoch: "e", log };
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  const publish = (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      pushAll(ingest, lesson(1, at * 1000));
      clock.advance(1000);
    }
  };
  return { ingest, log, source, publish };
}

/** A node with a disk of its own. */
function recorderAt(t: TestContext, source: Source, before: EarlierRecording | null, seconds = 1800) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-takeover-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const state = { isOurs: true };
  const recorder = new Recorder(
    source,
    {
      directories: { record: directory, shift: join(directory, "shift") },
      plan: () => "record",
      keys: NO_FILE_KEYS,
      isOurs: () => state.isOurs,
      limits: () => ({ seconds, bytes: 1e9 }),
      broken: new BrokenFiles(() => 0, NO_FILE_KEYS),
      now: () => 0,
      events: { changed: () => {}, failed: (_, error) => assert.fail(error), resumed: () => {}, lost: () => {} },
    },
    before,
  );
  const folder = join(directory, "live", "math");
  const names = () => readdirSync(folder).filter((file) => file.endsWith(".flv"));
  const files = async () =>
    (await Promise.all(names().map((file) => IndexedFile.open(join(folder, file))))).filter((file) => !!file);
  return { recorder, state, names, files };
}

/** Every segment of the stream, byte for byte. */
async function assertWhole(timeline: Timeline, live: HlsStream, { segments }: Source["log"]): Promise<void> {
  assert.equal(timeline.length, segments.length);
  for (let i = 0; i < timeline.length; i++) {
    const segment = timeline.segment(i);
    assert.ok(segment);
    assert.deepEqual([segment.discontinuities, segment.msn], [0, segments[i]?.head.msn]);
    assert.deepEqual(await packageStored(segment), live.media(segment.term, segment.msn, null), `segment ${i}`);
  }
}

test("a recorder begins where the other node's is known to have come, and both together have every frame once", async (t) => {
  const { ingest, log, source, publish } = publisher();
  const live = new HlsStream(log, "", 500);
  const first = recorderAt(t, source, null);
  publish(0, 7);
  await first.recorder.work();
  const recordedUntil = log.segments[1]?.head.utc ?? 0;
  const recording = first.recorder.current ?? "";
  const second = recorderAt(t, source, { recording, files: 1, next: { recordedUntil } });
  publish(7, 11);
  first.state.isOurs = false;
  await first.recorder.work();
  await second.recorder.work();
  publish(11, 15);
  ingest.end("over");
  await second.recorder.work();
  const files = [...(await first.files()), ...(await second.files())];
  assert.deepEqual(
    files.map(({ line }) => [line.recording, line.number]),
    [
      [recording, 0],
      [recording, 1],
    ],
  );
  assert.equal(files[1]?.line.sequence, log.segments[1]?.head.sequence);
  const timeline = new Timeline(files);
  assert.ok(Math.abs(timeline.duration - 15) < 0.1, `${timeline.duration} s`);
  await assertWhole(timeline, live, log);
});

test("what a recorder that stood still writes on, in files that another node's has all of, is left out", async (t) => {
  const { ingest, log, source, publish } = publisher();
  const live = new HlsStream(log, "", 500);
  const first = recorderAt(t, source, null, 4);
  publish(0, 3);
  await first.recorder.work();
  const recording = first.recorder.current ?? "";
  const second = recorderAt(t, source, { recording, files: 1, next: { recordedUntil: 0 } });
  publish(3, 11);
  await second.recorder.work();
  await first.recorder.work();
  first.state.isOurs = false;
  publish(11, 15);
  ingest.end("over");
  await second.recorder.work();
  await first.recorder.work();
  assert.ok(first.names().length > 1, "it went on in another file");
  const timeline = new Timeline([...(await first.files()), ...(await second.files())]);
  assert.ok(Math.abs(timeline.duration - 15) < 0.1, `${timeline.duration} s`);
  await assertWhole(timeline, live, log);
});

test("the first file after another node's has a name that no file of that node has", async (t) => {
  const { source, publish } = publisher();
  const first = recorderAt(t, source, null);
  publish(0, 3);
  await first.recorder.work();
  const next = { recordedUntil: 0 };
  const second = recorderAt(t, source, { recording: first.recorder.current ?? "", files: 1, next });
  await second.recorder.work();
  assert.deepEqual([first.names().length, second.names().length], [1, 1]);
  assert.notEqual(second.names()[0], first.names()[0]);
});
