/** The player in Chromium: first frame, frames complete and in order, live edge, recovery from stalls. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TAG_TYPE } from "@lectern/media";
import type { Page } from "playwright-core";
import { openSmallPage, playerState, withoutSoundBeforeTouch } from "./chromium.ts";
import { clip } from "./clips.ts";
import { publish, publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { childrenOf, until } from "./lectern.ts";
import { long, rare } from "./long-tests.ts";
import { assertInPlace, ENOUGH, live, pushNumbered, readNumbers } from "./numbered-frames.ts";
import { hearWitness, openWitnessed } from "./playback-witness.ts";
import { noteProblems, problemsOf } from "./player-problems.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";
import { publishTags } from "./tag-publisher.ts";

/** Longer than a player keeps of what was played, and than its limit. */
const KEYS_FAR_SECONDS = 40;
/** Less than after which a player leaves out what it is behind. */
const HELD_MS = 10_000;
const LIVE_WITHIN_MS = 30_000;

test("without leave for sound it plays muted and offers the sound; keys and buttons do what they say", async (t) => {
  const lectern = await sharedLectern();
  pushNumbered(t, lectern, "lesson2");
  await lectern.stream("lesson2", (stream) => stream.audio !== null);
  const page = await openSmallPage(t);
  await withoutSoundBeforeTouch(page);
  await page.goto(`${lectern.http}/embed/lesson2`);
  await live(page);
  assert.equal((await playerState(page)).muted, true);
  await page.getByRole("button", { name: "Tap for sound" }).click();
  assert.equal((await playerState(page)).muted, false);
  await page.locator("lectern-player").focus();
  await page.keyboard.press("m");
  assert.equal((await playerState(page)).muted, true);
  await page.keyboard.press("k");
  assert.equal((await playerState(page)).state, "paused");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await live(page);
  await page.keyboard.press("f");
  await until(() => page.evaluate(() => document.fullscreenElement?.localName === "lectern-player"), "full screen");
  const sizes = await page
    .locator("lectern-player button:visible")
    .evaluateAll((buttons) => buttons.map((button) => Math.min(button.clientWidth, button.clientHeight)));
  assert.ok(sizes.length >= 4 && sizes.every((size) => size >= 44), `touch targets ${sizes}`);
});

/** @returns tells how often the browser has found the styles of the page again since */
async function countStyles(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const count = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "RecalcStyleCount")?.value ?? Number.NaN;
  };
  const before = await count();
  return async () => (await count()) - before;
}

long("over WebSocket it plays as well", async (t) => {
  const lectern = await sharedLectern();
  pushNumbered(t, lectern, "lesson3");
  await lectern.stream("lesson3", (stream) => stream.video !== null);
  const page = await openSmallPage(t);
  await page.goto(`${lectern.http}/embed/lesson3`);
  await live(page);
  await page.evaluate(
    (src) => document.querySelector("lectern-player")?.setAttribute("src", src),
    `${lectern.http.replace("http", "ws")}/live/lesson3.flv?delay=low`,
  );
  await lectern.stream("lesson3", (stream) => stream.viewers.ws === 1);
  await live(page);
  const styles = await countStyles(page);
  assertInPlace(await readNumbers(page, 3000, ENOUGH));
  const count = await styles();
  assert.ok(count < 15, `what it shows stays the same, and the page's styles were found ${count} times in three seconds`);
});

test("before the lesson it waits and says so, in Chinese too; when the teacher comes it plays by itself, and again after a break", async (t) => {
  const lectern = await sharedLectern({ "publish.graceSeconds": "1" });
  const page = await openSmallPage(t, { locale: "zh-CN", expected: /404|ERR_|Failed to load/ });
  await page.goto(`${lectern.http}/embed/late`);
  await until(async () => (await playerState(page)).words === "课程尚未开始，开始后会自动播放。", "the words");
  await page.evaluate(() => {
    const words: string[] = [];
    Object.assign(window, { words });
    const root = document.querySelector("lectern-player")?.shadowRoot;
    const look = () => words.push(root?.querySelector('[role="status"]')?.textContent ?? "");
    if (root) new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true });
  });
  for (let attempts = 0; attempts < 2; attempts++) await page.waitForResponse((answer) => answer.url().includes("/live/late"));
  const words = await page.evaluate(() => (window as unknown as { words: string[] }).words);
  assert.deepEqual([...new Set(words)], [], "each attempt leaves the words as they are");
  const teacher = pushNumbered(t, lectern, "late");
  await live(page);
  teacher.child.kill("SIGKILL");
  await until(async () => (await playerState(page)).state === "reconnecting", "the break");
  pushNumbered(t, lectern, "late");
  await live(page);
  const before = (await playerState(page)).time;
  await until(async () => (await playerState(page)).time > before + 1, "a moving picture");
});

/** Looks for half a minute how far a player that goes on is behind, and where that ends. */
async function liveEdgeOf(page: Page) {
  const { time } = await playerState(page);
  await until(async () => (await playerState(page)).time > time + 1, "a moving picture");
  let mostBehind = 0;
  for (const end = performance.now() + LIVE_WITHIN_MS; performance.now() < end; ) {
    mostBehind = Math.max(mostBehind, (await playerState(page)).behind);
    await page.waitForTimeout(250);
  }
  return { mostBehind, ...(await playerState(page)) };
}

long(
  "by FLV and by HLS, a player is live again within half a minute after a server that stood still for ten seconds",
  async (t) => {
    const lectern = await sharedLectern();
    publishForever(t, clip("2 s GOP", 40), `${lectern.rtmp}/live/held`);
    await lectern.stream("held", (stream) => stream.video !== null);
    const pages = await Promise.all(
      ["flv", "hls"].map(async (protocol) => {
        // The server refuses a playlist that it was held over, and connections meanwhile.
        const page = await openSmallPage(t, { expected: /status of 503|ERR_CONNECTION/ });
        await page.goto(`${lectern.http}/embed/held?protocol=${protocol}`);
        await live(page);
        return page;
      }),
    );
    const withChildren = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(withChildren)];
    const pids = withChildren(lectern.process.pid ?? 0);
    for (const pid of pids) process.kill(pid, "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, HELD_MS));
    for (const pid of pids.reverse()) process.kill(pid, "SIGCONT");
    for (const { engine, mostBehind, behind, state } of await Promise.all(pages.map(liveEdgeOf))) {
      t.diagnostic(`${engine}: ${mostBehind.toFixed(1)} s behind at most, ${behind.toFixed(1)} s in the end`);
      assert.equal(state, "live", engine);
      assert.ok(behind < 4, `${engine}: ${behind} s behind`);
    }
  },
);

long("what this browser cannot play, and a link that has expired, are said in plain words", async (t) => {
  const lectern = await sharedLectern();
  const client = await RtmpClient.open(lectern.rtmpPort);
  await client.publish("hevc");
  for (const tag of readTags(new URL("clips/hevc.flv", import.meta.url).pathname)) client.tag(tag);
  await lectern.stream("hevc", (stream) => stream.video?.codec === "hevc");
  const page = await openSmallPage(t, { expected: /./ });
  await page.goto(`${lectern.http}/embed/hevc`);
  await until(async () => /cannot play this video format/.test((await playerState(page)).words), "the words");
  assert.equal((await playerState(page)).state, "failed");

  const signed = await sharedLectern({ "secrets.links": "[a-long-secret]", "play.allow": "signed" });
  await page.goto(`${signed.http}/embed/lesson5?expires=1000&sign=00`);
  await until(async () => /does not open the lesson/.test((await playerState(page)).words), "the words");
  const { signLink } = await import("../packages/server/src/access/links/signed-link.ts");
  await page.goto(`${signed.http}/embed/lesson5?${signLink({ app: "live", name: "lesson5", expires: 1000 }, "a-long-secret")}`);
  await until(async () => /has expired/.test((await playerState(page)).words), "the words");
});

for (const [stopped, protocol] of [
  ["sound", "flv"],
  ["picture", "flv"],
  ["sound", "hls"],
  ["picture", "hls"],
] as const) {
  const register = (protocol === "flv") === (stopped === "sound") ? long : rare;
  register(
    `${protocol}: a publisher whose ${stopped} stops: players go on with the rest, those that come then begin with it, and all have both when it is back`,
    async (t) => {
      const lectern = await sharedLectern();
      const name = `without-${stopped}-${protocol}`;
      const [type, track] = stopped === "sound" ? ([TAG_TYPE.audio, "audio"] as const) : ([TAG_TYPE.video, "video"] as const);
      let isStopped = false;
      await publishTags(t, lectern, name, clip("tiny", 60), (tag) => !isStopped || tag.type !== type);
      await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
      const pages: Page[] = [];
      const join = async (): Promise<void> => {
        // Chromium notes the playlist that a busy machine has not yet.
        const page = await openSmallPage(t, { expected: /503/ });
        pages.push(page);
        await noteProblems(page);
        await page.goto(`${lectern.http}/embed/${name}?protocol=${protocol}`);
      };
      const goOn = async (what: string, seconds: number): Promise<void> => {
        const goesOn = async (page: Page): Promise<void> => {
          // What was sent before may be shown for a while.
          await until(async () => (await tracksOf(page)) === what, what);
          await live(page);
          const { time } = await playerState(page);
          await until(async () => (await playerState(page)).time > time + seconds, `${what}, which goes on`);
        };
        await Promise.all(pages.map(goesOn));
      };
      await join();
      await goOn("picture and sound", 0);
      isStopped = true;
      await join();
      await lectern.stream(name, (stream) => stream[track] === null);
      await join();
      await goOn(stopped === "sound" ? "picture" : "sound", 3);
      isStopped = false;
      await goOn("picture and sound", 2);
      for (const page of pages) {
        const { engine, reconnects } = await playerState(page);
        assert.equal(reconnects, 0, String(await problemsOf(page)));
        assert.equal(engine, protocol);
      }
    },
  );
}

long("MP3, which Chromium takes as it is and not from MP4, is heard by FLV", async (t) => {
  const lectern = await sharedLectern();
  publish(t, clip("tiny with MP3", 60), `${lectern.rtmp}/live/mp3`);
  await lectern.stream("mp3", ({ audio }) => audio?.codec === "mp3");
  const page = await openSmallPage(t);
  await page.goto(`${lectern.http}/embed/mp3?protocol=flv`);
  await live(page);
  await until(async () => (await tracksOf(page)) === "picture and sound", "picture and sound");
  const { time, engine } = await playerState(page);
  await until(async () => (await playerState(page)).time > time + 2, "both to go on");
  assert.equal(engine, "flv");
  assert.equal((await playerState(page)).reconnects, 0);
});

/** What is decoded in a while. */
function tracksOf(page: Page): Promise<string> {
  return page.locator("lectern-player").evaluate(async (player) => {
    type Counted = HTMLVideoElement & { webkitVideoDecodedByteCount: number; webkitAudioDecodedByteCount: number };
    const counts = () => {
      const video = player.shadowRoot?.querySelector("video") as Counted | null | undefined;
      return [video?.webkitVideoDecodedByteCount ?? 0, video?.webkitAudioDecodedByteCount ?? 0];
    };
    const before = counts();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const now = counts();
    return ["picture", "sound"].filter((_, i) => (now[i] ?? 0) > (before[i] ?? 0)).join(" and ");
  });
}

rare("where key frames are far apart, what was played is removed as far as a key frame, and the picture goes on", async (t) => {
  const lectern = await sharedLectern();
  publishForever(t, clip("one key frame", KEYS_FAR_SECONDS), `${lectern.rtmp}/live/far`);
  await lectern.stream("far", (stream) => stream.video !== null);
  const page = await openSmallPage(t);
  await page.goto(`${lectern.http}/embed/far`);
  await live(page);
  await openWitnessed(page, `${lectern.http}/live/far.flv`);
  const begin = () => page.locator("lectern-player video").evaluate((video: HTMLVideoElement) => video.buffered.start(0));
  // A player keeps fifteen seconds at least, so that nothing goes before the second key frame is as old.
  await until(async () => (await playerState(page)).time > KEYS_FAR_SECONDS + 16, "what has been played", 90_000);
  await until(async () => (await begin()) > 0, "room");
  assert.ok(Math.abs((await begin()) % KEYS_FAR_SECONDS) < 0.1, "it begins with a key frame");
  const { gaps, busyGaps } = await hearWitness(page);
  // A picture that was removed comes again with the next key frame.
  assert.ok(
    [...gaps, ...busyGaps].every((ms) => ms < 5000),
    `${[...gaps, ...busyGaps]}`,
  );
});

long("sound alone is a choice: the sound goes on under a calm picture that says so, in both engines", async (t) => {
  const lectern = await sharedLectern({ "ladder.rungs": "audio", "ladder.cores": "8" });
  pushNumbered(t, lectern, "lesson8");
  await lectern.stream("lesson8", (stream) => stream.video?.gopSeconds != null);
  for (const protocol of ["flv", "hls"]) {
    const page = await openSmallPage(t, { expected: /ERR_/, locale: "zh-CN" });
    await page.goto(`${lectern.http}/embed/lesson8?protocol=${protocol}`);
    await live(page);
    const [menu, sign] = [page.getByLabel("清晰度"), page.locator("lectern-player .sound-only")];
    await menu.selectOption({ label: "仅声音" });
    await until(async () => (await sign.isVisible()) && (await playerState(page)).state === "live", "the sound alone");
    assert.equal(await sign.textContent(), "仅声音");
    assert.equal(await page.locator("lectern-player canvas").isVisible(), true, "the last frame stays behind it");
    const { time } = await playerState(page);
    await until(async () => (await playerState(page)).time > time + 1, "the sound");
    await page.reload();
    await live(page);
    await until(() => sign.isVisible(), "the sound alone, again");
    assert.equal((await playerState(page)).width, 0);
    await menu.selectOption({ label: "自动" });
    await until(async () => !(await sign.isVisible()) && (await playerState(page)).width === 320, "the picture");
  }
});

long("where the browser forbids storage, the player plays and the menu works", async (t) => {
  const lectern = await sharedLectern({ "ladder.rungs": "audio", "ladder.cores": "8" });
  pushNumbered(t, lectern, "lesson9");
  await lectern.stream("lesson9", (stream) => stream.video?.gopSeconds != null);
  const page = await openSmallPage(t, { expected: /ERR_/ });
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("storage is forbidden", "SecurityError");
      },
    });
  });
  await page.goto(`${lectern.http}/embed/lesson9`);
  await live(page);
  await page.getByLabel("Quality").selectOption({ label: "Sound only" });
  await until(() => page.locator("lectern-player .sound-only").isVisible(), "the sound alone");
});

long("the start page asks for a code or a name, and nothing on it goes elsewhere", async (t) => {
  const lectern = await sharedLectern();
  pushNumbered(t, lectern, "lesson6");
  await lectern.stream("lesson6", (stream) => stream.video !== null);
  const page = await openSmallPage(t, { viewport: { width: 360, height: 740 } });
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await page.goto(lectern.http);
  await page.getByLabel("Lesson code").fill("lesson6");
  await page.getByRole("button", { name: "Join" }).click();
  await live(page);
  assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "lesson6");
  assert.deepEqual(
    [...hosts].filter((host) => host !== "" && host !== new URL(lectern.http).host),
    [],
  );
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `the page is ${width} px wide`);
  const policy = (await page.request.get(lectern.http)).headers()["content-security-policy"] ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
});
