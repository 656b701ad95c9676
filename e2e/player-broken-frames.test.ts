/**
 * A picture that breaks off in the middle of a stream: the browser's decoder gives up while more is appended. The player takes the engine away
 * without an error of the page, and goes on when the frames are whole again. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type FlvTag, TAG_TYPE } from "@lectern/media";
import { openSmallPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { noteProblems, problemsOf } from "./player-problems.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

const TICK_MS = 10;
/** Of an FLV body with H.264, before its NAL units (FLV E.4.3.1); of a NAL unit, its length and its header. They stay. */
const BODY_HEAD = 5;
const LENGTH_BYTES = 4;

/** Sends a clip over and over in real time. While `broken()`, nobody can decode its pictures. */
function sendForever(t: TestContext, client: RtmpClient, broken: () => boolean): void {
  const tags = readTags(clip("camera", 20)).filter(({ type }) => type !== TAG_TYPE.script);
  const isConfiguration = ({ type, body }: FlvTag) => (type === TAG_TYPE.video || type === TAG_TYPE.audio) && body[1] === 0;
  for (const tag of tags) if (isConfiguration(tag)) client.tag(tag, 0);
  const frames = tags.filter((tag) => !isConfiguration(tag));
  const length = (frames.at(-1)?.timestamp ?? 0) + 40;
  const begunAt = performance.now();
  let next = 0;
  const timer = setInterval(() => {
    for (;;) {
      const frame = frames[next % frames.length];
      if (!frame) return;
      const at = frame.timestamp + Math.floor(next / frames.length) * length;
      if (at > performance.now() - begunAt) return;
      next++;
      client.tag(broken() && frame.type === TAG_TYPE.video ? { ...frame, body: garbled(frame.body) } : frame, at);
    }
  }, TICK_MS);
  t.after(() => {
    clearInterval(timer);
    client.break();
  });
}

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
  const client = await RtmpClient.open(lectern.rtmpPort);
  await client.publish("broken");
  let isBroken = false;
  sendForever(t, client, () => isBroken);
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
