/** Compares the frames that a channel was pulled with to those of the file that its origin plays. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Malformed, VIDEO_CODEC } from "@lectern/media";
import { flvMessages } from "../packages/server/src/live/pull/flv-messages.ts";
import type { Pulled } from "./pulled-channel.ts";

type SourceFrame = { readonly hash: string; readonly time: number };

/** The frames of an FLV file, in its order. */
function readFlv(file: string, track: "video" | "audio"): SourceFrame[] {
  const frames: SourceFrame[] = [];
  const push = flvMessages((message) => {
    if (message.kind === "frame" && message.track === track)
      frames.push({ hash: contentHash(message.codec, message.payload), time: message.timestamp });
  });
  assert.ok(!(push(readFileSync(file)) instanceof Malformed));
  return frames;
}

/** Hashes of the frames of an FLV file, in its order. */
export function framesOfFlv(file: string, track: "video" | "audio"): string[] {
  return readFlv(file, track).map(({ hash }) => hash);
}

/** By how much sound is later than in the file that was played over and over, at the beginning of each loop, milliseconds. */
export function lateSound(frames: (track: "video" | "audio") => readonly Pulled[], file: string): number[] {
  const [video, audio] = (["video", "audio"] as const).map((track) => {
    const source = readFlv(file, track);
    const moved = frames(track).map(({ codec, payload, decodeTime }) => {
      const hash = contentHash(codec, payload);
      const index = source.findIndex((frame) => frame.hash === hash);
      return { index, by: decodeTime - (source[index]?.time ?? Number.NaN) };
    });
    // Each loop once, and the one that it began in.
    return moved.filter(({ index }, i) => i === 0 || index < (moved[i - 1]?.index ?? 0)).map(({ by }) => by);
  });
  const loopMs = readFlv(file, "video").at(-1)?.time ?? 0;
  // Sound may have begun in the loop before the picture's.
  const within = (by: number): number => (by > loopMs / 2 ? by - loopMs : by < -loopMs / 2 ? by + loopMs : by);
  return (video ?? []).flatMap((by, i) => (audio?.[i] === undefined ? [] : [within(audio[i] - by)]));
}

/**
 * Hash of what a decoder decodes: of pictures, everything but parameter sets, delimiters and SEI, which protocols add and move between frames
 * and the configuration.
 */
export function contentHash(codec: string, payload: Uint8Array): string {
  const hash = createHash("md5");
  const isVideo = codec === VIDEO_CODEC.h264 || codec === VIDEO_CODEC.hevc;
  for (const part of isVideo ? slices(codec, payload) : [payload]) hash.update(part);
  return hash.digest("hex");
}

function slices(codec: string, payload: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  const found: Uint8Array[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const nal = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at));
    at += 4 + nal.length;
    const first = nal[0] ?? 0;
    const isSlice = codec === VIDEO_CODEC.h264 ? (first & 31) <= 5 : ((first >> 1) & 63) < 32;
    if (isSlice) found.push(nal);
  }
  return found;
}

/** Where sound of a source has a hole, as where a clip begins again, the server puts silence; where the clip's sound is longer than its picture, it leaves out frames. */
const isSilence = ({ codec, payload }: Pulled): boolean =>
  codec === "mp4a" && SILENCE.includes(Buffer.from(payload).toString("hex"));
/** Of one and of two channels, as `concealingFrame` makes it. */
const SILENCE: readonly string[] = ["00000007", "21000000001c"];
/** Of all frames. */
const MOST_CORRECTED = 0.02;

/** Asserts that frames are those of a file that is played over and over, in its order, none missing and none twice, but for the few of sound by which it fits. */
export function assertCopied(pulled: readonly Pulled[], source: readonly string[], what: string): void {
  const own = pulled.filter((frame) => !isSilence(frame));
  const hashes = own.map(({ codec, payload }) => contentHash(codec, payload));
  const first = source.indexOf(hashes[0] ?? "");
  assert.ok(first >= 0, `${what}: the first frame is none of the source`);
  const isSound = own[0]?.codec === "mp4a";
  let leftOut = 0;
  for (const [i, hash] of hashes.entries()) {
    const expected = () => source[(first + i + leftOut) % source.length];
    if (isSound && hash !== expected()) leftOut++;
    assert.equal(
      hash,
      expected(),
      `${what}: frame ${i} of ${hashes.length}, after ${(first + i) % source.length} of ${source.length}`,
    );
  }
  const corrected = pulled.length - own.length + leftOut;
  assert.ok(
    corrected <= Math.ceil(pulled.length * MOST_CORRECTED),
    `${what}: ${corrected} of ${pulled.length} frames were corrected`,
  );
}

/** The longest step between two frames, milliseconds. */
export function longestStep(frames: readonly Pulled[]): number {
  return frames.reduce((most, frame, i) => Math.max(most, frame.decodeTime - (frames[i - 1]?.decodeTime ?? frame.decodeTime)), 0);
}
