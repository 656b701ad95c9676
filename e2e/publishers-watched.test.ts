/**
 * The table of publishers, watched: files of every container that FFmpeg and GStreamer copy, and messages of every shape, in Chromium by FLV, HLS and WHEP, and in
 * Firefox by FLV and HLS. Each picture moves, and no player has to begin again. Only by name.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { openSmallPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { ffmpeg } from "./ffmpeg.ts";
import { type FirefoxPage, firefoxPage } from "./firefox.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { GSTREAMER_COPIES, rtmpSink, runPipeline, srtSink } from "./gstreamer-copies.ts";
import { type Lectern, until } from "./lectern.ts";
import { noteProblems, problemsOf } from "./player-problems.ts";
import { COPIED, makeFiles, OLD_SOUND, oldSound } from "./publisher-files.ts";
import { adts, allKeys, byteStream, noKeys, perUnit } from "./publisher-shapes.ts";
import { freeUdpPort, srtUrl } from "./srt-publisher.ts";
import { publishTags } from "./tag-publisher.ts";

/** Seconds that a picture has to move. */
const MOVES = 3;
const SHAPES = {
  "each NAL unit": perUnit,
  "a byte stream": byteStream,
  "ADTS headers": adts,
  "a key frame that is none": allKeys,
  "a key frame without its sign": noKeys,
} as const;
/** The engine of each protocol, and how a page is asked for it. */
const CHROMIUM = { flv: "protocol=flv", hls: "protocol=hls", whep: "latency=realtime" } as const;
/** Firefox has no H.264 by WebRTC without a plugin that it downloads. */
const FIREFOX = { flv: "protocol=flv", hls: "protocol=hls" } as const;

let folder = "";
let firefox: FirefoxPage;
let srtPort = 0;

before(async () => {
  // Long enough for all ways: FFmpeg cannot begin a byte stream again.
  folder = await makeFiles(90);
  // One for all rows: it takes longer to begin than to watch.
  firefox = await firefoxPage(wholeFile);
  srtPort = await freeUdpPort();
});

async function watchEverywhere(t: TestContext, lectern: Lectern, name: string): Promise<void> {
  await Promise.all([
    ...Object.entries(CHROMIUM).map(([engine, how]) => watchInChromium(t, lectern, name, engine, how)),
    inFirefox(lectern, name),
  ]);
}

async function watchInChromium(t: TestContext, lectern: Lectern, name: string, engine: string, how: string): Promise<void> {
  const page = await openSmallPage(t, { expected: /ERR_|404/ });
  await noteProblems(page);
  await page.goto(`${lectern.http}/embed/${name}?${how}&muted=1`);
  const first = await until(async () => {
    const now = await playerState(page);
    return now.state === "live" && now.time > 0 ? now : null;
  }, `a picture of ${name} by ${engine}`);
  await until(async () => (await playerState(page)).time > first.time + MOVES, `${name} to move by ${engine}`);
  const { state, reconnects, engine: plays } = await playerState(page);
  assert.deepEqual([plays, state, reconnects, await problemsOf(page)], [engine, "live", 0, []], `${name} by ${engine}`);
  await page.close();
}

async function inFirefox(lectern: Lectern, name: string): Promise<void> {
  for (const [engine, how] of Object.entries(FIREFOX)) {
    await firefox.goto(`${lectern.http}/embed/${name}?${how}&muted=1`);
    const first = await until(async () => {
      const now = await firefox.evaluate(shown, null);
      return now.state === "live" && now.time > 0 ? now : null;
    }, `a picture of ${name} in Firefox by ${engine}`);
    await until(
      async () => (await firefox.evaluate(shown, null)).time > first.time + MOVES,
      `${name} to move in Firefox by ${engine}`,
    );
    const { state, reconnects, plays } = await firefox.evaluate(shown, null);
    assert.deepEqual([plays, state, reconnects], [engine, "live", 0], `${name} in Firefox by ${engine}`);
  }
}

/** What the page's player shows. */
function shown() {
  const player = document.querySelector("lectern-player");
  const statistics: Record<string, unknown> = (player && Reflect.get(player, "statistics")) ?? {};
  return {
    state: String(player && Reflect.get(player, "state")),
    time: player?.shadowRoot?.querySelector("video")?.currentTime ?? 0,
    plays: String(statistics["engine"]),
    reconnects: Number(statistics["reconnects"]),
  };
}

const nameOf = (what: string) => `watched-${what.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;

for (const [what, { input, options = [] }] of Object.entries(COPIED)) {
  test(`what FFmpeg copies of ${what} is watched by every protocol`, async (t) => {
    const lectern = await sharedLectern();
    const name = nameOf(what);
    const inputs = input.flatMap((file) => ["-re", "-i", join(folder, file)]);
    ffmpeg(t, [...inputs, "-c", "copy", ...options, "-f", "flv", `${lectern.rtmp}/live/${name}`]);
    await lectern.stream(name, ({ video, audio }) => video !== null || audio !== null);
    await watchEverywhere(t, lectern, name);
  });
}

for (const [what, codec] of Object.entries(OLD_SOUND)) {
  test(`a picture with sound in ${what} is watched by every protocol`, async (t) => {
    const lectern = await sharedLectern();
    const name = nameOf(what);
    ffmpeg(t, [...oldSound(codec), "-f", "flv", `${lectern.rtmp}/live/${name}`]);
    await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
    await watchEverywhere(t, lectern, name);
  });
}

for (const [what, pipeline] of Object.entries(GSTREAMER_COPIES)) {
  test(`what GStreamer copies of ${what} by RTMP is watched by every protocol`, async (t) => {
    const lectern = await sharedLectern();
    const name = nameOf(`gstreamer ${what}`);
    runPipeline(t, `${rtmpSink(`${lectern.rtmp}/live/${name}`)} ${pipeline}`, folder);
    await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
    await watchEverywhere(t, lectern, name);
  });
}

const BY_SRT: Readonly<Record<string, (t: TestContext, streamId: string) => void>> = {
  FFmpeg: (t, streamId) => {
    ffmpeg(t, ["-re", "-i", join(folder, "a.ts"), "-c", "copy", "-f", "mpegts", srtUrl(srtPort, streamId)]);
  },
  GStreamer: (t, streamId) => {
    runPipeline(t, `${srtSink(srtPort, streamId)} ${GSTREAMER_COPIES["MP4"]}`, folder);
  },
};

for (const [what, publish] of Object.entries(BY_SRT)) {
  test(`what ${what} publishes by SRT is watched by every protocol`, async (t) => {
    const lectern = await sharedLectern({ "srt.host": "127.0.0.1", "srt.port": String(srtPort) });
    const name = nameOf(`${what} by srt`);
    publish(t, `publish:live/${name}`);
    await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
    await watchEverywhere(t, lectern, name);
  });
}

for (const [what, shaped] of Object.entries(SHAPES)) {
  test(`${what} in each message: watched by every protocol`, async (t) => {
    const lectern = await sharedLectern();
    const name = nameOf(what);
    await publishTags(t, lectern, name, clip("sliced"), () => true, shaped);
    await lectern.stream(name, ({ video }) => video !== null);
    await watchEverywhere(t, lectern, name);
  });
}
