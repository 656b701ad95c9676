/**
 * WHEP of what encoders send by RTMP: sound as AAC follows the picture as Opus, and pictures with B-frames are made again. Each is made once for all
 * viewers, while there are any. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Audio, PeerConnection, Video } from "node-datachannel";
import type { Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { clip } from "./clips.ts";
import { commandOf, encodersOf } from "./encoders.ts";
import { ffmpeg, publishForever } from "./ffmpeg.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { postOffer } from "./packet-viewer.ts";
import { watchWhep, whepPage, whepStatistics } from "./whep-page.ts";

/** Counts the packets of picture and sound, without a decoder. */
async function watchBoth(t: TestContext, url: string) {
  const connection = new PeerConnection("viewer", { iceServers: [] });
  const video = new Video("0", "RecvOnly");
  video.addH264Codec(102);
  const audio = new Audio("1", "RecvOnly");
  audio.addOpusCodec(111);
  const seen = { pictures: 0, sounds: 0, location: "" };
  const tracks = [connection.addTrack(video), connection.addTrack(audio)] as const;
  // Holds the tracks: the library closes a track that JavaScript has no reference to any more.
  t.after(() => {
    for (const track of tracks) track.close();
    connection.close();
  });
  const isMedia = (packet: Buffer): boolean => ((packet[1] ?? 0) & 0x7f) < 64 || ((packet[1] ?? 0) & 0x7f) > 95;
  tracks[0].onMessage((packet) => {
    if (isMedia(packet)) seen.pictures++;
  });
  tracks[1].onMessage((packet) => {
    if (isMedia(packet)) seen.sounds++;
  });
  const gathered = new Promise<void>((resolve) => {
    connection.onGatheringStateChange((state) => state === "complete" && resolve());
  });
  connection.setLocalDescription("offer");
  await gathered;
  const answer = await postOffer(url, connection.localDescription()?.sdp ?? "");
  const body = await answer.text();
  assert.equal(answer.status, 201, body);
  seen.location = new URL(answer.headers.get("location") ?? "", url).href;
  connection.setRemoteDescription(body, "answer");
  return seen;
}

/** One encoder of each kind, which comes again when it is killed, and ends with the last viewer. @param playsOn waits until viewers have more */
async function checkEncoders(
  lectern: Lectern,
  jobs: number,
  viewers: readonly { readonly location: string | null }[],
  playsOn: () => Promise<void>,
): Promise<void> {
  const encoders = () => encodersOf(lectern.process.pid);
  assert.equal(encoders().length, jobs, encoders().map(commandOf).join("\n"));
  for (const encoder of encoders()) process.kill(encoder, "SIGKILL");
  await playsOn();
  assert.equal(encoders().length, jobs);
  for (const { location } of viewers) assert.equal((await fetch(location ?? "", { method: "DELETE" })).status, 200);
  await until(() => encoders().length === 0, "the end of the encoders");
}

const SOURCES = [
  { kind: "aac", file: () => clip("numbered", 90), jobs: 1 },
  { kind: "reordered", file: () => clip("b-frames"), jobs: 2 },
] as const;

for (const { kind, file, jobs } of SOURCES)
  test(`${kind}: seen, and heard as Opus; one encoder of each kind for all viewers, which comes again when it is killed and ends with the last viewer`, async (t) => {
    const input = file();
    const lectern = await startLectern(t, { workers: "1", "ladder.idleSeconds": "5", "ladder.cores": "8" });
    publishForever(t, input, `${lectern.rtmp}/live/${kind}`);
    await lectern.stream(kind, ({ video, audio }) => video?.gopSeconds != null && audio !== null);
    const url = `${lectern.http}/live/${kind}/whep`;
    const begun = performance.now();
    const viewers = [await watchBoth(t, url), await watchBoth(t, url)];
    await until(() => viewers.every(({ pictures }) => pictures > 0), "pictures");
    t.diagnostic(`pictures after ${(performance.now() - begun).toFixed(0)} ms`);
    await until(() => viewers.every(({ sounds }) => sounds > 50), "sound");
    t.diagnostic(`a second of sound after ${(performance.now() - begun).toFixed(0)} ms`);
    await checkEncoders(lectern, jobs, viewers, async () => {
      const [{ pictures, sounds } = { pictures: 0, sounds: 0 }] = viewers;
      const [first] = viewers;
      await until(
        () => first && first.sounds > sounds + 200 && first.pictures > pictures + 50,
        "both after the encoders were killed",
      );
    });
  });

const IN_CHROMIUM = {
  plain: { bFrames: 0, jobs: 1 },
  reordered: { bFrames: 2, jobs: 2 },
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

for (const [kind, { bFrames, jobs }] of Object.entries(IN_CHROMIUM))
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
    const [page] = pages;
    await checkEncoders(lectern, jobs, watched, async () => {
      const { frames, samples } = await whepStatistics(page);
      await until(async () => {
        const now = await whepStatistics(page);
        return now.frames > frames + 50 && now.samples > samples + 96_000 ? now : null;
      }, "picture and sound after the encoders were killed");
      assert.equal((await whepStatistics(page)).state, "connected");
    });
  });
