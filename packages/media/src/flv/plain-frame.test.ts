import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Malformed } from "../bytes/malformed.ts";
import { parseAudioTag } from "./audio-tag.ts";
import { type PlainFrame, readAacFrame, readAvcFrame } from "./plain-frame.ts";
import { parseVideoTag } from "./video-tag.ts";

const empty = (): PlainFrame => ({
  key: false,
  disposable: false,
  compositionOffset: 0,
  soundFlags: 0,
  payload: new Uint8Array(0),
});
/** The body lies among other bytes. */
const placed = (read: typeof readAvcFrame, body: Uint8Array, frame: PlainFrame) =>
  read(Uint8Array.of(0x17, 1, 7, ...body, 9, 9), 3, 3 + body.length, frame);

/** Bodies of every kind, most of them like those of publishers. */
const body = fc
  .tuple(
    fc.oneof(fc.constantFrom(0x17, 0x27, 0x37, 0x47, 0x57, 0xaf, 0xa0, 0x2f, 0x91), fc.integer({ min: 0, max: 255 })),
    fc.oneof(fc.constantFrom(0, 1, 2), fc.integer({ min: 0, max: 255 })),
    fc.uint8Array({ maxLength: 12 }),
  )
  .map(([first, second, rest]) => Uint8Array.of(first, second, ...rest));

test("a plain frame of H.264 is read as the parser of all video reads it, and nothing else is taken for one", () => {
  let plain = 0;
  fc.assert(
    fc.property(body, (bytes) => {
      const frame = empty();
      const parsed = parseVideoTag(bytes);
      if (!placed(readAvcFrame, bytes, frame)) return;
      plain++;
      assert.ok(!(parsed instanceof Malformed) && parsed.kind === "frame");
      const { data, codec, key, disposable, compositionOffset } = parsed;
      assert.equal(codec, "avc1");
      assert.deepEqual(
        { ...frame, payload: [...frame.payload] },
        { key, disposable, compositionOffset, soundFlags: 0, payload: [...data] },
      );
    }),
    // One in fifty is a plain frame.
    { numRuns: 10_000 },
  );
  assert.ok(plain > 20, `${plain} frames`);
});

test("a plain frame of AAC is read as the parser of all audio reads it, and nothing else is taken for one", () => {
  let plain = 0;
  fc.assert(
    fc.property(body, (bytes) => {
      const frame = empty();
      const parsed = parseAudioTag(bytes);
      if (!placed(readAacFrame, bytes, frame)) return;
      plain++;
      assert.ok(!(parsed instanceof Malformed) && parsed.kind === "frame");
      assert.equal(parsed.codec, "mp4a");
      assert.equal(frame.soundFlags, parsed.flags);
      assert.deepEqual([...frame.payload], [...parsed.data]);
    }),
    { numRuns: 2000 },
  );
  assert.ok(plain > 20, `${plain} frames`);
});

test("composition times are signed, and cut short bodies are left to the parser", () => {
  const frame = empty();
  assert.ok(placed(readAvcFrame, Uint8Array.of(0x27, 1, 0xff, 0xff, 0xd8, 9), frame));
  assert.equal(frame.compositionOffset, -40);
  assert.ok(placed(readAvcFrame, Uint8Array.of(0x37, 1, 0, 0, 80, 9), frame));
  assert.deepEqual([frame.compositionOffset, frame.disposable, [...frame.payload]], [80, true, [9]]);
  for (const bytes of [[], [0x17], [0x17, 1], [0x17, 1, 0, 0, 0]])
    assert.equal(placed(readAvcFrame, Uint8Array.from(bytes), frame), false);
  for (const bytes of [[], [0xaf], [0xaf, 1], [0xaf, 0, 0x12, 0x10]])
    assert.equal(placed(readAacFrame, Uint8Array.from(bytes), frame), false);
});
