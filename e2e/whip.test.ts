/** Publishing by WHIP: Chromium with its fake camera, and libdatachannel as in OBS Studio. Only with --all, or by name. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { flvMessages } from "../packages/server/src/live/pull/flv-messages.ts";
import { FAKE_DEVICES } from "./browser.ts";
import { clip } from "./clips.ts";
import { ffmpeg, ffmpegDone } from "./ffmpeg.ts";
import { sharedBrowser, sharedLectern } from "./fixtures.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { rtpPublisher, sendFile, whenConnected } from "./rtp-publisher.ts";
import { publishWhip, restartWhip, whipPage, whipStatistics } from "./whip-page.ts";

const SDP = { "content-type": "application/sdp" };
/** A busy machine takes its time for so many. */
const PICTURES = 15;
/** The streams of these servers end soon after their publishers. */
const SHORT = { "publish.graceSeconds": "1", "recording.auto": "pushed" };

type Uplink = { readonly uplink: { readonly lossPercent: number | null; readonly rttMs: number | null } };

/** Decodes the newest recording of a stream, and fails at the first broken frame. */
async function assertRecordingIsWhole(t: TestContext, lectern: Lectern, name: string): Promise<void> {
  // While its end is written, a reader may find a part of a frame.
  await until(async () => {
    const { items } = (await (await lectern.api("/api/v1/recordings")).json()) as { items: { name: string; whole: boolean }[] };
    return items.some((one) => one.name === name && one.whole);
  }, `the recording of ${name}`);
  const folder = join(lectern.directory, "recordings/live", name);
  const file = readdirSync(folder).find((one) => one.endsWith(".flv")) ?? "";
  // The camera's clock is not a frame rate's: times are compared as the file has them.
  const asTheyAre = ["-fps_mode", "passthrough", "-enc_time_base", "1:1000"];
  const { code, said } = await ffmpeg(t, [
    ...["-err_detect", "explode", "-xerror", "-i", join(folder, file), "-map", "0:v"],
    ...[...asTheyAre, "-f", "null", "-"],
  ]).done;
  assert.deepEqual([code, said], [0, ""], "the recording decodes without a complaint");
}

/** The codecs of the first frames of a stream by HTTP-FLV, as our own reader reads them: ffmpeg 5 knows no Opus in FLV. */
async function codecsInFlv(url: string): Promise<Set<string>> {
  const found = new Set<string>();
  const read = flvMessages((message) => {
    if (message.kind === "frame") found.add(`${message.track} ${message.codec}`);
  });
  const response = await fetch(url);
  for await (const bytes of response.body ?? []) {
    assert.equal(read(bytes), null);
    if (found.size >= 2) break;
  }
  return found;
}

test("a camera of Chromium is live by WHIP for FLV, HLS and RTMP, is recorded, and ends with DELETE", async (t) => {
  const lectern = await startLectern(t, SHORT);
  const page = await whipPage(t, await sharedBrowser(FAKE_DEVICES));
  const published = await publishWhip(page, { url: `${lectern.http}/live/camera/whip` });
  assert.equal(published.status, 201);
  assert.match(published.location ?? "", /\/live\/camera\/whip\/[^/]+$/);

  const isThere = ({ video, audio }: { video: unknown; audio: unknown }) => video !== null && audio !== null;
  const stream = await lectern.stream("camera", isThere);
  assert.deepEqual([stream.publisher?.protocol, stream.video?.codec, stream.audio?.codec], ["whip", "h264", "opus"]);

  const pictures = async (url: string) => {
    const out = await ffmpegDone(t, [
      "-analyzeduration",
      "2000000",
      "-probesize",
      "200000",
      "-i",
      url,
      "-map",
      "0:v",
      "-frames:v",
      String(PICTURES),
      "-f",
      "framemd5",
      "-",
    ]);
    return out
      .toString()
      .split("\n")
      .filter((line) => line.startsWith("0,")).length;
  };
  const ways = [`${lectern.http}/live/camera.flv?onlyvideo=1`, `${lectern.http}/live/camera.m3u8`, `${lectern.rtmp}/live/camera`];
  for (const way of ways) assert.ok((await pictures(way)) === PICTURES, `pictures from ${way}`);

  const flv = `${lectern.http}/live/camera.flv`;
  assert.deepEqual(await codecsInFlv(`${flv}?audio=opus`), new Set(["video avc1", "audio Opus"]));
  assert.deepEqual(
    await codecsInFlv(flv),
    new Set(["video avc1", "audio mp4a"]),
    "for players that do not say that they take Opus",
  );

  // Segments need a key frame every two seconds, and browsers send none by themselves.
  const steady = await until(async () => {
    const { video } = await lectern.stream("camera");
    return video?.gopSeconds && video.gopSeconds > 1 ? video.gopSeconds : null;
  }, "two key frames that were asked for");
  assert.ok(steady < 2.6, `key frames are ${steady} s apart`);
  const { uplink } = (await lectern.stream("camera", (one) => (one as never as Uplink).uplink.rttMs !== null)) as never as Uplink;
  assert.equal(uplink.lossPercent, 0);

  const deleted = await fetch(published.location ?? "", { method: "DELETE" });
  assert.equal(deleted.status, 200);
  await until(async () => (await lectern.metric('lectern_webrtc_sessions{kind="whip"}')) === 0, "no session");
  await until(() => lectern.said().includes('"reason":"unpublished"'), "the line in the log");
  assert.equal((await fetch(published.location ?? "", { method: "DELETE" })).status, 200, "it has ended already");
  await assertRecordingIsWhole(t, lectern, "camera");
  // The library's threads do not keep a worker alive.
  assert.equal(await lectern.stop(), 0);
});

test("ICE restarts without a new stream, and candidates are taken at whichever worker they arrive", async (t) => {
  const lectern = await sharedLectern({ ...SHORT, workers: "3" });
  const page = await whipPage(t, await sharedBrowser(FAKE_DEVICES));
  const { location, etag } = await publishWhip(page, { url: `${lectern.http}/live/moves/whip` });
  const before = await lectern.stream("moves", ({ video }) => video !== null);
  const fragment = "a=mid:0\r\na=candidate:1 1 UDP 2130706431 192.0.2.1 50000 typ host\r\na=end-of-candidates\r\n";
  const patch = (body: string, more: Record<string, string> = {}) =>
    fetch(location ?? "", {
      method: "PATCH",
      headers: { "content-type": "application/trickle-ice-sdpfrag", connection: "close", ...more },
      body,
    });
  for (let i = 0; i < 12; i++) assert.equal((await patch(fragment, { "if-match": etag ?? "" })).status, 204);
  assert.equal((await patch(fragment, { "if-match": '"another"' })).status, 412);
  assert.equal((await patch("a=candidate:nonsense\r\n")).status, 400);
  assert.equal((await patch(`a=ice-ufrag:abcd\r\na=ice-pwd:${"x".repeat(22)}\r\n`)).status, 422);

  const { frames: encoded } = await whipStatistics(page);
  assert.equal(await restartWhip(page), 200);
  await until(async () => (await whipStatistics(page)).frames > encoded + 20, "pictures after the restart");
  await until(async () => (await lectern.metric("lectern_webrtc_half_open")) === 0, "the new connection");
  const after = await lectern.stream("moves", ({ publisher }) => publisher !== null);
  assert.deepEqual([after.epoch, after.term], [before.epoch, before.term]);
  assert.equal((await fetch(location ?? "", { method: "DELETE", headers: { connection: "close" } })).status, 200);
});

test("VP8 of a browser is taken as it is", async (t) => {
  const lectern = await sharedLectern();
  const page = await whipPage(t, await sharedBrowser(FAKE_DEVICES));
  const { status } = await publishWhip(page, { url: `${lectern.http}/live/vp8/whip`, videoCodec: "video/VP8" });
  assert.equal(status, 201);
  const stream = await lectern.stream("vp8", ({ video }) => video !== null);
  assert.deepEqual([stream.video?.codec, stream.audio?.codec], ["vp8", "opus"]);
});

test("an encoder that uses libdatachannel publishes, and lost packets never become broken pictures", async (t) => {
  const lectern = await sharedLectern({ ...SHORT, workers: "3" });
  const publisher = await rtpPublisher(t, { url: `${lectern.http}/live/obs/whip` });
  assert.equal(publisher.status, 201);
  await whenConnected(publisher);
  let count = 0;
  // Of the packets, one in 40 is lost, one is garbage, one comes twice, and one late.
  let late: Buffer | null = null;
  await sendFile(t, publisher, clip("counted", 90), ({ bytes }) => {
    count++;
    const out = late ? [bytes, late] : [bytes];
    late = null;
    if (count % 40 === 0) return [];
    if (count % 40 === 10) return [Buffer.from("80e40001000000010000270fdeadbeef", "hex"), ...out];
    if (count % 40 === 20) return [bytes, ...out];
    if (count % 40 === 30) {
      late = bytes;
      return out.slice(1);
    }
    return out;
  });
  const stream = await lectern.stream("obs", ({ video, audio }) => video !== null && audio !== null);
  assert.deepEqual([stream.video?.codec, stream.audio?.codec], ["h264", "opus"]);
  const lossy = (await lectern.stream("obs", (one) => ((one as never as Uplink).uplink.lossPercent ?? 0) > 1)) as never as Uplink;
  assert.ok((lossy.uplink.lossPercent ?? 0) < 20);
  await ffmpegDone(t, [
    "-err_detect",
    "explode",
    "-xerror",
    "-t",
    "4",
    "-i",
    `${lectern.http}/live/obs.flv?onlyvideo=1`,
    "-an",
    "-f",
    "null",
    "-",
  ]);
  publisher.close();
  await until(
    () =>
      lectern
        .said()
        .split("\n")
        .some((line) => /"msg":"publisher disconnected"/.test(line) && /obs/.test(line)),
    "the end",
  );
  await assertRecordingIsWhole(t, lectern, "obs");
});

test("what cannot be published is refused with its code", async (t) => {
  const lectern = await sharedLectern({
    "publish.allow": "keys",
    "publish.keys": '{"live/keyed": "s3cret", "live/math": "s3cret"}',
  });
  const url = `${lectern.http}/live/math/whip`;
  const post = async (body: string, headers: Record<string, string> = SDP) => {
    const response = await fetch(url, { method: "POST", headers, body });
    return [response.status, ((await response.json()) as { code: string }).code];
  };
  assert.deepEqual(await post("v=0\r\n"), [400, "bad-offer"]);
  assert.deepEqual(await post("x".repeat(100_000)), [413, "too-large"]);
  assert.deepEqual(await post("{}", { "content-type": "application/json" }), [400, "bad-request"]);
  const wrong = await rtpPublisher(t, { url, key: "wrong" });
  assert.deepEqual([wrong.status, wrong.code], [401, "bad-key"]);
  const g722 = await rtpPublisher(t, { url, key: "s3cret", offer: (sdp) => sdp.replaceAll("H264/90000", "H263/90000") });
  assert.deepEqual([g722.status, g722.code], [422, "no-common-codec"]);
  const twoPictures = (sdp: string): string => {
    const video = sdp
      .slice(sdp.indexOf("m=video"))
      .replace(/a=mid:\S+/, "a=mid:second")
      .replaceAll(/a=ssrc.*\r\n/g, "");
    return sdp.replace(/a=group:BUNDLE .*/, "$& second") + video;
  };
  const withoutChannels = (sdp: string): string => sdp.replace("opus/48000/2", "opus/48000");
  const double = await rtpPublisher(t, { url, key: "s3cret", offer: twoPictures });
  assert.deepEqual([double.status, double.code], [406, "too-many-media"]);
  const first = await rtpPublisher(t, { url, key: "s3cret", offer: withoutChannels });
  assert.equal(first.status, 201);
  await whenConnected(first);
  await sendFile(t, first, clip("counted", 90));
  await lectern.stream("math", ({ video }) => video !== null);
  const second = await rtpPublisher(t, { url, key: "s3cret" });
  assert.deepEqual([second.status, second.code], [409, "publisher-present"]);
  const preflight = await fetch(url, { method: "OPTIONS" });
  assert.deepEqual([preflight.status, preflight.headers.get("accept-post")], [204, "application/sdp"]);
  assert.match(preflight.headers.get("access-control-allow-headers") ?? "", /authorization/);
  assert.equal((await fetch(url, { method: "PUT", body: "" })).status, 405);
  assert.equal((await fetch(`${url}/nobody.0.${"x".repeat(22)}`, { method: "DELETE" })).status, 404);
});
