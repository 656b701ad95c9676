import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { FlvTag } from "./flv-reader.ts";
import { TAG_TYPE, writeTag } from "./tag.ts";
import { readWholeTags } from "./whole-tags.ts";

const video = writeTag(TAG_TYPE.video, 0x01020304, [bytes("1701000000aabb")]);
const audio = writeTag(TAG_TYPE.audio, 40, [bytes("af01cc")]);
const both = Buffer.concat([video, audio]);

function read(message: Uint8Array, most = 100): { tags: FlvTag[]; broken: Malformed | null } {
  const tags: FlvTag[] = [];
  const broken = readWholeTags(message, (tag) => tags.push(tag) < most);
  return { tags, broken };
}

test("the tags of a message are read in their order, with times above 24 bits", () => {
  const { tags, broken } = read(both);
  assert.equal(broken, null);
  assert.deepEqual(
    tags.map(({ type, timestamp, body }) => [type, timestamp, Buffer.from(body).toString("hex")]),
    [
      [TAG_TYPE.video, 0x01020304, "1701000000aabb"],
      [TAG_TYPE.audio, 40, "af01cc"],
    ],
  );
});

test("a tag that is cut short anywhere, has an unknown type or a wrong size behind it is malformed; whole ones before it are given", () => {
  for (let length = 0; length < both.length; length++) {
    if (length === video.length) continue;
    const { tags, broken } = read(both.subarray(0, length));
    assert.ok(broken instanceof Malformed, `${length} bytes`);
    assert.equal(tags.length, length > video.length ? 1 : 0);
  }
  const wrongSize = Uint8Array.from(video);
  wrongSize[wrongSize.length - 1]!++;
  assert.ok(read(wrongSize).broken);
  const wrongType = Uint8Array.from(video);
  wrongType[0] = 7;
  assert.match(read(wrongType).broken?.rule ?? "", /type 7/);
});

test("reading ends when no further tag is wanted", () => {
  assert.equal(read(both, 1).tags.length, 1);
});

test("any bytes are survived", () => {
  survivesAnyBytes(both, (some) => readWholeTags(some, () => true));
});
