/** Forms of a stream: its sound as Opus or AAC, made while somebody needs it, with the times of what it is made from. Only with --all, or by name. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FlvReader, TAG_TYPE } from "@lectern/media";
import { clickClip, clicksOf } from "./clicks.ts";
import { ofStream } from "./clips.ts";
import { startNats, startNode } from "./cluster.ts";
import { encodersOf } from "./encoders.ts";
import { ffprobe, frames } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { rare } from "./long-tests.ts";
import { RtmpClient } from "./rtmp-client.ts";

/** From click to click. */
const PERIOD_MS = 500;
/** Programs that would take all of the machine's time. */
const BUSY = 6 * availableParallelism();

/** Publishes a file by Enhanced RTMP. */
function push(t: TestContext, lectern: Lectern, file: string, name: string) {
  const pusher = spawn(process.execPath, [join(import.meta.dirname, "push-file.ts"), file, `${lectern.rtmp}/live/${name}`], {
    stdio: "ignore",
  });
  t.after(() => pusher.kill("SIGKILL"));
  return pusher;
}

const FORMS = { "ladder.idleSeconds": "5", "viewer.maxQueueSeconds": "60", workers: "2", "publish.graceSeconds": "1" };

/** The server of most tests, when no form is made any more. */
async function formsServer(): Promise<Lectern> {
  const lectern = await sharedLectern(FORMS);
  await until(() => encodersOf(lectern.process.pid).length === 0, "the end of the forms of the test before");
  return lectern;
}

type Arrived = { readonly type: number; readonly timestamp: number; readonly at: number; readonly body: string };

/** Watches FLV, and notes what comes when. */
function watchFlv(t: TestContext, url: string) {
  const tags: Arrived[] = [];
  const stop = new AbortController();
  t.after(() => stop.abort());
  const reader = new FlvReader({
    maxTagBytes: 1 << 24,
    onTag: ({ type, timestamp, body }) =>
      void tags.push({ type, timestamp, at: performance.now(), body: Buffer.from(body).toString("base64") }),
  });
  const ended = fetch(url, { signal: stop.signal })
    .then(async (response) => {
      assert.equal(response.status, 200, url);
      for await (const bytes of response.body ?? []) assert.equal(reader.push(bytes), null);
    })
    .catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  const of = (type: number) => tags.filter((tag) => tag.type === type && tag.timestamp > 0);
  return { tags, ended, stop: () => stop.abort(), pictures: () => of(TAG_TYPE.video), sounds: () => of(TAG_TYPE.audio) };
}

const largestStep = (tags: readonly Arrived[]) =>
  tags.reduce((largest, { timestamp }, i) => Math.max(largest, timestamp - (tags[i - 1]?.timestamp ?? timestamp)), 0);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** How far each click is from where the other's are, which come each half second, milliseconds. */
function offsets(of: readonly number[], from: readonly number[]): number[] {
  const phase = from[0] ?? Number.NaN;
  return of.map((at) => ((((at - phase + PERIOD_MS / 2) % PERIOD_MS) + PERIOD_MS) % PERIOD_MS) - PERIOD_MS / 2);
}

test("the sound of AAC as Opus, and of Opus as AAC, has the times of what it is made from", async (t) => {
  const lectern = await formsServer();
  push(t, lectern, clickClip("aac", 90), "school");
  push(t, lectern, clickClip("opus", 90), "browser");
  await lectern.stream("school", (stream) => stream.audio !== null);
  await lectern.stream("browser", (stream) => stream.audio !== null);
  for (const [parent, form] of [
    ["school.m3u8", "school@opus.m3u8"],
    ["browser.m3u8?audio=opus", "browser.m3u8"],
    ["browser.m3u8?audio=opus", "browser.flv"],
  ] as const) {
    const [before, made] = await Promise.all([
      clicksOf(t, `${lectern.http}/live/${parent}`, 4),
      clicksOf(t, `${lectern.http}/live/${form}`, 6),
    ]);
    const found = offsets(made, before);
    t.diagnostic(`${form}: ${found.map((ms) => ms.toFixed(1)).join(" ")}`);
    assert.ok(found.length >= 4, `${found.length} clicks`);
    for (const ms of found) assert.ok(Math.abs(ms) < 10, `${form} is ${ms} ms off`);
  }
  assert.equal(encodersOf(lectern.process.pid).length, 2, "an encoder for each form");
});

test("the picture of a form with AAC is the publisher's, bit by bit and at once; its encoder may be killed, and ends when nobody watches", async (t) => {
  const lectern = await formsServer();
  push(t, lectern, clickClip("opus", 90), "math");
  await lectern.stream("math", (stream) => stream.audio !== null);
  const [itself, form] = [
    watchFlv(t, `${lectern.http}/live/math.flv?audio=opus&delay=low`),
    watchFlv(t, `${lectern.http}/live/math.flv?delay=low`),
  ];
  await until(() => form.pictures().length > 150 && itself.pictures().length > 150, "six seconds of picture");
  const byTime = new Map(itself.pictures().map((tag) => [tag.timestamp, tag]));
  const both = form.pictures().flatMap((tag) => {
    const same = byTime.get(tag.timestamp);
    return same ? [{ tag, same }] : [];
  });
  assert.ok(both.length > 100, `${both.length} pictures are in both`);
  for (const { tag, same } of both) assert.equal(tag.body, same.body, `the picture at ${tag.timestamp} ms`);
  const late = both.slice(50).map(({ tag, same }) => tag.at - same.at);
  t.diagnostic(`added delay: median ${median(late).toFixed(0)} ms, most ${Math.max(...late).toFixed(0)} ms`);
  // On a quiet machine it is 80 ms. What a busy one adds, it does not add in every second.
  const seconds = Array.from({ length: Math.floor(late.length / 25) }, (_, i) => median(late.slice(i * 25, (i + 1) * 25)));
  assert.ok(Math.min(...seconds) < 500, `${seconds.map((ms) => ms.toFixed(0)).join(" ")} ms of delay`);
  for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
    const [encoder] = encodersOf(lectern.process.pid);
    assert.ok(encoder !== undefined, "an encoder runs");
    process.kill(encoder, signal);
    const newest = form.sounds().at(-1)?.timestamp ?? 0;
    await until(() => (form.sounds().at(-1)?.timestamp ?? 0) > newest + 3000, `sound after ${signal}`);
    assert.ok(largestStep(form.pictures()) <= 160, `${signal}: pictures ${largestStep(form.pictures())} ms apart`);
    // One that is stopped is found out after some time, for which the picture need not wait on a busy machine.
    if (signal === "SIGKILL") assert.ok(largestStep(form.sounds()) <= 60, `sound ${largestStep(form.sounds())} ms apart`);
  }
  form.stop();
  await until(() => encodersOf(lectern.process.pid).length === 0, "the end of the encoder");
  assert.ok(largestStep(itself.pictures()) <= 160, "the publisher's stream has noticed nothing");
});

test("Opus plays everywhere: RTMP, HLS and FLV in ffmpeg 5.1, and who says that it takes Opus has it", async (t) => {
  const lectern = await formsServer();
  push(t, lectern, clickClip("opus", 90), "math");
  await lectern.stream("math", (stream) => stream.audio !== null);
  // Metadata that comes later than the beginning is a stream of text to ffmpeg.
  const codecs = async (url: string) =>
    [...new Set((await ffprobe(t, url)).match(/(?<=codec_name=)(?!text)\w+/g))].toSorted().join(" ");
  // A busy machine may have no room for the encoder at first, and serve what is there.
  for (const url of [`${lectern.rtmp}/live/math`, `${lectern.http}/live/math.flv`, `${lectern.http}/live/math.m3u8`])
    await until(async () => (await codecs(url)) === "aac h264", url);
  assert.equal(await codecs(`${lectern.http}/live/math.m3u8?audio=opus`), "h264 opus");
  assert.equal(encodersOf(lectern.process.pid).length, 1, "one encoder for all");
  const { items } = (await (await lectern.api("/api/v1/streams")).json()) as { items: readonly { name: string }[] };
  assert.deepEqual(
    items.map(({ name }) => name),
    ["math"],
    "one stream for people",
  );
  const client = await RtmpClient.open(lectern.rtmpPort, "live", "127.0.0.1", { fourCcList: ["Opus"] });
  assert.equal(await client.play("math"), "NetStream.Play.Start");
  await until(
    () => client.messages.some(({ type, payload }) => type === TAG_TYPE.audio && payload[0] === 0x91),
    "Enhanced RTMP's Opus",
  );
  client.break();
});

test("a recording of Opus has every picture from the first one on, and AAC, under the stream's own name", async (t) => {
  const lectern = await startLectern(t, { "recording.auto": "all", "publish.graceSeconds": "1" });
  const source = clickClip("opus", 12);
  push(t, lectern, source, "math");
  await lectern.stream("math", (stream) => stream.audio !== null);
  await until(async () => (await fetch(`${lectern.http}/live/math.flv`, { method: "HEAD" })).status === 404, "the stream's end");
  const files = await until(() => {
    const found = recordedFiles(join(lectern.directory, "recordings/live"));
    return found.length > 0 && encodersOf(lectern.process.pid).length === 0 ? found : null;
  }, "the recording");
  assert.deepEqual(
    files.map((file) => file.split("/").at(-2)),
    ["math"],
  );
  const recorded = files[0] ?? "";
  assert.match(await ffprobe(t, recorded), /codec_name=aac/);
  const hashes = async (file: string) => ofStream(await frames(t, file, "decoded", "0:v"), 0).map(({ hash }) => hash);
  const [want, have] = [await hashes(source), await hashes(recorded)];
  t.diagnostic(`${have.length} of ${want.length} pictures`);
  // The publisher closes its connection with the last frame.
  assert.ok(have.length >= want.length - 5, `${have.length} of ${want.length} pictures`);
  assert.deepEqual(have, want.slice(0, have.length));
  const clicks = await clicksOf(t, recorded, 11);
  assert.ok(clicks.length >= 20, `${clicks.length} clicks`);
});

rare("on a machine that has no time to spare, what people say is in their recordings", async (t) => {
  const lectern = await startLectern(t, { "recording.auto": "all", "publish.graceSeconds": "1" });
  for (let n = 0; n < BUSY; n++) {
    const busy = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore", detached: true });
    t.after(() => busy.kill("SIGKILL"));
  }
  const names = ["anna", "ben", "chen", "dora"];
  for (const name of names) push(t, lectern, clickClip("opus", 20), name);
  for (const name of names) await lectern.stream(name, (stream) => stream.audio !== null);
  for (const name of names)
    await until(async () => (await fetch(`${lectern.http}/live/${name}.flv`, { method: "HEAD" })).status === 404, `${name}'s end`);
  await until(() => encodersOf(lectern.process.pid).length === 0, "the encoders to end");
  const files = recordedFiles(join(lectern.directory, "recordings/live"));
  assert.equal(files.length, names.length, files.join(" "));
  for (const file of files) {
    const clicks = await clicksOf(t, file, 20);
    t.diagnostic(`${clicks.length} clicks`);
    assert.ok(
      clicks.length >= 36 && (clicks[0] ?? Number.NaN) < 2 * PERIOD_MS,
      `${file}: ${clicks.length} clicks from ${clicks[0]} ms`,
    );
  }
});

rare("two nodes make a form once, for viewers of both", async (t) => {
  const nats = await startNats(t);
  const [a, b] = await Promise.all(
    ["a", "b"].map((id) => startNode(t, nats, id, id === "a" ? '"control","origin","edge"' : '"origin","edge"')),
  );
  assert.ok(a && b);
  push(t, a, clickClip("opus", 90), "math");
  await a.stream("math", (stream) => stream.audio !== null);
  await until(
    async () => (await fetch(`${b.http}/live/math.flv`, { method: "HEAD" })).status === 200,
    "the stream at the other node",
  );
  const watching = [a, b].map((node) => watchFlv(t, `${node.http}/live/math.flv`));
  await until(() => watching.every(({ sounds }) => sounds().length > 100), "sound at both");
  for (const { sounds, tags } of watching) {
    assert.ok(
      tags.some(({ type, body }) => type === TAG_TYPE.audio && Buffer.from(body, "base64")[0] === 0xaf),
      "AAC",
    );
    assert.ok(largestStep(sounds()) <= 60, `${largestStep(sounds())} ms`);
  }
  assert.equal(encodersOf(a.process.pid).length + encodersOf(b.process.pid).length, 1);
});

test("time-shift of a stream with Opus has AAC too, also after a segment has left the memory", async (t) => {
  const lectern = await formsServer();
  push(t, lectern, clickClip("opus", 90), "math");
  await lectern.stream("math", (stream) => stream.audio !== null);
  const shifted = await until(async () => {
    const response = await fetch(`${lectern.http}/live/math.m3u8?time_delay=6`);
    return response.ok ? await response.text() : null;
  }, "six seconds of the past");
  const media = `${lectern.http}/live/${shifted.split("\n").find((line) => line.includes(".m3u8"))}`;
  const playlist = await until(async () => {
    const response = await fetch(media);
    return response.ok ? await response.text() : null;
  }, "its playlist");
  const [segment] = playlist.split("\n").filter((line) => line.endsWith(".m4s"));
  const map = /URI="([^"]+)"/.exec(playlist)?.[1];
  assert.ok(segment && map, playlist);
  const [head, body] = await Promise.all(
    [map, segment].map(async (file) => {
      const response = await fetch(new URL(file, media));
      assert.equal(response.status, 200, file);
      return Buffer.from(await response.arrayBuffer());
    }),
  );
  assert.ok(head?.includes("mp4a") && !head.includes("Opus"), "AAC");
  assert.ok((body?.length ?? 0) > 1000);
});

/** The FLV files below a folder. */
function recordedFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".flv"))
    .map((file) => join(folder, file));
}
