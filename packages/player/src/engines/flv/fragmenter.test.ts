import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader, type FlvTag, Malformed, TAG_TYPE, writeAvcConfiguration } from "@lectern/media";
import { Fragmenter, type MediaSegment } from "./fragmenter.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
const tag = (type: number, timestamp: number, hex: string): FlvTag => ({ type, timestamp, body: bytes(hex) });
/** Parameter sets of x264, of 1280×720. @param level as two hexadecimal digits */
function videoSetup(level = "1f"): FlvTag {
  const sps = bytes(`676400${level}acd9405005bb011000000300100000030320f1831960`);
  const configuration = writeAvcConfiguration([sps], [bytes("68ebe3cb22c0")]);
  assert.ok(!(configuration instanceof Malformed));
  return { type: TAG_TYPE.video, timestamp: 0, body: Uint8Array.of(0x17, 0, 0, 0, 0, ...configuration) };
}
const picture = (timestamp: number, { key = false, offset = 0 } = {}) =>
  tag(TAG_TYPE.video, timestamp, `${key ? 17 : 27}01${offset.toString(16).padStart(6, "0")}00000001aa`);
/** AAC LC with two channels. @param configuration of 44.1 or 48 kHz */
const soundSetup = (configuration: "1210" | "1190") => tag(TAG_TYPE.audio, 0, `af00${configuration}`);
const sound = (timestamp: number) => tag(TAG_TYPE.audio, timestamp, "af01bb");

type Frame = { readonly at: number; readonly duration: number; readonly offset: number };

/** The frames of a fragment: `tfdt` and `trun` of ISO/IEC 14496-12 sections 8.8.12 and 8.8.8, as they are written here. */
function framesOf({ track, bytes: fragment }: MediaSegment): Frame[] {
  const text = Buffer.from(fragment).toString("latin1");
  const times = new ByteReader(fragment, text.indexOf("tfdt") + 8);
  let at = times.u32() * 2 ** 32 + times.u32();
  const run = new ByteReader(fragment, text.indexOf("trun") + 8);
  const count = run.u32();
  run.skip(4);
  return Array.from({ length: count }, () => {
    const duration = run.u32();
    run.skip(4);
    if (track === "video") run.skip(4);
    const frame = { at, duration, offset: track === "video" ? run.u32() : 0 };
    at += duration;
    return frame;
  });
}

/** What a fragmenter made of tags that came in so many pieces. */
function made(...pieces: readonly (readonly FlvTag[])[]): MediaSegment[] {
  const fragmenter = new Fragmenter(1000);
  return pieces.flatMap((piece) => {
    const segments = fragmenter.push(piece);
    if (segments instanceof Malformed) throw new Error(segments.rule);
    return [...segments];
  });
}
const of = (segments: readonly MediaSegment[], track: "video" | "audio") => segments.filter((one) => one.track === track);
const allFrames = (segments: readonly MediaSegment[]) => segments.filter(({ type }) => type === null).flatMap(framesOf);

test("each frame lasts until the next one, which may come later, and times begin at the origin", () => {
  const first = [videoSetup(), picture(1000, { key: true, offset: 80 }), picture(1040)];
  const video = of(made(first, [picture(1100)], [picture(1133)]), "video");
  assert.equal(video[0]?.type, 'video/mp4; codecs="avc1.64001f"');
  assert.deepEqual(allFrames(video), [
    { at: 0, duration: 3600, offset: 7200 },
    { at: 3600, duration: 5400, offset: 0 },
    { at: 9000, duration: 2970, offset: 0 },
  ]);
  assert.deepEqual(
    video.map(({ keyAt }) => keyAt),
    [null, 0.08, null, null],
    "what is complete is given at once, with the places where a decoder can begin",
  );
});

test("sound whose times are rounded to milliseconds is exact again, and a frame before missing sound lasts until it goes on", () => {
  const times = Array.from({ length: 100 }, (_, i) => 1000 + Math.round((i * 1024) / 44.1));
  const late = times.map((time) => time + 3000);
  const frames = allFrames(made([soundSetup("1210"), ...times.map(sound)], late.map(sound)));
  for (const [i, frame] of frames.slice(0, 99).entries()) assert.deepEqual(frame, { at: i * 1024, duration: 1024, offset: 0 });
  const gap = frames[99];
  assert.equal((gap?.at ?? 0) + (gap?.duration ?? 0), 3 * 44_100);
  assert.deepEqual(frames[100], { at: 3 * 44_100, duration: 1024, offset: 0 });
});

test("another configuration holds from the next frame on: what came before it is ended first", () => {
  const segments = made(
    [videoSetup(), soundSetup("1210"), picture(1000, { key: true }), sound(1000), picture(1040)],
    [videoSetup("20"), soundSetup("1190"), picture(1080, { key: true }), sound(1023), picture(1120), sound(1044)],
  );
  const video = of(segments, "video");
  assert.deepEqual(
    video.map(({ type }) => type),
    ['video/mp4; codecs="avc1.64001f"', null, null, 'video/mp4; codecs="avc1.640020"', null],
  );
  assert.deepEqual(
    allFrames(video).map(({ at, duration }) => [at, duration]),
    [0, 3600, 7200].map((at) => [at, 3600]),
  );
  const audio = of(segments, "audio");
  assert.deepEqual(
    allFrames(audio).map(({ at, duration }) => [at, duration]),
    [
      [0, 1024],
      [1104, 1024],
    ],
  );
  assert.deepEqual(
    made([videoSetup(), picture(1000, { key: true })], [videoSetup(), picture(1040)]).length,
    2,
    "nor is the same repeated",
  );
});

test("of VP9, whose size only its key frames have, a configuration that comes again begins nothing", () => {
  const setup = tag(TAG_TYPE.video, 1000, "9076703039010000000014820202020000");
  const key = (time: number) => tag(TAG_TYPE.video, time, "91767030398249834200013f00b3f0");
  const inter = (time: number) => tag(TAG_TYPE.video, time, "a17670303986004092");
  const segments = made([setup, key(1000), inter(1040)], [setup, inter(1080), setup, key(1120), inter(1160)]);
  assert.deepEqual(
    segments.map(({ type }) => type?.slice(0, 27)),
    ['video/mp4; codecs="vp09.00.', undefined, undefined],
  );
  assert.equal(allFrames(segments).length, 4);
});

test("time that goes back begins another fragment, and what is before the beginning is left out", () => {
  const frames = allFrames(
    made([soundSetup("1190"), sound(960), videoSetup(), picture(1500, { key: true }), picture(1540), picture(1200), picture(1240)]),
  );
  assert.deepEqual(
    frames.map(({ at, duration }) => [at / 90, duration / 90]),
    [
      [500, 40],
      [540, 0],
      [200, 40],
    ],
  );
});

test("MP3 is in MP4 for browsers that do not take it as it is, as Firefox", (t) => {
  Object.assign(globalThis, { MediaSource: { isTypeSupported: (type: string) => type !== "audio/mpeg" } });
  t.after(() => Reflect.deleteProperty(globalThis, "MediaSource"));
  const mp3 = made([tag(TAG_TYPE.audio, 1000, "2ffffb9064"), tag(TAG_TYPE.audio, 1026, "2ffffb9064")]);
  const [head, frames] = mp3.map(({ bytes }) => Buffer.from(bytes).toString("hex"));
  assert.deepEqual([mp3[0]?.type, mp3[1]?.beginsAt], ['audio/mp4; codecs="mp3"', null]);
  // `DecoderConfigDescriptor` of 13 bytes: MP3, an audio stream, and nothing specific.
  assert.match(head ?? "", /048080800d6b15/);
  assert.match(frames ?? "", /6d646174fffb9064$/);
});

test("MP3 tells its format in its frames; a codec that MP4 does not carry is named; a broken tag is passed over", () => {
  const mp3 = made([tag(TAG_TYPE.audio, 1000, "2ffffb9064"), tag(TAG_TYPE.audio, 1026, "2ffffb9064")]);
  assert.deepEqual(
    mp3.map(({ type, beginsAt, bytes }) => [type, beginsAt, Buffer.from(bytes).toString("hex")]),
    [
      ["audio/mpeg", null, ""],
      [null, 0, "fffb9064"],
    ],
  );
  const answer = new Fragmenter(0).push([tag(TAG_TYPE.audio, 0, "b200")]);
  assert.match(answer instanceof Malformed ? answer.rule : "", /spex is not supported/);
  assert.deepEqual(new Fragmenter(0).push([tag(TAG_TYPE.video, 0, "17"), tag(TAG_TYPE.script, 0, "02")]), []);
});
