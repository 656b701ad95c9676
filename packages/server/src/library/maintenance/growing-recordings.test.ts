import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { pino } from "pino";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { Catalog } from "../catalog/catalog.ts";
import { directoriesOf } from "../files/directories.ts";
import { DISK } from "../files/disk.ts";
import { FileWriter } from "../files/file-writer.ts";
import { FORGETS_NOTHING } from "../files/test-file.ts";
import { RecordingMaintenance } from "./recording-maintenance.ts";

const RECORDINGS = 230;
const HANG_MS = 30_000;

test("of many recordings that grow, some are looked at in a sweep, and all of them in turn", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "lectern-growing-"));
  const directories = directoriesOf(data);
  const { ingest, log } = ingestOf(undefined, FORGETS_NOTHING);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(3)]);
  const [first] = log.segments;
  assert.ok(first);
  const writers = await Promise.all(
    Array.from({ length: RECORDINGS }, async (_, i) => {
      const of = { recording: `r${i}`, number: 0, app: "live", name: `s${i}`, epoch: "e", segments: 10, key: null };
      const path = join(directories.record, "live", of.name, "20260101-000000-000.flv");
      const writer = new FileWriter({ ...of, path }, first.head, first.context);
      for (const segment of log.segments) for (const entry of segment.entries) writer.take(entry);
      await writer.flush();
      return writer;
    }),
  );
  let seen: string[] = [];
  const maintenance = new RecordingMaintenance({
    catalog: new Catalog(directories, DISK),
    log: pino({ level: "silent" }),
    timeShift: () => ({ windowSeconds: 7200, maxBytes: 1e9 }),
    isLive: () => true,
    storage: null,
    cacheBytes: () => 1e9,
    onRecording: async ({ id }) => {
      seen.push(id);
    },
  });
  t.after(async () => {
    await maintenance.close();
    await Promise.all(writers.map((writer) => writer.abandon()));
    rmSync(data, { recursive: true, force: true });
  });
  const seenOf = async (count: number): Promise<string[]> => {
    const begun = performance.now();
    while (seen.length < count) {
      assert.ok(performance.now() - begun < HANG_MS, `${seen.length} of ${count}`);
      await pause(10);
    }
    await pause(50);
    const those = seen;
    seen = [];
    return those;
  };
  for (const { line, path } of writers) maintenance.recorded(line.recording ?? "", path);
  assert.equal(new Set(await seenOf(RECORDINGS)).size, RECORDINGS);
  await maintenance.sweep();
  const one = await seenOf(200);
  await maintenance.sweep();
  const two = await seenOf(200);
  assert.deepEqual([one.length, two.length], [200, 200]);
  assert.equal(new Set([...one, ...two]).size, RECORDINGS, "none is left out");
});
