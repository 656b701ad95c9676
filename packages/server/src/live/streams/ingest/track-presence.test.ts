import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogEntry, SegmentHead } from "../log/log-entry.ts";
import {
  aacConfiguration,
  audioFrame,
  avcConfiguration,
  ingestOf,
  lesson,
  mediaOf,
  pushAll,
  videoFrame,
} from "../synthetic-source.ts";
import type { SourceMessage } from "./source.ts";

const heads = (entries: readonly LogEntry[]) => entries.filter((entry): entry is SegmentHead => entry.kind === "segment");
/** Which tracks each discontinuity begins with, and when. */
const tracksOf = (entries: readonly LogEntry[]): string[] =>
  heads(entries)
    .filter(({ discontinuity }, i, all) => discontinuity !== all[i - 1]?.discontinuity)
    .map(({ time, initialisation, independent }) => {
      assert.ok(independent, `the segment at ${time} ms begins with what a decoder can begin with`);
      return `${time} ${names.get(initialisation) ?? initialisation}`;
    });
/** Initialisations by their hash, which are the same wherever the tracks are. */
const names = new Map<string, string>();
for (const [name, configurations] of [
  ["both", [avcConfiguration(), aacConfiguration, videoFrame(0, true), audioFrame(0)]],
  ["picture", [avcConfiguration(), videoFrame(0, true)]],
  ["sound", [aacConfiguration, audioFrame(0)]],
] as const) {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, configurations);
  ingest.endSource();
  names.set(heads(entries)[0]?.initialisation ?? "", name);
}

function streamOf(frames: Iterable<SourceMessage>) {
  const { ingest, entries, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...frames]);
  return { ingest, entries, log };
}

const without = (track: "video" | "audio", from: number, to: number, seconds: number) =>
  [...lesson(seconds)].filter((frame) => frame.track !== track || frame.timestamp < from || frame.timestamp >= to);

test("sound that stops is none of the stream's from a key frame on, and its own again from one on", () => {
  const { entries, log } = streamOf(without("audio", 5000, 15_300, 20));
  assert.deepEqual(tracksOf(entries), ["0 both", "8000 picture", "16000 both"]);
  const late = mediaOf(entries, "audio").filter(({ decodeTime }) => decodeTime > 5000);
  assert.ok((late[0]?.decodeTime ?? 0) >= 16_000, "a decoder has its configuration before it");
  assert.equal(mediaOf(entries, "video").length, 20 * 25, "no picture is lost");
  assert.ok(log.context.audio !== null);
  const back = heads(entries).find(({ time }) => time === 18_000);
  assert.ok(Math.abs((back?.start.audio ?? 0) / 44.1 - 18_000) < 30, "sound is where its time says");
});

test("sound that never comes is waited for no longer than sound that stops", () => {
  const { entries } = streamOf(without("audio", 0, 20_000, 8));
  assert.deepEqual(tracksOf(entries), ["0 both", "2000 picture"]);
});

test("a picture that stops leaves sound alone, in segments that are no longer than any, until a key frame", () => {
  const { entries } = streamOf(without("video", 5000, 15_300, 20));
  const [both, sound, again, ...more] = tracksOf(entries);
  assert.deepEqual([both, again, more.length], ["0 both", "16000 both", 0]);
  const [, at = "", what] = /^(\d+) (.*)$/.exec(sound ?? "") ?? [];
  assert.equal(what, "sound");
  assert.ok(Number(at) >= 8960 && Number(at) < 9100, `${at} ms`);
  const times = heads(entries).map(({ time }) => time);
  for (const [i, time] of times.entries()) assert.ok(time - (times[i - 1] ?? 0) <= 2480, `${times.join(" ")}`);
  assert.ok(mediaOf(entries, "audio").every(({ decodeTime }, i, all) => decodeTime - (all[i - 1]?.decodeTime ?? 0) < 50));
});

test("a source that stands still as a whole has stopped no track, nor has one with few pictures", () => {
  const still = [...lesson(30)].filter(({ timestamp }) => timestamp < 7000 || timestamp >= 15_000);
  assert.deepEqual(tracksOf(streamOf(still).entries), ["0 both"]);
  const slides = [...lesson(60)].filter((frame) => frame.track === "audio" || frame.timestamp % 6000 === 0);
  assert.ok(tracksOf(streamOf(slides).entries).length <= 3, "at the beginning alone");
});

test("what another publisher has is expected of it again", () => {
  const { ingest, entries } = streamOf(without("audio", 1000, 20_000, 8));
  ingest.beginTerm(2);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(6, 900_000)]);
  assert.deepEqual(
    tracksOf(entries).map((text) => text.replace(/^\d+ /, "")),
    ["both", "picture", "both"],
  );
});
