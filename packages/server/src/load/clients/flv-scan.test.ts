import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FlvReader, Malformed, parseAudioTag, parseVideoTag } from "@lectern/media";
import { FlvScan } from "./flv-scan.ts";

const AUDIO = 8;
type Frame = readonly [timestamp: number, isVideo: boolean, isKey: boolean];

const clip = (name: string) => readFileSync(new URL(`../../../../../e2e/clips/${name}.flv`, import.meta.url));

function scanned(bytes: Uint8Array, piece: number): Frame[] {
  const frames: Frame[] = [];
  const scan = new FlvScan((...frame) => frames.push(frame));
  for (let at = 0; at < bytes.length; at += piece) scan.push(bytes.subarray(at, at + piece));
  return frames;
}

/** As the parser of the formats reads it. */
function parsed(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  const onTag = ({ type, timestamp, body }: { type: number; timestamp: number; body: Uint8Array }): void => {
    const packet = type === AUDIO ? parseAudioTag(body) : type === 9 ? parseVideoTag(body) : null;
    if (!packet || packet instanceof Malformed || packet.kind !== "frame") return;
    frames.push([timestamp, type !== AUDIO, "key" in packet && packet.key === true]);
  };
  new FlvReader({ maxTagBytes: 1 << 24, onTag }).push(bytes);
  return frames;
}

for (const name of ["h264opus", "hevc", "av1"])
  test(`the frames of ${name} are those that the parser finds, whatever pieces the bytes come in`, () => {
    const bytes = clip(name);
    const video = (frames: Frame[]) => frames.filter(([, isVideo]) => isVideo);
    const expected = video(parsed(bytes));
    assert.ok(expected.length > 10);
    for (const piece of [1, 7, 1000, bytes.length]) assert.deepEqual(video(scanned(bytes, piece)), expected, `${piece}`);
  });
