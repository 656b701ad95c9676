/** What becomes of a camera's packets: their order, their framing on connections, what is missing, and what cannot be shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PS_STREAM_TYPE } from "@lectern/media";
import fc from "fast-check";
import { writeRtpPacket } from "../../../../media/src/rtp/packet.ts";
import { bytes, inPieces, survivesAnyBytes } from "../../../../media/test/hostile-bytes.ts";
import { type PsFrame, type PsShape, writePsFrame } from "../../../../media/test/test-program-stream.ts";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { SourceMessage } from "../streams/index.ts";
import { CameraStream } from "./camera-stream.ts";
import { RtpFraming } from "./rtp-framing.ts";

const SHAPE: PsShape = { videoType: PS_STREAM_TYPE.h264, audioType: PS_STREAM_TYPE.g711a };
const STEP = 3600;
const SSRC = 200_000_001;
/** Parameter sets that make a configuration: 16 by 16 pixels. */
const SETS = "00000001 6742c00a da7b0110 00000300 1000 00030320 f1226a 00000001 68ce0f2c80";

function open(isDatagrams = true) {
  const clock = { now: 0 };
  const messages: SourceMessage[] = [];
  const sound: { law: string; length: number; pts: number }[] = [];
  const problems: JobProblem[] = [];
  const stream = new CameraStream({
    onMessage: (message) => messages.push(message),
    onG711: (law, { length }, pts) => sound.push({ law, length, pts }),
    onUnsupported: (problem) => problems.push(problem),
    isDatagrams,
    now: () => clock.now,
  });
  const frames = () => messages.flatMap((message) => (message.kind === "frame" && message.track === "video" ? [message] : []));
  return { stream, clock, messages, sound, problems, frames };
}

function pictures(count: number, size = 3000): PsFrame[] {
  return Array.from({ length: count }, (_, i): PsFrame => {
    const key = i % 5 === 0;
    const slice = Buffer.concat([bytes(`00000001 ${key ? "65" : "41"}88`), Buffer.alloc(size, 0x55)]);
    return { track: "video", key, pts: 90_000 + i * STEP, data: key ? Buffer.concat([bytes(SETS), slice]) : slice };
  });
}

function packetsOf(frames: readonly PsFrame[], shape = SHAPE, ssrc = SSRC, first = 65_530): Uint8Array[] {
  const packets: Uint8Array[] = [];
  let sequence = first;
  for (const frame of frames) {
    const whole = writePsFrame(frame, shape);
    for (let from = 0; from < whole.length; from += 1400) {
      const marker = from + 1400 >= whole.length;
      const head = {
        marker,
        payloadType: 96,
        sequence: sequence++ & 0xffff,
        timestamp: frame.pts,
        ssrc,
        csrcs: [],
        extensions: [],
      };
      packets.push(writeRtpPacket({ ...head, payload: whole.subarray(from, from + 1400) }));
    }
  }
  return packets;
}

test("pictures become frames at once, with their configuration and times, and sound is given away with its time", () => {
  const { stream, messages, frames, sound } = open();
  const [first, ...others] = pictures(10);
  const audio: PsFrame = { track: "audio", key: true, pts: 90_000, data: new Uint8Array(320) };
  for (const packet of packetsOf([first!, audio, ...others])) stream.push(packet);
  const [configuration] = messages;
  assert.deepEqual(
    [configuration?.kind, configuration?.kind === "configuration" && configuration.track],
    ["configuration", "video"],
  );
  assert.deepEqual(
    frames().map(({ timestamp, key }) => [timestamp, key]),
    pictures(10).map(({ pts, key }) => [pts / 90, key]),
  );
  assert.deepEqual(sound, [{ law: "alaw", length: 320, pts: 90_000 }]);
});

test("packets in another order, or twice, are put back in order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 8 }), { minLength: 40, maxLength: 40 }), (places) => {
      const { stream, frames, messages } = open();
      const packets = packetsOf(pictures(12));
      const [head, ...rest] = packets.map((packet, i) => ({ packet, place: i + (places[i % places.length] ?? 0) }));
      const shuffled = [head!, ...rest.sort((a, b) => a.place - b.place)];
      for (const { packet } of [...shuffled, ...shuffled.slice(-3)]) stream.push(packet);
      assert.equal(frames().length, 12);
      assert.ok(messages.every(({ kind }) => kind !== "fault"));
    }),
  );
});

test("of what is missing, whole frames are left out up to the next key frame, and that is told", () => {
  const { stream, clock, frames, messages } = open();
  const packets = packetsOf(pictures(15));
  // The second packet of the seventh frame: three packets each.
  const lost = 6 * 3 + 1;
  packets.forEach((packet, i) => {
    clock.now += 13;
    if (i !== lost) stream.push(packet);
  });
  assert.deepEqual(
    frames().map(({ timestamp }) => (timestamp - 1000) / 40),
    [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14],
  );
  assert.equal(messages.filter(({ kind }) => kind === "fault").length, 1);
});

test("a camera that begins again with another number is believed after a while", () => {
  const { stream, frames } = open();
  for (const packet of packetsOf(pictures(5))) stream.push(packet);
  for (const packet of packetsOf(pictures(40), SHAPE, 77, 100)) stream.push(packet);
  assert.ok(frames().length > 5 + 20);
});

test("pictures of SVAC and MPEG-4 are refused in words", () => {
  for (const [videoType, words] of [
    [PS_STREAM_TYPE.svac, /SVAC\. Set it to H\.264 or H\.265/],
    [PS_STREAM_TYPE.mpeg4, /MPEG-4/],
    [0x42, /0x42/],
  ] as const) {
    const { stream, problems, frames } = open();
    for (const packet of packetsOf(pictures(3), { ...SHAPE, videoType })) stream.push(packet);
    assert.deepEqual([problems.length, problems[0]?.code, frames().length], [1, "unsupported", 0]);
    assert.match(problems[0]?.detail ?? "", words);
  }
});

test("sound of another codec is left out once for all, and the picture stays", () => {
  const { stream, messages, frames, sound } = open();
  const audio: PsFrame = { track: "audio", key: true, pts: 90_000, data: new Uint8Array(20) };
  const frame = pictures(2);
  for (const packet of packetsOf([frame[0]!, audio, audio, frame[1]!], { ...SHAPE, audioType: 0x99 })) stream.push(packet);
  const faults = messages.flatMap((message) => (message.kind === "fault" ? [message.fault] : []));
  assert.deepEqual([faults.length, faults[0]?.track, frames().length, sound.length], [1, "audio", 2, 0]);
});

for (const [name, frame] of [
  ["two bytes", (packet: Uint8Array) => [packet.length >> 8, packet.length & 0xff]],
  ["RTSP's four bytes", (packet: Uint8Array) => [0x24, 0, packet.length >> 8, packet.length & 0xff]],
] as const)
  test(`on a connection, packets are cut at their lengths in ${name}`, () => {
    const packets = packetsOf(pictures(6));
    const all = Buffer.concat(packets.flatMap((packet) => [Buffer.from(frame(packet)), packet]));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 9 }), (sizes) => {
        const { stream, frames } = open(false);
        const found: string[] = [];
        const framing = new RtpFraming((packet) => {
          found.push(Buffer.from(packet).toString("hex"));
          stream.push(packet);
        });
        inPieces(all, sizes, (piece) => assert.ok(framing.push(piece)));
        assert.deepEqual(
          found,
          packets.map((packet) => Buffer.from(packet).toString("hex")),
        );
        assert.equal(frames().length, 6);
      }),
    );
  });

test("no bytes make it throw, and a connection without RTP is of no use", () => {
  const [packet] = packetsOf(pictures(1, 200));
  survivesAnyBytes(packet!, (input) => {
    const { stream } = open();
    stream.push(input);
    stream.push(packet!);
    new RtpFraming(() => {}).push(input);
  });
  assert.equal(new RtpFraming(() => {}).push(Buffer.from("GET / HTTP/1.1\r\n\r\n")), false);
});

/** The same pictures as HEVC: parameter sets and slices (Rec. H.265 table 7-1). */
const hevcPictures = (count: number): PsFrame[] =>
  pictures(count).map((frame) => {
    const slice = Buffer.concat([bytes(`00000001 ${frame.key ? "2601" : "0201"} af`), Buffer.alloc(600, 0x55)]);
    return { ...frame, data: frame.key ? Buffer.concat([bytes(HEVC_SETS), slice]) : slice };
  });
/** Of ffmpeg and x265: 64 by 64 pixels. */
const HEVC_SETS =
  "00000001 40010c01ffff01600000030090000003000003001eba0240 00000001 4201010160000003009000000300000300 1ea0208104 d967692 9ae59a9a8000000300800000 0301 00000001 4401c172b46240";

for (const [what, hasMap, told] of [
  ["no map", false, PS_STREAM_TYPE.h264],
  ["a map that tells of HEVC", true, PS_STREAM_TYPE.hevc],
] as const)
  test(`pictures of H.264 with ${what} are known by their parameter sets, wherever these stand`, () => {
    for (const before of ["", "00000001 0910", "00000001 06 0501 80"]) {
      const { stream, messages, frames } = open();
      const all = pictures(10).map((frame) => (frame.key ? { ...frame, data: Buffer.concat([bytes(before), frame.data]) } : frame));
      for (const packet of packetsOf(all, { ...SHAPE, videoType: told, hasMap })) stream.push(packet);
      assert.equal(frames().length, 10, before);
      assert.ok(messages.every((message) => message.kind !== "configuration" || message.codec === "avc1"));
    }
  });

test("a map that comes late is none before, and one that changes is followed", () => {
  const { stream, messages, frames } = open(false);
  const late = pictures(20);
  for (const [i, frame] of late.entries())
    for (const packet of packetsOf([frame], { ...SHAPE, hasMap: i >= 10 }, SSRC, 100 + i * 4)) stream.push(packet);
  assert.equal(frames().length, 20);
  const changed = hevcPictures(10).map((frame) => ({ ...frame, pts: frame.pts + 20 * STEP }));
  const hevc = { ...SHAPE, videoType: PS_STREAM_TYPE.hevc };
  for (const packet of packetsOf(changed, hevc, SSRC, 180)) stream.push(packet);
  assert.deepEqual(
    [...new Set(messages.flatMap((message) => (message.kind === "frame" && message.track === "video" ? [message.codec] : [])))],
    ["avc1", "hvc1"],
  );
});

test("a packet that is missing on a connection leaves out its picture, unless the sender does not count", () => {
  const counted = open(false);
  const packets = packetsOf(pictures(60));
  packets.forEach((packet, i) => void (i !== 30 * 3 + 1 && counted.stream.push(packet)));
  const kept = counted.frames().map(({ timestamp }) => (timestamp - 1000) / 40);
  assert.deepEqual(kept.slice(28, 32), [28, 29, 35, 36]);
  const uncounted = open(false);
  for (const packet of packetsOf(pictures(30))) {
    const same = Buffer.from(packet);
    same.writeUInt16BE(7, 2);
    uncounted.stream.push(same);
  }
  assert.equal(uncounted.frames().length, 30);
});

test("a length that is wrong on a connection costs what it covers: the next packet is found by its sender", () => {
  // Behind what a wrong length covers, another may seem to be one of another sender, which is waited for once more.
  const packets = packetsOf(pictures(220, 900));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat({ max: 65_535 }), fc.integer({ min: 100, max: 3000 }), (at, told, size) => {
      const framed = packets.flatMap((packet, i) => {
        const length = i === at ? told : packet.length;
        return [Buffer.of(length >> 8, length & 0xff), packet];
      });
      const found: string[] = [];
      const framing = new RtpFraming((packet) => void found.push(Buffer.from(packet).toString("hex")));
      inPieces(Buffer.concat(framed), [size], (piece) => assert.ok(framing.push(piece)));
      const last = packets.slice(-5).map((packet) => Buffer.from(packet).toString("hex"));
      assert.deepEqual(found.slice(-5), last);
    }),
  );
});

test("another sender on the same connection is believed, and one without end is not", () => {
  const [one, other] = [packetsOf(pictures(5)), packetsOf(pictures(5), SHAPE, 77, 100)];
  const framed = [...one, ...other].flatMap((packet) => [Buffer.of(packet.length >> 8, packet.length & 0xff), packet]);
  let found = 0;
  const framing = new RtpFraming(() => found++);
  assert.ok(framing.push(Buffer.concat(framed)));
  assert.equal(found, one.length + other.length);
  let isOpen = true;
  for (let i = 0; i < 400 && isOpen; i++) isOpen = framing.push(Buffer.alloc(1000, 0x11));
  assert.equal(isOpen, false);
});
