import assert from "node:assert/strict";
import { test } from "node:test";
import { aacConfiguration, avcConfiguration, idOf, ingestOf, lesson, pushAll, videoFrame } from "../synthetic-source.ts";
import { Output } from "./output.ts";
import type { WireFormat } from "./wire-format.ts";

/** A format that writes what it is given in words. */
const WORDS: WireFormat = {
  id: "words",
  video: true,
  audio: true,
  initBytes: (context) => Buffer.from(`[${context.video?.codec ?? ""} ${context.audio?.codec ?? ""}]`),
  configurations: () => Buffer.from("<configurations> "),
  write: (entry, reserve) => {
    const words = Buffer.from(entry.kind === "media" ? `${entry.track[0]}${idOf(entry)} ` : `<${entry.track}> `);
    reserve(words.length).set(words);
  },
};
const only =
  (track: "video" | "audio"): WireFormat["write"] =>
  (entry, reserve) => {
    if (entry.track === track) WORDS.write(entry, reserve);
  };
const LIMITS = { milliseconds: 5000, bytes: 1 << 20 };
const text = (output: Output) => output.join!.initBytes.toString() + output.slice(output.join!.position, output.head).toString();

test("the first viewer of a stream that has been running gets the newest GOP at once", () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(2.2)]);
  const output = new Output(log, WORDS, LIMITS);
  assert.match(text(output), /^\[avc1 mp4a\]v2000 (a\d+ )*v2040 .*v2160 $/);
});

test("an output that was there from the beginning has the same bytes as one that came later", () => {
  const { ingest, log } = ingestOf();
  const early = new Output(log, WORDS, LIMITS);
  assert.equal(early.join, null);
  let joined = 0;
  early.whenJoinable(() => joined++);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(5)]);
  assert.equal(joined, 1);
  assert.equal(text(early), text(new Output(log, WORDS, LIMITS)));
});

test("a configuration that changes stands in the bytes, and in the init bytes of later viewers", () => {
  const { ingest, log } = ingestOf();
  const output = new Output(log, WORDS, LIMITS);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  pushAll(ingest, [avcConfiguration(1), videoFrame(1000, true)]);
  const all = output.slice(0, output.head).toString();
  assert.match(all, /<metadata> <video> v1000 $/);
  assert.match(text(output), /^\[avc1 mp4a\]v1000 $/);
});

test("an output of sound alone can be joined twice a second, one without sound at key frames", () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(3)]);
  const sound = new Output(log, { ...WORDS, video: false, write: only("audio") }, LIMITS);
  assert.ok(sound.join!.time >= 2000);
  assert.doesNotMatch(text(sound), / v\d/);
  const picture = new Output(log, { ...WORDS, audio: false, write: only("video") }, LIMITS);
  assert.equal(picture.join!.time, 2000);
});

test("a closed output takes nothing more", () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  const output = new Output(log, WORDS, LIMITS);
  const before = output.head;
  output.close();
  ingest.push(videoFrame(1000, false));
  assert.equal(output.head, before);
});
