/** The player in real time, in Chromium: WHEP first, FLV when it does not get through, and WHEP again. `script/drill realtime` measures how soon. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openSmallPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { long } from "./long-tests.ts";
import { udpGate } from "./udp-gate.ts";

async function publishLesson(t: TestContext, lectern: Lectern, name: string) {
  const run = publishForever(t, clip("for WebRTC", 20), `${lectern.rtmp}/live/${name}`);
  await lectern.stream(name, ({ video }) => video !== null && video.gopSeconds !== null);
  return run;
}

const plays = (page: Page, engine: string) =>
  until(async () => {
    const state = await playerState(page);
    return state.state === "live" && state.engine === engine && state.width === 320 ? state : null;
  }, `a picture by ${engine}`);

test("a lesson in real time plays by WHEP, says how late it is, and gives its session back", async (t) => {
  const lectern = await sharedLectern();
  await publishLesson(t, lectern, "realtime");
  const page = await openSmallPage(t, { expected: /ERR_CONNECTION/ });
  await page.goto(`${lectern.http}/embed/realtime?latency=realtime&muted=1`);
  const { firstFrameMs } = await plays(page, "whep");
  t.diagnostic(`the first frame came after ${firstFrameMs.toFixed(0)} ms`);
  await lectern.stream("realtime", ({ viewers }) => viewers.whep === 1 && viewers.total === 1);
  const delay = () =>
    page
      .locator("lectern-player")
      .evaluate((player) => (player as unknown as { statistics: { delay: number | null } }).statistics.delay);
  await until(async () => ((await delay()) ?? 0) > 0, "the delay");
  await page.getByText(/^Live · \d\.\d s$/).waitFor();
  await page.evaluate(() => document.querySelector("lectern-player")?.remove());
  await lectern.stream("realtime", ({ viewers }) => viewers.total === 0);
});

long(
  "when UDP does not pass any more FLV plays, WHEP again when it does, and FLV from the beginning where it never passes",
  async (t) => {
    const lectern = await sharedLectern();
    await publishLesson(t, lectern, "blocked");
    // The server has given up the session that the player gives back.
    const page = await openSmallPage(t, { expected: /404|ERR_CONNECTION/ });
    const gate = await udpGate(t, page);
    const address = `${lectern.http}/embed/blocked?latency=realtime&muted=1`;
    await page.goto(address);
    await plays(page, "whep");
    assert.ok(gate.passed() > 0, "it came through the gate");
    gate.shut();
    await plays(page, "flv");
    await lectern.stream("blocked", ({ viewers }) => viewers.flv === 1);
    gate.open();
    await plays(page, "whep");
    await lectern.stream("blocked", ({ viewers }) => viewers.flv === 0 && viewers.whep === 1);
    gate.shut();
    await page.goto(address);
    const { firstFrameMs } = await plays(page, "flv");
    t.diagnostic(`the first frame came after ${firstFrameMs.toFixed(0)} ms`);
  },
);

long("sound without a picture plays by WHEP, and goes on so; a picture that comes later is shown", async (t) => {
  const lectern = await sharedLectern();
  const voice = publishForever(t, clip("audio only", 12), `${lectern.rtmp}/live/voice`);
  await lectern.stream("voice", ({ audio }) => audio !== null);
  // The session of sound alone is over by the time that it is given back.
  const page = await openSmallPage(t, { expected: /ERR_CONNECTION|status of 404/ });
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

long("a server that has no room for WHEP is left for FLV at once", async (t) => {
  const lectern = await sharedLectern({ "webrtc.maxViewers": "0" });
  await publishLesson(t, lectern, "full");
  const page = await openSmallPage(t, { expected: /503|ERR_CONNECTION/ });
  await page.goto(`${lectern.http}/embed/full?latency=realtime&muted=1`);
  await plays(page, "flv");
});

long("a publisher that pauses leaves the connection as it is", async (t) => {
  const lectern = await sharedLectern();
  const teacher = await publishLesson(t, lectern, "pause");
  const page = await openSmallPage(t, { expected: /ERR_CONNECTION/ });
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
