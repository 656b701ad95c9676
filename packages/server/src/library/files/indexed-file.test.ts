import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { FileWriter } from "./file-writer.ts";
import { IndexedFile, storedTracks } from "./indexed-file.ts";

test("of a publisher without sound, the stored segments have a picture alone, and both again of the next one", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-index-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { ingest, log } = ingestOf(undefined, { segments: 1000, milliseconds: 1e9, bytes: () => 1e9 });
  const both = [avcConfiguration(), aacConfiguration, ...lesson(3)];
  pushAll(ingest, both);
  ingest.beginTerm(2);
  pushAll(
    ingest,
    [avcConfiguration(), ...lesson(3)].filter((message) => message.kind !== "frame" || message.track === "video"),
  );
  ingest.beginTerm(3);
  pushAll(ingest, both);
  ingest.endSource();
  const [first] = log.segments;
  assert.ok(first);
  const path = join(directory, "lesson.flv");
  const options = { path, recording: "r", number: 0, app: "live", name: "math", epoch: "e", segments: 20 };
  const writer = new FileWriter(options, first.head, first.context);
  for (const segment of log.segments) for (const record of segment.entries) writer.take(record);
  await writer.flush();
  const file = (await IndexedFile.open(path)) ?? assert.fail("an index");
  const tracksOfTerms = new Set(
    log.segments.map((_, i) => {
      const { term, context } = file.segment(i) ?? assert.fail(`segment ${i}`);
      return `${term} ${storedTracks(context)
        .map(({ kind }) => kind)
        .join()}`;
    }),
  );
  assert.deepEqual([...tracksOfTerms], ["1 video,audio", "2 video", "3 video,audio"]);
});
