/** Still images of live streams as JPEG, for clients who may watch the stream. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { clip } from "./clips.ts";
import { ffmpegDone, publish } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { childrenOf, type Lectern, until } from "./lectern.ts";
import { type Body, done, push } from "./lesson-client.ts";
import { long, longUnless } from "./long-tests.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-stills-"));
after(() => rmSync(directory, { recursive: true, force: true }));

/** How many decoders the server's workers run now. */
function decoders({ process: { pid } }: Lectern): number {
  const workers = pid ? childrenOf(pid) : [];
  return workers.flatMap((worker) => childrenOf(worker)).filter(isDecoder).length;
}

/** Of stills: a worker has other programs too. */
function isDecoder(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("mjpeg");
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

test("the newest key frame as a JPEG, no wider than 640, like the picture that was sent", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  const file = clip("b-frames");
  publish(t, file, `${lectern.rtmp}/live/math1`);
  await lectern.stream("math1", (stream) => stream.video !== null);
  const response = await fetch(`${lectern.http}/live/math1.jpg`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "image/jpeg");
  const jpeg = join(directory, "still.jpg");
  writeFileSync(jpeg, Buffer.from(await response.arrayBuffer()));
  const size = await ffmpegDone(t, ["-i", jpeg, "-vf", "showinfo", "-f", "rawvideo", "-pix_fmt", "gray", "-s", "64x36", "-"]);
  const source = await ffmpegDone(t, ["-i", file, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-s", "64x36", "-"]);
  assert.equal(size.length, source.length);
  // The clip is a moving pattern with a still ground; most of it is where it was.
  const alike = size.filter((value, i) => Math.abs(value - (source[i] ?? 0)) < 24).length / size.length;
  assert.ok(alike > 0.7, `${Math.round(alike * 100)} % of the picture is alike`);
});

for (const name of ["hevc", "av1", "vp9", "h264opus"]) {
  longUnless(name === "hevc", `${name}: a still of a codec that ffmpeg decodes`, async () => {
    const lectern = await sharedLectern({ workers: "1" });
    const client = await RtmpClient.open(lectern.rtmpPort);
    assert.equal(await client.publish(name), "NetStream.Publish.Start");
    for (const tag of readTags(new URL(`clips/${name}.flv`, import.meta.url).pathname)) client.tag(tag);
    await lectern.stream(name, (stream) => stream.video !== null);
    const bytes = await until(async () => {
      const response = await fetch(`${lectern.http}/live/${name}.jpg`);
      return response.status === 200 ? Buffer.from(await response.arrayBuffer()) : null;
    }, "a still");
    assert.deepEqual([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  });
}

long("a hundred who ask at once get one picture, and few processes make it", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  push(t, `${lectern.rtmp}/live/math2`);
  await lectern.stream("math2", (stream) => stream.video !== null);
  let most = 0;
  const looking = setInterval(() => {
    most = Math.max(most, decoders(lectern));
  }, 5);
  const answers = await Promise.all(
    Array.from({ length: 100 }, async () =>
      Buffer.from(await (await fetch(`${lectern.http}/live/math2.jpg`)).arrayBuffer()).toString("base64"),
    ),
  );
  clearInterval(looking);
  assert.equal(new Set(answers).size, 1);
  assert.ok(most <= 2, `${most} decoders at once`);
});

test("a still needs the permission that watching needs; what has no picture has no still", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  push(t, lesson.stream.rtmpUrl);
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  const address = `${lectern.http}/live/${lesson.stream.name}.jpg`;
  assert.equal((await fetch(address)).status, 401);
  const joined = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" });
  assert.equal((await fetch(address + new URL(joined.play.flv).search)).status, 200);
  const { items } = await done(lectern, "GET", "/streams");
  assert.equal(
    (await fetch(lectern.http + items.find(({ name }: Body) => name === lesson.stream.name).still)).status,
    200,
    "as the list of streams gives it",
  );
  assert.equal((await fetch(`${lectern.http}/live/nobody.jpg`)).status, 404);
  assert.equal((await fetch(address, { method: "POST" })).status, 405);
  const silent = await RtmpClient.open(lectern.rtmpPort);
  await silent.publish("sound");
  for (const tag of readTags(clip("audio only"))) silent.tag(tag);
  await lectern.stream("sound", (stream) => stream.audio !== null);
  assert.equal((await fetch(`${lectern.http}/live/sound.jpg`)).status, 404);
});
