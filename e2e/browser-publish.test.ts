/** Publishing from Chromium's fake camera by WebSocket: what viewers get, a slow uplink, a worker that dies, a key that is taken away. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Browser } from "playwright-core";
import { ffmpegDone } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { cameraBrowser, publishingPage, startPublishing, stateOf, statisticsOf } from "./published-page.ts";

let browser: Promise<Browser> | null = null;
const sharedCamera = () => (browser ??= cameraBrowser(wholeFile));

test("the camera reaches viewers by FLV with sound and picture, and decodes without an error", async (t) => {
  const lectern = await sharedLectern();
  const page = await publishingPage(await sharedCamera(), lectern.http);
  await startPublishing(page, { address: `${lectern.http}/live/camera`, prefer: "websocket" });
  await until(async () => (await stateOf(page)).phase === "live", "the publisher");
  const report = await lectern.stream("camera", ({ video, audio }) => video?.gopSeconds != null && audio !== null);
  t.diagnostic(JSON.stringify(report.video) + JSON.stringify(report.audio));
  const out = await ffmpegDone(t, [
    ...["-xerror", "-err_detect", "explode", "-i", `${lectern.http}/live/camera.flv`, "-t", "3"],
    ...["-map", "0:v", "-map", "0:a", "-f", "framemd5", "-"],
  ]);
  const lines = out.toString().split("\n");
  t.diagnostic(JSON.stringify(await statisticsOf(page)));
  assert.ok(lines.filter((line) => line.startsWith("0,")).length > 30);
  assert.ok(lines.filter((line) => line.startsWith("1,")).length > 100);
  await page.close();
});
