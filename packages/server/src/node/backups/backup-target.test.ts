import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Storage } from "../../library/storage/storage.ts";
import { bucketTarget, folderTarget } from "./backup-target.ts";

/** An object storage in memory. */
function memoryStore(): { store: Storage["store"]; objects: Map<string, Buffer> } {
  const objects = new Map<string, Buffer>();
  const parts = new Map<number, Uint8Array>();
  const store: Storage["store"] = {
    put: async (key, bytes) => void objects.set(key, Buffer.from(bytes)),
    beginUpload: async () => "upload",
    uploadPart: async (_key, _upload, number, bytes) => {
      parts.set(number, Buffer.from(bytes));
      return `etag ${number}`;
    },
    completeUpload: async (key, _upload, list) =>
      void objects.set(key, Buffer.concat(list.map(({ number }) => parts.get(number) ?? assert.fail()))),
    abortUpload: async () => {},
    size: async (key) => objects.get(key)?.length ?? null,
    read: async (key, from, to) => objects.get(key)?.subarray(from, to) ?? null,
    remove: async (key) => void objects.delete(key),
    close: () => {},
  };
  return { store, objects };
}

for (const kind of ["a folder", "a bucket"] as const)
  test(`a backup of many parts and a small one are kept in ${kind}, listed, read back and removed`, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), "lectern-backup-target-"));
    t.after(() => rmSync(directory, { recursive: true }));
    const { store, objects } = memoryStore();
    const kept = join(directory, "kept");
    const target = kind === "a folder" ? folderTarget(kept) : bucketTarget(store);
    assert.deepEqual(await target.list(), []);
    const contents = { "large.gz": randomBytes(17_000_000), "small.gz": Buffer.from("small") };
    for (const [name, bytes] of Object.entries(contents)) {
      const file = join(directory, name);
      writeFileSync(file, bytes);
      await target.put(name, file);
      const copy = join(directory, "copy");
      await target.get(name, copy);
      assert.ok(readFileSync(copy).equals(bytes), name);
    }
    assert.deepEqual([...(await target.list())].sort(), ["large.gz", "small.gz"]);
    await target.remove("large.gz");
    assert.deepEqual(await target.list(), ["small.gz"]);
    assert.equal(kind === "a folder" ? readdirSync(kept).length : [...objects.keys()].length, kind === "a folder" ? 1 : 2);
  });
