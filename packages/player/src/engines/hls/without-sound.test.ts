import assert from "node:assert/strict";
import { test } from "node:test";
import { type AudioTrack, type Sample, type VideoTrack, writeFragment, writeInitialisation } from "@lectern/media";
import { SoundRemover } from "./without-sound.ts";

const PICTURE: VideoTrack = {
  kind: "video",
  codec: "avc1",
  configuration: Uint8Array.of(1, 2, 3),
  format: { width: 320, height: 180, frameRate: 25, profile: "High", codecString: "avc1.640028" },
};
const SOUND: AudioTrack = {
  kind: "audio",
  codec: "mp4a",
  configuration: Uint8Array.of(0x12, 0x10),
  format: { sampleRate: 44_100, channels: 2, frameSamples: 1024, profile: "LC", codecString: "mp4a.40.2" },
};

const sample = (byte: number): Sample => ({
  duration: 1000,
  compositionOffset: 0,
  key: true,
  disposable: false,
  data: new Uint8Array(20).fill(byte),
});
const part = (...kinds: readonly ("video" | "audio")[]) =>
  writeFragment(
    1,
    kinds.map((kind) => ({ kind, start: 0, samples: [sample(kind === "video" ? 1 : 2)] })),
  );
const count = (bytes: Uint8Array, type: string): number => Buffer.from(bytes).toString("latin1").split(type).length - 1;
const counts = (bytes: Uint8Array) => ["trak", "trex", "traf", "free"].map((type) => count(bytes, type));

test("the boxes of the sound become free space, and every other byte stays where it is", () => {
  const remover = new SoundRemover();
  for (const [file, expected] of [
    [writeInitialisation([PICTURE, SOUND]), [1, 1, 0, 2]],
    [part("video", "audio"), [0, 0, 1, 1]],
    [part("audio"), [0, 0, 0, 1]],
    // A whole segment is its parts one after the other.
    [Buffer.concat([part("video", "audio"), part("video", "audio")]), [0, 0, 2, 2]],
  ] as const) {
    const changed = Uint8Array.from(file);
    remover.remove(changed);
    assert.deepEqual(counts(changed), expected);
    const rewritten = changed.filter((byte, i) => byte !== file[i]);
    assert.ok(rewritten.length <= 4 * (expected[3] ?? 0));
  }
});

test("the picture's track stays", () => {
  const remover = new SoundRemover();
  remover.remove(writeInitialisation([PICTURE, SOUND]));
  const picture = part("video");
  remover.remove(picture);
  assert.deepEqual(picture, part("video"));
});

test("sound alone stays, as do other bytes than files, and boxes of senseless sizes", () => {
  const remover = new SoundRemover();
  for (const file of [
    writeInitialisation([SOUND]),
    part("audio"),
    new Uint8Array(0),
    Uint8Array.from({ length: 100 }, (_, i) => (i * 151) & 0xff),
    Buffer.from("0000000c6d6f6f7600000000", "hex"),
    Buffer.from("000000106d6f6f76ffffffff7472616b", "hex"),
    Buffer.from("000000186d6f6f6600000010747261660000000874666864", "hex"),
  ]) {
    const changed = Uint8Array.from(file);
    remover.remove(changed);
    assert.deepEqual(changed, Uint8Array.from(file));
  }
});

test("what is cut short anywhere is read without an error", () => {
  for (const file of [writeInitialisation([PICTURE, SOUND]), part("video", "audio")])
    for (let length = 0; length < file.length; length++) new SoundRemover().remove(file.slice(0, length));
});
