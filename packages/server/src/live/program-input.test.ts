/** What ffmpeg is told of sound that has no configuration. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inputHeader, inputTracks } from "./program-input.ts";
import type { LogContext } from "./streams/index.ts";

const context = (codec: string): LogContext => ({
  term: null,
  metadata: null,
  video: null,
  audio: { kind: "configuration", track: "audio", term: 1, sequence: 0, time: 0, codec, data: new Uint8Array(0), format: null },
});

test("G.711 and Speex have an entry of their name, with the rate that FLV gives them, and MP3 that of MPEG-4", () => {
  for (const [codec, entry, rate] of [
    ["alaw", "alaw", 8000],
    ["ulaw", "ulaw", 8000],
    ["spex", "spex", 16_000],
    [".mp3", "mp4a", 44_100],
  ] as const) {
    const tracks = inputTracks(context(codec));
    const header = Buffer.from(inputHeader(tracks));
    assert.deepEqual([tracks.audio?.format.sampleRate, header.includes(entry)], [rate, true], codec);
    assert.equal(header.includes("esds"), codec === ".mp3");
  }
});

test("AAC without a configuration, and what is unknown, is not read", () => {
  for (const codec of ["mp4a", "Opus", "nell", "adpc", "lpcm"]) assert.equal(inputTracks(context(codec)).audio, null, codec);
});
