/** What the first page of the console weighs, as the build has it: with gzip, less than 200 kB, and nothing of Mantine. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const DIST = join(import.meta.dirname, "../packages/web/dist");
const MAX_BYTES = 200_000;

type Chunk = { readonly file: string; readonly imports?: readonly string[]; readonly css?: readonly string[] };

const manifest: Readonly<Record<string, Chunk>> = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));

/** The files that a browser loads before the page shows something. */
function filesOf(page: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[page];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const css of chunk.css ?? []) found.add(css);
  for (const imported of chunk.imports ?? []) filesOf(imported, found);
  return found;
}

test("the first page of the console is less than 200 kB, and has nothing of Mantine", () => {
  const files = [...filesOf("console.html")].map((file) => ({ file, bytes: readFileSync(join(DIST, file)) }));
  assert.ok(files.some(({ file }) => file.endsWith(".js")) && files.some(({ file }) => file.endsWith(".css")));
  const sizes = files.map(({ file, bytes }) => `${file}: ${gzipSync(bytes).length}`);
  const total = files.reduce((sum, { bytes }) => sum + gzipSync(bytes).length, 0);
  assert.ok(total < MAX_BYTES, `${total} bytes: ${sizes.join(", ")}`);
  for (const { file, bytes } of files) assert.ok(!bytes.includes("--mantine-"), `${file} has Mantine in it`);
});

test("the pages that are opened from it do have Mantine, so that this test would find it", () => {
  const opened = Object.values(manifest).filter(({ file }) => file.endsWith(".js"));
  assert.ok(opened.some(({ file }) => readFileSync(join(DIST, file)).includes("--mantine-")));
});
