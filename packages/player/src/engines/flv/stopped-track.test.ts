import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeAmf0, TAG_TYPE } from "@lectern/media";
import { kindOf } from "./flv-tags.ts";
import type { StreamHead, Tagged } from "./rung-stream.ts";
import { missingOf, StoppedTrack } from "./stopped-track.ts";

const FRAME_MS = 40;
const GOP_MS = 1000;

const tagged = (type: number, timestamp: number, ...body: number[]): Tagged => {
  const tag = { type, timestamp, body: Uint8Array.from(body) };
  return { tag, kind: kindOf(tag) };
};
const picture = (at: number) => tagged(TAG_TYPE.video, at, at % GOP_MS === 0 ? 0x17 : 0x27, 1, 0, 0, 0);
const sound = (at: number) => tagged(TAG_TYPE.audio, at, 0xaf, 1);
const configuration = tagged(TAG_TYPE.audio, 5000, 0xaf, 0);
const HEAD: StreamHead = {
  script: null,
  video: tagged(TAG_TYPE.video, 0, 0x17, 0).tag,
  audio: tagged(TAG_TYPE.audio, 0, 0xaf, 0).tag,
};

/** Frames between two times, of both tracks or one, in their order. */
function frames(from: number, to: number, what: "both" | "sound" | "picture"): Tagged[] {
  const all: Tagged[] = [];
  for (let at = from; at < to; at += FRAME_MS) {
    if (what !== "sound") all.push(picture(at));
    if (what !== "picture") all.push(sound(at + 1));
  }
  return all;
}
/** What changes while frames come, which is no property to the compiler. */
const stoppedOf = (tracks: StoppedTrack) => tracks.stopped;
const returnedOf = (tracks: StoppedTrack) => tracks.returned;
const times = (tags: readonly Tagged[]) => tags.map(({ tag }) => tag.timestamp);

test("a stream with both tracks passes as it is, and none of it has stopped", () => {
  const tracks = new StoppedTrack(HEAD);
  const all = frames(0, 5000, "both");
  assert.deepEqual(tracks.push(all), all);
  assert.deepEqual([tracks.stopped, tracks.returned], [null, null]);
});

test("sound that stops is told after a second and a half, with the pictures from a key frame on; not before", () => {
  const tracks = new StoppedTrack(HEAD);
  tracks.push([...frames(0, 2000, "both"), ...frames(2000, 3400, "picture")]);
  assert.equal(stoppedOf(tracks), null);
  tracks.push(frames(3400, 3800, "picture"));
  const stopped = stoppedOf(tracks) ?? assert.fail("the sound has stopped");
  assert.equal(stopped.track, "audio");
  assert.deepEqual(times(stopped.others), times(frames(3000, 3800, "picture")));
});

test("sound that never came has stopped, too", () => {
  const tracks = new StoppedTrack(HEAD);
  tracks.push(frames(0, 1600, "picture"));
  assert.deepEqual([tracks.stopped?.track, tracks.stopped?.others[0]?.tag.timestamp], ["audio", 1000]);
});

test("a picture that stops is told with the last seconds of the sound", () => {
  const tracks = new StoppedTrack(HEAD);
  tracks.push([...frames(0, 2000, "both"), ...frames(2000, 9000, "sound")]);
  const { track, others } = tracks.stopped ?? assert.fail("the picture has stopped");
  assert.equal(track, "video");
  const span = (times(others).at(-1) ?? 0) - (times(others)[0] ?? 0);
  assert.ok(span > 3000 && span <= 4000 && others.every(({ kind }) => kind.kind === "audio"), `${span} ms of sound`);
});

test("without sound, nothing of it passes; when it is back, there is all since a key frame", () => {
  const tracks = new StoppedTrack(HEAD, "audio");
  const pictures = frames(3000, 5400, "picture");
  assert.deepEqual(tracks.push([...pictures, configuration]), pictures);
  assert.deepEqual(times(tracks.push(frames(5400, 5520, "both"))), times(frames(5400, 5520, "picture")));
  assert.equal(returnedOf(tracks), null, "a moment of it is not enough");
  tracks.push(frames(5520, 5800, "both"));
  const returned = returnedOf(tracks) ?? assert.fail("the sound is back");
  assert.deepEqual([returned[0]?.tag.timestamp, times(returned).at(-1)], [5000, 5761]);
});

test("without a picture, one that is back is begun with its key frame", () => {
  const tracks = new StoppedTrack(HEAD, "video");
  tracks.push([...frames(3000, 5480, "sound"), ...frames(5480, 6000, "both")]);
  assert.equal(tracks.returned, null, "no key frame");
  tracks.push(frames(6000, 6400, "both"));
  assert.deepEqual(times(tracks.returned ?? []).slice(0, 2), [6000, 6001]);
});

test("of a stream that has one track, nothing is missed", () => {
  for (const head of [
    { ...HEAD, audio: null },
    { ...HEAD, video: null },
  ]) {
    const tracks = new StoppedTrack(head);
    tracks.push(frames(0, 5000, head.audio ? "sound" : "picture"));
    assert.equal(tracks.stopped, null);
  }
});

const metadata = (properties: Record<string, string>) => tagged(TAG_TYPE.script, 0, ...encodeAmf0("onMetaData", properties));
const UNDECODABLE = metadata({ videoproblem: "nal-lengths" });

test("a picture that the server says nobody can decode is left out where there is sound, and back from what comes when it can be decoded", () => {
  const head = { ...HEAD, script: UNDECODABLE.tag };
  const options = { soundLeftOutUntil: null };
  assert.equal(missingOf({ tracks: { audio: true, video: true }, head }, options), "video");
  assert.equal(missingOf({ tracks: { audio: false, video: true }, head }, options), "audio");
  assert.equal(missingOf({ tracks: { audio: true, video: true }, head: HEAD }, options), null);
  const tracks = new StoppedTrack(head, "video");
  assert.ok(tracks.push(frames(0, 1500, "both")).every(({ kind }) => kind.kind === "audio"));
  assert.equal(returnedOf(tracks), null);
  tracks.push([metadata({})]);
  assert.equal(returnedOf(tracks), null, "nothing of before");
  tracks.push(frames(2000, 2240, "both"));
  assert.equal(returnedOf(tracks)?.[0]?.tag.timestamp, 2000);
});

test("sound that the server says nobody can decode is left out where it has no configuration, until the server says nothing of it", () => {
  const head = { ...HEAD, script: metadata({ audioproblem: "codec-unsupported" }).tag, audio: null };
  const options = { soundLeftOutUntil: null };
  const tracks = { audio: true, video: true };
  assert.equal(missingOf({ tracks, head }, options), "audio");
  assert.equal(missingOf({ tracks, head: { ...head, audio: HEAD.audio } }, options), null, "silence comes in its place");
  const stopped = new StoppedTrack(head, "audio");
  assert.ok(stopped.push(frames(0, 4000, "both")).every(({ kind }) => kind.kind !== "audio"));
  assert.equal(returnedOf(stopped), null);
  stopped.push([metadata({})]);
  stopped.push(frames(4000, 4400, "both"));
  assert.equal(returnedOf(stopped)?.[0]?.tag.timestamp, 4000);
});
