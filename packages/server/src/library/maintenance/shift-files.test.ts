import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ShiftFiles } from "./shift-files.ts";

const LIMITS = { oldest: 0, maxBytes: 1e9 };
/** The name of the file that began in this minute. */
const nameOf = (minute: number) =>
  `20260101-${String(Math.floor(minute / 60)).padStart(2, "0")}${String(minute % 60).padStart(2, "0")}00-000.flv`;

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-shift-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test("the disk is asked once for each file that is closed, and each time for the open one", async (t) => {
  const directory = folder(t);
  const names = Array.from({ length: 50 }, (_, i) => nameOf(i));
  for (const name of names) writeFileSync(join(directory, name), "0123456789");
  const open = names.at(-1) ?? "";
  const files = new ShiftFiles((path) => !path.endsWith(open));
  await files.take(directory, names);
  assert.equal(files.asked, 50);
  for (let sweep = 0; sweep < 10; sweep++) await files.take(directory, names);
  assert.equal(files.asked, 60);
  truncateSync(join(directory, open), 1000);
  await files.take(directory, names);
  assert.deepEqual(
    files.expired({ oldest: 0, maxBytes: 1490 - 11 }),
    names.slice(0, 2).map((name) => join(directory, name)),
  );
});

test("files that were not changed since then are expired, and of all streams the oldest beyond the bound", async (t) => {
  const [one, two] = [folder(t), folder(t)];
  const paths = Array.from({ length: 6 }, (_, i) => join(i % 2 ? one : two, nameOf(i)));
  for (const path of paths) writeFileSync(path, Buffer.alloc(100));
  utimesSync(paths[5] ?? "", 1000, 1000);
  const files = new ShiftFiles(() => true);
  for (const directory of [one, two])
    await files.take(
      directory,
      paths.filter((path) => path.startsWith(directory)).map((path) => path.slice(directory.length + 1)),
    );
  assert.deepEqual(files.expired(LIMITS), []);
  assert.deepEqual(files.expired({ ...LIMITS, oldest: 2_000_000 }), [paths[5]]);
  assert.deepEqual(files.expired({ ...LIMITS, maxBytes: 350 }), paths.slice(0, 3));
  await files.take(one, []);
  assert.deepEqual(files.expired({ ...LIMITS, maxBytes: 350 }), []);
  files.keepOnly(new Set());
  assert.deepEqual(files.expired({ ...LIMITS, maxBytes: 0 }), []);
});
