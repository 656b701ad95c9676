import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { inPieces, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import type { Malformed } from "../bytes/malformed.ts";
import { FlvReader, type FlvTag } from "./flv-reader.ts";
import { tagBody, writeFlvHeader, writeTag } from "./tag.ts";

const CLIPS = new URL("../../../../e2e/clips/", import.meta.url);

function read(input: Uint8Array, sizes: readonly number[]) {
  const tags: FlvTag[] = [];
  const reader = new FlvReader({ onTag: (tag) => tags.push(tag), maxTagBytes: 1 << 20 });
  let broken: Malformed | null = null;
  inPieces(input, sizes, (piece) => {
    broken ??= reader.push(piece);
  });
  return { tags, broken: broken as Malformed | null };
}

for (const name of readdirSync(CLIPS).filter((file) => file.endsWith(".flv"))) {
  test(`${name}, as FFmpeg wrote it, reads the same byte by byte as whole`, () => {
    const file = readFileSync(new URL(name, CLIPS));
    const whole = read(file, [file.length]);
    assert.equal(whole.broken, null);
    assert.ok(whole.tags.length > 200);
    assert.deepEqual(read(file, [1]).tags, whole.tags);
  });
}

test("what is written is read back, with times above 24 bits", () => {
  const tag = fc.record(
    {
      type: fc.constantFrom(8, 9, 18),
      timestamp: fc.integer({ min: 0, max: 0x7fffffff }),
      body: fc.uint8Array({ maxLength: 300 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(tag, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 50 })), (sent, sizes) => {
      const input = Buffer.concat([writeFlvHeader(true, true), ...sent.map((t) => writeTag(t.type, t.timestamp, [t.body]))]);
      assert.deepEqual(read(input, sizes).tags, sent);
    }),
  );
});

test("a tag's body is a view of it", () => {
  const tag = writeTag(9, 1, [[1, 2], [3]]);
  assert.deepEqual([...tagBody(tag)], [1, 2, 3]);
  assert.equal(tagBody(tag).buffer, tag.buffer);
});

test("what is no FLV, a huge tag and an unknown type are refused", () => {
  assert.match(read(Buffer.from("GET / HTTP/1.1\r\n"), [3]).broken?.rule ?? "", /not FLV/);
  const huge = Buffer.concat([writeFlvHeader(true, true), Buffer.from([9, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0])]);
  assert.match(read(huge, [5]).broken?.rule ?? "", /16777215/);
  const odd = Buffer.concat([writeFlvHeader(true, true), writeTag(3, 0, [])]);
  assert.match(read(odd, [5]).broken?.rule ?? "", /type 3/);
});

test("any bytes are survived", () => {
  survivesAnyBytes(Buffer.concat([writeFlvHeader(true, true), writeTag(9, 0, [[1, 2, 3]])]), (input) => read(input, [7]));
});
