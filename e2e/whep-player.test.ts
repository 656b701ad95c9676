/** The player in real time, in Chromium: WHEP first, FLV when it does not get through, and WHEP again. Only with --all, or by name. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { publishForever, publishPicture } from "./ffmpeg.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { udpGate } from "./udp-gate.ts";

/** Nothing else is shown for longer than this where WHEP does not get through. */
const FALL_BACK_MS = 4000;

async function publishLesson(t: TestContext, lectern: Lectern, name: string) {
  const run = publishPicture(t, `${lectern.rtmp}/live/${name}`);
  await lectern.stream(name, ({ video }) => video !== null && video.gopSeconds !== null);
  return run;
}

const plays = (page: Page, engine: string) =>
  until(async () => {
    const state = await playerState(page);
    return state.state === "live" && state.engine === engine && state.width === 640 ? state : null;
  }, `a picture by ${engine}`);

/** Milliseconds from `begin` until the player shows moving pictures by an engine, measured in the page. */
async function shownAfter(page: Page, engine: string, begin: () => void): Promise<number> {
  await page.evaluate((engine) => {
    const player = document.querySelector("lectern-player") as unknown as {
      statistics: { engine: string };
      state: string;
    } & Element;
    const video = player.shadowRoot?.querySelector("video");
    const begun = performance.now();
    const shown = new Promise<number>((resolve) => {
      const look = (): void => {
        if (player.statistics.engine === engine && player.state === "live") resolve(performance.now() - begun);
        else video?.requestVideoFrameCallback(look);
      };
      // A frame of the engine that is asked for, behind one that began after the engine did.
      const timer = setInterval(() => {
        if (player.statistics.engine !== engine) return;
        clearInterval(timer);
        video?.requestVideoFrameCallback(look);
      }, 20);
    });
    Reflect.set(window, "shownAfter", shown);
  }, engine);
  begin();
  return await page.evaluate(() => Reflect.get(window, "shownAfter") as Promise<number>);
}

test("a lesson in real time plays by WHEP, says how late it is, and gives its session back", async (t) => {
  const lectern = await startLectern(t);
  await publishLesson(t, lectern, "realtime");
  const page = await openPage(t, { expected: /ERR_CONNECTION/ });
  await page.goto(`${lectern.http}/embed/realtime?latency=realtime&muted=1`);
  const { firstFrameMs } = await plays(page, "whep");
  t.diagnostic(`the first frame came after ${firstFrameMs.toFixed(0)} ms`);
  assert.ok(firstFrameMs < 2500, `the first frame came after ${firstFrameMs} ms`);
  await lectern.stream("realtime", ({ viewers }) => viewers.whep === 1 && viewers.total === 1);
  const delay = () =>
    page
      .locator("lectern-player")
      .evaluate((player) => (player as unknown as { statistics: { delay: number | null } }).statistics.delay);
  const seconds = await until(async () => ((await delay()) ?? 0) > 0 && (await delay()), "the delay");
  assert.ok(seconds !== null && seconds < 0.5, `${seconds} s`);
  await page.getByText(/^Live · \d\.\d s$/).waitFor();
  await page.evaluate(() => document.querySelector("lectern-player")?.remove());
  await lectern.stream("realtime", ({ viewers }) => viewers.total === 0);
});

test("when UDP does not pass any more FLV plays within four seconds, and WHEP again when it does", async (t) => {
  const lectern = await startLectern(t);
  await publishLesson(t, lectern, "blocked");
  // The server has given up the session that the player gives back.
  const page = await openPage(t, { expected: /404|ERR_CONNECTION/ });
  const gate = await udpGate(t, page);
  await page.goto(`${lectern.http}/embed/blocked?latency=realtime&muted=1`);
  await plays(page, "whep");
  assert.ok(gate.passed() > 0, "it came through the gate");
  const fell = await shownAfter(page, "flv", gate.shut);
  t.diagnostic(`FLV was shown ${fell.toFixed(0)} ms after UDP was blocked`);
  assert.ok(fell < FALL_BACK_MS, `FLV was shown after ${fell} ms`);
  await lectern.stream("blocked", ({ viewers }) => viewers.flv === 1);
  const returned = await shownAfter(page, "whep", gate.open);
  t.diagnostic(`WHEP was shown ${returned.toFixed(0)} ms after UDP passed again`);
  await plays(page, "whep");
  await lectern.stream("blocked", ({ viewers }) => viewers.flv === 0 && viewers.whep === 1);
});

test("where UDP never passes the first picture comes by FLV within four seconds", async (t) => {
  const lectern = await startLectern(t);
  await publishLesson(t, lectern, "never");
  const page = await openPage(t, { expected: /404|ERR_CONNECTION/ });
  const gate = await udpGate(t, page);
  gate.shut();
  await page.goto(`${lectern.http}/embed/never?latency=realtime&muted=1`);
  const { firstFrameMs } = await plays(page, "flv");
  t.diagnostic(`the first frame came after ${firstFrameMs.toFixed(0)} ms`);
  assert.ok(firstFrameMs < FALL_BACK_MS, `${firstFrameMs} ms`);
});

test("sound without a picture plays by WHEP, and goes on so; a picture that comes later is shown", async (t) => {
  const lectern = await startLectern(t);
  const voice = publishForever(t, clip("audio only", 12), `${lectern.rtmp}/live/voice`);
  await lectern.stream("voice", ({ audio }) => audio !== null);
  // The session of sound alone is over by the time that it is given back.
  const page = await openPage(t, { expected: /ERR_CONNECTION|status of 404/ });
  await page.goto(`${lectern.http}/embed/voice?latency=realtime&muted=1`);
  const sounds = () =>
    until(async () => ((await playerState(page)).state === "live" ? await playerState(page) : null), "the sound");
  const { time } = await sounds();
  // Longer than a picture is waited for where something comes.
  const later = await until(
    async () => ((await playerState(page)).time > time + 12 ? await playerState(page) : null),
    "more of it",
  );
  assert.deepEqual([later.engine, later.state], ["whep", "live"]);
  voice.child.kill("SIGKILL");
  await voice.done;
  publishForever(t, clip("tiny", 60), `${lectern.rtmp}/live/voice`);
  await until(async () => {
    const { engine, state, width } = await playerState(page);
    return engine === "whep" && state === "live" && width > 0;
  }, "the picture by WHEP");
});

test("a server that has no room for WHEP is left for FLV at once", async (t) => {
  const lectern = await startLectern(t, { "webrtc.maxViewers": "0" });
  await publishLesson(t, lectern, "full");
  const page = await openPage(t, { expected: /503|ERR_CONNECTION/ });
  await page.goto(`${lectern.http}/embed/full?latency=realtime&muted=1`);
  const { firstFrameMs } = await plays(page, "flv");
  assert.ok(firstFrameMs < FALL_BACK_MS, `${firstFrameMs} ms`);
});

test("a publisher that pauses leaves the connection as it is", async (t) => {
  const lectern = await startLectern(t, { "publish.graceSeconds": "30" });
  const teacher = await publishLesson(t, lectern, "pause");
  const page = await openPage(t, { expected: /ERR_CONNECTION/ });
  await page.goto(`${lectern.http}/embed/pause?latency=realtime&muted=1`);
  await plays(page, "whep");
  teacher.child.kill("SIGSTOP");
  await until(async () => /Buffering/.test((await playerState(page)).words), "the stall");
  // Longer than a connection on which nothing comes is believed in.
  await new Promise((resolve) => setTimeout(resolve, 3500));
  teacher.child.kill("SIGCONT");
  await until(async () => !/Buffering/.test((await playerState(page)).words), "the picture");
  const { engine, reconnects } = await playerState(page);
  assert.deepEqual([engine, reconnects], ["whep", 0]);
});
