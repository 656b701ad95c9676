/** A stream whose sound no player may play is recorded from its form: what came before is in a file of its own, and nothing is lost or doubled. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FlvReader, TAG_TYPE } from "@lectern/media";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { ManualClock } from "../../platform/clock.ts";
import { NO_FILE_KEYS } from "../files/file-keys.ts";
import { BrokenFiles } from "./broken-files.ts";
import { type RecordedFrom, Recorder } from "./recorder.ts";

const LOTS = { segments: 1000, milliseconds: 1e9, bytes: () => 1e9 };

/** A recorder of a lesson; which of its segments are recorded from where. */
function setUp(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-recorder-form-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { ingest, log } = ingestOf(new ManualClock(), LOTS);
  const state = { from: (_msn: number): RecordedFrom => "here", isOurs: true };
  const recorder = new Recorder(
    { app: "live", name: "math", epoch: "e", log },
    {
      directories: { record: join(directory, "recordings"), shift: join(directory, "timeshift") },
      plan: () => "record",
      keys: NO_FILE_KEYS,
      isOurs: () => state.isOurs,
      recordedFrom: ({ head }) => state.from(head.msn),
      limits: () => ({ seconds: 1800, bytes: 1e9 }),
      broken: new BrokenFiles(() => 0, NO_FILE_KEYS),
      now: () => 0,
      events: { changed: () => {}, failed: (_, error) => assert.fail(error), resumed: () => {}, lost: () => {} },
    },
    null,
  );
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(10)]);
  const folder = join(directory, "recordings/live/math");
  const times = (): number[][] =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((file) => file.endsWith(".flv"))
      .sort()
      .map((file) => {
        const pictures: number[] = [];
        const onTag = ({ type, timestamp, body }: { type: number; timestamp: number; body: Uint8Array }) => {
          // Not the configuration.
          if (type === TAG_TYPE.video && body[1] === 1) pictures.push(timestamp);
        };
        new FlvReader({ maxTagBytes: 1 << 24, onTag }).push(readFileSync(join(folder, file)));
        return pictures;
      });
  return { recorder, ingest, state, times };
}

test("a recording of the stream ends at the segment where that of its form begins", async (t) => {
  const { recorder, ingest, state, times } = setUp(t);
  state.from = (msn) => (msn >= 3 ? "rendition" : "here");
  await recorder.work();
  ingest.end("publisher-gone");
  await recorder.work();
  assert.ok(recorder.done);
  const [only = [], ...others] = times();
  assert.deepEqual(others, []);
  assert.deepEqual([only[0], only.at(-1), only.length], [0, 3960, 100]);
});

test("while the form is being made nothing is taken, and afterwards all that it does not have is", async (t) => {
  const { recorder, ingest, state, times } = setUp(t);
  state.from = (msn) => (msn >= 2 ? "wait" : "here");
  await recorder.work();
  assert.equal(times()[0]?.at(-1), 1960);
  state.from = () => "here";
  await recorder.work();
  ingest.end("publisher-gone");
  await recorder.work();
  assert.equal(times().flat().length, 250, "every picture once");
});

test("a stream that ends before its form is there is recorded as it is", async (t) => {
  const { recorder, ingest, state, times } = setUp(t);
  state.from = () => "wait";
  await recorder.work();
  ingest.end("publisher-gone");
  await recorder.work();
  assert.ok(recorder.done);
  assert.equal(times().flat().length, 250);
});

test("the last moments of a stream are in its form, whose recording has ended with it, and no file of their own", async (t) => {
  const { recorder, ingest, state, times } = setUp(t);
  state.from = () => "rendition";
  await recorder.work();
  pushAll(ingest, lesson(0.5, 10_000));
  state.from = () => "wait";
  ingest.end("publisher-gone");
  await recorder.work();
  assert.ok(recorder.done);
  assert.deepEqual(times(), []);
});
