/** ZIP files: what is in them, what they must not be, and that no broken one does more than end with a problem. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { MaterialFailure } from "./problem.ts";
import { type Part, zipOf } from "./test-zip.ts";
import { ZipFile } from "./zip.ts";

const MEGABYTE = 1024 * 1024;
const WHOLE = zipOf([
  { name: "mimetype", bytes: Buffer.from("application/test") },
  { name: "a/你好.xml", bytes: Buffer.from("<a>你好</a>") },
]);

function writing(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "lectern-zip-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return (bytes: Buffer): string => {
    const path = join(folder, "file.zip");
    writeFileSync(path, bytes);
    return path;
  };
}

/** Opens, checks and reads everything. Null, or the code of the problem. */
async function problemOf(path: string, maxBytes = 10 * MEGABYTE): Promise<string | null> {
  try {
    const zip = await ZipFile.open(path);
    try {
      await zip.check(maxBytes);
      for (const { name } of zip.entries) await zip.text(name, maxBytes);
    } finally {
      await zip.close();
    }
    return null;
  } catch (error) {
    if (error instanceof MaterialFailure) return error.problem;
    throw error;
  }
}

test("stored and deflated entries are read, by names in UTF-8", async (t) => {
  const zip = await ZipFile.open(writing(t)(WHOLE));
  t.after(() => zip.close());
  assert.deepEqual(
    zip.entries.map(({ name }) => name),
    ["mimetype", "a/你好.xml"],
  );
  assert.equal(await zip.text("mimetype", 100), "application/test");
  assert.equal(await zip.text("a/你好.xml", 100), "<a>你好</a>");
  assert.equal(await zip.text("none", 100), null);
  await assert.rejects(zip.text("a/你好.xml", 5), { problem: "unpacks-too-large" });
});

test("a file that is cut off anywhere is damaged, and one with any changed byte is read or has a problem", async (t) => {
  const path = writing(t);
  for (let length = 0; length < WHOLE.length; length++) assert.equal(await problemOf(path(WHOLE.subarray(0, length))), "damaged");
  const known = [null, "damaged", "password", "unsafe-names", "unpacks-too-large"];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: WHOLE.length - 1 }), fc.integer({ min: 0, max: 255 }), async (at, value) => {
      const changed = Buffer.from(WHOLE);
      changed[at] = value;
      assert.ok(known.includes(await problemOf(path(changed))));
    }),
    { numRuns: 300 },
  );
});

test("names that leave a folder, and encrypted entries, are refused", async (t) => {
  const path = writing(t);
  const one = (part: Partial<Part>) => zipOf([{ name: "a", bytes: Buffer.from("a"), ...part }]);
  for (const name of ["../a", "a/../../b", "/etc/passwd", "C:\\x", "a\\b", "a\0b"])
    assert.equal(await problemOf(path(one({ name }))), "unsafe-names", name);
  for (const name of ["a..b", "a/.b", "..a"]) assert.equal(await problemOf(path(one({ name }))), null, name);
  assert.equal(await problemOf(path(one({ flags: 1 }))), "password");
});

test("what a file unpacks to is measured where its list could lie", async (t) => {
  const path = writing(t);
  const packed = deflateRawSync(Buffer.alloc(20 * MEGABYTE));
  const bomb = (saidBytes: number) => zipOf([{ name: "a", bytes: Buffer.alloc(0), packed, saidBytes }]);
  assert.equal(await problemOf(path(bomb(20 * MEGABYTE))), "unpacks-too-large");
  assert.equal(await problemOf(path(bomb(1))), "unpacks-too-large");
  const fits = await ZipFile.open(path(bomb(20 * MEGABYTE)));
  t.after(() => fits.close());
  await fits.check(21 * MEGABYTE);
});
