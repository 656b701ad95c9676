import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Malformed } from "../bytes/malformed.ts";
import { opusHead, parseOpusHead } from "../codecs/opus.ts";
import { readTsOpus } from "./ts-opus.ts";

/** A packet of 20 ms, of so many bytes: CELT, full band. */
function packet(bytes: number): Buffer {
  const made = Buffer.alloc(bytes, 0x55);
  made[0] = 0xfc;
  return made;
}

/** As ffmpeg 5.1 writes it: 0x7fe0, then the size in steps of 255. */
function unit(payload: Buffer, flags = 0, more: readonly number[] = []): Buffer {
  const steps = Array.from({ length: Math.floor(payload.length / 255) }, () => 255);
  return Buffer.from([0x7f, 0xe0 | flags, ...steps, payload.length % 255, ...more, ...payload]);
}

test("an access unit has its packet and its samples, with every optional field", () => {
  for (const size of [1, 2, 254, 255, 256, 510, 1275])
    for (const [flags, more] of [
      [0, []],
      // What ffmpeg's first packet has: 312 samples that are not heard.
      [0x10, [0x01, 0x38]],
      [0x08, [0x00, 0x10]],
      [0x1c, [0x01, 0x38, 0x00, 0x10, 0x02, 0xaa, 0xbb]],
    ] as const) {
      const found = readTsOpus(unit(packet(size), flags, more));
      assert.ok(!(found instanceof Malformed), `${size} bytes, flags ${flags}`);
      assert.deepEqual(
        found.map(({ payload, samples }) => [Buffer.from(payload), samples]),
        [[packet(size), 960]],
      );
    }
});

test("several access units in one PES packet come in their order", () => {
  const found = readTsOpus(Buffer.concat([unit(packet(10)), unit(packet(300)), unit(packet(7))]));
  assert.ok(!(found instanceof Malformed));
  assert.deepEqual(
    found.map(({ payload }) => payload.length),
    [10, 300, 7],
  );
});

test("a unit that is cut short anywhere is malformed", () => {
  const whole = unit(packet(600), 0x1c, [0x01, 0x38, 0x00, 0x10, 0x02, 0xaa, 0xbb]);
  for (let length = 1; length < whole.length; length++)
    assert.ok(readTsOpus(whole.subarray(0, length)) instanceof Malformed, `${length} bytes`);
});

test("any bytes are packets or malformed, and nothing is thrown", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, marked) => {
      const found = readTsOpus(marked ? Uint8Array.from([0x7f, 0xe0, ...bytes]) : bytes);
      if (!(found instanceof Malformed)) for (const { payload } of found) assert.ok(payload.length > 0);
    }),
  );
});

test("an ID header is read as it was written", () => {
  for (const channels of [1, 2]) {
    const head = parseOpusHead(opusHead(channels, 312));
    assert.ok(!(head instanceof Malformed));
    assert.deepEqual([head.channels, head.preSkip, head.sampleRate], [channels, 312, 48_000]);
  }
});
