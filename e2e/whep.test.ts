/** Watching by WHEP: Chromium, and libdatachannel that looks at every packet. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { launchBrowser } from "./browser.ts";
import { ffmpeg, type Run } from "./ffmpeg.ts";
import { startLectern, until } from "./lectern.ts";
import { watchWhep, whepPage, whepStatistics } from "./whep-page.ts";

/** Publishes a moving picture as lessons are published for WebRTC: H.264 without B-frames, a key frame each two seconds. */
function publishPicture(t: TestContext, url: string, more: readonly string[] = []): Run {
  const picture = ["-re", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"];
  const encoder = [
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-profile:v",
    "baseline",
    "-tune",
    "zerolatency",
    "-g",
    "50",
    "-b:v",
    "800k",
  ];
  return ffmpeg(t, [...picture, ...more, ...encoder, "-f", "flv", url]);
}

test("Chromium shows a stream within a second of asking, and the API counts it until it leaves", async (t) => {
  const lectern = await startLectern(t);
  publishPicture(t, `${lectern.rtmp}/live/picture`);
  await lectern.stream("picture", ({ video }) => video?.gopSeconds !== null && video !== null);
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await whepPage(t, browser);
  const watched = await watchWhep(page, `${lectern.http}/live/picture/whep`);
  assert.deepEqual([watched.status, watched.problem], [201, null]);
  const shown = await until(async () => {
    const statistics = await whepStatistics(page);
    return statistics.firstFrameMs !== null && statistics.frames > 50 ? statistics : null;
  }, "pictures");
  t.diagnostic(JSON.stringify(shown));
  assert.ok((shown.firstFrameMs ?? Number.NaN) < 1000, `the first picture came after ${shown.firstFrameMs} ms`);
  assert.deepEqual([shown.width, shown.lost, shown.freezes], [640, 0, 0]);
  await lectern.stream("picture", ({ viewers }) => viewers.whep === 1 && viewers.total === 1);
  assert.equal((await fetch(watched.location ?? "", { method: "DELETE" })).status, 200);
  await lectern.stream("picture", ({ viewers }) => viewers.total === 0);
  await until(async () => (await whepStatistics(page)).state !== "connected", "the end at the viewer");
  assert.equal(await lectern.metric('lectern_joins_total{protocol="whep",result="ok"}'), 1);
  assert.ok((await lectern.metric('lectern_sent_bytes_total{protocol="whep"}')) > 100_000);
});
