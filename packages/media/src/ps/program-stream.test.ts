/** Program streams: as ffmpeg writes them, where packets and frames begin anywhere, and as cameras do, where each frame is a pack of its own. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { bytes, inPieces, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { type PsFrame, type PsShape, writePsFrame } from "../../test/test-program-stream.ts";
import { type AccessUnit, AccessUnitSplitter } from "./access-unit-splitter.ts";
import { type PesPacket, PS_STREAM_TYPE, PsReader } from "./ps-reader.ts";

const H264 = readFileSync(new URL("fixtures/ffmpeg-5.1-h264.bin", import.meta.url));
const HEVC = readFileSync(new URL("fixtures/ffmpeg-5.1-hevc.bin", import.meta.url));
const CAMERA: PsShape = { videoType: PS_STREAM_TYPE.h264, audioType: PS_STREAM_TYPE.g711a };
const STEP = 3600;

function openReader(isHevc: boolean) {
  const units: AccessUnit[] = [];
  const sound: PesPacket[] = [];
  const splitter = new AccessUnitSplitter({ isHevc, onUnit: (unit) => units.push(unit) });
  const reader = new PsReader({
    onPes: (packet) => {
      const { streamId, data, pts, dts } = packet;
      if (streamId < 0xe0) sound.push({ ...packet, data: data.slice() });
      else splitter.push(data, pts === null || dts === null ? null : { pts, dts });
    },
    onLoss: () => splitter.drop(),
  });
  return { reader, splitter, units, sound };
}

function readAll(input: Uint8Array, sizes: readonly number[], isHevc: boolean): AccessUnit[] {
  const { reader, splitter, units } = openReader(isHevc);
  inPieces(input, sizes, (piece) => reader.push(piece));
  splitter.endFrame();
  return units;
}

/** Frames of a camera: parameter sets and an IDR picture, then pictures that need it, each of two slices. */
function cameraFrames(count: number, size: number): PsFrame[] {
  const slice = (type: number, isFirst: boolean) =>
    Uint8Array.from({ length: size }, (_, i) =>
      i < 4 ? [0, 0, 0, 1][i]! : i === 4 ? type : i === 5 ? (isFirst ? 0x88 : 0x48) : 0x55,
    );
  const sets = bytes("00000001 6742c01e 00000001 68ce3880");
  return Array.from({ length: count }, (_, i): PsFrame => {
    const key = i % 5 === 0;
    const slices = [slice(key ? 0x65 : 0x41, true), slice(key ? 0x65 : 0x41, false)];
    return { track: "video", key, pts: 90_000 + i * STEP, data: Buffer.concat(key ? [sets, ...slices] : slices) };
  });
}

for (const [name, input, isHevc] of [
  ["H.264", H264, false],
  ["HEVC", HEVC, true],
] as const)
  test(`ffmpeg's ${name} reads the same byte by byte and as a whole, frame by frame with its times`, () => {
    const whole = readAll(input, [input.length], isHevc);
    assert.equal(whole.length, 30);
    assert.deepEqual(
      whole.flatMap(({ isKey }, i) => (isKey ? [i] : [])),
      [0, 10, 20],
    );
    const [first] = whole;
    assert.deepEqual(
      whole.map(({ dts }) => dts - (first?.dts ?? 0)),
      whole.map((_, i) => i * STEP),
    );
    assert.deepEqual(readAll(input, [1], isHevc), whole);
    assert.deepEqual(readAll(input, [188, 7, 2048], isHevc), whole);
  });

test("each frame of a camera is one access unit, told at the sender's mark, in packets of any size", () => {
  for (const shape of [CAMERA, { ...CAMERA, maxPes: 700 }, { ...CAMERA, unbounded: true }]) {
    const { reader, splitter, units } = openReader(false);
    const frames = cameraFrames(12, 1000);
    for (const [i, frame] of frames.entries()) {
      inPieces(writePsFrame(frame, shape), [1400], (piece) => reader.push(piece));
      reader.endFrame();
      assert.ok(reader.isBetween);
      splitter.endFrame();
      assert.equal(units.length, i + 1, "it does not wait for the next one");
    }
    assert.deepEqual(
      units.map(({ pts, isKey, data }) => ({ pts, key: isKey, data: Buffer.from(data) })),
      frames.map(({ pts, key, data }) => ({ pts, key, data: Buffer.from(data) })),
    );
  }
});

test("a mark in the middle of a frame spoils that frame, and is not believed again", () => {
  const { reader, splitter, units } = openReader(false);
  const frames = cameraFrames(12, 1000);
  for (const frame of frames) {
    inPieces(writePsFrame(frame, { ...CAMERA, maxPes: 500 }), [1], (piece) => {
      reader.push(piece);
      if (reader.isBetween) splitter.endFrame();
    });
  }
  const afterwards = units.filter(({ pts }) => pts >= frames[5]!.pts);
  assert.deepEqual(
    afterwards.map(({ pts, data }) => [pts, data.length]),
    frames.slice(5, 11).map(({ pts, data }) => [pts, data.length]),
    "from the next key frame on; the newest waits for the one after it",
  );
});

test("sound comes with its type from the program stream map", () => {
  const { reader, sound } = openReader(false);
  const [picture] = cameraFrames(1, 100);
  const audio: PsFrame = { track: "audio", key: true, pts: 0x1_2345_6789, data: new Uint8Array(320).fill(0xd5) };
  reader.push(writePsFrame(audio, CAMERA));
  reader.push(writePsFrame(picture!, CAMERA));
  reader.push(writePsFrame(audio, CAMERA));
  assert.deepEqual(
    sound.map(({ streamType, pts, data }) => [streamType, pts, data.length]),
    [
      [null, 0x1_2345_6789, 320],
      [PS_STREAM_TYPE.g711a, 0x1_2345_6789, 320],
    ],
  );
});

test("a hole leaves out whole access units, up to the next key frame", () => {
  const frames = cameraFrames(20, 3000);
  const packets = frames.flatMap((frame, of) => {
    const pieces: { of: number; piece: Uint8Array }[] = [];
    inPieces(writePsFrame(frame, CAMERA), [1400], (piece) => pieces.push({ of, piece: piece.slice() }));
    return pieces;
  });
  fc.assert(
    fc.property(fc.nat({ max: packets.length - 1 }), (lost) => {
      const { reader, splitter, units } = openReader(false);
      packets.forEach(({ piece }, i) => {
        if (i === lost) reader.skip();
        else reader.push(piece);
        if (packets[i + 1]?.of !== packets[i]?.of && i !== lost) splitter.endFrame();
      });
      const hit = packets[lost]!.of;
      const next = frames.findIndex(({ key }, i) => key && i > hit);
      const expected = frames.filter((_, i) => i < hit || (next !== -1 && i >= next));
      assert.deepEqual(
        units.map(({ pts }) => pts),
        expected.map(({ pts }) => pts),
      );
      for (const unit of units) assert.equal(unit.data.length, frames.find(({ pts }) => pts === unit.pts)?.data.length);
    }),
  );
});

test("whatever bytes come, they are read without an error, and what follows them is found again", () => {
  const after = Buffer.concat(cameraFrames(6, 400).map((frame) => writePsFrame(frame, CAMERA)));
  survivesAnyBytes(H264.subarray(0, 4096), (input) => void readAll(input, [97], false));
  survivesAnyBytes(HEVC.subarray(0, 4096), (input) => void readAll(input, [input.length || 1], true));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      const { reader, splitter, units } = openReader(false);
      reader.push(noise);
      reader.skip();
      reader.push(after);
      splitter.endFrame();
      assert.equal(units.length, 6);
    }),
  );
});

for (const [what, told] of [
  ["longer than they are", (length: number) => length + 700],
  ["shorter than they are", (length: number) => Math.max(3, length - 700)],
  ["by their low 16 bits", (length: number) => length & 0xffff],
] as const)
  test(`pictures whose packets tell lengths that are ${what} are whole`, () => {
    const { reader, splitter, units } = openReader(false);
    const frames = cameraFrames(12, 40_000);
    for (const frame of frames) {
      inPieces(writePsFrame(frame, { ...CAMERA, maxPes: 1 << 20, told }), [1400], (piece) => reader.push(piece));
      reader.endFrame();
      if (reader.isBetween) splitter.endFrame();
    }
    assert.deepEqual(
      units.slice(0, 11).map(({ pts, isKey, data }) => ({ pts, key: isKey, data: Buffer.from(data) })),
      frames.slice(0, 11).map(({ pts, key, data }) => ({ pts, key, data: Buffer.from(data) })),
    );
  });

test("zeros behind a packet of video belong to it", () => {
  const { reader, splitter, units } = openReader(false);
  const frames = cameraFrames(6, 500);
  const shape = { ...CAMERA, told: (length: number) => length - 2 };
  for (const frame of frames) reader.push(writePsFrame({ ...frame, data: Buffer.concat([frame.data, Buffer.alloc(2)]) }, shape));
  reader.endFrame();
  splitter.endFrame();
  assert.deepEqual(
    units.map(({ pts }) => pts),
    frames.map(({ pts }) => pts),
  );
});

test("headers whose lengths are wrong cost no more than what follows them up to the second key frame", () => {
  const frames = cameraFrames(20, 400);
  const packs = frames.map((frame) => writePsFrame(frame, CAMERA));
  // Of the first key frame: the lengths of its system header, of its map, of the streams in that, and of its packet.
  const lengths = [19, 37, 41, 43, 57].flatMap((at) => [at, at + 1]);
  fc.assert(
    fc.property(fc.constantFrom(...lengths), fc.integer({ min: 0, max: 255 }), (at, value) => {
      const { reader, splitter, units } = openReader(false);
      const damaged = Buffer.from(packs[0]!);
      damaged[at] = value;
      for (const pack of [damaged, ...packs.slice(1)]) {
        reader.push(pack);
        reader.endFrame();
        if (reader.isBetween) splitter.endFrame();
      }
      const whole = units.filter(({ pts }) => pts >= frames[10]!.pts);
      assert.deepEqual(
        whole.slice(0, 9).map(({ pts, data }) => [pts, data.length]),
        frames.slice(10, 19).map(({ pts, data }) => [pts, data.length]),
      );
    }),
  );
});

test("packs that are cut short anywhere, and changed anywhere, end nothing", () => {
  const frames = cameraFrames(30, 300);
  const packs = frames.map((frame) => writePsFrame(frame, { ...CAMERA, maxPes: 200 }));
  const damage = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 700 }), fc.integer({ min: 0, max: 255 })), { maxLength: 12 });
  fc.assert(
    fc.property(damage, fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 700 })), { maxLength: 4 }), (changes, cuts) => {
      const { reader, splitter, units } = openReader(false);
      const sent = packs.map((pack) => Buffer.from(pack));
      for (const [of, at, value] of changes) sent[of]![at % sent[of]!.length] = value;
      for (const [of, at] of cuts) sent[of] = sent[of]!.subarray(0, at);
      for (const pack of sent) reader.push(pack);
      splitter.endFrame();
      // A length of 65535 swallows what comes within it.
      const last = frames.slice(25).map(({ pts }) => pts);
      assert.deepEqual(
        units.map(({ pts }) => pts).filter((pts) => last.includes(pts)),
        last,
      );
    }),
  );
});
