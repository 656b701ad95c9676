/**
 * Publishing from Chromium's fake camera: what viewers get, a slow uplink, a worker that dies, and a key that is taken away. The
 * machine that tests this encodes beside it, so times are those of a person's patience and not of a benchmark. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { Publisher } from "../packages/publisher/src/supervise/publisher-types.ts";
import { FAKE_DEVICES } from "./browser.ts";
import { ffmpeg, ffprobe } from "./ffmpeg.ts";
import { sharedBrowser, sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { publishingPage, seenStates, startPublishing, stateOf, statisticsOf } from "./published-page.ts";
import { slowUplink } from "./slow-uplink.ts";
import { pidOf } from "./worker-connections.ts";

const server = () => sharedLectern({ workers: "2" });
const live = (page: Page) => until(async () => (await stateOf(page)).phase === "live", "the publisher");

/** What pages have by `published-page.ts`. */
type Global = {
  readonly publisher: Publisher;
  readonly lectern: typeof import("../packages/publisher/src/index.ts");
  readonly camera: MediaStream;
};

test("by WebSocket the camera reaches viewers by HLS with sound and picture together, and decodes without an error", async (t) => {
  const lectern = await server();
  const page = await publishingPage(t, await sharedBrowser(FAKE_DEVICES), lectern.http);
  await startPublishing(page, { address: `${lectern.http}/live/camera`, prefer: "websocket" });
  await live(page);
  const { publisher, video, audio } = await lectern.stream(
    "camera",
    (stream) => stream.video?.gopSeconds != null && stream.audio !== null,
  );
  assert.equal(publisher?.protocol, "ws");
  assert.equal(video?.codec, "h264");
  assert.ok((video?.gopSeconds ?? 9) < 3, `${video?.gopSeconds} s between key frames`);
  t.diagnostic(`sound as ${audio?.codec}`);
  const hls = `${lectern.http}/live/camera.m3u8`;
  await until(async () => /codec_name=aac/.test(await ffprobe(t, hls)), "sound as AAC");
  const args = [
    // This ffmpeg reads no Opus in FLV.
    ...["-xerror", "-err_detect", "explode", "-i", hls, "-t", "4"],
    ...["-map", "0:v", "-map", "0:a", "-fps_mode", "passthrough", "-f", "framemd5", "-"],
  ];
  // Its AAC is made for the first who asks: on a busy machine the list begins with pictures before it, or with sound while the picture stood.
  await until(async () => {
    const { code, out, said } = await ffmpeg(t, args).done;
    if (said.includes("matches no streams")) return false;
    assert.equal(code, 0, said);
    const lines = String(out).split("\n");
    assert.ok(lines.filter((line) => line.startsWith("0,")).length > 20, "pictures");
    return lines.filter((line) => line.startsWith("1,")).length > 150;
  }, "four seconds with sound");
  const report = await lectern.api("/api/v1/streams");
  const { items } = (await report.json()) as { items: { name: string; uplink: { avOffsetMs: number | null } }[] };
  const apart = items.find(({ name }) => name === "camera")?.uplink.avOffsetMs ?? 0;
  t.diagnostic(`sound and picture ${apart} ms apart`);
});

test("other tracks, and a muted microphone, need no other connection; the uplink can be measured before", async (t) => {
  const lectern = await server();
  const page = await publishingPage(t, await sharedBrowser(FAKE_DEVICES), lectern.http);
  const address = `${lectern.http}/live/changing`;
  const measured = await page.evaluate((to) => {
    const { lectern: library } = globalThis as unknown as Global;
    return library.measureUplink(to, "any");
  }, address);
  t.diagnostic(JSON.stringify(measured));
  assert.ok(measured.kbps > 2000 && measured.rttMs < 1000, JSON.stringify(measured));
  await startPublishing(page, { address, prefer: "websocket" });
  await live(page);
  await lectern.stream("changing", ({ video }) => video?.height === 360);
  const heights = await page.evaluate(async () => {
    const { publisher, lectern: library, camera } = globalThis as unknown as Global;
    const screen = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const context = screen.getContext("2d");
    setInterval(() => context?.fillRect(Math.random() * 640, Math.random() * 480, 20, 20), 40);
    const composed = library.composeStreams({ camera, screen: screen.captureStream(25), corner: "top-left" });
    const mixed = library.mixAudio([camera]);
    await publisher.replaceStream(new MediaStream([...composed.stream.getVideoTracks(), ...mixed.stream.getAudioTracks()]));
    return composed.stream.getVideoTracks().length;
  });
  assert.equal(heights, 1);
  await lectern.stream("changing", ({ video }) => video?.width === 640 && video.height === 480);
  await until(async () => ((await statisticsOf(page)).audioLevel ?? 0) > 0, "sound of the mix");
  await page.evaluate(() => (globalThis as unknown as Global).publisher.setMuted("audio", true));
  await until(async () => (await statisticsOf(page)).audioLevel === 0, "silence");
  assert.deepEqual(
    (await seenStates(page)).map(({ phase }) => phase),
    ["connecting", "live"],
  );
});

test("when the uplink falls to 400 kbps the bitrate follows, what waits is sent, and it recovers", async (t) => {
  const lectern = await server();
  const line = await slowUplink(t, lectern.httpPort);
  const page = await publishingPage(t, await sharedBrowser(FAKE_DEVICES), `http://127.0.0.1:${line.port}`);
  await startPublishing(page, { address: `http://127.0.0.1:${line.port}/live/squeezed`, prefer: "websocket" });
  await live(page);
  await lectern.stream("squeezed", ({ video }) => video !== null);
  // The pattern of the fake camera needs few bits: noise needs all that it is given.
  await page.evaluate(() => {
    const { publisher, camera } = globalThis as unknown as Global;
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
    const noise = new OffscreenCanvas(80, 45);
    const image = new ImageData(80, 45);
    setInterval(() => {
      const words = new Uint32Array(image.data.buffer);
      for (let i = 0; i < words.length; i++) words[i] = 0xff000000 | (Math.random() * 2 ** 24);
      noise.getContext("2d")?.putImageData(image, 0, 0);
      canvas.getContext("2d")?.drawImage(noise, 0, 0, 640, 360);
    }, 50);
    const track = canvas.captureStream(20).getVideoTracks()[0];
    if (track) track.contentHint = "motion";
    return publisher.replaceStream(new MediaStream([...(track ? [track] : []), ...camera.getAudioTracks()]));
  });
  await until(async () => ((await statisticsOf(page)).kbps ?? 0) > 600, "a stream of more than the line will carry");
  line.limit(400);
  await until(async () => ((await statisticsOf(page)).targetKbps ?? 9999) <= 400, "a bitrate that fits");
  await until(async () => {
    const { queueMs, kbps } = await statisticsOf(page);
    return (queueMs ?? 9999) < 1000 && (kbps ?? 0) > 100 && (kbps ?? 9999) < 450;
  }, "a queue that is sent while the line is narrow");
  line.limit(null);
  await until(async () => ((await statisticsOf(page)).targetKbps ?? 0) > 700, "the recovery");
  assert.deepEqual(
    (await seenStates(page)).map(({ phase }) => phase),
    ["connecting", "live"],
  );
});

test("when the server's worker is killed the publisher is live again by itself", async (t) => {
  const lectern = await server();
  const page = await publishingPage(t, await sharedBrowser(FAKE_DEVICES), lectern.http);
  await startPublishing(page, { address: `${lectern.http}/live/killed`, prefer: "websocket" });
  await live(page);
  const { process: worker } = await lectern.stream("killed", ({ video }) => video !== null);
  const killedAt = await page.evaluate(() => performance.now());
  process.kill(pidOf(lectern, worker), "SIGKILL");
  const back = await until(
    async () => (await seenStates(page)).find(({ phase, at }) => phase === "live" && at > killedAt) ?? null,
    "it live again",
  );
  t.diagnostic(`live again after ${Math.round(back.at - killedAt)} ms`);
  await lectern.stream("killed", ({ video }) => video !== null);
});

test("a key that is taken away ends it, with the server's words", async (t) => {
  const lectern = await server();
  const { id, stream } = await done(lectern, "POST", "/lessons", { title: "Physics" });
  await done(lectern, "POST", `/lessons/${id}/start`);
  const page = await publishingPage(t, await sharedBrowser(FAKE_DEVICES), lectern.http);
  await startPublishing(page, { address: `${lectern.http}/live/${stream.name}`, key: stream.publishKey, prefer: "websocket" });
  await live(page);
  await done(lectern, "POST", `/lessons/${id}/rotate-key`, { disconnect: true });
  await until(async () => (await stateOf(page)).phase === "refused", "the end");
  const { reason } = await stateOf(page);
  assert.ok(["bad-key", "ended-by-operator"].includes(reason?.code ?? ""), JSON.stringify(reason));
  assert.ok((reason?.detail ?? "").length > 10);
});

test("by itself it publishes by WHIP, and ends it at once when it is closed", async (t) => {
  const lectern = await server();
  const page = await publishingPage(t, await sharedBrowser(FAKE_DEVICES), lectern.http);
  await startPublishing(page, { address: `${lectern.http}/live/realtime` });
  await live(page);
  assert.equal((await stateOf(page)).way, "whip");
  const { publisher } = await lectern.stream("realtime", ({ video, audio }) => video !== null && audio !== null);
  assert.equal(publisher?.protocol, "whip");
  await until(async () => ((await statisticsOf(page)).kbps ?? 0) > 50, "statistics");
  await page.evaluate(() => (globalThis as unknown as Global).publisher.close());
  await until(
    async () => (await lectern.stream("realtime", (other) => other.publisher === null)) !== null,
    "the end of the publisher",
  );
});
