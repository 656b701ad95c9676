/** Payloads of each codec: what is packed comes out again, and any bytes are survived. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { bytes, good, survivesAnyBytes } from "../../../test/hostile-bytes.ts";
import { Malformed } from "../../bytes/malformed.ts";
import { lengthPrefixed } from "../../codecs/annex-b.ts";
import { av1Format } from "../../codecs/av1.ts";
import { parseAvcConfiguration, writeAvcConfiguration } from "../../codecs/h264.ts";
import { writeFragment } from "../../fmp4/fragment.ts";
import { writeInitialisation } from "../../fmp4/initialisation.ts";
import type { Depacketizer } from "../depacketizer.ts";
import { RTP_ROOM } from "../stamp.ts";
import { av1Depacketizer } from "./av1-depacketizer.ts";
import { h264Depacketizer } from "./h264-depacketizer.ts";
import { H264Packetizer } from "./h264-packetizer.ts";
import { joined } from "./joined.ts";
import { opusDepacketizer } from "./opus.ts";
import { vp8Depacketizer } from "./vp8-depacketizer.ts";
import { vp9Depacketizer } from "./vp9-depacketizer.ts";

const SPS = bytes("6742c01eda0280bfe5c044000003000400000300c83c58ba80");
const PPS = bytes("68ce0fc8");

const nal = fc
  .tuple(fc.constantFrom(1, 5, 6), fc.integer({ min: 0, max: 3 }), fc.uint8Array({ minLength: 1, maxLength: 3000 }))
  .map(([type, importance, body]) => Uint8Array.from([(importance << 5) | type, ...body]));

test("H.264 that was packed is unpacked as it was, in packets no larger than allowed", () => {
  fc.assert(
    fc.property(
      fc.array(nal, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 100, max: 1400 }),
      fc.constantFrom(1, 2, 4),
      (nals, most, size) => {
        const packetizer = new H264Packetizer(most);
        const configuration = good(writeAvcConfiguration([SPS], [PPS]));
        // The size of the lengths stands in the configuration.
        configuration[4] = 0xfc | (size - 1);
        assert.equal(packetizer.configure(configuration), null);
        const short = nals.map((one) => (size === 1 ? one.subarray(0, 200) : one));
        const payload = joined(
          short.map((one) => joined([Uint8Array.of(0, 0, one.length >> 8, one.length).subarray(4 - size), one])),
        );
        const key = short.some((one) => ((one[0] ?? 0) & 31) === 5);
        const payloads = good(packetizer.packetize({ payload, key }));
        for (const { bytes: sent } of payloads) assert.ok(sent.length - RTP_ROOM <= most);
        assert.deepEqual(
          payloads.map(({ marker }) => marker),
          payloads.map((_, i) => i === payloads.length - 1),
        );
        const depacketizer = h264Depacketizer(key ? [] : [SPS, PPS]);
        const unit = good(depacketizer.assemble(payloads.map(({ bytes: sent }) => sent.subarray(RTP_ROOM))));
        const hasVideo = short.some((one) => ((one[0] ?? 0) & 31) < 6);
        if (!hasVideo) return assert.equal(unit, null);
        assert.ok(unit);
        assert.deepEqual(unit.payload, lengthPrefixed(short));
        assert.equal(unit.key, key);
        const { sps, pps } = good(parseAvcConfiguration(unit.configuration!));
        assert.deepEqual([sps, pps], [[SPS], [PPS]]);
      },
    ),
  );
});

test("H.264: a changed parameter set makes a new configuration, the same one does not", () => {
  const depacketizer = h264Depacketizer();
  const slice = bytes("658880");
  const stapA = (sps: Uint8Array) => joined([Uint8Array.of(0x78, 0, sps.length), sps, Uint8Array.of(0, PPS.length), PPS]);
  const other = SPS.slice();
  other[3] = 0x1f;
  const configurations = [SPS, SPS, other, other].map(
    (sps) => good(depacketizer.assemble([stapA(sps), slice]))?.configuration ?? null,
  );
  assert.deepEqual(
    configurations.map((one) => one !== null),
    [true, false, true, false],
  );
  assert.equal(good(parseAvcConfiguration(configurations[2]!)).level, 0x1f);
});

test("H.264: a unit of which a fragment is missing is refused", () => {
  const fragments = [bytes("7c85 88 01"), bytes("7c05 02"), bytes("7c45 03")];
  const depacketizer = h264Depacketizer([SPS, PPS]);
  assert.deepEqual(good(depacketizer.assemble(fragments))?.payload, bytes("00000005 65 88 01 02 03"));
  assert.ok(depacketizer.assemble(fragments.slice(1)) instanceof Malformed);
  assert.ok(depacketizer.assemble(fragments.slice(0, 2)) instanceof Malformed);
  // What a depacketizer cannot see, for the fragments have no numbers: the jitter buffer gives it whole units only.
  assert.ok(!(depacketizer.assemble([fragments[0]!, fragments[2]!]) instanceof Malformed));
});

test("H.264 for which no parameter sets came is no picture yet", () => {
  assert.equal(h264Depacketizer().assemble([bytes("658880")]), null);
});

test("VP8: the descriptor with all its fields is taken off", () => {
  const depacketizer = vp8Depacketizer();
  const parts = [bytes("b0 f0 8123 07 60 00 aa bb"), bytes("a0 f0 8123 07 60 cc")];
  assert.ok(depacketizer.startsUnit(parts[0]!));
  assert.ok(!depacketizer.startsUnit(parts[1]!));
  const unit = good(depacketizer.assemble(parts));
  assert.deepEqual(unit?.payload, bytes("00aabbcc"));
  assert.equal(unit?.key, true);
  const inter = good(depacketizer.assemble([bytes("30 01 02")]));
  assert.deepEqual([inter?.key, inter?.disposable], [false, true]);
});

test("VP9: layers of one picture become a superframe", () => {
  // Non-flexible mode with layers: picture number, layer, TL0PICIDX.
  const base = bytes("ac 05 00 07 82 49 83 42 00 09 f0 07 70");
  const upper = bytes("ac 05 03 07 86 00 40");
  const unit = good(vp9Depacketizer().assemble([base, upper]));
  const frames = [base.subarray(4), upper.subarray(4)];
  const mark = 0xc0 | (3 << 3) | 1;
  const index = Uint8Array.of(mark, frames[0]!.length, 0, 0, 0, frames[1]!.length, 0, 0, 0, mark);
  assert.deepEqual(unit?.payload, joined([...frames, index]));
  assert.equal(unit?.key, true);
  assert.ok(unit?.configuration);
});

/** Packs an AV1 temporal unit as its RTP format has it: OBUs without sizes, cut into packets. */
function packAv1(unit: Uint8Array, most: number, isKey: boolean): Uint8Array[] {
  const obus: Uint8Array[] = [];
  for (let at = 0; at < unit.length; ) {
    const head = unit[at] ?? 0;
    let [size, shift, from] = [0, 0, at + 1];
    for (;;) {
      const byte = unit[from++] ?? 0;
      size |= (byte & 0x7f) << shift;
      shift += 7;
      if (!(byte & 0x80)) break;
    }
    if (((head >> 3) & 15) !== 2) obus.push(joined([Uint8Array.of(head & ~2), unit.subarray(from, from + size)]));
    at = from + size;
  }
  const payloads: Uint8Array[] = [];
  for (const obu of obus) {
    for (let at = 0; at < obu.length; at += most) {
      const aggregation =
        (at > 0 ? 0x80 : 0) | (at + most < obu.length ? 0x40 : 0) | 0x10 | (isKey && payloads.length === 0 ? 8 : 0);
      payloads.push(joined([Uint8Array.of(aggregation), obu.subarray(at, at + most)]));
    }
  }
  return payloads;
}

test("AV1: OBUs get their sizes, the configuration is made of the sequence header, and every frame decodes", () => {
  const encode = [
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=320x180:rate=10:duration=1",
    "-c:v",
    "libaom-av1",
    "-cpu-used",
    "8",
    "-usage",
    "realtime",
  ];
  const { stdout } = spawnSync(
    "ffmpeg",
    ["-v", "error", ...encode, "-pix_fmt", "yuv420p", "-lag-in-frames", "0", "-f", "ivf", "-"],
    { maxBuffer: 1 << 24 },
  );
  const depacketizer = av1Depacketizer();
  const samples = [];
  let configuration: Uint8Array | null = null;
  for (let at = 32, i = 0; at < stdout.length; i++) {
    const size = stdout.readUInt32LE(at);
    const payloads = packAv1(stdout.subarray(at + 12, at + 12 + size), 300, i === 0);
    assert.equal(depacketizer.startsUnit(payloads[0]!), i === 0);
    const unit = good(depacketizer.assemble(payloads));
    assert.ok(unit);
    assert.equal(unit.key, i === 0);
    configuration ??= unit.configuration;
    samples.push({ duration: 9000, compositionOffset: 0, key: unit.key, disposable: false, data: unit.payload });
    at += 12 + size;
  }
  assert.equal(samples.length, 10);
  const format = good(av1Format(configuration!));
  assert.deepEqual([format.width, format.height, format.codecString.slice(0, 6)], [320, 180, "av01.0"]);
  const head = writeInitialisation([{ kind: "video", codec: "av01", configuration: configuration!, format }]);
  const file = joined([head, writeFragment(1, [{ kind: "video", start: 0, samples }])]);
  const decode = ["-v", "error", "-xerror", "-err_detect", "explode", "-f", "mp4", "-i", "-", "-f", "framecrc", "-"];
  const { stdout: frames, stderr, status } = spawnSync("ffmpeg", decode, { input: file });
  assert.equal(status, 0, String(stderr));
  assert.equal(
    String(frames)
      .split("\n")
      .filter((line) => /^\d/.test(line)).length,
    10,
  );
});

test("AV1: a unit of which a packet is missing is refused", () => {
  const obu = joined([bytes("32 ff"), new Uint8Array(126), bytes("00")]);
  const parts = packAv1(joined([Uint8Array.of(0x32, 127), obu.subarray(2, 129)]), 50, false);
  assert.equal(parts.length, 3);
  assert.ok(av1Depacketizer().assemble(parts.slice(1)) instanceof Malformed);
  assert.ok(av1Depacketizer().assemble(parts.slice(0, 2)) instanceof Malformed);
});

const DEPACKETIZERS: readonly (readonly [string, () => Depacketizer, string])[] = [
  ["H.264", () => h264Depacketizer([SPS, PPS]), "7c85880102"],
  ["VP8", vp8Depacketizer, "b0f081230760 00aabb"],
  ["VP9", vp9Depacketizer, "ae0500077c 01020304 8249834200 09f00770"],
  ["AV1", av1Depacketizer, "28 0a 0a0b0000 00042a3a7f 32aabbcc"],
  ["Opus", () => opusDepacketizer(2), "fc0102"],
];
for (const [name, make, example] of DEPACKETIZERS)
  test(`${name}: any bytes are survived`, () => {
    const depacketizer = make();
    survivesAnyBytes(bytes(example), (input) => {
      depacketizer.startsUnit(input);
      depacketizer.assemble([input]);
      depacketizer.assemble([bytes(example), input]);
      depacketizer.assemble([input.subarray(0, input.length / 2), input.subarray(input.length / 2)]);
    });
  });

test("any frame is packed or refused", () => {
  const packetizer = new H264Packetizer();
  packetizer.configure(good(writeAvcConfiguration([SPS], [PPS])));
  survivesAnyBytes(lengthPrefixed([bytes("658880"), bytes("4100")]), (payload) => {
    packetizer.packetize({ payload, key: true });
    new H264Packetizer().configure(payload);
  });
});
