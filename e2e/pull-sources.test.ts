/**
 * Channels that are pulled from real servers and programs: every protocol, frame by frame, and failover between them.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { Malformed, parseAvcConfiguration, parseAvcSps } from "@lectern/media";
import { clip } from "./clips.ts";
import { assertCopied, framesOfFlv, lateSound, longestStep } from "./copied-frames.ts";
import { ffmpeg, ffmpegDone, publishForever } from "./ffmpeg.ts";
import { freePort } from "./lectern.ts";
import { startNginxOrigin, startNodeMediaServer, startRtsp } from "./origins.ts";
import { type Channel, pullChannel } from "./pulled-channel.ts";

const HEVC_CLIP = join(import.meta.dirname, "clips/hevc.flv");
const HEVC_SOURCE = join(import.meta.dirname, "clips/hevc.source.mp4");

/** How far sound may move against the picture: loops of a file overlap by a frame, and clocks count milliseconds. */
const MAX_LATE_MS = 70;

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "lectern-pull-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** So many frames of both tracks come, and are those of the clip. */
async function assertPulls(channel: Channel, file: string, count = 60): Promise<void> {
  const video = await channel.arrived("video", count);
  const audio = await channel.arrived("audio", count);
  assertCopied(video, framesOfFlv(file, "video"), "pictures");
  assertCopied(audio, framesOfFlv(file, "audio"), "sound");
  assert.ok(video[0]?.key, "it begins with a key frame");
  const late = lateSound(channel.frames, file);
  assert.ok(late.length > 0 && late.every((by) => Math.abs(by) < MAX_LATE_MS), `sound is late by ${late.join(", ")} ms`);
  assert.ok(longestStep(video) < 200, `a step of ${longestStep(video)} ms`);
  const report = channel.job.report();
  assert.deepEqual([report.kind, report.state, report.problem, report.address], ["pull", "running", null, 0]);
  assert.equal(channel.epochs.length, 1);
}

/** Stands before a server, and changes what it says. @returns the port */
async function startBetween(t: TestContext, { port }: URL, change: (bytes: Buffer) => Buffer): Promise<number> {
  const between = createServer((client) => {
    const server = connect({ host: "127.0.0.1", port: Number(port) });
    client.pipe(server);
    server.on("data", (bytes) => client.write(change(bytes)));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  const own = await freePort();
  await new Promise<void>((resolve) => between.listen(own, "127.0.0.1", resolve));
  t.after(() => between.close());
  return own;
}

/** Sends a file over and over to an address. */
function sendForever(t: TestContext, file: string, format: string, to: string) {
  return ffmpeg(t, ["-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", format, to]);
}

describe("pulled channels", { concurrency: 2 }, () => {
  test("RTMP and HLS of nginx, and RTMP and FLV of node-media-server: every frame as it is", async (t) => {
    const file = clip("b-frames", 9);
    const [nginx, nodeMedia] = [await startNginxOrigin(t), await startNodeMediaServer(t)];
    for (const origin of [nginx, nodeMedia]) publishForever(t, file, origin.rtmp("math"));
    for (const url of [nginx.rtmp("math"), nodeMedia.rtmp("math"), nodeMedia.http("math"), nginx.http("math")]) {
      t.diagnostic(url);
      const channel = pullChannel(t, { addresses: [url] });
      await assertPulls(channel, file, 120);
      channel.job.close("test");
    }
  });

  test("SRT: calling a listener with a stream id and a passphrase, and listening for a caller", async (t) => {
    const file = clip("b-frames", 9);
    const port = await freePort();
    sendForever(t, file, "mpegts", `srt://127.0.0.1:${port}?mode=listener&passphrase=correct-horse`);
    const url = `srt://127.0.0.1:${port}?streamid=#!::r=live/math,m=request&passphrase=correct-horse&latency=100`;
    const calling = pullChannel(t, { addresses: [url] });
    await assertPulls(calling, file);
    assert.ok(!calling.said().includes("correct-horse"));
    calling.job.close("test");

    const own = await freePort();
    const listening = pullChannel(t, { addresses: [`srt://0.0.0.0:${own}?mode=listener`], allow: [] });
    const caller = sendForever(t, HEVC_SOURCE, "mpegts", `srt://127.0.0.1:${own}`);
    await assertPulls(listening, HEVC_CLIP);
    // The caller goes and comes back: the channel goes on.
    caller.child.kill("SIGKILL");
    await listening.reported(({ state }) => state === "retrying");
    const before = listening.frames("video").length;
    sendForever(t, HEVC_SOURCE, "mpegts", `srt://127.0.0.1:${own}`);
    await listening.arrived("video", before + 30);
    assert.equal(listening.epochs.length, 1);
  });

  test("SRT with a wrong passphrase is a wrong credential, and its words are not told", async (t) => {
    const port = await freePort();
    ffmpeg(t, [
      "-re",
      "-i",
      clip("tiny", 8),
      "-c",
      "copy",
      "-f",
      "mpegts",
      `srt://127.0.0.1:${port}?mode=listener&passphrase=correct-horse`,
    ]);
    const channel = pullChannel(t, { addresses: [`srt://127.0.0.1:${port}?passphrase=battery-staple`] });
    const { problem } = await channel.reported((report) => report.problem?.code === "bad-credential");
    assert.ok(!`${channel.said()}${problem?.detail}`.includes("battery-staple"));
    assert.equal(channel.epochs.length, 0, "a source that is dead makes no stream");
  });

  test("MPEG-TS by UDP, to an address and to a group", async (t) => {
    const file = clip("b-frames", 9);
    const [port, groupPort] = [await freePort(), await freePort()];
    sendForever(t, file, "mpegts", `udp://127.0.0.1:${port}?pkt_size=1316`);
    sendForever(t, file, "mpegts", `udp://239.77.7.7:${groupPort}?pkt_size=1316&ttl=0&localaddr=127.0.0.1`);
    await assertPulls(pullChannel(t, { addresses: [`udp://127.0.0.1:${port}`] }), file);
    const group = `udp://239.77.7.7:${groupPort}?localaddr=127.0.0.1`;
    await assertPulls(pullChannel(t, { addresses: [group], allow: ["239.77.0.0/16"] }), file);
  });

  test("RTSP: H.264 and HEVC with AAC, over TCP and UDP, with a password; G.711 becomes AAC", async (t) => {
    const file = clip("b-frames", 16);
    const folder = directory(t);
    const into = (name: string, ...args: string[]) => ffmpegDone(t, [...args, join(folder, name)]);
    await into("h264-aac.mp4", "-i", file, "-c", "copy");
    await into("h264.mp4", "-i", file, "-c", "copy", "-an");
    await into("hevc-aac.mp4", "-i", HEVC_SOURCE, "-c", "copy", "-tag:v", "hvc1");
    for (const law of ["alaw", "mulaw"])
      await into(`h264-${law}.mkv`, "-i", file, "-c:v", "copy", "-c:a", `pcm_${law}`, "-ar", "8000", "-ac", "1");
    const origin = await startRtsp(t, folder, ["admin", "p@ss-w0rd"]);
    const user = "admin:p%40ss-w0rd";
    await assertPulls(pullChannel(t, { addresses: [origin.url("h264-aac", user)] }), file);
    await assertPulls(pullChannel(t, { addresses: [`${origin.url("h264-aac", user)}?transport=udp`] }), file);
    await assertPulls(pullChannel(t, { addresses: [origin.url("hevc-aac", user)] }), HEVC_CLIP);
    for (const law of ["alaw", "mulaw"]) {
      const channel = pullChannel(t, { addresses: [origin.url(`h264-${law}`, user)] });
      assertCopied(await channel.arrived("video", 60), framesOfFlv(file, "video"), "pictures");
      const [sound] = await channel.arrived("audio", 10);
      assert.equal(sound?.codec, "mp4a");
      channel.job.close("test");
    }
    const wrong = pullChannel(t, { addresses: [origin.url("h264-aac", "admin:wrong-word")] });
    const { problem } = await wrong.reported((report) => report.problem?.code === "bad-credential");
    assert.ok(!`${wrong.said()}${problem?.detail}`.includes("wrong-word"));
    const absent = pullChannel(t, { addresses: [origin.url("nothing", user)] });
    await absent.reported((report) => report.problem?.code === "no-such-stream");
  });

  test("RTSP whose AAC is described under another payload type, or not at all, has its sound; what cannot be understood is told", async (t) => {
    const file = clip("b-frames", 16);
    const folder = directory(t);
    await ffmpegDone(t, ["-i", file, "-c", "copy", join(folder, "h264-aac.mp4")]);
    const origin = await startRtsp(t, folder);
    for (const wrong of ["a=fmtp:98 ", "a=none:97 "]) {
      const port = await startBetween(t, new URL(origin.url("h264-aac")), (bytes) =>
        Buffer.from(bytes.toString("latin1").replace("a=fmtp:97 ", wrong), "latin1"),
      );
      const channel = pullChannel(t, { addresses: [`rtsp://127.0.0.1:${port}/h264-aac`] });
      await assertPulls(channel, file);
      channel.job.close("test");
    }
    const port = await startBetween(t, new URL(origin.url("h264-aac")), (bytes) =>
      Buffer.from(bytes.toString("latin1").replace("a=fmtp:97 ", "a=none:97 ").replace("GENERIC/44100", "GENERIC/44056"), "latin1"),
    );
    const silent = pullChannel(t, { addresses: [`rtsp://127.0.0.1:${port}/h264-aac`] });
    assertCopied(await silent.arrived("video", 60), framesOfFlv(file, "video"), "pictures");
    const { state, problem } = silent.job.report();
    assert.deepEqual([state, problem?.code, silent.frames("audio").length], ["running", "sound-unknown", 0]);
  });

  test("a file, and a list of files, on a loop: no gap, and sound stays with the picture", async (t) => {
    const files = directory(t);
    const outside = directory(t);
    mkdirSync(join(files, "lessons"));
    for (const [name, from] of [
      ["one.flv", clip("b-frames", 4)],
      ["two.flv", clip("tiny", 4)],
    ] as const)
      await ffmpegDone(t, ["-i", from, "-c", "copy", join(files, "lessons", name)]);
    await ffmpegDone(t, ["-i", clip("tiny", 4), "-c", "copy", join(outside, "secret.flv")]);
    writeFileSync(join(files, "list.txt"), "# two lessons\nlessons/one.flv\nlessons/two.flv\n");
    writeFileSync(join(files, "list.ffconcat"), "ffconcat version 1.0\nfile 'lessons/one.flv'\nfile 'lessons/two.flv'\n");
    writeFileSync(join(files, "out.m3u8"), "#EXTM3U\n../secret.flv\n");
    writeFileSync(join(files, "net.m3u8"), "#EXTM3U\nhttp://127.0.0.1/secret.ts\n");
    symlinkSync(join(outside, "secret.flv"), join(files, "link.flv"));

    const single = pullChannel(t, { addresses: ["file:lessons/one.flv"], files });
    await assertPulls(single, clip("b-frames", 4), 250);

    for (const list of ["file:list.txt", "file:list.ffconcat"]) {
      const channel = pullChannel(t, { addresses: [list], files });
      const video = await channel.arrived("video", 210);
      const both = [...framesOfFlv(clip("b-frames", 4), "video"), ...framesOfFlv(clip("tiny", 4), "video")];
      assertCopied(video, both, list);
      assert.deepEqual(sizes(channel).slice(0, 3), ["320x180", "160x90", "320x180"]);
      assert.ok(longestStep(video) < 250);
      assert.equal(channel.epochs.length, 1);
      channel.job.close("test");
    }
    // Sound of another kind is encoded; pictures of another kind make no stream, not even one of their sound.
    await ffmpegDone(t, ["-i", clip("tiny", 4), "-c:v", "copy", "-c:a", "mp2", join(files, "mp2.ts")]);
    await ffmpegDone(t, ["-i", clip("tiny", 4), "-c:v", "mpeg2video", "-c:a", "mp2", join(files, "mpeg2.ts")]);
    const encoded = pullChannel(t, { addresses: ["file:mp2.ts"], files });
    assertCopied(await encoded.arrived("video", 50), framesOfFlv(clip("tiny", 4), "video"), "pictures");
    assert.equal((await encoded.arrived("audio", 50))[0]?.codec, "mp4a");
    encoded.job.close("test");
    const old = pullChannel(t, { addresses: ["file:mpeg2.ts"], files });
    await old.reported(({ problem, restarts }) => problem?.code === "unsupported" && restarts > 1);
    assert.deepEqual(old.epochs, []);
    old.job.close("test");
    for (const [address, code] of [
      ["file:link.flv", "not-allowed"],
      ["file:out.m3u8", "not-allowed"],
      ["file:net.m3u8", "not-allowed"],
      [`file:${outside}/secret.flv`, "no-such-stream"],
      ["file:../secret.flv", "not-allowed"],
      ["file:lessons/three.flv", "no-such-stream"],
      ["file:list.txt/x", "no-such-stream"],
    ] as const)
      await pullChannel(t, { addresses: [address], files }).reported(({ problem }) => problem?.code === code);
    await pullChannel(t, { addresses: ["file:lessons/one.flv"] }).reported(({ problem }) => problem?.code === "not-allowed");
  });

  test("an origin that dies, comes back, stalls, and changes its picture: one stream without an end", async (t) => {
    const file = clip("tiny", 8);
    const [first, second] = [await startNodeMediaServer(t), await startNginxOrigin(t)];
    const publisher = publishForever(t, file, first.rtmp("math"));
    publishForever(t, clip("b-frames", 9), second.rtmp("math"));
    const channel = pullChannel(t, { addresses: [first.rtmp("math"), second.rtmp("math")] });
    await channel.arrived("video", 50);
    assert.equal(channel.job.report().address, 0);

    // The publisher hangs: the connection stays, and nothing comes.
    publisher.child.kill("SIGSTOP");
    const hungAt = performance.now();
    const stalled = await channel.reported(({ problem }) => problem !== null);
    assert.equal(stalled.problem?.code, "stalled");
    assert.ok(performance.now() - hungAt < 8000);
    await channel.reported(({ address, state }) => address === 1 && state === "running");
    const other = channel.frames("video").length;
    await channel.arrived("video", other + 50);
    assert.deepEqual(sizes(channel), ["160x90", "320x180"]);

    // It goes on, and the preferred origin is taken again at one of its key frames.
    publisher.child.kill("SIGCONT");
    await channel.reported(({ address, state }) => address === 0 && state === "running");
    const back = channel.frames("video").length;
    await channel.arrived("video", back + 50);
    assert.deepEqual(sizes(channel), ["160x90", "320x180", "160x90"]);

    // It is killed.
    first.kill();
    const killedAt = performance.now();
    await channel.reported(({ address, state }) => address === 1 && state === "running");
    await channel.arrived("video", channel.frames("video").length + 25);
    assert.ok(performance.now() - killedAt < 10_000);

    assert.equal(channel.epochs.length, 1);
    assert.deepEqual(channel.ends, []);
    const video = channel.frames("video");
    assert.ok(video.every((frame, i) => frame.decodeTime >= (video[i - 1]?.decodeTime ?? 0)));
    assert.ok(longestStep(video) < 1500, `a step of ${longestStep(video)} ms`);
  });

  test("an SRT listener that nobody calls is kept open while a file is played, and taken when somebody does", async (t) => {
    const files = directory(t);
    await ffmpegDone(t, ["-i", clip("tiny", 8), "-c", "copy", join(files, "waiting.flv")]);
    const port = await freePort();
    const channel = pullChannel(t, { addresses: [`srt://0.0.0.0:${port}?mode=listener`, "file:waiting.flv"], files });
    await channel.reported(({ address, state }) => address === 1 && state === "running");
    await channel.arrived("video", 25);
    // A caller that comes too early finds nobody: ffmpeg does not try again.
    const call = () => sendForever(t, clip("video only", 9), "mpegts", `srt://127.0.0.1:${port}`);
    let caller = call();
    const again = setInterval(() => {
      if (caller.child.exitCode !== null) caller = call();
    }, 500);
    t.after(() => clearInterval(again));
    await channel.reported(({ address, state }) => address === 0 && state === "running");
    const sound = channel.frames("audio").length;
    await channel.arrived("video", channel.frames("video").length + 50);
    assert.ok(channel.frames("audio").length <= sound + 5, "the caller has no sound");
    clearInterval(again);
    caller.child.kill("SIGKILL");
    await channel.reported(({ address, state }) => address === 1 && state === "running");
    await channel.arrived("audio", sound + 50);
    assert.deepEqual([channel.epochs.length, channel.ends], [1, []]);
  });
});

/** Sizes of the pictures, in the order in which they began. */
function sizes({ entries }: Channel): string[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== "configuration" || entry.track !== "video") return [];
    const configuration = parseAvcConfiguration(entry.data);
    assert.ok(!(configuration instanceof Malformed));
    const format = parseAvcSps(configuration.sps[0] ?? new Uint8Array(0));
    assert.ok(!(format instanceof Malformed));
    return [`${format.width}x${format.height}`];
  });
}
