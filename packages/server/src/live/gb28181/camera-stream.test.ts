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
