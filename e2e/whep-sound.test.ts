/**
 * WHEP of what encoders send by RTMP: sound as AAC, pictures with B-frames. What browsers cannot take is made once for all viewers, while there are
 * any. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { commandOf, encodersOf } from "./encoders.ts";
import { ffmpeg } from "./ffmpeg.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { watchWhep, whepPage, whepStatistics } from "./whep-page.ts";

const KINDS = {
  plain: { bFrames: 0, jobs: ["opus"] },
  reordered: { bFrames: 2, jobs: ["opus", "rtc"] },
} as const;

/** A tone, and a key frame each second. */
function publishAac(t: TestContext, lectern: Lectern, name: string, bFrames: number) {
  const picture = ["-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25"];
  const sound = ["-re", "-f", "lavfi", "-i", "sine=frequency=500:sample_rate=48000"];
  const encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", String(bFrames), "-pix_fmt", "yuv420p"];
  const coded = [...encoder, "-c:a", "aac", "-b:a", "96k", "-ac", "2"];
  ffmpeg(t, [...picture, ...sound, ...coded, "-f", "flv", `${lectern.rtmp}/live/${name}`]);
}

const plays = (page: Page, what: string) => {
  let from: Awaited<ReturnType<typeof whepStatistics>> | null = null;
  return until(async () => {
    const now = await whepStatistics(page);
    from ??= now;
    const hasBoth = now.frames > from.frames + 20 && now.samples > from.samples + 48_000 && now.energy > from.energy;
    return now.width > 0 && hasBoth ? now : null;
  }, what);
};

for (const [kind, { bFrames, jobs }] of Object.entries(KINDS))
  test(`${kind}: Chromium sees and hears it; one encoder of each kind for all viewers; killed, it comes again; it ends with the last viewer`, async (t) => {
    const lectern = await startLectern(t, { workers: "1", "ladder.idleSeconds": "5", "ladder.cores": "8" });
    publishAac(t, lectern, kind, bFrames);
    await lectern.stream(kind, ({ video, audio }) => video?.gopSeconds != null && audio !== null);
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const url = `${lectern.http}/live/${kind}/whep`;
    const pages = [await whepPage(t, browser), await whepPage(t, browser)] as const;
    // A muted element decodes no sound.
    for (const page of pages) await page.evaluate('document.querySelector("video").muted = false');
    const watched = [await watchWhep(pages[0], url), await watchWhep(pages[1], url)];
    assert.deepEqual(
      watched.map(({ status, problem }) => [status, problem]),
      [
        [201, null],
        [201, null],
      ],
    );
    for (const page of pages) t.diagnostic(JSON.stringify(await plays(page, "picture and sound")));
    const encoders = () => encodersOf(lectern.process.pid);
    assert.equal(encoders().length, jobs.length, encoders().map(commandOf).join("\n"));
    for (const encoder of encoders()) process.kill(encoder, "SIGKILL");
    const [page] = pages;
    const { frames, samples } = await whepStatistics(page);
    await until(async () => {
      const now = await whepStatistics(page);
      return now.frames > frames + 50 && now.samples > samples + 96_000 ? now : null;
    }, "picture and sound after the encoders were killed");
    assert.equal((await whepStatistics(page)).state, "connected");
    assert.equal(encoders().length, jobs.length);
    for (const { location } of watched) assert.equal((await fetch(location ?? "", { method: "DELETE" })).status, 200);
    await until(() => encoders().length === 0, "the end of the encoders");
  });
