/** However a file was cut off, what is left plays, and its index is right. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { DISK, indexPath } from "./disk.ts";
import { type FileKeys, fileKeys, NO_FILE_KEYS } from "./file-keys.ts";
import { IndexedFile } from "./indexed-file.ts";
import { FLV_HEADER_BYTES } from "./metadata.ts";
import { repair } from "./repair.ts";
import { packageStored } from "./stored-segment.ts";
import { readTags } from "./tags.ts";
import { FORGETS_NOTHING, writerOf } from "./test-file.ts";
import { Timeline } from "./timeline.ts";

const ENCRYPTED = fileKeys({ atRest: () => true, secrets: () => ["a secret of the server"] });

async function written(t: TestContext, keys: FileKeys) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-repair-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { ingest, log } = ingestOf(undefined, FORGETS_NOTHING);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(9)]);
  const path = join(directory, "whole.flv");
  const writer = writerOf(log, path, 20, "live", keys.create());
  await writer.flush();
  // The writer's process is dead.
  const [line = "", ...rest] = readFileSync(indexPath(path), "utf8").split("\n");
  writeFileSync(
    indexPath(path),
    [JSON.stringify({ ...JSON.parse(line), writer: { pid: 1, began: "long ago" } }), ...rest].join("\n"),
  );
  return { directory, path };
}

for (const [kind, keys] of [
  ["a ", NO_FILE_KEYS],
  ["an encrypted ", ENCRYPTED],
] as const) {
  test(`${kind}file is left alone while its writer lives, and when it is whole`, async (t) => {
    const { directory, path } = await written(t, keys);
    assert.equal(await repair(join(directory, "nothing.flv"), keys), "no-index");
    assert.equal(await repair(path, keys), "mended");
    const bytes = readFileSync(path);
    assert.equal(await repair(path, keys), "whole");
    assert.deepEqual(readFileSync(path), bytes);
  });

  test(`cut off anywhere, ${kind}file is mended to the last whole tag, and each of its segments can be had`, {
    timeout: 60_000,
  }, async (t) => {
    const { directory, path } = await written(t, keys);
    const size = readFileSync(path).length;
    const indexSize = readFileSync(indexPath(path)).length;
    for (let i = 0; i < 60; i++) {
      const copy = join(directory, `${i}.flv`);
      copyFileSync(path, copy);
      copyFileSync(indexPath(path), indexPath(copy));
      // What was cut of the file was cut of the index too, which is written behind it; and the index may be behind by more.
      truncateSync(copy, Math.floor((size * i) / 60));
      if (i % 3 === 0) truncateSync(indexPath(copy), Math.floor((indexSize * i) / 60));
      const outcome = await repair(copy, keys);
      if (outcome !== "mended") {
        assert.ok(i < 30, `${i}: ${outcome}`);
        assert.equal(existsSync(copy), outcome === "no-index");
        continue;
      }
      const file = await IndexedFile.open(copy, DISK, keys);
      const { length } = readFileSync(copy);
      const bytes = (await file?.read(0, length)) ?? assert.fail("the file");
      let read = FLV_HEADER_BYTES;
      for (const { at, tag } of readTags(bytes.subarray(FLV_HEADER_BYTES))) read = FLV_HEADER_BYTES + at + tag.length;
      assert.equal(read, bytes.length, `${i}: whole tags to the end`);
      assert.equal(file?.end?.reason, "crashed");
      assert.equal(file?.end?.at, bytes.length);
      const timeline = new Timeline([file as IndexedFile]);
      assert.ok(timeline.length > 0 && timeline.duration > 0);
      for (let n = 0; n < timeline.length; n++) {
        const segment = timeline.segment(n);
        const made = segment && (await packageStored(segment));
        assert.equal(made?.length, segment?.hlsBytes, `${i}: segment ${n} of ${timeline.length}`);
      }
      assert.equal(await repair(copy, keys), "whole");
    }
  });
}
