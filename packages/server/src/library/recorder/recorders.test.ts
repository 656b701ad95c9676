/** Many recorders of one process: who waits for whom, and what is done for streams that are idle. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Stream } from "../../live/streams/index.ts";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { NO_FILE_KEYS } from "../files/file-keys.ts";
import { Recorders, type RecordersOptions } from "./recorders.ts";

const HANG_MS = 30_000;

async function until(holds: () => boolean): Promise<void> {
  const begun = performance.now();
  while (!holds()) {
    assert.ok(performance.now() - begun < HANG_MS, "it never came to pass");
    await pause(20);
  }
}

/** A stream as recorders see it, with 5 s of a lesson. */
function streamOf(name: string) {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(5)]);
  return { ingest, stream: { app: "live", name, epoch: "e", log, ended: false } as unknown as Stream };
}

function setUp(t: TestContext, over: Partial<RecordersOptions> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-recorders-"));
  const listeners: ((stream: Stream) => void)[] = [];
  const isOurs = { calls: 0, value: true };
  const recorders = new Recorders({
    streams: { list: () => [], onBegan: (listener: (stream: Stream) => void) => listeners.push(listener) } as never,
    directories: { record: join(directory, "record"), shift: join(directory, "shift") },
    planOf: () => "record",
    sourceOf: (stream) => stream,
    keys: NO_FILE_KEYS,
    recordedFrom: () => "here",
    isOurs: () => {
      isOurs.calls++;
      return isOurs.value;
    },
    limits: () => ({ seconds: 1e9, bytes: 1e12 }),
    before: async () => null,
    now: () => performance.now(),
    events: { changed: () => {}, failed: (_, error) => assert.fail(error), resumed: () => {}, lost: () => {} },
    ...over,
  });
  t.after(async () => {
    isOurs.value = false;
    await recorders.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const filesOf = (name: string) => {
    const folder = join(directory, "record/live", name);
    return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".flv")) : [];
  };
  const begin = (stream: Stream) => {
    for (const listener of listeners) listener(stream);
  };
  return { recorders, begin, filesOf, isOurs };
}

test("streams whose earlier recordings take long to find do not keep the others from being written", async (t) => {
  let letGo = (): void => {};
  const slow = new Promise<null>((resolve) => {
    letGo = () => resolve(null);
  });
  const { begin, filesOf } = setUp(t, { before: ({ name }) => (name.startsWith("slow") ? slow : Promise.resolve(null)) });
  begin(streamOf("a").stream);
  for (let i = 0; i < 3; i++) begin(streamOf(`slow${i}`).stream);
  begin(streamOf("b").stream);
  await until(() => filesOf("a").length === 1 && filesOf("b").length === 1);
  assert.equal(filesOf("slow0").length, 0);
  letGo();
  await until(() => [0, 1, 2].every((i) => filesOf(`slow${i}`).length === 1));
});

test("a stream whose earlier recording cannot be read is tried again, and recorded", async (t) => {
  let tries = 0;
  const { begin, filesOf } = setUp(t, {
    before: async () => {
      if (++tries === 1) throw new Error("EIO");
      return null;
    },
  });
  begin(streamOf("a").stream);
  await until(() => filesOf("a").length === 1);
  assert.equal(tries, 2);
});

test("of streams without new entries some are worked in each interval, and all of them in turn", async (t) => {
  const { begin, filesOf, isOurs, recorders } = setUp(t);
  const started = performance.now();
  const names = Array.from({ length: 200 }, (_, i) => `s${i}`);
  for (const name of names) begin(streamOf(name).stream);
  await until(() => recorders.size === names.length && names.every((name) => filesOf(name).length === 1));
  // Once the first entries are written, a recorder asks at most twice each time that it is worked.
  for (let isBounded = false; !isBounded; ) {
    isOurs.calls = 0;
    const begun = performance.now();
    await pause(800);
    const intervals = Math.ceil((performance.now() - begun) / 400) + 1;
    isBounded = isOurs.calls <= intervals * 50 * 2;
    assert.ok(performance.now() - started < HANG_MS, `${isOurs.calls} questions in ${intervals} intervals`);
  }
  isOurs.value = false;
  await until(() => recorders.size === 0);
});
