/**
 * The RTMP client and forwards with real servers: nginx-rtmp, Lectern, and ffmpeg as a receiver of SRT.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { setDefaultCACertificates } from "node:tls";
import { type AmfValue, isAmfObject, Malformed } from "@lectern/media";
import { pino } from "pino";
import type { JobProblem } from "../packages/server/src/contracts/jobs/job-report.ts";
import { startForward } from "../packages/server/src/live/forward/forward.ts";
import { connectRtmp } from "../packages/server/src/live/rtmp/client.ts";
import { authorization } from "../packages/server/src/live/rtmp/client-authorization.ts";
import { SourceDemuxer, toSourceMessage } from "../packages/server/src/live/rtmp/source-messages.ts";
import { testRtmpServer } from "../packages/server/src/live/rtmp/test-rtmp-server.ts";
import type { SourceFrame, SourceMessage } from "../packages/server/src/live/streams/index.ts";
import { type TestStream, testStream } from "../packages/server/src/live/streams/test-stream.ts";
import { systemClock } from "../packages/server/src/platform/clock.ts";
import { makeCertificate } from "./certificate.ts";
import { clip } from "./clips.ts";
import { ffmpeg, ffmpegDone, parseFrames, publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { freePort, startLectern, until } from "./lectern.ts";
import { startNginxRtmp } from "./nginx.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

const CLIPS = new URL("clips/", import.meta.url).pathname;
const KEY = "opensesame";

const folder = mkdtempSync(join(tmpdir(), "lectern-forward-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const portOf = (url: URL) => Number(url.port);

/** Plays an address with the client, and gathers what comes. */
function play(t: TestContext, address: string) {
  const url = new URL(address);
  const demuxer = new SourceDemuxer();
  const frames: { readonly track: string; readonly timestamp: number; readonly payload: string }[] = [];
  const kinds = new Set<string>();
  let ready = false;
  let end: JobProblem | null = null;
  const client = connectRtmp({
    url,
    address: { host: "127.0.0.1", port: portOf(url) },
    intent: "play",
    clock: systemClock,
    onReady: () => {
      ready = true;
    },
    onMessage: (received) => {
      const message = demuxer.demux(received);
      assert.ok(!(message instanceof Malformed));
      if (!message) return;
      kinds.add(message.kind === "configuration" ? `${message.track} ${message.codec}` : message.kind);
      if (message.kind !== "frame") return;
      const { track, timestamp, payload } = message;
      frames.push({ track, timestamp, payload: Buffer.from(payload).toString("base64") });
    },
    onClosed: (problem) => {
      end = problem;
    },
    onDrain: () => {},
  });
  t.after(client.close);
  return { client, frames, kinds, isReady: () => ready, end: () => end };
}

/** The messages of a clip. */
function messagesOf(file: string): SourceMessage[] {
  return readTags(file).flatMap(({ type, timestamp, body }) => {
    const message = toSourceMessage({ type, streamId: 1, timestamp, payload: body });
    assert.ok(!(message instanceof Malformed));
    return message ? [message] : [];
  });
}

type Published = TestStream & {
  /** Another publisher goes on with another clip. */
  readonly change: (messages: readonly SourceMessage[]) => void;
};

/** A stream that a clip is published to over and over, in real time. */
function publishedStream(t: TestContext, messages: readonly SourceMessage[]): Published {
  const live = testStream(systemClock);
  const begun = performance.now();
  let frames: readonly SourceFrame[] = [];
  let start = 0;
  let sent = 0;
  const begin = (clipped: readonly SourceMessage[]): void => {
    live.push(clipped.filter(({ kind }) => kind === "configuration" || kind === "metadata"));
    frames = clipped.filter((message): message is SourceFrame => message.kind === "frame");
    start = performance.now() - begun;
    sent = 0;
  };
  begin(messages);
  const timer = setInterval(() => {
    const span = Math.max(...frames.map(({ timestamp }) => timestamp)) + 40;
    for (;;) {
      const frame = frames[sent % frames.length];
      if (!frame || live.stream.ended) return;
      const timestamp = Math.round(start) + frame.timestamp + Math.floor(sent / frames.length) * span;
      if (timestamp > performance.now() - begun) return;
      live.push([{ ...frame, timestamp }]);
      sent++;
    }
  }, 10);
  t.after(() => {
    clearInterval(timer);
    live.stream.end("test");
  });
  const change = (next: readonly SourceMessage[]): void => {
    live.leave();
    live.publish();
    begin(next);
  };
  return { ...live, change };
}

function forward(t: TestContext, live: TestStream, url: string, host = "127.0.0.1") {
  const lines: string[] = [];
  const job = startForward({
    forward: { kind: "forward", id: "f1", app: "live", name: "math", school: "", url },
    sourceOf: () => (live.stream.ended ? null : live.stream),
    clock: systemClock,
    log: pino({ level: "info" }, { write: (text: string) => void lines.push(text) }),
    command: "ffmpeg",
    resolve: async (wanted) => ({ host, port: portOf(wanted) }),
  });
  t.after(() => {
    job.close("test");
    assert.doesNotMatch(`${lines} ${JSON.stringify(job.report())}`, new RegExp(KEY));
  });
  const becomes = (state: string) =>
    until(() => job.report().state === state, `the state ${state}, not ${JSON.stringify(job.report())}\n${lines}`);
  return { job, becomes };
}

const appOf = ([, , object]: readonly AmfValue[]) => (object !== undefined && isAmfObject(object) ? String(object["app"]) : "");

/** Hashes of a clip's frames, by its file, or what ffmpeg received of it. */
const hashesOf = (text: string) => new Set(parseFrames(text).map(({ stream, hash }) => `${stream} ${hash}`));

test("the client plays from nginx-rtmp what ffmpeg has published there, frame by frame", async (t) => {
  const nginx = await startNginxRtmp(t, await freePort(), "live on;");
  const source = clip("b-frames");
  publishForever(t, source, `${nginx}/live/math`);
  const { frames, kinds, isReady } = play(t, `${nginx}/live/math?who=me`);
  await until(() => frames.length > 300, "frames");
  assert.ok(isReady() && kinds.has("metadata") && kinds.has("video avc1") && kinds.has("audio mp4a"), [...kinds].join());
  const flv = await asFlv(t, source);
  const sent = new Set(
    messagesOf(flv).flatMap((message) => (message.kind === "frame" ? [Buffer.from(message.payload).toString("base64")] : [])),
  );
  assert.deepEqual(
    frames.filter(({ payload }) => !sent.has(payload)),
    [],
  );
});

test("nginx-rtmp says no: to a player without a stream, to a second publisher, and by hanging up", async (t) => {
  const nginx = await startNginxRtmp(t, await freePort(), "live on; idle_streams off; deny play 127.0.0.2; allow play all;");
  const nobody = play(t, `${nginx}/live/nobody?key=${KEY}`);
  assert.equal((await until(nobody.end, "the end")).code, "no-such-stream");
  const app = play(t, `${nginx}/other/math`);
  assert.match((await until(app.end, "the end")).code, /^(no-such-stream|unreachable)$/);

  const live = publishedStream(t, messagesOf(join(CLIPS, "h264opus.flv")));
  const first = await RtmpClient.open(Number(new URL(nginx).port));
  assert.equal(await first.publish("math"), "NetStream.Publish.Start");
  const { job, becomes } = forward(t, live, `${nginx}/live/math?key=${KEY}`);
  await becomes("retrying");
  assert.equal(job.report().problem?.code, "publisher-present");
  first.break();
  await becomes("running");

  const closed = await startNginxRtmp(t, await freePort(), "live on; deny publish all;");
  const denied = forward(t, live, `${closed}/live/math?key=${KEY}`);
  await denied.becomes("retrying");
  assert.deepEqual(denied.job.report().problem, {
    code: "ended",
    detail: "The server closed the connection soon after it took the stream: is the key right?",
  });
});

test("a forward to nginx-rtmp arrives there as it is, and goes with the stream", async (t) => {
  const nginx = await startNginxRtmp(t, await freePort(), "live on; wait_key on; interleave off;");
  const flv = await asFlv(t, clip("b-frames", 9));
  const live = publishedStream(t, messagesOf(flv));
  const { becomes } = forward(t, live, `${nginx}/live/math?key=${KEY}`);
  await becomes("running");
  const out = await ffmpegDone(t, ["-i", `${nginx}/live/math`, "-t", "3", "-c", "copy", "-f", "framemd5", "-"]);
  const sent = hashesOf(String(await ffmpegDone(t, ["-i", flv, "-c", "copy", "-f", "framemd5", "-"])));
  const received = parseFrames(String(out));
  assert.ok(received.length > 100, `${received.length} frames`);
  assert.deepEqual(
    received.filter(({ stream, hash }) => !sent.has(`${stream} ${hash}`)),
    [],
  );
  const viewer = play(t, `${nginx}/live/math`);
  await until(() => viewer.frames.length > 0, "frames");
  live.stream.end("unpublished");
  await becomes("waiting");
  await until(() => viewer.end() !== null, "the end of the stream at nginx");
});

for (const [file, codecs] of [
  ["h264opus.flv", ["h264", "opus"]],
  ["hevc.flv", ["hevc", "aac"]],
  ["av1.flv", ["av1", "opus"]],
  ["vp9.flv", ["vp9", "opus"]],
] as const) {
  test(`${codecs.join(" and ")} go from the client to Lectern and back`, async (t) => {
    const lectern = await sharedLectern();
    const messages = messagesOf(join(CLIPS, file));
    const name = file.replace(".flv", "");
    const live = publishedStream(t, messages);
    const { becomes } = forward(t, live, `${lectern.rtmp}/live/${name}?key=${KEY}`);
    await becomes("running");
    const { video, audio } = await lectern.stream(name, (stream) => stream.video !== null && stream.audio !== null);
    assert.ok(video && audio);
    const { frames } = play(t, `${lectern.rtmp}/live/${name}`);
    await until(() => frames.length > 200, "frames");
    const sent = new Set(messages.flatMap((m) => (m.kind === "frame" ? [Buffer.from(m.payload).toString("base64")] : [])));
    assert.ok(frames.every(({ payload }) => sent.has(payload)));
    const times = frames.filter(({ track }) => track === "video").map(({ timestamp }) => timestamp);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });
}

test("Lectern says no: to a player of nothing, to an app that is not there, and to a second publisher", async (t) => {
  const lectern = await sharedLectern();
  for (const path of [`live/nobody?key=${KEY}`, `nowhere/math?key=${KEY}`]) {
    const { end } = play(t, `${lectern.rtmp}/${path}`);
    assert.equal((await until(end, "the end")).code, "no-such-stream", path);
  }
  publishForever(t, clip("b-frames"), `${lectern.rtmp}/live/taken`);
  await lectern.stream("taken", (stream) => stream.video !== null);
  const live = publishedStream(t, messagesOf(join(CLIPS, "h264opus.flv")));
  const { job, becomes } = forward(t, live, `${lectern.rtmp}/live/taken?key=${KEY}`);
  await becomes("retrying");
  assert.equal(job.report().problem?.code, "publisher-present");
});

test("a stream that ends at Lectern ends for its player", async (t) => {
  const lectern = await sharedLectern();
  publishForever(t, clip("b-frames"), `${lectern.rtmp}/live/short`);
  await lectern.stream("short", (stream) => stream.video !== null);
  const { frames, end } = play(t, `${lectern.rtmp}/live/short`);
  await until(() => frames.length > 10, "frames");
  await lectern.api("/api/v1/streams/live/short", { method: "DELETE" });
  assert.equal((await until(end, "the end")).code, "ended");
});

test("a server that asks for the user gets the answers of ffmpeg", async (t) => {
  const who = { app: "live", user: "me", password: KEY };
  for (const [scheme, asked] of [
    ["adobe", "salt=c2FsdA==&challenge=Y2g=&opaque=b3A="],
    ["llnw", "nonce=bm9uY2U="],
  ] as const) {
    const server = await testRtmpServer(t);
    publishForever(t, clip("b-frames"), `rtmp://${who.user}:${KEY}@127.0.0.1:${server.port}/live/math`);
    let peer = await server.next();
    for (const said of [`code=403 need auth; authmod=${scheme} ] :`, `authmod=${scheme} ] : ?reason=needauth&user=me&${asked}`]) {
      await peer.asked("connect");
      peer.say("_error", 1, null, { level: "error", code: "NetConnection.Connect.Rejected", description: `[ ${said}` });
      peer = await server.next();
      const app = appOf(await peer.asked("connect"));
      const [, challenge = ""] = /&(?:challenge|cnonce)=([0-9a-f]{8})&/.exec(app) ?? [];
      assert.equal(app, `live${authorization(said, who, challenge)}`);
    }
  }
});

test("RTMPS reaches a server whose certificate has the address's name, and no other", async (t) => {
  const { cert, key } = makeCertificate(folder, "localhost");
  setDefaultCACertificates([readFileSync(cert, "utf8")]);
  const port = await freePort();
  const lectern = await startLectern(t, { "rtmp.tls": JSON.stringify({ cert, key, port }) });
  const live = publishedStream(t, messagesOf(join(CLIPS, "h264opus.flv")));
  const { becomes } = forward(t, live, `rtmps://localhost:${port}/live/secure?key=${KEY}`);
  await becomes("running");
  await lectern.stream("secure", (stream) => stream.video !== null);
  const { frames } = play(t, `rtmps://localhost:${port}/live/secure`);
  await until(() => frames.length > 100, "frames");
  const other = play(t, `rtmps://elsewhere.example:${port}/live/secure`);
  assert.deepEqual(await until(other.end, "the end"), {
    code: "unreachable",
    detail: "The connection failed: ERR_TLS_CERT_ALTNAME_INVALID.",
  });
});

/** Receives one connection of SRT into a file. */
function srtReceiver(t: TestContext, port: number, query: string) {
  const file = join(mkdtempSync(join(folder, "srt-")), "received.ts");
  const run = ffmpeg(t, [
    "-i",
    `srt://127.0.0.1:${port}?mode=listener&${query}`,
    "-map",
    "0",
    "-c",
    "copy",
    "-flush_packets",
    "1",
    "-f",
    "mpegts",
    file,
  ]);
  return { file, run };
}

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** A clip as FLV, whose messages are those of a publisher. */
async function asFlv(t: TestContext, source: string): Promise<string> {
  const flv = join(mkdtempSync(join(folder, "flv-")), "clip.flv");
  await ffmpegDone(t, ["-i", source, "-c", "copy", "-f", "flv", flv]);
  return flv;
}

/** Empty for a process that is gone. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Decoded pictures with their hashes: MPEG-TS has other bytes around the same ones. */
const decoded = async (t: TestContext, file: string) =>
  String(await ffmpegDone(t, ["-i", file, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-"]));

for (const [what, source, input] of [
  ["H.264 with B-frames and AAC", clip("b-frames", 9), null],
  ["HEVC and AAC", join(CLIPS, "hevc.source.mp4"), join(CLIPS, "hevc.flv")],
  ["H.264 and Opus", join(CLIPS, "h264opus.source.mp4"), join(CLIPS, "h264opus.flv")],
] as const) {
  test(`a forward of ${what} by SRT arrives as it is`, async (t) => {
    const port = await freePort();
    const { file, run } = srtReceiver(t, port, "");
    const live = publishedStream(t, messagesOf(input ?? (await asFlv(t, source))));
    const { job, becomes } = forward(t, live, `srt://127.0.0.1:${port}?streamid=${KEY}`);
    await becomes("running");
    await until(() => sizeOf(file) > 60_000, "bytes");
    const cores = await until(() => job.report().cores, "a measurement");
    assert.ok(cores < 0.5, `${cores} cores`);
    live.stream.end("unpublished");
    await becomes("waiting");
    await run.done;
    const sent = new Set(parseFrames(await decoded(t, source)).map(({ hash }) => hash));
    const received = parseFrames(await decoded(t, file));
    assert.ok(received.length > 25, `${received.length} pictures`);
    // The first ones may have been on their way before the receiver was ready, and the last one may be cut off.
    assert.ok(received.slice(0, -1).every(({ hash }) => sent.has(hash)));
  });
}

test("a forward of sound alone by SRT arrives", async (t) => {
  const port = await freePort();
  const { file, run } = srtReceiver(t, port, "");
  const live = publishedStream(t, messagesOf(await asFlv(t, clip("audio only", 12))));
  const { becomes } = forward(t, live, `srt://127.0.0.1:${port}`);
  await becomes("running");
  await until(() => sizeOf(file) > 5000, "bytes");
  live.stream.end("unpublished");
  await run.done;
  const received = parseFrames(String(await ffmpegDone(t, ["-i", file, "-c", "copy", "-f", "framemd5", "-"])));
  assert.ok(received.length > 40, `${received.length} frames`);
});

test("the passphrase and the stream's id of an SRT address are in no list of processes", async (t) => {
  const port = await freePort();
  const query = `passphrase=${KEY}-phrase&pbkeylen=16`;
  srtReceiver(t, port, query);
  const live = publishedStream(t, messagesOf(join(CLIPS, "h264opus.flv")));
  const { becomes } = forward(t, live, `srt://127.0.0.1:${port}?${query}&streamid=${KEY}`);
  await becomes("running");
  const commands = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine);
  assert.ok(commands.some((command) => command.includes(`srt://127.0.0.1:${port}`) && command.includes("-fpre")));
  assert.deepEqual(
    commands.filter((command) => command.includes(KEY) && !command.includes("mode=listener")),
    [],
  );
});

test("a stream that changes its size is sent by SRT again, in a connection of its own", async (t) => {
  const port = await freePort();
  const first = srtReceiver(t, port, "");
  const live = publishedStream(t, messagesOf(join(CLIPS, "h264opus.flv")));
  const { becomes } = forward(t, live, `srt://127.0.0.1:${port}`);
  await becomes("running");
  await until(() => sizeOf(first.file) > 50_000, "bytes");
  live.change(messagesOf(await asFlv(t, clip("larger", 2))));
  await first.run.done;
  const { file, run } = srtReceiver(t, port, "");
  await until(() => sizeOf(file) > 20_000, "bytes");
  live.stream.end("unpublished");
  await run.done;
  assert.match(await decoded(t, first.file), /^#dimensions 0: 320x180$/m);
  assert.match(await decoded(t, file), /^#dimensions 0: 480x270$/m);
});

test("SRT says no, and nobody is there", async (t) => {
  const live = publishedStream(t, messagesOf(join(CLIPS, "h264opus.flv")));
  const port = await freePort();
  srtReceiver(t, port, "passphrase=another-phrase");
  const wrong = forward(t, live, `srt://127.0.0.1:${port}?passphrase=${KEY}-phrase`);
  await wrong.becomes("retrying");
  const nobody = forward(t, live, `srt://127.0.0.1:${await freePort()}?streamid=${KEY}`);
  await nobody.becomes("retrying");
  assert.equal(nobody.job.report().problem?.code, "unreachable");
  await until(() => wrong.job.report().problem?.code === "bad-credential", `a refusal, not ${JSON.stringify(wrong.job.report())}`);
});
