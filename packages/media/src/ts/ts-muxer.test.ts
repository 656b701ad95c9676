/** Frames that are muxed are read back as they were; e2e/srt.test.ts has ffmpeg read them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { opusTsTrack, type TsFrame, TsMuxer, tsTrack } from "./ts-muxer.ts";
import { STREAM_TYPE, TsReader, type TsUnit } from "./ts-reader.ts";

function muxed(muxer: TsMuxer, frames: readonly TsFrame[]): Uint8Array[] {
  return frames.map((frame) => {
    const out = new Uint8Array(muxer.sizeOf(frame));
    muxer.writeInto(out, frame);
    return out;
  });
}

function read(pieces: readonly Uint8Array[]): { units: TsUnit[]; faults: string[] } {
  const units: TsUnit[] = [];
  const faults: string[] = [];
  const reader = new TsReader({
    maxUnitBytes: 1 << 24,
    onStreams: () => {},
    onUnit: (unit) => units.push(unit),
    onFault: (rule) => faults.push(rule),
  });
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return { units, faults };
}

test("frames of any size are read back with their times", () => {
  const frame = fc.record({
    track: fc.constantFrom("video" as const, "audio" as const),
    dts: fc.integer({ min: 0, max: 2 ** 33 - 1 }),
    later: fc.constantFrom(0, 3600),
    key: fc.boolean(),
    payload: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 700 }),
      fc.integer({ min: 65_000, max: 70_000 }).map((size) => new Uint8Array(size).fill(7)),
    ),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), (wanted) => {
      const frames = wanted
        // Sound is never as large as a picture.
        .map(({ track, dts, later, key, payload }) => ({
          dts,
          pts: (dts + later) % 2 ** 33,
          key,
          payload,
          track: payload.length > 700 ? ("video" as const) : track,
        }));
      const muxer = new TsMuxer();
      muxer.setTracks(tsTrack("h264"), tsTrack("aac"));
      const { units, faults } = read([muxer.tables(), ...muxed(muxer, frames)]);
      assert.deepEqual(faults, []);
      for (const track of ["video", "audio"] as const) {
        const type = track === "video" ? STREAM_TYPE.h264 : STREAM_TYPE.aac;
        assert.deepEqual(
          units
            .filter(({ streamType }) => streamType === type)
            .map(({ dts, pts, data }) => [dts, pts, Buffer.from(data).toString("hex")]),
          frames
            .filter((one) => one.track === track)
            .map(({ dts, pts, payload }) => [dts, pts, Buffer.from(payload).toString("hex")]),
        );
      }
    }),
    { numRuns: 60 },
  );
});

test("key frames are marked, and Opus is named", () => {
  const muxer = new TsMuxer();
  muxer.setTracks(tsTrack("hevc"), opusTsTrack(2));
  const payload = Uint8Array.of(1, 2, 3);
  const frames = ([true, false] as const).map((key) => ({ track: "video" as const, dts: 90, pts: 90, key, payload }));
  const { units } = read([muxer.tables(), ...muxed(muxer, [...frames, { track: "audio", dts: 90, pts: 90, key: true, payload }])]);
  assert.deepEqual(
    units.map(({ streamType, isRandomAccess, stream }) => [streamType, isRandomAccess, stream.registration, stream.opusChannels]),
    [
      [6, false, "Opus", 2],
      [STREAM_TYPE.hevc, true, "", null],
      [STREAM_TYPE.hevc, false, "", null],
    ].sort((a, b) => Number(b[0]) - Number(a[0])),
  );
});
