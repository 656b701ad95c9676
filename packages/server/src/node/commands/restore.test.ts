/** What `lectern restore` leaves of an embedded database when it fails. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { restore } from "./restore.ts";

test("a restore that fails after it began leaves the embedded database where it was, and nothing else", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-restore-fails-"));
  t.after(() => rmSync(dataDir, { recursive: true }));
  mkdirSync(join(dataDir, "db"));
  writeFileSync(join(dataDir, "db/of-the-school"), "");
  const file = join(dataDir, "bad.gz");
  const head = { lectern: "backup", version: 2, writtenAt: "2026-11-30T00:00:00.000Z", migrations: [] };
  writeFileSync(file, gzipSync(`${JSON.stringify(head)}\n${JSON.stringify({ table: "users", columns: ["id"] })}\n`));
  await assert.rejects(restore({ file: null, env: {}, set: [["dataDir", dataDir]] }, file), /rows of a table "users"/);
  assert.deepEqual(readdirSync(dataDir).sort(), ["bad.gz", "db"]);
  assert.deepEqual(readdirSync(join(dataDir, "db")), ["of-the-school"]);
});
