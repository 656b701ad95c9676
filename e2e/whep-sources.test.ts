/**
 * WHEP of what encoders send by RTMP: sound as AAC follows the picture as Opus, and pictures with B-frames are made again. Each is made once for all
 * viewers, while there are any. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Audio, PeerConnection, Video } from "node-datachannel";
import { clip } from "./clips.ts";
import { commandOf, encodersOf } from "./encoders.ts";
import { publishForever } from "./ffmpeg.ts";
import { startLectern, until } from "./lectern.ts";
import { postOffer } from "./packet-viewer.ts";

/** Counts the packets of picture and sound, without a decoder. */
async function watchBoth(t: TestContext, url: string) {
  const connection = new PeerConnection("viewer", { iceServers: [] });
  t.after(() => connection.close());
  const video = new Video("0", "RecvOnly");
  video.addH264Codec(102);
  const audio = new Audio("1", "RecvOnly");
  audio.addOpusCodec(111);
  const seen = { pictures: 0, sounds: 0, location: "" };
  const tracks = [connection.addTrack(video), connection.addTrack(audio)] as const;
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
    const encoders = () => encodersOf(lectern.process.pid);
    assert.equal(encoders().length, jobs, encoders().map(commandOf).join("\n"));
    for (const encoder of encoders()) process.kill(encoder, "SIGKILL");
    const [{ pictures, sounds } = { pictures: 0, sounds: 0 }] = viewers;
    const [first] = viewers;
    await until(
      () => first && first.sounds > sounds + 200 && first.pictures > pictures + 50,
      "both after the encoders were killed",
    );
    assert.equal(encoders().length, jobs);
    for (const { location } of viewers) assert.equal((await fetch(location, { method: "DELETE" })).status, 200);
    await until(() => encoders().length === 0, "the end of the encoders");
  });
