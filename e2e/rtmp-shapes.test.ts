/** Publishers whose messages are shaped otherwise than FLV has them: what can be told is mended and decodes, and the uplink says what cannot. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlvTag } from "@lectern/media";
import { clip } from "./clips.ts";
import { ffmpegDone } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { adts, allKeys, byteStream, isHeader, isPicture, noKeys, perUnit, withBody } from "./publisher-shapes.ts";
import { publishTags } from "./tag-publisher.ts";

/** Lengths that fit nothing. */
const misfit = (tag: FlvTag): readonly FlvTag[] => {
  if (!isPicture(tag) || isHeader(tag)) return [tag];
  return [withBody(tag, tag.body.subarray(0, 5), Buffer.of(0x7f, 0xff), tag.body.subarray(7))];
};

/** Key frames whose parameter sets are none of the configuration's, and come nowhere. */
const noSets = (tag: FlvTag): readonly FlvTag[] => {
  if (!isPicture(tag) || !isHeader(tag)) return [tag];
  const body = Buffer.from(tag.body);
  // pic_parameter_set_id 0 becomes another one: the set's first bit is its code.
  const at = body.lastIndexOf(0x68);
  body[at + 1] = (body[at + 1] ?? 0) & 0x7f;
  return [{ ...tag, body }];
};

/** Pictures alone, without their configuration. */
const bare = (tag: FlvTag): readonly FlvTag[] => (isPicture(tag) && !isHeader(tag) ? [tag] : []);
/** No picture that decoding can begin with, and no sound. */
const keyless = (tag: FlvTag): readonly FlvTag[] => (isPicture(tag) && (isHeader(tag) || !isKey(tag)) ? [tag] : []);
/** FLV E.4.3.1: the frame's type. */
const isKey = ({ body }: FlvTag): boolean => (body[0] ?? 0) >> 4 === 1;

const MENDED = {
  "each NAL unit": perUnit,
  "a byte stream": byteStream,
  ADTS: adts,
  "a key frame that is none": allKeys,
  "a key frame without its sign": noKeys,
} as const;

for (const [what, shaped] of Object.entries(MENDED)) {
  test(`${what} in its messages is mended: every picture decodes, and sound too`, async (t) => {
    const lectern = await sharedLectern();
    const name = `shape-${what.toLowerCase().replaceAll(" ", "-")}`;
    await publishTags(t, lectern, name, clip("sliced"), () => true, shaped);
    const report = await lectern.stream(name, ({ video, audio }) => video !== null && audio !== null && audio.codec === "aac");
    assert.equal(report.video?.codec, "h264");
    const input = ["-err_detect", "explode", "-xerror", "-i", `${lectern.http}/live/${name}.flv`];
    await ffmpegDone(t, [...input, "-t", "2", "-f", "null", "-"]);
    const later = await lectern.stream(name, ({ uplink }) => uplink.fps > 20);
    assert.deepEqual([later.uplink.problem, Math.round(later.uplink.fps) <= 27], [null, true], `${later.uplink.fps} fps`);
  });
}

for (const [problem, shaped] of Object.entries({ "nal-lengths": misfit, "parameter-sets-missing": noSets })) {
  test(`the uplink says ${problem} within two seconds, and its health is not good`, async (t) => {
    const lectern = await sharedLectern();
    const begun = performance.now();
    await publishTags(t, lectern, `shape-${problem}`, clip("sliced"), () => true, shaped);
    const { uplink } = await lectern.stream(`shape-${problem}`, (stream) => stream.uplink.problem !== null);
    assert.deepEqual([uplink.problem, uplink.verdict, uplink.health], [problem, "picture-undecodable", "poor"]);
    assert.ok(performance.now() - begun < 4000, "in time");
  });
}

for (const [problem, shaped] of Object.entries({ "configuration-missing": bare, "key-frame-missing": keyless })) {
  test(`a stream of which nothing can be watched says ${problem}, by every way out`, async (t) => {
    const lectern = await sharedLectern();
    const name = `nothing-${problem}`;
    const waiting = fetch(`${lectern.http}/live/${name}.m3u8`);
    await publishTags(t, lectern, name, clip("sliced"), () => true, shaped);
    const { uplink } = await lectern.stream(name, (stream) => stream.uplink.problem !== null);
    assert.deepEqual([uplink.problem, uplink.verdict, uplink.health], [problem, "picture-undecodable", "poor"]);
    const list = await (await fetch(`${lectern.http}/live/${name}.rungs.json`)).json();
    assert.deepEqual(list.problems, { video: problem, audio: null });
    for (const way of ["flv", "m3u8"]) {
      const answer = await fetch(`${lectern.http}/live/${name}.${way}`);
      const { code, detail } = await answer.json();
      assert.deepEqual([answer.status, code], [503, "picture-undecodable"], way);
      assert.equal(answer.headers.get("lectern-problem"), "video=undecodable");
      assert.match(detail, problem === "key-frame-missing" ? /no key frame/ : /no codec configuration/);
    }
    await (await waiting).text();
  });
}
