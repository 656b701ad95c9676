/** A published recording of BigBlueButton as a lesson of a running server: who opens it sees slides, what was drawn, the chat and the picture. Only with --all, or by name. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PUBLISHED, writePublished } from "../packages/server/src/library/bigbluebutton/test-published.ts";
import { seekReplay } from "./board-pages.ts";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { MAIN } from "./program.ts";

const run = promisify(execFile);

long("a published recording of BigBlueButton is watched as the lesson that it was, and is imported once", async (t) => {
  const server = await sharedLectern();
  const parent = mkdtempSync(join(tmpdir(), "lectern-bigbluebutton-"));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const folder = writePublished(parent);
  await done(server, "POST", "/schools", { name: "Moved", slug: "moved" });
  const command = () => run(process.execPath, [MAIN, "import-lessons", folder, "--school", "moved", "--data", server.directory]);
  const first = await command();
  assert.match(first.stdout, /^\w{26}\timported\tFractions & <thirds>\n$/);
  assert.match(first.stderr, /left out: results of polls/);
  const [id = ""] = first.stdout.split("\t");
  assert.equal((await command()).stdout, `${id}\twas imported before\tFractions & <thirds>\n`);

  const lesson = await done(server, "GET", `/lessons/${id}`);
  assert.deepEqual([lesson.state, Date.parse(lesson.startedAt)], ["ended", PUBLISHED.startedAt]);
  const recording = await until(async () => {
    const { items } = await done(server, "GET", `/recordings?lessonId=${id}`);
    return items.find((one: Body) => one.whole) ?? null;
  }, "the recording");
  assert.ok(Math.abs(recording.seconds - PUBLISHED.seconds) < 0.2, `${recording.seconds} s`);

  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.locator("lectern-replay").waitFor();
  await seekReplay(page, 4.5);
  await page.locator(".stage-board canvas").first().waitFor();
  await page.getByText("Good morning & hello").waitFor();
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "imported-lesson.png") });
  await seekReplay(page, 9);
  await page.locator(".stage-board canvas").first().waitFor({ state: "hidden" });
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "imported-screen.png") });
});
