import assert from "node:assert/strict";
import { test } from "node:test";
import { TAG_TYPE } from "@lectern/media";
import { kindOf } from "./flv-tags.ts";
import type { StreamHead, Tagged } from "./rung-stream.ts";
import { framesFrom, Splice } from "./splice.ts";

const CTS = 80;
const FRAME_MS = 40;
const GOP_MS = 2000;
const AUDIO_MS = 23;

const tagged = (type: number, timestamp: number, ...body: number[]): Tagged => {
  const tag = { type, timestamp, body: Uint8Array.from(body) };
  return { tag, kind: kindOf(tag) };
};
/** A frame of H.264 of one of two rungs. */
const video = (timestamp: number, rung: number, offset = CTS) =>
  tagged(TAG_TYPE.video, timestamp, (timestamp % GOP_MS === 0 ? 0x10 : 0x20) | 7, 1, 0, 0, offset, rung);
const audio = (timestamp: number, rung: number) => tagged(TAG_TYPE.audio, timestamp, 0xaf, 1, rung);
const head = (rung: number, audioConfiguration = 0, format = 0xaf): StreamHead => ({
  script: null,
  video: tagged(TAG_TYPE.video, 0, 0x17, 0, 0, 0, 0, rung).tag,
  audio: tagged(TAG_TYPE.audio, 0, format, 0, audioConfiguration).tag,
});
/** Sound and picture of a rung between two times, in their order. */
function frames(rung: number, from: number, to: number, offset = CTS): Tagged[] {
  const all: Tagged[] = [];
  for (let time = Math.ceil(from / FRAME_MS) * FRAME_MS; time < to; time += FRAME_MS) all.push(video(time, rung, offset));
  for (let time = Math.ceil(from / AUDIO_MS) * AUDIO_MS; time < to; time += AUDIO_MS) all.push(audio(time, rung));
  return all.sort((a, b) => a.tag.timestamp - b.tag.timestamp);
}
const rungOfTag = ({ tag }: Tagged) => tag.body.at(-1);
const times = (tags: readonly Tagged[], type: number) =>
  tags.filter(({ tag }) => tag.type === type).map(({ tag }) => tag.timestamp);

test("the viewer goes over at a key frame that both have: no frame is lost or doubled, in picture and sound", () => {
  const splice = new Splice(head(1));
  const out = [...splice.push(frames(1, 2000, 3500), false), ...splice.push(frames(1, 3500, 4300), true)];
  assert.ok(splice.isHolding);
  const before = { kept: frames(2, 2000, 3900), head: head(2) };
  assert.equal(splice.canJoin(before), "not-yet");
  const next = { kept: frames(2, 2000, 4100), head: head(2) };
  assert.equal(splice.canJoin(next), "yes");
  const joined = splice.join(next);
  assert.equal(joined[0]?.kind.kind, "video-configuration");
  const after = [...joined.slice(1), ...splice.push(frames(2, 4100, 4500), false)];
  const all = [...out, ...after];
  assert.deepEqual(times(all, TAG_TYPE.video), times(frames(1, 2000, 4500), TAG_TYPE.video));
  assert.deepEqual(times(all, TAG_TYPE.audio), times(frames(1, 2000, 4500), TAG_TYPE.audio));
  for (const one of all.filter(({ tag }) => tag.type === TAG_TYPE.video))
    assert.equal(rungOfTag(one), one.tag.timestamp < 4000 ? 1 : 2, `the frame of ${one.tag.timestamp}`);
});

test("an equal configuration is not repeated; another one of the sound begins between two of its frames", () => {
  const joinWith = (audioConfiguration: number) => {
    const splice = new Splice(head(1));
    const before = [...splice.push(frames(1, 2000, 3900), false), ...splice.push(frames(1, 3900, 4001), true)];
    const next = { kept: frames(2, 2000, 4100), head: head(2, audioConfiguration) };
    assert.equal(splice.canJoin(next), "yes");
    return { before, next: splice.join(next) };
  };
  const same = joinWith(0);
  assert.deepEqual(
    same.next.slice(0, 2).map(({ kind }) => kind.kind),
    ["video-configuration", "key"],
  );
  const other = joinWith(9);
  assert.deepEqual(
    other.next.slice(0, 3).map(({ kind }) => kind.kind),
    ["video-configuration", "audio-configuration", "key"],
  );
  const sound = [...other.before, ...other.next].filter(({ kind }) => kind.kind === "audio");
  assert.deepEqual(
    sound.map(({ tag }) => tag.timestamp),
    times(frames(1, 2000, 4100), TAG_TYPE.audio),
  );
});

test("held frames go on, all of them, when the other rung does not come in time; the next key frame is another chance", () => {
  const splice = new Splice(head(1));
  const out = [...splice.push(frames(1, 2000, 4200), true), ...splice.release(), ...splice.push(frames(1, 4200, 6100), true)];
  assert.deepEqual(times(out, TAG_TYPE.video), times(frames(1, 2000, 6000), TAG_TYPE.video));
  assert.equal(splice.canJoin({ kept: frames(2, 4000, 6100), head: head(2) }), "yes");
});

test("a rung without this key frame waits for the next one, and one of another format cannot go on in the same decoder", () => {
  const splice = new Splice(head(1));
  splice.push(frames(1, 2000, 4200), true);
  const missing = frames(2, 2040, 4200).filter(({ tag }) => tag.timestamp !== 4000 || tag.type === TAG_TYPE.audio);
  assert.equal(splice.canJoin({ kept: missing, head: head(2) }), "no-key-frame");
  assert.equal(splice.canJoin({ kept: frames(2, 2000, 4200, 0), head: head(2) }), "other-format");
  assert.equal(splice.canJoin({ kept: frames(2, 2000, 4200), head: head(2, 0, 0x2f) }), "other-format");
});

test("an element that is loaded again begins with the key frame before the shown frame", () => {
  const kept = frames(2, 2000, 7000);
  assert.equal(framesFrom(kept, 5100)[0]?.tag.timestamp, 4000);
  assert.equal(framesFrom(kept, 1000)[0]?.tag.timestamp, 2000);
  assert.equal(framesFrom(kept, Number.POSITIVE_INFINITY)[0]?.tag.timestamp, 6000);
  assert.deepEqual(framesFrom(frames(2, 2040, 3900), 3000), []);
  const sound = kept.filter(({ tag }) => tag.type === TAG_TYPE.audio);
  assert.equal(framesFrom(sound, 5100)[0]?.tag.timestamp, Math.ceil(5100 / AUDIO_MS) * AUDIO_MS);
});
