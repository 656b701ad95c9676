/** Firefox without its plugin for H.264 watches, also where a lesson asks for real time, and publishes its camera as VP8. Only with --all, or by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { ffmpegDone, parseFrames, publishForever } from "./ffmpeg.ts";
import { firefoxPage } from "./firefox.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";

/** Pictures that the page's player has shown, and their width. */
function shown(): { readonly pictures: number; readonly width: number } | null {
  const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
  return video ? { pictures: video.getVideoPlaybackQuality().totalVideoFrames, width: video.videoWidth } : null;
}

/** What WHEP answers an offer that wants both the picture and the sound. */
async function askWhep(name: string): Promise<{ readonly status: number; readonly code: unknown }> {
  const connection = new RTCPeerConnection();
  for (const kind of ["video", "audio"]) connection.addTransceiver(kind, { direction: "recvonly" });
  await connection.setLocalDescription();
  const body = connection.localDescription?.sdp ?? "";
  const answer = await fetch(`/live/${name}/whep`, { method: "POST", headers: { "content-type": "application/sdp" }, body });
  connection.close();
  return { status: answer.status, code: (await answer.json()).code };
}

test("Firefox shows a live stream, and where WebRTC could carry only its sound, it takes another way", async (t) => {
  const lectern = await sharedLectern({ "ladder.cores": "0" });
  // With B-frames, of which a server without cores for ladders makes nothing else.
  publishForever(t, clip("2 s GOP", 40), `${lectern.rtmp}/live/reordered`);
  publishForever(t, clip("for WebRTC", 20), `${lectern.rtmp}/live/plain`);
  for (const name of ["reordered", "plain"]) await lectern.stream(name, (stream) => stream.video !== null);
  const page = await firefoxPage(t);
  for (const [name, latency, width] of [
    ["reordered", "normal", 320],
    ["reordered", "realtime", 320],
    ["plain", "realtime", 320],
  ] as const) {
    await page.goto(`${lectern.http}/?stream=${name}&latency=${latency}`);
    const first = await until(async () => {
      const now = await page.evaluate(shown, null);
      return now && now.pictures > 10 ? now : null;
    }, `pictures of ${name} with latency=${latency}`);
    assert.equal(first.width, width);
    await until(async () => ((await page.evaluate(shown, null))?.pictures ?? 0) > first.pictures + 10, "the picture goes on");
  }
  assert.deepEqual(await page.evaluate(askWhep, "reordered"), { status: 404, code: "not-in-webrtc" });
  assert.deepEqual(await page.evaluate(askWhep, "plain"), { status: 422, code: "no-common-codec" });
});

test("Firefox publishes its camera by WHIP as VP8, and others watch it as H.264", async (t) => {
  const lectern = await sharedLectern({ "ladder.cores": "8" });
  const page = await firefoxPage(t);
  await page.goto(`${lectern.http}/robots.txt`);
  await page.evaluate(async () => {
    const library = "/publisher.js";
    const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    const { createPublisher } = await import(library);
    Object.assign(globalThis, { publisher: createPublisher({ address: `${location.origin}/live/camera`, key: "any", stream }) });
  }, null);
  const report = await lectern.stream("camera", ({ video, audio }) => video !== null && video.width > 0 && audio !== null);
  assert.deepEqual([report.publisher?.protocol, report.video?.codec, report.audio?.codec], ["whip", "vp8", "opus"]);
  const some = ["-map", "0:v", "-frames:v", "50", "-fps_mode", "passthrough", "-f", "framemd5", "-"];
  const form = `${lectern.http}/live/camera@rtc.flv`;
  await until(() => opens(form), "the form's encoder, which a busy machine lets wait");
  const decoded = parseFrames((await ffmpegDone(t, ["-i", form, ...some])).toString());
  assert.equal(decoded.length, 50);
  assert.ok(new Set(decoded.map(({ hash }) => hash)).size > 25, "the pictures of a camera differ");
});

/** Whether a stream is served now. */
async function opens(address: string): Promise<boolean> {
  const { ok, body } = await fetch(address);
  await body?.cancel();
  return ok;
}
