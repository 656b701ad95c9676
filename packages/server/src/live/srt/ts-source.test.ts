/** What the MPEG-TS of encoders becomes, whole and damaged. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inPieces, survivesAnyBytes } from "../../../../media/test/hostile-bytes.ts";
import type { SourceMessage } from "../streams/index.ts";
import { TsSource } from "./ts-source.ts";

const FIXTURES = new URL("../../../../media/src/ts/fixtures/", import.meta.url);
const HEVC = readFileSync(new URL("ffmpeg-5.1-hevc-aac.bin", FIXTURES));
const OPUS = readFileSync(new URL("ffmpeg-5.1-h264-opus.bin", FIXTURES));
const PACKET = 188;

function read(input: Uint8Array, sizes: readonly number[] = [1316]) {
  const messages: SourceMessage[] = [];
  const unreadable: string[] = [];
  const source = new TsSource({
    onMessage: (message) => messages.push(message),
    onUnreadable: (codecs) => unreadable.push(codecs),
  });
  inPieces(input, sizes, (piece) => source.push(piece));
  const frames = (track: string) =>
    messages.flatMap((message) => (message.kind === "frame" && message.track === track ? [message] : []));
  const faults = messages.flatMap((message) => (message.kind === "fault" ? [message.fault.rule] : []));
  const codecs = messages.flatMap((message) => (message.kind === "configuration" ? [message.codec] : []));
  return { messages, unreadable, video: frames("video"), audio: frames("audio"), faults, codecs };
}

/** A copy, with the stream type of one of its streams replaced. */
function withType(from: number, to: number): Buffer {
  const bytes = Buffer.from(HEVC);
  for (let at = 0; at < bytes.length; at += PACKET) {
    const packet = bytes.subarray(at, at + PACKET);
    const found = packet.indexOf(Buffer.from([from, 0xe1]));
    // The program map has its table's number at the beginning.
    if (packet[5] === 2 && found > 0) packet[found] = to;
  }
  return bytes;
}

test("HEVC and AAC come with their configurations, however the bytes are cut", () => {
  const whole = read(HEVC);
  assert.deepEqual([whole.codecs, whole.faults, whole.unreadable], [["hvc1", "mp4a"], [], []]);
  assert.ok(whole.video.length > 20 && whole.video[0]?.key && whole.audio.length > 20);
  for (const sizes of [[1], [188], [187, 3, 500]]) assert.deepEqual(read(HEVC, sizes).messages, whole.messages);
});

test("H.264 and Opus come with their configurations", () => {
  const { codecs, faults, audio } = read(OPUS);
  assert.deepEqual([[...codecs].sort(), faults], [["Opus", "avc1"], []]);
  const steps = new Set(audio.slice(1).map(({ timestamp }, i) => timestamp - (audio[i]?.timestamp ?? 0)));
  assert.ok(audio.length > 20 && [...steps].every((step) => step >= 19 && step <= 21), `${[...steps]}`);
});

test("a lost packet costs the frame that it belonged to, and is counted", () => {
  const whole = read(HEVC);
  const from = 40 * PACKET;
  const { video, audio, faults } = read(Buffer.concat([HEVC.subarray(0, from), HEVC.subarray(from + 7 * PACKET)]));
  assert.ok(faults.includes("MPEG-TS packets are missing"));
  const lost = whole.video.length + whole.audio.length - video.length - audio.length;
  assert.ok(lost >= 1 && lost <= 8, `${lost}`);
  const times = new Set(whole.video.map(({ timestamp }) => timestamp));
  for (const { timestamp } of video) assert.ok(times.has(timestamp));
});

test("bytes between packets are left out", () => {
  const { video, audio } = read(
    Buffer.concat([Buffer.from("noise"), HEVC.subarray(0, 4 * PACKET), Buffer.from("more"), HEVC.subarray(4 * PACKET)]),
  );
  const whole = read(HEVC);
  assert.deepEqual([video.length, audio.length], [whole.video.length, whole.audio.length]);
});

test("a picture that no browser shows is told with its name", () => {
  assert.deepEqual(read(withType(0x24, 0x02)).unreadable, ["MPEG-2 video"]);
});

test("a picture goes on without a sound that cannot be read, which is counted", () => {
  const { video, audio, faults, unreadable } = read(withType(0x0f, 0x81));
  assert.ok(video.length > 20);
  assert.deepEqual([audio.length, faults, unreadable], [0, ["sound as AC-3"], []]);
});

test("any bytes are survived", () => {
  survivesAnyBytes(HEVC.subarray(0, PACKET * 30), (input) => read(input, [PACKET * 7]));
});
