/**
 * A picture that breaks off in the middle of a stream: the browser's decoder gives up while more is appended. The player takes the engine away
 * without an error of the page, and goes on when the frames are whole again. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FlvTag, TAG_TYPE } from "@lectern/media";
import { openSmallPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { noteProblems, problemsOf } from "./player-problems.ts";
import { isConfiguration, publishTags } from "./tag-publisher.ts";

/** Of an FLV body with H.264, before its NAL units (FLV E.4.3.1); of a NAL unit, its length and its header. They stay. */
const BODY_HEAD = 5;
const LENGTH_BYTES = 4;

function garbled(body: Uint8Array): Uint8Array {
  const bytes = Buffer.from(body);
  for (let at = BODY_HEAD; at + LENGTH_BYTES < bytes.length; ) {
    const end = at + LENGTH_BYTES + bytes.readUInt32BE(at);
    for (let i = at + LENGTH_BYTES + 1; i < end && i < bytes.length; i++) bytes[i] = (i * 151 + 17) & 0xff;
    at = end;
  }
  return bytes;
}

test("frames that cannot be decoded end the engine without an error of the page, and whole ones play again", async (t) => {
  const lectern = await sharedLectern();
  let isBroken = false;
  const shaped = (tag: FlvTag): readonly FlvTag[] => {
    const isPicture = tag.type === TAG_TYPE.video && !isConfiguration(tag);
    return [isBroken && isPicture ? { ...tag, body: garbled(tag.body) } : tag];
  };
  await publishTags(t, lectern, "broken", clip("camera", 20), () => true, shaped);
  await lectern.stream("broken", ({ video }) => video !== null);
  const page = await openSmallPage(t, { expected: /ERR_|MediaError|PIPELINE|CHUNK_DEMUXER/ });
  await noteProblems(page);
  await page.goto(`${lectern.http}/embed/broken?protocol=flv`);
  await until(async () => (await playerState(page)).state === "live", "the picture");
  const problems = () => problemsOf(page);
  assert.deepEqual(await problems(), []);
  isBroken = true;
  await until(async () => (await problems()).length > 0, "the decoder to give up");
  isBroken = false;
  assert.ok(
    (await problems()).every((problem) => /^(decoder|codec) /.test(problem)),
    String(await problems()),
  );
  await until(async () => (await playerState(page)).state === "live", "the picture again");
  const { time } = await playerState(page);
  await until(async () => (await playerState(page)).time > time + 1, "it to move");
});
