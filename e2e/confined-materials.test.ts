/** Slides and pictures where namespaces are refused, as in containers: LibreOffice, poppler and ffmpeg do their work behind filters of the kernel. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { convertImageFile } from "../packages/server/src/library/materials/image-step.ts";
import { convertOffice } from "../packages/server/src/library/materials/office-step.ts";
import { pdfPages, pixelSize, renderPages } from "../packages/server/src/library/materials/pdf-step.ts";
import { openJob, removeJob, type SandboxJob } from "../packages/server/src/library/materials/sandbox.ts";
import { presentation } from "./office-files.ts";

const GIGABYTE = 2 ** 30;
const WITHIN_MS = 300_000;

async function confinedJob(t: TestContext): Promise<SandboxJob> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-confined-"));
  t.after(() => removeJob(folder));
  const limits = { memoryBytes: GIGABYTE, withinMs: WITHIN_MS, silentMs: WITHIN_MS, maxBytes: GIGABYTE };
  return await openJob("confined", join(folder, "job"), limits, new AbortController().signal);
}

const isWebp = (file: string): boolean => /^RIFF....WEBP/s.test(readFileSync(file).toString("latin1", 0, 12));

test("a presentation becomes pages with pictures and texts, and leaves nothing in the folder that everybody shares", async (t) => {
  const job = await confinedJob(t);
  writeFileSync(join(job.folder, "source.pptx"), await presentation([{ text: "Fractions" }, { text: "分数" }], "pptx"));
  const shared = () => readdirSync(tmpdir()).filter((name) => name.startsWith("OSL_PIPE"));
  const before = new Set(shared());
  await convertOffice(job, "pptx");
  assert.deepEqual(
    shared().filter((name) => !before.has(name)),
    [],
  );
  const sizes = (await pdfPages(job, 10)).map(pixelSize);
  const done: number[] = [];
  await renderPages(job, sizes, (page) => done.push(page));
  assert.deepEqual(done, [1, 2]);
  for (const page of done) assert.ok(isWebp(join(job.folder, `out/large-${page}.webp`)), `page ${page}`);
  assert.match(readFileSync(join(job.folder, "out/text-1.txt"), "utf8"), /Fractions/);
  assert.match(readFileSync(join(job.folder, "out/text-2.txt"), "utf8"), /分数/);
});

test("a picture becomes a page", async (t) => {
  const job = await confinedJob(t);
  const source = join(job.folder, "source");
  execFileSync("ffmpeg", [
    "-v",
    "error",
    "-f",
    "lavfi",
    "-i",
    "smptebars=s=640x360:d=1",
    "-frames:v",
    "1",
    "-f",
    "image2",
    "-c:v",
    "png",
    source,
  ]);
  await convertImageFile(job, "png", { width: 640, height: 360, orientation: 1 });
  for (const size of ["large", "small"]) assert.ok(isWebp(join(job.folder, `out/${size}-1.webp`)), size);
});
