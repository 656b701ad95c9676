/** A backup file is proved whole, or refused in one line. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { BackupDigest, checkBackup } from "./backup-file.ts";

/** The header of gzip has bytes that nothing depends on, such as the operating system (RFC 1952, section 2.3). */
const GZIP_HEADER_BYTES = 10;
const HEAD = { lectern: "backup", version: 2, writtenAt: "2026-11-29T12:00:00.000Z", migrations: ["0001-a"] };
const LINES = [
  JSON.stringify(HEAD),
  JSON.stringify({ table: "lessons", columns: ["id", "title"] }),
  JSON.stringify(["1", "Fractions \u2028 and \r more"]),
  JSON.stringify(["2", null]),
  JSON.stringify({ table: "users", columns: ["id"] }),
];

function fileOf(t: TestContext): (content: string | Uint8Array) => string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-backup-file-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return (content) => {
    const file = join(directory, "backup.gz");
    writeFileSync(file, content);
    return file;
  };
}

function zipped(lines: readonly string[]): Buffer {
  return gzipSync(lines.map((line) => `${line}\n`).join(""));
}

/** The lines with the last one that counts and hashes them. */
function whole(lines: readonly string[]): string[] {
  const digest = new BackupDigest();
  for (const line of lines) digest.add(`${line}\n`, line.startsWith("[") ? 1 : 0);
  return [...lines, JSON.stringify({ end: digest.end() })];
}

async function refused(file: string, words: RegExp): Promise<void> {
  await assert.rejects(checkBackup(file), (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.name, "StoreError");
    assert.match(error.message, words);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
}

test("a whole backup is read to its end, and its rows are counted by table", async (t) => {
  const { head, rows, tables } = await checkBackup(fileOf(t)(zipped(whole(LINES))));
  assert.deepEqual(head, HEAD);
  assert.equal(rows, 2);
  assert.deepEqual(Object.fromEntries(tables), { lessons: 2, users: 0 });
});

test("a backup that is cut short anywhere is refused", async (t) => {
  const file = fileOf(t);
  const good = zipped(whole(LINES));
  for (let length = 1; length < good.length; length++)
    await refused(file(good.subarray(0, length)), /is cut short|is not a backup/);
  for (let count = 1; count <= LINES.length; count++) await refused(file(zipped(LINES.slice(0, count))), /is cut short/);
});

test("a backup with a byte changed anywhere is refused", async (t) => {
  const file = fileOf(t);
  const good = zipped(whole(LINES));
  for (let at = GZIP_HEADER_BYTES; at < good.length; at++) {
    const bytes = Buffer.from(good);
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    await refused(file(bytes), /is damaged|is not a backup|is cut short/);
  }
});

test("a backup whose lines were changed, left out or added is refused with what is wrong", async (t) => {
  const file = fileOf(t);
  const lines = whole(LINES);
  await refused(file(zipped(lines.with(2, JSON.stringify(["1", "Changed"])))), /is damaged: its checksum/);
  await refused(file(zipped(lines.toSpliced(2, 1))), /is damaged: it has 1 rows of 2/);
  await refused(file(zipped([...lines, "[]"])), /is damaged: it goes on after its end/);
  await refused(file(zipped(lines.toSpliced(2, 0, "{}"))), /is damaged: it has a line/);
});

test("files that are no backups, or of another format, are refused", async (t) => {
  const file = fileOf(t);
  for (const content of ["", "hello", gzipSync(""), gzipSync("hello\n"), gzipSync('{"a":1}\n')])
    await refused(file(content), /is not a backup of Lectern|is cut short/);
  for (const version of [1, 3]) await refused(file(zipped([JSON.stringify({ ...HEAD, version })])), /written by another Lectern/);
  await refused(join(tmpdir(), "lectern-no-such-file"), /there is no file/);
  await refused(tmpdir(), /is a folder/);
});
