import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readRoundTripMs, writeReferenceTime } from "./extended-reports.ts";

const NOW = Date.UTC(2026, 10, 25, 0, 39, 46);

/** What a sender answers: DLRR. */
function answer(ssrc: number, told: Uint8Array, delayMs: number): Uint8Array {
  const view = new DataView(told.buffer);
  const bytes = new Uint8Array(24);
  const out = new DataView(bytes.buffer);
  out.setUint32(0, 0x80cf0005);
  out.setUint32(8, 0x05000003);
  out.setUint32(12, ssrc);
  out.setUint16(16, view.getUint16(14));
  out.setUint16(18, view.getUint16(16));
  out.setUint32(20, Math.round((delayMs * 65_536) / 1000));
  return bytes;
}

test("the time there and back is what has passed, without what the sender has waited", () => {
  const told = writeReferenceTime(7, NOW);
  assert.equal(told.length, 20);
  const roundTrip = readRoundTripMs(answer(7, told, 300), 7, NOW + 380);
  assert.ok(roundTrip !== null && Math.abs(roundTrip - 80) < 1);
  assert.equal(readRoundTripMs(answer(8, told, 300), 7, NOW + 380), null, "an answer to another receiver");
  assert.equal(readRoundTripMs(answer(7, told, 300), 7, NOW + 100_000), null, "an answer that is too old");
});

test("bytes of any kind throw nothing", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void readRoundTripMs(bytes, 7, NOW)));
  const right = answer(7, writeReferenceTime(7, NOW), 0);
  for (let end = 0; end < right.length; end++) assert.equal(readRoundTripMs(right.subarray(0, end), 7, NOW), null);
});
