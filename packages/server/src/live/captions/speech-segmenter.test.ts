/** Pieces of speech: where they begin and end, whatever pieces the sound comes in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SAMPLE_RATE } from "./caption-engine.ts";
import { type SpeechPiece, SpeechSegmenter } from "./speech-segmenter.ts";

/** A tone of so many seconds, as loud as this. */
function tone(seconds: number, loudness: number): Buffer {
  const sound = Buffer.alloc(Math.round(seconds * SAMPLE_RATE) * 2);
  for (let i = 0; i < sound.length / 2; i++) sound.writeInt16LE(Math.round(loudness * Math.sin(i / 7)), i * 2);
  return sound;
}

const QUIET = 20;
const LOUD = 4000;

function piecesOf(sound: Buffer, step = 1000): SpeechPiece[] {
  const segmenter = new SpeechSegmenter();
  const pieces: SpeechPiece[] = [];
  for (let at = 0; at < sound.length; at += step) pieces.push(...segmenter.push(sound.subarray(at, at + step)));
  const last = segmenter.finish();
  return last ? [...pieces, last] : pieces;
}

const times = (pieces: readonly SpeechPiece[]) =>
  pieces.map(({ start, end }) => [Math.round(start * 10) / 10, Math.round(end * 10) / 10]);

test("a piece ends with a pause, and has a moment of quiet on both sides", () => {
  const sound = Buffer.concat([tone(1, QUIET), tone(2, LOUD), tone(1, QUIET), tone(1, LOUD), tone(1, QUIET)]);
  const pieces = piecesOf(sound);
  assert.deepEqual(times(pieces), [
    [0.8, 3.2],
    [3.8, 5.2],
  ]);
  for (const { start, end, sound: cut } of pieces) assert.equal(cut.length / 2 / SAMPLE_RATE, Math.round((end - start) * 50) / 50);
});

test("silence and a click are in no piece, and noise that stays is in none after a while", () => {
  assert.deepEqual(piecesOf(tone(3, 0)), []);
  assert.deepEqual(piecesOf(Buffer.concat([tone(1, QUIET), tone(0.06, LOUD), tone(2, QUIET)])), []);
  const noise = piecesOf(tone(60, 1000));
  assert.ok((noise.at(-1)?.end ?? 0) < 20, String(noise.at(-1)?.end));
});

test("who makes no pause is cut at the quietest moment, and nothing is lost or said twice", () => {
  const sound = Buffer.concat([tone(1, QUIET), tone(4.2, LOUD), tone(0.1, 600), tone(4, LOUD), tone(1, QUIET)]);
  const pieces = piecesOf(sound);
  assert.equal(pieces.length, 2);
  const [first, second] = pieces;
  assert.equal(first?.end, second?.start);
  assert.ok(Math.abs((first?.end ?? 0) - 5.3) < 0.15, String(first?.end));
});

test("pieces are the same in whichever steps the sound comes", () => {
  const sound = Buffer.concat([tone(0.5, QUIET), tone(1, LOUD), tone(0.6, QUIET), tone(6, LOUD)]);
  const whole = times(piecesOf(sound, sound.length));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (step) => assert.deepEqual(times(piecesOf(sound, step)), whole)),
    { numRuns: 20 },
  );
});
