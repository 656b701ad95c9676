import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeAtomically } from "./write-atomically.ts";

test("a file is replaced as a whole, its folder is created, and a failed write leaves nothing behind", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-write-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "below", "file");
  await writeAtomically(path, "first");
  await writeAtomically(path, "second");
  assert.equal(readFileSync(path, "utf8"), "second");
  mkdirSync(join(directory, "taken", "x"), { recursive: true });
  await assert.rejects(writeAtomically(join(directory, "taken"), "text"));
  assert.deepEqual(readdirSync(directory).sort(), ["below", "taken"]);
});
