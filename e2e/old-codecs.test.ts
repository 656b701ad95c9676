/** Publishers with the codecs of cameras and of Flash by RTMP: what can be played is, and of what cannot be the encoder and the uplink are told why. Most of them only with --all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FlvTag, TAG_TYPE } from "@lectern/media";
import { clip } from "./clips.ts";
import { ffmpeg, ffmpegDone, ffprobe } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type StreamReport, until } from "./lectern.ts";
import { longUnless } from "./long-tests.ts";
import { OLD_SOUND, oldSound } from "./publisher-files.ts";
import { isPicture, withBody } from "./publisher-shapes.ts";
import { publishTags } from "./tag-publisher.ts";

const PICTURE = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=25"];
const SOUND = ["-f", "lavfi", "-i", "sine=frequency=440"];

for (const [what, codec] of Object.entries(OLD_SOUND))
  longUnless(what === "Speex", `sound in ${what} becomes AAC for everybody, and says so nowhere`, async (t) => {
    const lectern = await sharedLectern();
    const name = `old-${what.toLowerCase().replace(/[^a-z0-9]/g, "")}`;
    ffmpeg(t, [...oldSound(codec), "-f", "flv", `${lectern.rtmp}/live/${name}`]);
    await lectern.stream(name, ({ audio, uplink }) => audio !== null && uplink.fps > 20);
    for (const way of ["flv", "m3u8"]) {
      // HLS lists the rungs of the ladder too.
      const codecs = new Set((await ffprobe(t, `${lectern.http}/live/${name}.${way}`)).split("\n"));
      assert.deepEqual([...codecs].sort(), ["stream|codec_name=aac", "stream|codec_name=h264"], way);
    }
    // 440 Hz cross zero 880 times a second, after the encoder has begun.
    const toSamples = ["-t", "2", "-map", "0:a", "-ac", "1", "-ar", "8000", "-f", "s16le", "-"];
    const heard = await ffmpegDone(t, ["-i", `${lectern.http}/live/${name}.flv`, ...toSamples]);
    const samples = new Int16Array(Uint8Array.from(heard).buffer).subarray(4000);
    const crossings = samples.reduce((count, sample, i) => count + (i > 0 && sample < 0 !== (samples[i - 1] ?? 0) < 0 ? 1 : 0), 0);
    assert.ok(Math.abs((crossings * 8000) / samples.length - 880) < 20, `${crossings} of ${samples.length}`);
    const { uplink } = await lectern.stream(name, () => true);
    assert.deepEqual([uplink.problem, uplink.verdict], [null, "none"]);
  });

const UNPLAYED = {
  Nellymoser: [
    ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p"],
    ["nellymoser", "-ar", "22050", "-ac", "1"],
  ],
  ADPCM: [
    ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p"],
    ["adpcm_swf", "-ar", "22050", "-ac", "1"],
  ],
  "Sorenson H.263": [["-c:v", "flv"], ["aac"]],
  "Screen video": [["-c:v", "flashsv"], ["aac"]],
} as const;

for (const [what, [picture, sound]] of Object.entries(UNPLAYED))
  longUnless(
    what === "Nellymoser",
    `of ${what}, which no browser plays, the uplink says so within two seconds, and ffmpeg goes on when it is warned`,
    async (t) => {
      const lectern = await sharedLectern();
      const name = `unplayed-${what.toLowerCase().replace(/[^a-z0-9]/g, "")}`;
      const args = ["-re", ...PICTURE, ...SOUND, ...picture, "-c:a", ...sound, "-f", "flv", `${lectern.rtmp}/live/${name}`];
      const publisher = ffmpeg(t, args);
      // An encoder that the machine lets wait is silent meanwhile, and what it sent stays undecodable.
      const isHeard = ({ uplink }: StreamReport) => uplink.problem !== null && uplink.verdict !== "silent";
      const { uplink } = await lectern.stream(name, isHeard);
      const verdict = sound[0] === "aac" ? "picture-undecodable" : "sound-undecodable";
      assert.deepEqual([uplink.problem, uplink.verdict, uplink.health], ["codec-unsupported", verdict, "poor"]);
      const { uplink: later } = await lectern.stream(name, (stream) => isHeard(stream) && stream.uplink.fps > 10);
      assert.deepEqual([later.verdict, publisher.child.exitCode], [verdict, null]);
    },
  );

test("of VP6, the same, with the sound beside it", async (t) => {
  const lectern = await sharedLectern();
  // FLV E.4.3.1: codec 4, and a byte of its own before the picture.
  const vp6 = (tag: FlvTag): readonly FlvTag[] =>
    isPicture(tag) ? [withBody(tag, Buffer.of(0x14, 0, 0x78, 0x46, 0x20, 0x20))] : [tag];
  await publishTags(t, lectern, "unplayed-vp6", clip("tiny", 8), ({ type }) => type !== TAG_TYPE.script, vp6);
  // An encoder that the machine lets wait is silent meanwhile.
  const isHeard = (stream: StreamReport) => stream.uplink.problem !== null && stream.uplink.verdict !== "silent";
  const { uplink } = await lectern.stream("unplayed-vp6", isHeard);
  assert.deepEqual([uplink.problem, uplink.verdict], ["codec-unsupported", "picture-undecodable"]);
  const answer = await until(async () => await (await fetch(`${lectern.http}/live/unplayed-vp6.rungs.json`)).json(), "the list");
  assert.deepEqual(answer.problems, { video: "codec-unsupported", audio: null });
});
