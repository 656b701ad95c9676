/**
 * The table of publishers, watched: files of every container that FFmpeg copies, and messages of every shape, in Chromium by FLV, HLS and WHEP. Each picture moves,
 * and no player has to begin again. Only by name.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { openSmallPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { ffmpeg } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { noteProblems, problemsOf } from "./player-problems.ts";
import { COPIED, makeFiles } from "./publisher-files.ts";
import { adts, byteStream, perUnit } from "./publisher-shapes.ts";
import { publishTags } from "./tag-publisher.ts";

/** Seconds that a picture has to move. */
const MOVES = 3;
const SHAPES = { "each NAL unit": perUnit, "a byte stream": byteStream, "ADTS headers": adts } as const;
/** The engine of each protocol, and how a page is asked for it. */
const WAYS = { flv: "protocol=flv", hls: "protocol=hls", whep: "latency=realtime" } as const;

let folder = "";

before(async () => {
  // Long enough for all ways, one after the other: FFmpeg cannot begin a byte stream again.
  folder = await makeFiles(60);
});

async function watchEverywhere(t: TestContext, lectern: Lectern, name: string): Promise<void> {
  for (const [engine, how] of Object.entries(WAYS)) {
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
}

for (const [what, { input, options = [] }] of Object.entries(COPIED)) {
  test(`what FFmpeg copies of ${what} is watched by every protocol`, async (t) => {
    const lectern = await sharedLectern();
    const name = `watched-${what.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
    const inputs = input.flatMap((file) => ["-re", "-i", join(folder, file)]);
    ffmpeg(t, [...inputs, "-c", "copy", ...options, "-f", "flv", `${lectern.rtmp}/live/${name}`]);
    await lectern.stream(name, ({ video, audio }) => video !== null || audio !== null);
    await watchEverywhere(t, lectern, name);
  });
}

for (const [what, shaped] of Object.entries(SHAPES)) {
  test(`${what} in each message: watched by every protocol`, async (t) => {
    const lectern = await sharedLectern();
    const name = `watched-${what.toLowerCase().replaceAll(" ", "-")}`;
    await publishTags(t, lectern, name, clip("sliced"), () => true, shaped);
    await lectern.stream(name, ({ video }) => video !== null);
    await watchEverywhere(t, lectern, name);
  });
}
