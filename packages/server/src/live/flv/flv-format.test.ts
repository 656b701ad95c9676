import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeAmf0, FlvReader, type FlvTag } from "@lectern/media";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../streams/synthetic-source.ts";
import { flvFormat } from "./flv-format.ts";

function init(tracks: { video: boolean; audio: boolean }) {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  const bytes = flvFormat(tracks).initBytes(log.context);
  const tags: FlvTag[] = [];
  new FlvReader({ maxTagBytes: 1 << 20, onTag: (tag) => tags.push(tag) }).push(bytes);
  return { flags: bytes[4], types: tags.map((tag) => tag.type), metadata: JSON.stringify(decodeAmf0(tags[0]!.body)) };
}

test("the header says which tracks there are, and the configurations stand before the first frame", () => {
  const both = init({ video: true, audio: true });
  assert.equal(both.flags, 5);
  assert.deepEqual(both.types, [18, 9, 8]);
  assert.match(both.metadata, /"width":1920.*"audiosamplerate":44100/);
});

test("with one track only, nothing is said of the other", () => {
  const sound = init({ video: false, audio: true });
  assert.deepEqual([sound.flags, sound.types], [4, [18, 8]]);
  assert.doesNotMatch(sound.metadata, /width|video|framerate/);
  const picture = init({ video: true, audio: false });
  assert.deepEqual([picture.flags, picture.types], [1, [18, 9]]);
  assert.doesNotMatch(picture.metadata, /audio|stereo/);
});
