/**
 * Publishers whose codec changes, and those whose picture most players do not know: everybody goes on in a form that plays. Runs late.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { FlvReader, TAG_TYPE } from "@lectern/media";
import { WebSocket } from "ws";
import { clickClip } from "./clicks.ts";
import { clip } from "./clips.ts";
import { encodersOf } from "./encoders.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { readPlaylist } from "./hls-reader.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { RtmpClient } from "./rtmp-client.ts";

const FORMS = { "ladder.cores": "8", workers: "2" };
/** The first byte of a tag with AAC, and of the configuration of Opus by Enhanced RTMP. */
const AAC = 0xaf;
const OPUS_CONFIGURATION = 0x90;

/** Watches FLV by WebSocket: the first bytes and times of its tags with sound, and why it was ended. */
function watch(t: TestContext, url: string) {
  const sounds: { readonly first: number; readonly timestamp: number }[] = [];
  let pictures = 0;
  const reader = new FlvReader({
    maxTagBytes: 1 << 24,
    onTag: ({ type, timestamp, body }) => {
      if (type === TAG_TYPE.video) pictures++;
      if (type === TAG_TYPE.audio && (body[1] ?? 0) !== 0) sounds.push({ first: body[0] ?? 0, timestamp });
    },
  });
  const socket = new WebSocket(url.replace("http", "ws"));
  t.after(() => socket.terminate());
  socket.on("message", (bytes: Buffer) => void reader.push(bytes));
  const ended = once(socket, "close").then(([, reason]) => String(reason));
  return { sounds, pictures: () => pictures, ended };
}

function pushOpus(t: TestContext, lectern: Lectern, file: string, name: string) {
  const pusher = spawn(process.execPath, [join(import.meta.dirname, "push-file.ts"), file, `${lectern.rtmp}/live/${name}`], {
    stdio: "ignore",
  });
  t.after(() => pusher.kill("SIGKILL"));
  return pusher;
}

test("a browser with Opus takes over from OBS with AAC, and gives back: HLS goes on, FLV comes back, everything has AAC and is recorded", async (t) => {
  const lectern = await startLectern(t, { "recording.auto": "all", "publish.graceSeconds": "30" });
  const obs = publishForever(t, clip("2 s GOP", 40), `${lectern.rtmp}/live/math`);
  await lectern.stream("math", (stream) => stream.audio !== null);
  const early = watch(t, `${lectern.http}/live/math.flv`);
  const master = await (await fetch(`${lectern.http}/live/math.m3u8`)).text();
  const playlist = `${lectern.http}/live/${master.split("\n").find((line) => line.endsWith(".m3u8"))}`;
  const before = readPlaylist(await (await fetch(playlist)).text());
  await until(() => early.sounds.length > 100, "sound of OBS");
  assert.deepEqual(encodersOf(lectern.process.pid), [], "AAC needs no encoder");
  obs.child.kill("SIGKILL");
  await lectern.stream("math", (stream) => stream.publisher === null);
  const browser = pushOpus(t, lectern, clickClip("opus", 90), "math");
  assert.equal(await early.ended, "codec-changed");
  const again = watch(t, `${lectern.http}/live/math.flv`);
  await until(() => again.sounds.length > 100, "sound of the browser");
  const moved = await until(async () => {
    const response = await fetch(playlist);
    return response.url !== playlist && response.ok ? response : null;
  }, "the playlist of the form");
  const after = readPlaylist(await moved.text());
  assert.match(moved.url, /\/math@aac\/s\//);
  const newest = (list: typeof before) => list.segments.at(-1)?.msn ?? 0;
  assert.ok(newest(after) > newest(before), "the numbering goes on");
  assert.ok(after.segments.some(({ uri }) => uri !== null));
  browser.kill("SIGKILL");
  await lectern.stream("math", (stream) => stream.publisher === null);
  const heard = again.sounds.length;
  publishForever(t, clip("2 s GOP", 40), `${lectern.rtmp}/live/math`);
  await until(() => again.sounds.length > heard + 150, "sound of OBS in the form");
  assert.ok(
    again.sounds.every(({ first }) => first === AAC),
    "nobody who came back heard anything but AAC",
  );
  const wrong = early.sounds.filter(({ first }) => first !== AAC).map(({ timestamp }) => timestamp);
  assert.ok(
    Math.max(0, ...wrong) - Math.min(...wrong, Math.max(0, ...wrong)) < 1500,
    `${wrong.length} frames of Opus before the end`,
  );
  assert.ok(again.sounds.every(({ timestamp }, i) => i === 0 || timestamp >= (again.sounds[i - 1]?.timestamp ?? 0)));
  const folder = join(lectern.directory, "recordings/live");
  const recorded = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".flv"));
  assert.equal(recorded.length, 2, `${recorded}`);
  for (const file of recorded) {
    assert.match(file, /^math\//);
    assert.match(await probe(join(folder, file)), /codec_name=aac/);
  }
  const lines = recorded.map((file) => JSON.parse(readFileSync(join(folder, `${file}.index`), "utf8").split("\n")[0] ?? ""));
  assert.equal(new Set(lines.map(({ recording }) => recording)).size, 1, "one recording");
});

test("sound that comes late does not hold the picture up", async (t) => {
  const lectern = await sharedLectern(FORMS);
  const client = await RtmpClient.open(lectern.rtmpPort);
  assert.equal(await client.publish("late"), "NetStream.Publish.Start");
  const tags = tagsOf(t, clickClip("opus", 12));
  const late = watch(t, `${lectern.http}/live/late.flv`);
  const begun = performance.now();
  let again: ReturnType<typeof watch> | null = null;
  const isSound = ({ type }: Tag) => type === TAG_TYPE.audio;
  let configuration = tags.find((tag) => isSound(tag) && tag.body[0] === OPUS_CONFIGURATION);
  for (const tag of tags) {
    await pause(Math.max(0, tag.timestamp - (performance.now() - begun)));
    if (tag.timestamp > 3000 && configuration) client.tag(configuration, tag.timestamp);
    if (tag.timestamp > 3000) configuration = undefined;
    if (!isSound(tag) || tag.timestamp > 3000) client.tag(tag);
    if (tag.timestamp > 6000) again ??= watch(t, `${lectern.http}/live/late.flv`);
  }
  assert.equal(await late.ended, "codec-changed");
  assert.ok(late.pictures() > 60, `${late.pictures()} pictures without sound`);
  await until(() => (again?.sounds.length ?? 0) > 50 && (again?.pictures() ?? 0) > 50, "sound and picture");
  assert.ok(again?.sounds.every(({ first }) => first === AAC));
});

test("a source of VP8 and Opus has an H.264 without B-frames, which HLS lists", async (t) => {
  const lectern = await sharedLectern(FORMS);
  const directory = mkdtempSync(join(tmpdir(), "lectern-vp8-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "vp8.ivf");
  const picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-t", "40"];
  execFileSync("ffmpeg", [
    "-v",
    "error",
    ...picture,
    "-c:v",
    "libvpx",
    "-deadline",
    "realtime",
    "-cpu-used",
    "8",
    "-g",
    "50",
    file,
  ]);
  const client = await RtmpClient.open(lectern.rtmpPort);
  assert.equal(await client.publish("vp8"), "NetStream.Publish.Start");
  const sound = tagsOf(t, clickClip("opus", 40)).filter(({ type }) => type === TAG_TYPE.audio);
  const tags = [...sound, ...vp8Tags(readFileSync(file))].toSorted((a, b) => a.timestamp - b.timestamp);
  const begun = performance.now();
  let isSeen = false;
  const sending = (async () => {
    for (const tag of tags) {
      await pause(Math.max(0, tag.timestamp - (performance.now() - begun)));
      if (isSeen) return;
      client.tag(tag);
    }
  })();
  const report = await lectern.stream("vp8", (stream) => stream.video !== null && stream.video.width > 0);
  assert.deepEqual([report.video?.codec, report.video?.width, report.video?.height], ["vp8", 320, 180]);
  const master = await until(async () => {
    const response = await fetch(`${lectern.http}/live/vp8.m3u8`);
    return response.ok ? await response.text() : null;
  }, "the multivariant playlist");
  assert.match(master, /CODECS="avc1\.42c01f,mp4a\.40\.2",RESOLUTION=320x180[^\n]*\nvp8@rtc\//);
  // The form begins when it is asked for, and is refused until it has a picture.
  const described = await until(() => probe(`${lectern.http}/live/vp8@rtc.flv`).catch(() => null), "the form");
  assert.match(described, /codec_name=h264\|profile=Constrained Baseline\|has_b_frames=0/);
  assert.match(described, /codec_name=aac/);
  isSeen = true;
  await sending;
});

/** This process sends meanwhile. */
async function probe(input: string): Promise<string> {
  const what = ["-show_entries", "stream=codec_name,profile,has_b_frames", "-of", "compact"];
  return (await promisify(execFile)("ffprobe", ["-v", "error", ...what, input], { timeout: 60_000 })).stdout;
}

type Tag = { readonly type: number; readonly timestamp: number; readonly body: Uint8Array };

/** The tags of a file with Opus, as FFmpeg 8.1 writes them. */
function tagsOf(t: TestContext, file: string): Tag[] {
  const directory = mkdtempSync(join(tmpdir(), "lectern-tags-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const flv = join(directory, "clip.flv");
  execFileSync(process.execPath, [join(import.meta.dirname, "push-file.ts"), file, flv, "fast"]);
  const tags: Tag[] = [];
  new FlvReader({
    maxTagBytes: 1 << 24,
    onTag: ({ type, timestamp, body }) => void tags.push({ type, timestamp, body: Uint8Array.from(body) }),
  }).push(readFileSync(flv));
  return tags;
}

/** IVF's frames as Enhanced RTMP carries VP8: coded frames without a configuration. */
function vp8Tags(ivf: Buffer): Tag[] {
  const tags: Tag[] = [];
  const [head, frameHead, codedFrames] = [32, 12, 1];
  for (let at = head; at + frameHead <= ivf.length; ) {
    const size = ivf.readUInt32LE(at);
    const frame = ivf.subarray(at + frameHead, at + frameHead + size);
    const kind = ((frame[0] ?? 0) & 1) === 0 ? 1 : 2;
    const header = [0x80 | (kind << 4) | codedFrames, ...Buffer.from("vp08")];
    tags.push({
      type: TAG_TYPE.video,
      timestamp: Number(ivf.readBigUInt64LE(at + 4)) * 40,
      body: Uint8Array.from([...header, ...frame]),
    });
    at += frameHead + size;
  }
  return tags;
}
