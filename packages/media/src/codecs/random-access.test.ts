import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lengthPrefixed } from "./annex-b.ts";
import { surveyNals } from "./nal-units.ts";
import { canBeginWith } from "./random-access.ts";

const nal = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

function begins(isSaid: boolean, isHevc: boolean, ...units: readonly string[]): boolean {
  const frame = lengthPrefixed(units.map(nal));
  return canBeginWith(frame, isSaid, surveyNals(frame, 4, isHevc), 4, isHevc);
}

test("an IDR picture is a key frame, whatever its publisher says", () => {
  for (const isSaid of [true, false]) {
    assert.equal(begins(isSaid, false, "65888400"), true);
    // IDR_W_RADL and CRA_NUT of HEVC.
    assert.equal(begins(isSaid, true, "2601af09"), true);
    assert.equal(begins(isSaid, true, "2a01af09"), true);
  }
});

test("a picture that needs others is none, though its publisher says so", () => {
  // slice_type 5 (P), and 6 (B).
  assert.equal(begins(true, false, "419a246c"), false);
  assert.equal(begins(true, false, "0605ff80", "419e246c"), false);
  // TRAIL_R of HEVC.
  assert.equal(begins(true, true, "0201d014"), false);
});

test("a picture without IDR is one where its publisher says so, and it is of I slices, repeats parameter sets, or begins a refresh", () => {
  // slice_type 7 (I).
  assert.equal(begins(true, false, "41888400"), true);
  assert.equal(begins(false, false, "41888400"), false);
  assert.equal(begins(true, false, "67640028ac", "68ebe3cb", "419a246c"), true);
  // A recovery point behind another message, of H.264 and HEVC.
  assert.equal(begins(true, false, "060501aa060184" + "80", "419a246c"), true);
  assert.equal(begins(true, true, "4e01060184" + "80", "0201d014"), true);
  assert.equal(begins(false, false, "0606018480", "419a246c"), false);
});

test("no bytes make it throw, or read on without end", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), fc.boolean(), (bytes, isSaid, isHevc) => {
      for (const size of [1, 2, 4]) canBeginWith(bytes, isSaid, surveyNals(bytes, size, isHevc), size, isHevc);
      const frame = lengthPrefixed([Uint8Array.of(0x06, ...bytes), bytes]);
      canBeginWith(frame, isSaid, 0, 4, isHevc);
    }),
  );
});
