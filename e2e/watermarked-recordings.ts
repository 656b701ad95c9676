/** Provides recorded lessons under a watermark, and where two pictures of them differ. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { clip } from "./clips.ts";
import { ffmpegDone, publishFast } from "./ffmpeg.ts";
import { type Lectern, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";

/** Of a server whose lessons are recorded and over within seconds. */
export const SETTINGS = { workers: "2", "publish.graceSeconds": "1", "hls.segmentSeconds": "1" };
/** Pictures are compared in blocks of four times four pixels. */
const WIDTH = 160;
const HEIGHT = 90;
/** Blocks between two parts of one line: over yellow, white letters are hardly another grey. */
const REACH = 30;
export const RULE = { kind: "watermark", for: "play", shows: "both", opacity: 0.6 };
/** Differences of luma up to this are those of coding a picture again. */
const NOISE = 12;

export type Person = { readonly token: string; readonly name: string };

/** A recorded lesson under a watermark, its recording, and the guests who joined it. */
export async function recordedLesson(
  t: TestContext,
  lectern: Lectern,
  seconds: number,
  names: readonly string[] = [],
  rule: object = RULE,
): Promise<{ readonly lesson: Body; readonly recording: Body; readonly people: readonly Person[] }> {
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true, guests: true });
  await done(lectern, "POST", "/policies", { target: { level: "lesson", id: lesson.id }, rules: [rule] });
  const people: Person[] = [];
  for (const name of names)
    people.push({ token: (await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name })).token, name });
  const { name, publishKey } = lesson.stream;
  const sent = await publishFast(t, clip("numbered", seconds), `${lectern.rtmp}/live/${name}?key=${publishKey}`, 4).done;
  assert.equal(sent.code, 0, sent.said);
  await done(lectern, "POST", `/lessons/${lesson.id}/end`);
  const recording = await until(
    async () => (await done(lectern, "GET", `/recordings?lessonId=${lesson.id}`)).items.find((one: Body) => one.whole) ?? null,
    "the recording",
  );
  await done(lectern, "PATCH", `/recordings/${recording.id}`, { published: true });
  return { lesson, recording, people };
}

/** The luma of one frame, each pixel the mean of a block: what coding again changes in single pixels is not seen. */
export async function luma(t: TestContext, file: string, seconds: number): Promise<Buffer> {
  const scale = `scale=${WIDTH}:${HEIGHT}:flags=area,format=gray`;
  const args = ["-v", "error", "-ss", String(seconds), "-i", file, "-frames:v", "1", "-vf", scale, "-f", "rawvideo", "pipe:1"];
  return await ffmpegDone(t, args);
}

type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

/** Where two pictures differ by more than coding again makes: boxes with less than a letter's height between them are one. */
export function differences(one: Buffer, other: Buffer): { readonly pixels: number; readonly boxes: readonly Box[] } {
  assert.equal(one.length, WIDTH * HEIGHT);
  assert.equal(other.length, one.length);
  const found: Box[] = [];
  for (let i = 0; i < one.length; i++)
    if (Math.abs((one[i] ?? 0) - (other[i] ?? 0)) > NOISE) {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      let box: Box = { left: x, right: x, top: y, bottom: y };
      for (let near = 0; near >= 0; ) {
        near = found.findIndex((each) => areNear(each, box));
        const [each] = near < 0 ? [] : found.splice(near, 1);
        if (each) box = around(each, box);
      }
      found.push(box);
    }
  const pixels = found.length === 0 ? 0 : one.reduce((sum, grey, i) => sum + (Math.abs(grey - (other[i] ?? 0)) > NOISE ? 1 : 0), 0);
  return { pixels, boxes: found };
}

const areNear = (one: Box, other: Box): boolean =>
  one.left - REACH <= other.right && other.left - REACH <= one.right && one.top - 2 <= other.bottom && other.top - 2 <= one.bottom;

const around = (one: Box, other: Box): Box => ({
  left: Math.min(one.left, other.left),
  right: Math.max(one.right, other.right),
  top: Math.min(one.top, other.top),
  bottom: Math.max(one.bottom, other.bottom),
});
