/**
 * WHEP of what encoders send by RTMP: sound as AAC follows the picture as Opus, and pictures with B-frames are made again. Each is made once for all
 * viewers, while there are any. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Audio, PeerConnection, Video } from "node-datachannel";
import type { Page } from "playwright-core";
import { clip } from "./clips.ts";
import { commandOf, encodersOf } from "./encoders.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedBrowser, wholeFile } from "./fixtures.ts";
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
  // Where the machine is so busy that the encoder is seconds behind, who comes then is refused for a while.
  const answer = await until(async () => {
    const one = await postOffer(url, connection.localDescription()?.sdp ?? "");
    return one.status === 503 ? null : one;
  }, "an answer");
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

/** The server's encoders are counted, and killed: nothing else is on it. */
let server: Promise<Lectern> | null = null;
const ownServer = () => (server ??= startLectern(wholeFile, { workers: "1", "ladder.idleSeconds": "5", "ladder.cores": "8" }));

const plays = (page: Page, what: string) => {
  let from: Awaited<ReturnType<typeof whepStatistics>> | null = null;
  return until(async () => {
    const now = await whepStatistics(page);
    from ??= now;
    const hasBoth = now.frames > from.frames + 10 && now.samples > from.samples + 48_000 && now.energy > from.energy;
    return now.width > 0 && hasBoth ? now : null;
  }, what);
};

for (const [kind, file, jobs] of [
  ["aac", clip("counted", 90), 1],
  ["reordered", clip("10 fps, B-frames", 20), 2],
] as const)
  test(`${kind}: seen, and heard as Opus, in Chromium too; one encoder of each kind for all viewers; killed, it comes again; it ends with the last viewer`, async (t) => {
    const lectern = await ownServer();
    publishForever(t, file, `${lectern.rtmp}/live/${kind}`);
    await lectern.stream(kind, ({ video, audio }) => video?.gopSeconds != null && audio !== null);
    const url = `${lectern.http}/live/${kind}/whep`;
    const begun = performance.now();
    const counted = await watchBoth(t, url);
    const page = await whepPage(t, await sharedBrowser());
    // A muted element decodes no sound.
    await page.evaluate('document.querySelector("video").muted = false');
    const watched = await until(async () => {
      const answer = await watchWhep(page, url);
      return answer.status === 201 ? answer : null;
    }, "an answer for Chromium");
    assert.equal(watched.problem, null);
    await until(() => counted.pictures > 0 && counted.sounds > 50, "picture and sound");
    t.diagnostic(`a second of sound after ${(performance.now() - begun).toFixed(0)} ms`);
    t.diagnostic(JSON.stringify(await plays(page, "picture and sound in Chromium")));
    await checkEncoders(lectern, jobs, [counted, watched], async () => {
      const { pictures, sounds } = counted;
      const { frames, samples } = await whepStatistics(page);
      await until(() => counted.sounds > sounds + 100 && counted.pictures > pictures + 20, "both after the encoders were killed");
      await until(async () => {
        const now = await whepStatistics(page);
        return now.frames > frames + 20 && now.samples > samples + 96_000;
      }, "picture and sound in Chromium after the encoders were killed");
      assert.equal((await whepStatistics(page)).state, "connected");
    });
  });
