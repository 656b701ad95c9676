/** RTP as ffmpeg 5.1 sends it, taken out of its packets and decoded. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { good } from "../../test/hostile-bytes.ts";
import { parseAvcConfiguration, parseAvcSps } from "../codecs/h264.ts";
import { parseOpusHead } from "../codecs/opus.ts";
import { parseVp9Configuration, vp9KeyFrameSize } from "../codecs/vp9.ts";
import { muxConfiguration, muxFrame, tagSize, writeTagInto } from "../flv/flv-mux.ts";
import { writeFlvHeader } from "../flv/tag.ts";
import { writeFragment } from "../fmp4/fragment.ts";
import { writeInitialisation } from "../fmp4/initialisation.ts";
import type { Fmp4Track } from "../fmp4/track.ts";
import type { Depacketizer } from "./depacketizer.ts";
import { JitterBuffer, type ReceivedUnit } from "./jitter-buffer.ts";
import { isRtcp, type RtpPacket, readRtpPacket } from "./packet.ts";
import { h264Depacketizer } from "./payload/h264-depacketizer.ts";
import { joined } from "./payload/joined.ts";
import { opusDepacketizer } from "./payload/opus.ts";
import { vp8Depacketizer } from "./payload/vp8-depacketizer.ts";
import { vp9Depacketizer } from "./payload/vp9-depacketizer.ts";
import type { RtcpPacket } from "./rtcp.ts";
import { readRtcp } from "./rtcp-reader.ts";

const SECONDS = 2;
const FPS = 25;
const FRAMES = SECONDS * FPS;
const OPUS_PACKETS = SECONDS * 50;

type Received = { readonly packets: RtpPacket[]; readonly rtcp: RtcpPacket[] };
type Stream = "h264" | "vp8" | "vp9" | "opus";

const received = new Map<Stream, Received>();

const VIDEO = ["-map", "0:v", "-pix_fmt", "yuv420p", "-g", "25", "-b:v", "1500k"];
const OUTPUTS: { readonly [stream in Stream]: readonly string[] } = {
  h264: [...VIDEO, "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0"],
  vp8: [...VIDEO, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"],
  vp9: [...VIDEO, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-strict", "experimental"],
  opus: ["-map", "1:a", "-c:a", "libopus", "-b:a", "64k"],
};
const STREAMS: readonly Stream[] = ["h264", "vp8", "vp9", "opus"];

before(async () => {
  const sockets: Socket[] = [];
  const targets: string[] = [];
  for (const stream of STREAMS) {
    const socket = createSocket({ type: "udp4", recvBufferSize: 4 << 20 });
    sockets.push(socket);
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const came: Received = { packets: [], rtcp: [] };
    received.set(stream, came);
    socket.on("message", (bytes) => {
      if (isRtcp(bytes)) came.rtcp.push(...good(readRtcp(bytes)));
      else came.packets.push(good(readRtpPacket(Uint8Array.from(bytes))));
    });
    const { port } = socket.address();
    targets.push(...OUTPUTS[stream], "-f", "rtp", `rtp://127.0.0.1:${port}?rtcpport=${port}`);
  }
  const inputs = ["-re", "-f", "lavfi", "-i", `testsrc2=size=640x360:rate=${FPS}:duration=${SECONDS}`];
  const sound = ["-re", "-f", "lavfi", "-i", `sine=frequency=440:sample_rate=48000:duration=${SECONDS}`];
  const ffmpeg = spawn("ffmpeg", ["-v", "error", ...inputs, ...sound, ...targets], { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(ffmpeg, "exit");
  assert.equal(code, 0);
  // What is in the socket is read before it closes.
  for (const socket of sockets) await new Promise<void>((done) => setImmediate(() => socket.close(done)));
});

after(() => received.clear());

function unitsOf(stream: Stream, depacketizer: Depacketizer): ReceivedUnit[] {
  const buffer = new JitterBuffer({ depacketizer });
  const units: ReceivedUnit[] = [];
  received.get(stream)?.packets.forEach((packet, i) => {
    buffer.push(packet, i);
    units.push(...buffer.take(i));
  });
  assert.equal(buffer.statistics.droppedUnits, 0);
  return units;
}

/** Frames that ffmpeg decodes of it, with every error an end. */
function decodedFrames(bytes: Uint8Array, format: string): number {
  const args = ["-v", "error", "-err_detect", "explode", "-xerror", "-f", format, "-i", "-", "-f", "framecrc", "-"];
  const { stdout, stderr, status } = spawnSync("ffmpeg", args, { input: bytes, maxBuffer: 1 << 24 });
  assert.equal(status, 0, String(stderr));
  return String(stdout)
    .split("\n")
    .filter((line) => /^\d/.test(line)).length;
}

function configurationOf(units: readonly ReceivedUnit[]): Uint8Array {
  const found = units.filter(({ configuration }) => configuration !== null);
  assert.equal(found.length, 1, "one configuration");
  assert.equal(found[0], units[0], "with the first unit");
  return found[0]!.configuration!;
}

function writeMp4(track: Fmp4Track, units: readonly ReceivedUnit[], duration: number): Uint8Array {
  const samples = units.map(({ payload, key, disposable }) => ({ duration, compositionOffset: 0, key, disposable, data: payload }));
  return joined([writeInitialisation([track]), writeFragment(1, [{ kind: track.kind, start: 0, samples }])]);
}

test("H.264: parameter sets in band become the configuration, and every frame decodes", () => {
  const units = unitsOf("h264", h264Depacketizer());
  assert.equal(units.length, FRAMES);
  assert.deepEqual(
    units.flatMap(({ key }, i) => (key ? [i] : [])),
    [0, 25],
  );
  const data = configurationOf(units);
  const { width, height } = good(parseAvcSps(good(parseAvcConfiguration(data)).sps[0]!));
  assert.deepEqual({ width, height }, { width: 640, height: 360 });
  const bodies = [
    { at: 0, body: muxConfiguration({ track: "video", codec: "avc1", data })! },
    ...units.map((unit, i) => ({
      at: i * 40,
      body: muxFrame({ ...unit, track: "video", codec: "avc1", compositionOffset: 0, soundFlags: 0 }),
    })),
  ];
  const tags = bodies.map(({ at, body }) => {
    const tag = new Uint8Array(tagSize(body));
    writeTagInto(tag, body, at);
    return tag;
  });
  assert.equal(decodedFrames(joined([writeFlvHeader(false, true), ...tags]), "flv"), FRAMES);
  // 90 kHz, 25 frames a second.
  assert.deepEqual(new Set(units.slice(1).map(({ rtpTime }, i) => rtpTime - units[i]!.rtpTime)), new Set([3600]));
});

test("VP8: every frame decodes", () => {
  const units = unitsOf("vp8", vp8Depacketizer());
  assert.equal(units.length, FRAMES);
  assert.equal(units[0]!.key, true);
  assert.equal(decodedFrames(writeIvf("VP80", units), "ivf"), FRAMES);
});

test("VP9: the configuration is made from the key frame, and every frame decodes", () => {
  const units = unitsOf("vp9", vp9Depacketizer());
  assert.equal(units.length, FRAMES);
  const configuration = configurationOf(units);
  const { codecString, bitDepth } = good(parseVp9Configuration(configuration));
  assert.deepEqual({ codecString, bitDepth }, { codecString: "vp09.00.21.08", bitDepth: 8 });
  const { width, height } = good(vp9KeyFrameSize(units[0]!.payload));
  const format = { width, height, frameRate: FPS, profile: "0", codecString };
  assert.equal(decodedFrames(writeMp4({ kind: "video", codec: "vp09", configuration, format }, units, 3600), "mp4"), FRAMES);
});

test("Opus: every packet decodes, and its times are those of 20 ms", () => {
  const units = unitsOf("opus", opusDepacketizer(1));
  assert.ok(units.length >= OPUS_PACKETS && units.length <= OPUS_PACKETS + 1, String(units.length));
  const configuration = configurationOf(units);
  const format = good(parseOpusHead(configuration));
  assert.equal(decodedFrames(writeMp4({ kind: "audio", codec: "Opus", configuration, format }, units, 960), "mp4"), units.length);
  assert.deepEqual(new Set(units.slice(1).map(({ rtpTime }, i) => rtpTime - units[i]!.rtpTime)), new Set([960]));
});

test("sender reports tell the same moment for all streams", () => {
  for (const stream of STREAMS) {
    const reports = received.get(stream)!.rtcp.filter((packet) => packet.kind === "sender-report");
    assert.ok(reports.length > 0, stream);
    assert.ok(Math.abs(reports[0]!.ntpMs - Date.now()) < 60_000, stream);
    assert.equal(reports[0]!.ssrc, received.get(stream)!.packets[0]!.ssrc);
  }
});

function writeIvf(fourCc: string, units: readonly ReceivedUnit[]): Uint8Array {
  const head = new Uint8Array(32);
  const view = new DataView(head.buffer);
  head.set(new TextEncoder().encode("DKIF"));
  view.setUint16(6, 32, true);
  head.set(new TextEncoder().encode(fourCc), 8);
  view.setUint16(12, 640, true);
  view.setUint16(14, 360, true);
  view.setUint32(16, FPS, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, units.length, true);
  const frames = units.flatMap(({ payload }, i) => {
    const frameHead = new Uint8Array(12);
    const frameView = new DataView(frameHead.buffer);
    frameView.setUint32(0, payload.length, true);
    frameView.setUint32(4, i, true);
    return [frameHead, payload];
  });
  return joined([head, ...frames]);
}
