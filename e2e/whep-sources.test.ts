/**
 * WHEP of what encoders send by RTMP with sound as AAC: the picture goes out untouched and at once, and sound follows as Opus, which is made once for
 * all viewers, while there are any. Only with --all, or by name.
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

test("viewers see a source with AAC at once and hear it as Opus; one encoder for all, which comes again when it is killed and ends with the last viewer", async (t) => {
  const file = clip("numbered", 90);
  const lectern = await startLectern(t, { workers: "1", "ladder.idleSeconds": "5", "ladder.cores": "8" });
  publishForever(t, file, `${lectern.rtmp}/live/aac`);
  await lectern.stream("aac", ({ video, audio }) => video?.gopSeconds != null && audio !== null);
  const url = `${lectern.http}/live/aac/whep`;
  const begun = performance.now();
  const viewers = [await watchBoth(t, url), await watchBoth(t, url)];
  await until(() => viewers.every(({ pictures }) => pictures > 0), "pictures");
  t.diagnostic(`pictures after ${(performance.now() - begun).toFixed(0)} ms`);
  await until(() => viewers.every(({ sounds }) => sounds > 50), "sound");
  t.diagnostic(`a second of sound after ${(performance.now() - begun).toFixed(0)} ms`);
  const encoders = () => encodersOf(lectern.process.pid);
  assert.equal(encoders().length, 1, encoders().map(commandOf).join("\n"));
  for (const encoder of encoders()) process.kill(encoder, "SIGKILL");
  const [{ pictures, sounds } = { pictures: 0, sounds: 0 }] = viewers;
  await until(() => (viewers[0]?.sounds ?? 0) > sounds + 200, "sound after the encoder was killed");
  assert.ok((viewers[0]?.pictures ?? 0) > pictures + 50);
  assert.equal(encoders().length, 1);
  for (const { location } of viewers) assert.equal((await fetch(location, { method: "DELETE" })).status, 200);
  await until(() => encoders().length === 0, "the end of the encoder");
});
