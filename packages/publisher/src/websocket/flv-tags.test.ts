import assert from "node:assert/strict";
import { test } from "node:test";
import { Malformed, parseAudioTag, parseOpusHead, parseVideoTag, readWholeTags } from "@lectern/media";
import { metadataTag, opusHead, soundSetup, soundTag, videoSetup, videoTag } from "./flv-tags.ts";

function only(bytes: Uint8Array): { type: number; timestamp: number; body: Uint8Array } {
  const tags: { type: number; timestamp: number; body: Uint8Array }[] = [];
  assert.equal(
    readWholeTags(bytes, (tag) => tags.push(tag) > 0),
    null,
  );
  assert.equal(tags.length, 1);
  return tags[0]!;
}

test("each tag is one whole message, which the server reads as it was meant", () => {
  const data = Uint8Array.of(1, 2, 3);
  const picture = only(videoTag(data, true, 1234.6).bytes);
  assert.equal(picture.timestamp, 1235);
  assert.deepEqual(parseVideoTag(picture.body), {
    kind: "frame",
    codec: "avc1",
    key: true,
    disposable: false,
    compositionOffset: 0,
    data,
  });
  assert.equal((parseVideoTag(only(videoSetup(data, 0).bytes).body) as { kind: string }).kind, "configuration");
  const sound = parseAudioTag(only(soundTag("opus", data, 20).bytes).body);
  assert.deepEqual(sound, { kind: "frame", codec: "Opus", data, flags: 15 });
  assert.equal((parseAudioTag(only(soundSetup("aac", data, 0).bytes).body) as { codec: string }).codec, "mp4a");
  assert.equal(only(metadataTag({ width: 1280 }, 5).bytes).type, 18);
});

test("kinds tell the queue what can be left out", () => {
  const data = new Uint8Array(1);
  const kinds = [videoTag(data, true, 0), videoTag(data, false, 0), soundTag("aac", data, 0), metadataTag({}, 0)].map(
    ({ kind }) => kind,
  );
  assert.deepEqual(kinds, ["key", "delta", "sound", "setup"]);
});

test("the Opus header that is made where a browser gives none is a good one", () => {
  const head = parseOpusHead(opusHead(2, 44_100));
  assert.ok(!(head instanceof Malformed));
  assert.deepEqual([head.channels, head.preSkip, head.sampleRate], [2, 312, 48_000]);
});
