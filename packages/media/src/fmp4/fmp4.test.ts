import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes } from "../../test/hostile-bytes.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { box, u64 } from "./box.ts";
import { fragmentSize, moveFragments, withParameterSets, writeFragment } from "./fragment.ts";
import { writeInitialisation } from "./initialisation.ts";
import type { AudioTrack, VideoTrack } from "./track.ts";

const video: VideoTrack = {
  kind: "video",
  codec: "avc1",
  configuration: bytes("01640028ffe10004 67640028 01 0004 68ebe3cb"),
  format: { width: 1280, height: 720, frameRate: 25, profile: "High", codecString: "avc1.640028" },
};
const aac: AudioTrack = {
  kind: "audio",
  codec: "mp4a",
  configuration: bytes("1210"),
  format: { sampleRate: 44100, channels: 2, frameSamples: 1024, profile: "LC", codecString: "mp4a.40.2" },
};

type Box = { readonly type: string; readonly content: Uint8Array; readonly children: readonly Box[] };
const CONTAINERS = new Set(["moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf"]);

/** The boxes that bytes consist of, wholly. */
function boxes(data: Uint8Array): Box[] {
  const reader = new ByteReader(data);
  const out: Box[] = [];
  while (reader.left > 0) {
    const size = reader.u32();
    const type = reader.fourCc();
    const content = reader.view(size - 8);
    assert.equal(reader.failed, false, `${type} is longer than what it is in`);
    out.push({ type, content, children: CONTAINERS.has(type) ? boxes(content) : [] });
  }
  return out;
}

function find(all: readonly Box[], ...path: readonly string[]): Uint8Array {
  const [first, ...rest] = path;
  const found = all.find(({ type }) => type === first);
  assert.ok(found, `no ${first} among ${all.map(({ type }) => type)}`);
  return rest.length === 0 ? found.content : find(found.children, ...rest);
}

const hex = (data: Uint8Array) => Buffer.from(data).toString("hex");

test("a box is its size, its type and its content; eight bytes hold any whole number", () => {
  assert.equal(hex(box("free", [1, 2], bytes("0304"))), "0000000c6672656501020304");
  assert.deepEqual(u64(2 ** 40 + 7), [0, 0, 1, 0, 0, 0, 0, 7]);
});

test("an initialisation segment has each track with its timescale, its sample entry and its configuration", () => {
  const all = boxes(writeInitialisation([video, aac]));
  assert.deepEqual(
    all.map(({ type }) => type),
    ["ftyp", "moov"],
  );
  const moov = all[1]?.children ?? [];
  const traks = moov.filter(({ type }) => type === "trak").map(({ children }) => children);
  const [pictures, sound] = traks;
  assert.ok(pictures && sound && traks.length === 2);
  assert.equal(new ByteReader(find(pictures, "mdia", "mdhd"), 12).u32(), 90_000);
  assert.equal(new ByteReader(find(sound, "mdia", "mdhd"), 12).u32(), 44_100);
  const entry = find(pictures, "mdia", "minf", "stbl", "stsd");
  assert.equal(Buffer.from(entry.subarray(12, 16)).toString(), "avc1");
  // Behind the eight bytes of stsd and the eight of the entry's own head.
  const size = new ByteReader(entry, 8 + 8 + 24);
  assert.deepEqual([size.u16(), size.u16()], [1280, 720]);
  assert.ok(hex(entry).includes(hex(box("avcC", video.configuration))));
  const esds = find(sound, "mdia", "minf", "stbl", "stsd");
  assert.match(hex(esds), /03808080220000000480808014401500000000000000000000000580808002121006808080\s*0102/);
  assert.deepEqual(
    moov.find(({ type }) => type === "mvex")?.children.map(({ content }) => new ByteReader(content, 4).u32()),
    [1, 2],
  );
});

test("Opus is told by OpusHead in the other byte order", () => {
  const head = bytes("4f70757348656164 01 02 3801 80bb0000 0000 00");
  const opus: AudioTrack = {
    kind: "audio",
    codec: "Opus",
    configuration: head,
    format: { sampleRate: 48000, channels: 2, frameSamples: null, profile: "Opus", codecString: "opus" },
  };
  const written = hex(writeInitialisation([opus]));
  assert.ok(written.includes(hex(box("dOps", bytes("00 02 0138 0000bb80 0000 00")))));
  assert.equal(hex(head), "4f707573486561640102380180bb0000000000");
  const from44100 = hex(writeInitialisation([{ ...opus, configuration: bytes("4f70757348656164 01 02 3801 44ac0000 0000 00") }]));
  assert.equal(from44100, written, "Chromium refuses another rate than that of the entry");
});

test("HEVC, AV1 and VP9 stand in their own sample entries", () => {
  for (const [codec, entry, configuration] of [
    ["hvc1", "hvc1", "hvcC"],
    ["av01", "av01", "av1C"],
    ["vp09", "vp09", "vpcC"],
  ] as const) {
    const written = Buffer.from(writeInitialisation([{ ...video, codec }])).toString("latin1");
    assert.ok(written.includes(entry) && written.includes(configuration), codec);
  }
});

test("a fragment's offsets lead to each track's bytes, and its times are what was given", () => {
  const sample = (text: string, over = {}) => ({
    duration: 3600,
    compositionOffset: 0,
    key: false,
    disposable: false,
    data: Buffer.from(text),
    ...over,
  });
  const written = writeFragment(7, [
    {
      kind: "video",
      start: 2 ** 33 + 1,
      samples: [
        sample("key!", { key: true, compositionOffset: 7200 }),
        sample("b-frame", { disposable: true, compositionOffset: -3600 }),
      ],
    },
    { kind: "audio", start: 44_100, samples: [sample("sound", { duration: 1024, key: true })] },
  ]);
  const all = boxes(written);
  assert.deepEqual(
    all.map(({ type }) => type),
    ["moof", "mdat"],
  );
  const moof = all[0]?.children ?? [];
  assert.equal(new ByteReader(find(moof, "mfhd"), 4).u32(), 7);
  const [pictures, sound] = moof.filter(({ type }) => type === "traf").map(({ children }) => children);
  assert.ok(pictures && sound);
  const tfdt = new ByteReader(find(pictures, "tfdt"), 4);
  assert.equal(tfdt.u32() * 2 ** 32 + tfdt.u32(), 2 ** 33 + 1);
  const run = find(pictures, "trun");
  const view = new DataView(run.buffer, run.byteOffset, run.length);
  assert.equal(view.getUint32(4), 2);
  const at = view.getInt32(8);
  assert.equal(Buffer.from(written.subarray(at, at + 11)).toString(), "key!b-frame");
  const entry = (i: number) => [0, 4, 8, 12].map((field) => view.getInt32(12 + i * 16 + field));
  assert.deepEqual(entry(0), [3600, 4, 0x02000000, 7200]);
  assert.deepEqual(entry(1), [3600, 7, 0x01810000, -3600]);
  const soundRun = find(sound, "trun");
  const from = new ByteReader(soundRun, 8).u32();
  assert.equal(Buffer.from(written.subarray(from, from + 5)).toString(), "sound");
  assert.equal(from + 5, written.length);
});

test("a track without samples is left out of its fragment", () => {
  const [moof] = boxes(writeFragment(1, [{ kind: "video", start: 0, samples: [] }]));
  assert.deepEqual(
    moof?.children.map(({ type }) => type),
    ["mfhd"],
  );
});

test("a fragment is as long as its size was foretold", () => {
  const samples = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      duration: 3600,
      compositionOffset: 0,
      key: i === 0,
      disposable: false,
      data: new Uint8Array(10 + i),
    }));
  for (const [pictures, sounds] of [
    [3, 5],
    [1, 0],
    [0, 7],
    [0, 0],
  ] as const) {
    const tracks = [
      { kind: "video", start: 0, samples: samples(pictures) },
      { kind: "audio", start: 0, samples: samples(sounds) },
    ] as const;
    const data = tracks.flatMap((track) => track.samples).reduce((sum, sample) => sum + sample.data.length, 0);
    const counts = tracks.map((track) => ({ kind: track.kind, samples: track.samples.length }));
    assert.equal(writeFragment(1, tracks).length, fragmentSize(counts, data), `${pictures} pictures, ${sounds} sounds`);
  }
});

test("fragments are moved in time by what each track began at, and nothing else of them changes", () => {
  const sample = { duration: 3600, compositionOffset: 0, key: true, disposable: false, data: bytes("010203") };
  const at = (video: number, audio: number) =>
    writeFragment(1, [
      { kind: "video", start: video, samples: [sample] },
      { kind: "audio", start: audio, samples: [sample, sample] },
    ]);
  const two = Buffer.concat([at(2 ** 33 + 5, 441_000), at(2 ** 33 + 3605, 443_048)]);
  moveFragments(two, { video: 2 ** 33, audio: 441_000 });
  assert.equal(hex(two), hex(Buffer.concat([at(5, 0), at(3605, 2048)])));
});

test("a file with an end says how long it is", () => {
  const extend = find(boxes(writeInitialisation([video], 61_500)), "moov", "mvex");
  assert.equal(hex(extend.subarray(0, 20)), "000000146d65686401000000000000000000f03c");
});

test("several configurations of a track are sample entries of it, in their order", () => {
  const other: VideoTrack = { ...video, configuration: bytes("0142001fffe10000 00") };
  const all = boxes(writeInitialisation([video, aac], null, [other]));
  const [, moov] = all;
  const traks = moov?.children.filter(({ type }) => type === "trak") ?? [];
  const entries = traks.map(({ children }) => find(children, "mdia", "minf", "stbl", "stsd"));
  assert.deepEqual(
    entries.map((entry) => new DataView(entry.buffer, entry.byteOffset).getUint32(4)),
    [2, 1],
  );
  assert.deepEqual(
    boxes(entries[0]!.subarray(8)).map(({ content }) => hex(content.subarray(86))),
    [video, other].map(({ configuration }) => hex(configuration)),
  );
});

test("a fragment names the sample entry of its samples, and stays as long as it is", () => {
  const sample = { duration: 3600, compositionOffset: 0, key: true, disposable: false, data: bytes("010203") };
  const fragment = writeFragment(1, [
    { kind: "video", start: 0, samples: [sample] },
    { kind: "audio", start: 0, samples: [sample] },
  ]);
  const headers = () => (boxes(fragment)[0]?.children ?? []).slice(1).map(({ children }) => hex(find(children, "tfhd")));
  const before = headers();
  moveFragments(fragment, { video: 0, audio: 0 }, 3);
  assert.deepEqual(headers(), ["000200020000000100000003", before[1]]);
});

test("parameter sets stand in the first sample of video, which is the only key frame then, and every sample is where its run says", () => {
  const sample = (data: string, key = false) => ({
    duration: 3600,
    compositionOffset: 0,
    key,
    disposable: false,
    data: bytes(data),
  });
  const write = (pictures: readonly [string, boolean][]) =>
    writeFragment(1, [
      { kind: "video", start: 0, samples: pictures.map(([data, key]) => sample(data, key)) },
      { kind: "audio", start: 0, samples: [sample("aabb", true)] },
    ]);
  const sound = writeFragment(1, [{ kind: "audio", start: 0, samples: [sample("aabb", true)] }]);
  const segment = Buffer.concat([
    sound,
    write([
      ["0102", true],
      ["03", true],
    ]),
    write([["04", true]]),
  ]);
  const with6768 = [
    sound,
    write([
      ["67680102", true],
      ["03", false],
    ]),
    write([["04", false]]),
  ];
  assert.equal(hex(withParameterSets(segment, bytes("6768"))), hex(Buffer.concat(with6768)));
});

test("without a sample of video, parameter sets are skipped", () => {
  const sample = { duration: 1024, compositionOffset: 0, key: true, disposable: false, data: bytes("aabb") };
  const sound = writeFragment(1, [{ kind: "audio", start: 0, samples: [sample] }]);
  const longer = withParameterSets(sound, new Uint8Array(12));
  assert.deepEqual(
    boxes(longer).map(({ type }) => type),
    ["moof", "mdat", "skip"],
  );
});
