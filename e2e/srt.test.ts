/**
 * Publishing by SRT with the libsrt of ffmpeg and of GStreamer: stream ids, keys, encryption, codecs, and what a refused encoder and the people of its
 * lesson are told.
 */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { ffmpegDone, ffprobe } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { GSTREAMER_COPIES, runPipeline, srtSink } from "./gstreamer-copies.ts";
import { type StreamReport, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { freeUdpPort, publishBySrt, srtUrl } from "./srt-publisher.ts";

const port = await freeUdpPort();
const secretPort = await freeUdpPort();
const PASSPHRASE = "correct-horse-battery";
const usual = { "srt.host": "127.0.0.1", "publish.graceSeconds": "1", "srt.port": String(port) };
const encrypted = { ...usual, "srt.port": String(secretPort), "srt.passphrase": PASSPHRASE };

/** Three seconds of a stream, which must decode without a fault. */
const decodes = (t: Parameters<typeof ffmpegDone>[0], url: string) =>
  ffmpegDone(t, ["-err_detect", "explode", "-xerror", "-i", url, "-t", "3", "-f", "null", "-"]);

test("a lesson's stream is published with its key, and reported with its line", async (t) => {
  const lectern = await sharedLectern(usual);
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  const { name, publishKey } = lesson.stream;
  const url = srtUrl(port, `#!::r=live/${name},m=publish,key=${publishKey}`, "latency=300000");
  const run = publishBySrt(t, clip("tiny"), url);
  const report = await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
  assert.deepEqual([report.publisher?.protocol, report.publisher?.agent], ["srt", "libsrt 1.5.1"]);
  assert.deepEqual([report.video?.codec, report.audio?.codec], ["h264", "aac"]);
  const { uplink } = await lectern.stream(name, ({ uplink: { lossPercent } }) => lossPercent !== null);
  assert.deepEqual([uplink.lossPercent, uplink.unrecoveredPercent, uplink.latencyMs, uplink.faults], [0, 0, 300, 0]);
  await until(async () => (await done(lectern, "GET", `/lessons/${lesson.id}`)).state === "live", "the lesson to be live");
  const { play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" });
  await decodes(t, play.flv);
  await decodes(t, play.srt);
  assert.equal(await lectern.metric("lectern_srt_connections"), 1);
  run.child.kill("SIGTERM");
  await until(async () => (await lectern.metric("lectern_srt_connections")) === 0, "no connection");
  assert.doesNotMatch(lectern.said(), new RegExp(publishKey));
});

test("a refused encoder has the reason in its log, and so have the people of the lesson", async (t) => {
  const lectern = await sharedLectern(usual);
  const lesson = await done(lectern, "POST", "/lessons", { title: "Physics" });
  const { name, publishKey } = lesson.stream;
  const refused = async (streamId: string, ...options: readonly string[]) => {
    const { code, said } = await publishBySrt(t, clip("tiny"), srtUrl(port, streamId, ...options)).done;
    assert.notEqual(code, 0);
    return said;
  };
  assert.match(await refused(`publish:live/${name}`), /Application-defined rejection/);
  assert.match(await refused(`publish:live/${name}:wrong`), /Application-defined rejection/);
  assert.match(await refused("publish:live/not a name:k"), /Application-defined rejection/);
  assert.match(await refused(`publish:live/${name}:${publishKey}`, `passphrase=${PASSPHRASE}`), /Password required or unexpected/);
  const attempts = await until(async () => {
    const found = (await done(lectern, "GET", `/lessons/${lesson.id}/stream`)).attempts;
    return found.length === 3 && found;
  }, "the attempts that failed");
  assert.deepEqual(
    attempts.map(({ protocol, ip, agent, code }: { [field: string]: string }) => [protocol, ip, agent, code]),
    ["bad-key", "bad-key", "not-signed-in"].map((code) => ["srt", "127.0.0.1", "libsrt 1.5.1", code]),
  );
  assert.match(attempts[0].detail, /passphrase/);
  assert.match(attempts[2].detail, /\?key=KEY/);
});

for (const bits of [128, 256])
  test(`with a passphrase, a stream that is encrypted by AES-${bits} is published, and no other`, async (t) => {
    const lectern = await sharedLectern(encrypted);
    const url = (passphrase: string) => srtUrl(secretPort, `publish:live/secret${bits}`, passphrase, `pbkeylen=${bits / 8}`);
    assert.match(
      (await publishBySrt(t, clip("tiny"), url("passphrase=another-passphrase")).done).said,
      /Incorrect|wrong|password/i,
    );
    publishBySrt(t, clip("tiny"), url(`passphrase=${PASSPHRASE}`));
    const report = await lectern.stream(`secret${bits}`, ({ video, audio }) => video !== null && audio !== null);
    assert.equal(report.publisher?.protocol, "srt");
    await decodes(t, `${lectern.http}/live/secret${bits}.flv`);
    assert.doesNotMatch(lectern.said(), new RegExp(PASSPHRASE));
  });

test("HEVC with AAC, and H.264 with Opus, come as they are", async (t) => {
  const lectern = await sharedLectern(usual);
  const hevc = join(import.meta.dirname, "clips/hevc.source.mp4");
  publishBySrt(t, hevc, srtUrl(port, "live/hevc?key=any"));
  publishBySrt(t, clip("tiny"), srtUrl(port, "publish:live/opus"), ["-c:a", "libopus"]);
  const codecsOf = async (name: string) => {
    const { video, audio } = await lectern.stream(name, (stream) => stream.video !== null && stream.audio !== null);
    return [video?.codec, audio?.codec];
  };
  assert.deepEqual(
    [await codecsOf("hevc"), await codecsOf("opus")],
    [
      ["hevc", "aac"],
      ["h264", "opus"],
    ],
  );
  await decodes(t, `${lectern.http}/live/opus.m3u8`);
});

test("a stream is watched by SRT, with a lesson's link and by nobody without, in the clear and encrypted", async (t) => {
  const lectern = await sharedLectern(encrypted);
  const lesson = await done(lectern, "POST", "/lessons", { title: "Chemistry" });
  const { name, publishKey } = lesson.stream;
  const secret = `passphrase=${PASSPHRASE}`;
  publishBySrt(t, clip("tiny"), srtUrl(secretPort, `publish:live/${name}:${publishKey}`, secret));
  await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
  const { play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" });
  const link = String(play.hls).split("?")[1]?.replaceAll("&", ",");
  const own = `#!::r=live/${name},m=request`;
  await decodes(t, srtUrl(secretPort, `${own},${link}`, secret));
  await assert.rejects(decodes(t, srtUrl(secretPort, own, secret)));
  await until(async () => (await lectern.stream(name, () => true)).viewers.srt === 0, "no viewer");
});

test("players read H.264 and Opus, and HEVC and AAC, by SRT", async (t) => {
  const lectern = await sharedLectern(usual);
  const hevc = join(import.meta.dirname, "clips/hevc.source.mp4");
  publishBySrt(t, hevc, srtUrl(port, "publish:live/watched-hevc"));
  publishBySrt(t, clip("tiny"), srtUrl(port, "publish:live/watched-opus"), ["-c:a", "libopus"]);
  const codecs: Record<string, string> = { "watched-hevc": "hevc aac", "watched-opus": "h264 opus" };
  for (const [name, expected] of Object.entries(codecs)) {
    await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
    const said = await ffprobe(t, srtUrl(port, `read:live/${name}`));
    for (const codec of expected.split(" ")) assert.match(said, new RegExp(codec));
    await decodes(t, srtUrl(port, `read:live/${name}`));
  }
});

test("a second publisher is told that there is one, and takes over when the first is gone", async (t) => {
  const lectern = await sharedLectern(usual);
  const first = publishBySrt(t, clip("tiny"), srtUrl(port, "publish:live/one"));
  const { epoch } = await lectern.stream("one", ({ video }) => video !== null);
  assert.notEqual((await publishBySrt(t, clip("tiny"), srtUrl(port, "publish:live/one")).done).code, 0);
  await until(() => lectern.said().includes('"reason":"publisher-present"'), "the reason in the log");
  first.child.kill("SIGTERM");
  await first.done;
  const published = async (): Promise<StreamReport | null> => {
    const { items } = (await (await lectern.api("/api/v1/streams")).json()) as { items: StreamReport[] };
    return items.find(({ name, publisher }) => name === "one" && publisher !== null) ?? null;
  };
  await until(async () => (await published()) === null, "the end of the first");
  let second = publishBySrt(t, clip("tiny"), srtUrl(port, "publish:live/one"));
  const taken = await until(async () => {
    // A caller that has no processor for three seconds gives its handshake up.
    if (second.child.exitCode !== null) second = publishBySrt(t, clip("tiny"), srtUrl(port, "publish:live/one"));
    return await published();
  }, "the second");
  // Where it came too late for the stream to wait for it, it began another one.
  assert.equal(taken.term, taken.epoch === epoch ? 2 : 1);
});

test("two workers share the port: each publisher keeps its own, and is watched at either", async (t) => {
  const own = await freeUdpPort();
  const lectern = await sharedLectern({ ...usual, "srt.port": String(own), workers: "2" });
  const names = ["shared1", "shared2", "shared3", "shared4"];
  for (const name of names) publishBySrt(t, clip("tiny"), srtUrl(own, `publish:live/${name}`));
  for (const name of names) await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null);
  await Promise.all(names.map((name) => decodes(t, srtUrl(own, `read:live/${name}`))));
  for (const name of names) {
    const { term, uplink } = await lectern.stream(name, () => true);
    assert.deepEqual([term, uplink.faults], [1, 0]);
  }
});

test("GStreamer publishes by its srtsink", async (t) => {
  const lectern = await sharedLectern(usual);
  const folder = mkdtempSync(join(tmpdir(), "srt-"));
  await ffmpegDone(t, ["-i", clip("tiny", 12), "-c", "copy", join(folder, "a.mp4")]);
  runPipeline(t, `${srtSink(port, "publish:live/gst")} ${GSTREAMER_COPIES["MP4"]}`, folder);
  const report = await lectern.stream("gst", ({ video, audio }) => video !== null && audio !== null);
  assert.deepEqual([report.publisher?.protocol, report.video?.codec, report.audio?.codec], ["srt", "h264", "aac"]);
  assert.equal(report.uplink.faults, 0);
  await decodes(t, `${lectern.http}/live/gst.flv`);
});
