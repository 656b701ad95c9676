/** Descriptors stay open and are bounded; a file that is removed, replaced or cut is not read from an old descriptor. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { OpenFiles, VERIFY_MS } from "./open-files.ts";

const HANG_MS = 30_000;

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-open-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** How many descriptors of this process lead below a folder, removed files too. */
function descriptorsBelow(directory: string): number {
  return readdirSync("/proc/self/fd").filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(directory);
    } catch {
      return false;
    }
  }).length;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const begun = performance.now();
  while (!(await holds())) {
    assert.ok(performance.now() - begun < HANG_MS, "it never came to pass");
    await pause(10);
  }
}

const skip = process.platform !== "linux" && "counts descriptors in /proc";

test("a thousand parallel reads of one file open one descriptor", { skip }, async (t) => {
  const directory = folder(t);
  const path = join(directory, "a");
  writeFileSync(path, Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256)));
  const files = new OpenFiles();
  t.after(() => files.close());
  const read = await Promise.all(Array.from({ length: 1000 }, (_, i) => files.read(path, i, i + 1, Buffer.alloc(4))));
  assert.deepEqual(
    read.map((bytes) => bytes && [...bytes]),
    Array.from({ length: 1000 }, (_, i) => [i % 256]),
  );
  assert.equal(descriptorsBelow(directory), 1);
  assert.deepEqual(await files.read(path, 990, 2000), await files.read(path, 990, 1000));
  assert.equal(await files.read(join(directory, "none"), 0, 1), null);
});

test("no more descriptors stay open than the bound, and every read is right", { skip }, async (t) => {
  const directory = folder(t);
  const paths = Array.from({ length: 60 }, (_, i) => join(directory, String(i)));
  paths.forEach((path, i) => {
    writeFileSync(path, `file ${i}`);
  });
  const files = new OpenFiles({ maxFiles: 7 });
  t.after(() => files.close());
  for (let round = 0; round < 5; round++) {
    const read = await Promise.all(paths.map((path) => files.read(path, 0, 100)));
    assert.deepEqual(
      read.map(String),
      paths.map((_, i) => `file ${i}`),
    );
    assert.equal(files.size, 7);
  }
  await until(() => descriptorsBelow(directory) === 7);
});

test("descriptors that nobody uses are closed", { skip }, async (t) => {
  const directory = folder(t);
  writeFileSync(join(directory, "a"), "a");
  const files = new OpenFiles({ idleMs: 20 });
  await files.read(join(directory, "a"), 0, 1);
  await until(() => files.size === 0 && descriptorsBelow(directory) === 0);
  assert.equal(String(await files.read(join(directory, "a"), 0, 1)), "a");
  files.close();
});

test("a file that was removed or replaced is read from its old descriptor for at most a second", { skip }, async (t) => {
  const directory = folder(t);
  const path = join(directory, "a");
  writeFileSync(path, "old");
  const files = new OpenFiles();
  t.after(() => files.close());
  assert.equal(String(await files.read(path, 0, 3)), "old");
  writeFileSync(`${path}.new`, "new");
  renameSync(`${path}.new`, path);
  // Timers may be early: they count from the beginning of their turn of the loop.
  await pause(VERIFY_MS + 50);
  assert.equal(String(await files.read(path, 0, 3)), "new");
  assert.equal(descriptorsBelow(directory), 1);
  rmSync(path);
  // The version is what the catalog asks for; it drops the descriptor at once.
  assert.equal(await files.version(path), null);
  assert.equal(await files.read(path, 0, 3), null);
  await until(() => descriptorsBelow(directory) === 0);
});

test("a file that was cut gives what is left, and has another version", async (t) => {
  const directory = folder(t);
  const path = join(directory, "a");
  writeFileSync(path, "0123456789");
  const files = new OpenFiles();
  t.after(() => files.close());
  const before = await files.version(path);
  assert.equal(await files.version(path), before);
  await files.read(path, 0, 10);
  truncateSync(path, 4);
  assert.equal(String(await files.read(path, 2, 10)), "23");
  assert.notEqual(await files.version(path), before);
});

test("an error of the disk fails the read, and the next read opens the file again", { skip }, async (t) => {
  const directory = folder(t);
  const path = join(directory, "a");
  // The first page of a process cannot be read: the kernel answers EIO.
  symlinkSync("/proc/self/mem", path);
  const files = new OpenFiles();
  t.after(() => files.close());
  await assert.rejects(files.read(path, 0, 10), { code: "EIO" });
  assert.equal(files.size, 0);
  rmSync(path);
  writeFileSync(path, "mended");
  assert.equal(String(await files.read(path, 0, 6)), "mended");
});
