/** What ffmpeg's MPEG-TS becomes: configurations, frames and their times. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Malformed, readAudioConfiguration, readVideoConfiguration } from "@lectern/media";
import type { SourceMessage } from "../streams/index.ts";
import { TsMessages } from "./ts-messages.ts";

const FIXTURES = new URL("../../../../media/src/ts/fixtures/", import.meta.url);
const HEVC = readFileSync(new URL("ffmpeg-5.1-hevc-aac.bin", FIXTURES));
const H264 = readFileSync(new URL("ffmpeg-5.1-h264.bin", FIXTURES));

function read(...inputs: readonly Buffer[]) {
  const messages: SourceMessage[] = [];
  const unknown: boolean[] = [];
  /** Messages that came before the first stream that cannot be read. */
  let before: number | null = null;
  const reader = new TsMessages({
    onMessage: (message) => messages.push(message),
    onUnknownStream: (isVideo) => {
      before ??= messages.length;
      unknown.push(isVideo);
    },
  });
  let broken: Malformed | null = null;
  for (const input of inputs) broken ??= reader.push(input);
  reader.end();
  return { messages, unknown, before: before as number | null, broken: broken as Malformed | null };
}

const configurationsOf = (messages: readonly SourceMessage[]) =>
  messages.flatMap((message) => (message.kind === "configuration" ? [message] : []));
const framesOf = (messages: readonly SourceMessage[], track: "video" | "audio") =>
  messages.flatMap((message) => (message.kind === "frame" && message.track === track ? [message] : []));

test("each track begins with its configuration, which is told once", () => {
  const { messages, broken, unknown } = read(HEVC);
  assert.deepEqual([broken, unknown], [null, []]);
  const configurations = configurationsOf(messages);
  assert.deepEqual(
    configurations.map(({ track, codec }) => [track, codec]),
    [
      ["video", "hvc1"],
      ["audio", "mp4a"],
    ],
  );
  const [video, audio] = configurations.map(({ track, codec, data }) =>
    track === "video" ? readVideoConfiguration(codec, data) : readAudioConfiguration(codec, data),
  );
  assert.ok(video && !(video instanceof Malformed) && "width" in video);
  assert.deepEqual([video.width, video.height], [320, 180]);
  assert.ok(audio && !(audio instanceof Malformed) && "sampleRate" in audio);
  assert.equal(audio.sampleRate, 48_000);
});

test("frames have lengths before their units, no parameter sets, and times as far apart as in the source", () => {
  for (const [input, sets] of [
    [HEVC, (first: number) => [32, 33, 34, 35].includes((first >> 1) & 63)],
    [H264, (first: number) => [7, 8, 9].includes(first & 31)],
  ] as const) {
    const frames = framesOf(read(input).messages, "video");
    assert.ok(frames.length >= 30 && frames[0]?.key);
    for (const { payload } of frames) {
      const bytes = Buffer.from(payload);
      for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at)) assert.ok(!sets(bytes[at + 4] ?? 0));
    }
    const steps = frames.slice(1).map(({ timestamp }, i) => timestamp - (frames[i]?.timestamp ?? 0));
    assert.ok(
      steps.every((step) => step === 33 || step === 34),
      steps.join(),
    );
    assert.ok(frames.every(({ compositionOffset }) => compositionOffset >= 0 && compositionOffset < 300));
  }
});

test("another picture in the same stream is another configuration, at its key frame", () => {
  const small = Buffer.from(H264);
  const { messages } = read(H264, small);
  assert.equal(configurationsOf(messages).length, 1, "the same parameter sets again are no change");
  const other = Buffer.from(H264);
  // Level 1.3 becomes 4.0 in each sequence parameter set.
  const sps = configurationsOf(messages)[0]?.data.subarray(8, 12) ?? new Uint8Array(0);
  let count = 0;
  for (let at = other.indexOf(sps); at >= 0; at = other.indexOf(sps, at + 1), count++) other[at + 3] = 40;
  assert.ok(count > 0);
  const changed = read(H264, other).messages;
  const [first, second] = configurationsOf(changed);
  assert.ok(first && second && Buffer.compare(first.data, second.data) !== 0);
  const next = changed[changed.indexOf(second) + 1];
  assert.ok(next?.kind === "frame" && next.key);
});

test("a stream of another kind is told, and whether it is the picture", () => {
  const changeType = (from: number, to: number) => {
    const input = Buffer.from(HEVC);
    // The program map: stream type, three reserved bits with the PID, four with the length.
    for (let at = 0; at < input.length; at += 188) {
      if (((input[at + 1] ?? 0) & 0x1f) !== 0x10 || input[at + 2] !== 0) continue;
      for (let i = at + 12; i < at + 40; i++) if (input[i] === from && (input[i + 1] ?? 0) >> 5 === 7) input[i] = to;
    }
    return input;
  };
  const [sound, picture] = [read(changeType(0x0f, 0x81)), read(changeType(0x24, 0x02))];
  assert.ok(sound.unknown.length > 0 && sound.unknown.every((isVideo) => !isVideo));
  assert.ok(picture.unknown.length > 0 && picture.unknown.every((isVideo) => isVideo));
  assert.deepEqual([sound.before, picture.before], [0, 0], "nothing is told before it is known");
  const announced = read(withoutPid(changeType(0x0f, 0x81), 0x101));
  assert.deepEqual(
    [announced.unknown, framesOf(announced.messages, "video").length],
    [[], framesOf(read(HEVC).messages, "video").length],
  );
});

test("the clock goes on across its wrap of 33 bits", () => {
  // Two seconds that begin just before the wrap: the second half has small numbers.
  const late = Buffer.from(H264);
  const setTimes = (input: Buffer, from: number) => {
    let ticks = from;
    for (let at = input.indexOf(START); at >= 0; at = input.indexOf(START, at + 4), ticks += 3000)
      writeTime(input, at + 9, ticks % 2 ** 33);
    return ticks;
  };
  const end = setTimes(late, 2 ** 33 - 15 * 3000);
  assert.ok(end > 2 ** 33);
  const times = framesOf(read(late).messages, "video").map(({ timestamp }) => timestamp);
  assert.ok(
    times.slice(1).every((time, i) => ((time - (times[i] ?? 0)) | 0) >= 33 && ((time - (times[i] ?? 0)) | 0) <= 34),
    times.join(),
  );
});

/** Without the packets of one stream. */
function withoutPid(input: Buffer, pid: number): Buffer {
  const packets = Array.from({ length: input.length / 188 }, (_, i) => input.subarray(i * 188, (i + 1) * 188));
  return Buffer.concat(packets.filter((packet) => (packet.readUInt16BE(1) & 0x1fff) !== pid));
}

const START = Buffer.from([0, 0, 1, 0xe0]);

/** Writes a PTS over the times of a PES packet, and says that there is no DTS. */
function writeTime(input: Buffer, at: number, ticks: number): void {
  const isBoth = ((input[at - 2] ?? 0) & 0x40) !== 0;
  const field = (mark: number) => [
    (mark << 4) | (Math.floor(ticks / 2 ** 30) << 1) | 1,
    Math.floor(ticks / 2 ** 22) & 0xff,
    ((Math.floor(ticks / 2 ** 15) & 0x7f) << 1) | 1,
    Math.floor(ticks / 2 ** 7) & 0xff,
    ((ticks & 0x7f) << 1) | 1,
  ];
  input.set(field(isBoth ? 3 : 2), at);
  if (isBoth) input.set(field(1), at + 5);
}
