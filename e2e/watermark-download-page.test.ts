/** The page of a lesson under a watermark, in Chromium: how far a copy is, and the file. Only with --all, or by name. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openPage } from "./chromium.ts";
import { clip } from "./clips.ts";
import { sharedLectern } from "./fixtures.ts";
import { HANG_MS } from "./lectern.ts";
import { differences, luma, recordedLesson, SETTINGS } from "./watermarked-recordings.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-marked-page-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("the page of the lesson shows how far the file is, and saves it when it is done", async (t) => {
  const lectern = await sharedLectern(SETTINGS);
  const of = await recordedLesson(t, lectern, 20);
  const page = await openPage(t, { expected: /ERR_ABORTED/ });
  await page.goto(`${lectern.http}/class/${of.lesson.code}`);
  await page.getByRole("button", { name: "Download" }).click();
  await page
    .getByRole("status")
    .getByText(/^(?:\s*Your copy is made|\s*Making your copy: \d+ %)/)
    .waitFor();
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "page-waiting.png") });
  const saving = page.waitForEvent("download", { timeout: HANG_MS });
  await page.getByRole("progressbar").waitFor({ timeout: HANG_MS });
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "page-running.png") });
  const download = await saving;
  assert.match(download.suggestedFilename(), /\.mp4$/);
  const path = join(folder, "page.mp4");
  await download.saveAs(path);
  await page.getByRole("link", { name: "Save file" }).waitFor();
  // Nothing else is known of who comes after the lesson: the address is in the picture.
  const { boxes } = differences(await luma(t, clip("numbered", 20), 2), await luma(t, path, 2));
  assert.equal(boxes.length, 2);
});
