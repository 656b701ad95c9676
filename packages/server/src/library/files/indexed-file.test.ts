import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { IndexedFile, storedTracks } from "./indexed-file.ts";
import { FORGETS_NOTHING, writerOf } from "./test-file.ts";

test("of a publisher without sound, the stored segments have a picture alone, and both again of the next one", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-index-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { ingest, log } = ingestOf(undefined, FORGETS_NOTHING);
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
  const path = join(directory, "lesson.flv");
  const writer = writerOf(log, path, 20);
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
