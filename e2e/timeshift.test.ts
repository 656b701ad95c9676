/** Time-shift of live streams: delay and time window, by HLS and FLV, with the same bytes from every worker. Only with --all, or by name. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { clip } from "./clips.ts";
import { type Frame, ffmpegDone, frames, parseFrames, publish } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { type Body, done, push, watch } from "./lesson-client.ts";

/** A short memory, so that what is a few seconds old comes from the disk; two workers, of which each has to know what was. */
const SHORT = { "hls.windowSegments": "3", "hls.segmentSeconds": "1", "timeshift.windowSeconds": "600", workers: "2" };
/** Recording tests have the same. */
const WITHOUT = { "publish.graceSeconds": "1", "timeshift.windowSeconds": "0" };
/** Of the clip, before its past is looked at. */
const SINCE_MS = 14_000;
const hashes = (all: readonly Frame[]) => all.filter(({ stream }) => stream === 0).map(({ hash }) => hash);

const publishClip = async () => {
  const lectern = await sharedLectern(SHORT);
  const file = clip("b-frames", 40);
  publish(wholeFile, file, `${lectern.rtmp}/live/clip`);
  await lectern.stream("clip", (stream) => stream.video !== null);
  return { lectern, began: Date.now(), sent: await frames(wholeFile, file, "packets") };
};
let published: ReturnType<typeof publishClip> | null = null;

/** A clip is live since a while. */
async function live() {
  published ??= publishClip();
  const { began } = await published;
  await until(() => Date.now() - began > SINCE_MS, "a while");
  return await published;
}

const text = async (address: string) => {
  const response = await fetch(address);
  const body = await response.text();
  assert.equal(response.status, 200, `${address}: ${body}`);
  return body;
};
/** The media playlist behind a multivariant one, and its address. */
async function media(address: string): Promise<{ readonly at: string; readonly text: string; readonly segments: string[] }> {
  const at = new URL(/^[^#\n].*$/m.exec(await text(address))?.[0] ?? "", address).href;
  const playlist = await text(at);
  return { at, text: playlist, segments: [...playlist.matchAll(/^[^#\n].*$/gm)].map(([uri]) => new URL(uri, at).href) };
}
const timesOf = (playlist: string) => [...playlist.matchAll(/PROGRAM-DATE-TIME:(\S+)/g)].map(([, iso]) => Date.parse(iso ?? ""));

describe("the past of a live stream", { concurrency: 4 }, () => {
  test("with a delay, HLS is what it was then, and goes on; its segments are those that were live, byte for byte", async (t) => {
    const lectern = await sharedLectern(SHORT);
    publish(t, clip("b-frames", 40), `${lectern.rtmp}/live/math`);
    await lectern.stream("math", (stream) => stream.video !== null);
    const now = await until(() => media(`${lectern.http}/live/math.m3u8`).catch(() => null), "the live playlist");
    const first = now.segments[0] ?? "";
    const bytes = Buffer.from(await (await fetch(first)).arrayBuffer());
    const name = first.split("/").at(-1) ?? "";
    await until(async () => !(await media(`${lectern.http}/live/math.m3u8`)).text.includes(name), "that it is forgotten");
    const later = await until(async () => ((await fetch(first)).status === 200 ? fetch(first) : null), "it from the disk");
    assert.deepEqual(Buffer.from(await later.arrayBuffer()), bytes);

    await until(() => media(`${lectern.http}/live/math.m3u8?time_delay=6`).catch(() => null), "something six seconds old");
    const delayed = `${lectern.http}/live/math.m3u8?time_delay=6`;
    const one = await media(delayed);
    const newest = timesOf(one.text).at(-1) ?? 0;
    const ago = (Date.now() - newest) / 1000;
    assert.ok(ago > 6 && ago < 15, `the newest segment began ${ago} s ago`);
    assert.doesNotMatch(one.text, /ENDLIST|PLAYLIST-TYPE/);
    const sequence = (playlist: string) => Number(/MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1]);
    const moved = await until(async () => {
      const next = await text(one.at);
      return sequence(next) > sequence(one.text) ? next : null;
    }, "that it goes on");
    assert.equal(timesOf(moved).length, 3);
    for (const segment of one.segments) assert.equal((await fetch(segment)).status, 200, segment);
  });

  test("with a delay, FLV begins in the past, at a key frame, and comes as fast as it came", async (t) => {
    const { lectern, sent } = await live();
    const begun = performance.now();
    const seen = parseFrames(
      (
        await ffmpegDone(t, ["-i", `${lectern.http}/live/clip.flv?time_delay=8`, "-t", "6", "-c", "copy", "-f", "framemd5", "-"])
      ).toString(),
    );
    const took = (performance.now() - begun) / 1000;
    assert.ok(took > 3.5 && took < 25, `six seconds took ${took} s`);
    const [all, some] = [hashes(sent), hashes(seen)];
    const at = all.indexOf(some[0] ?? "");
    assert.ok(at > 25 && some.length > 100, `${some.length} pictures from number ${at} on`);
    assert.deepEqual(some, all.slice(at, at + some.length));
  });

  test("a window by ISO 8601 and by Unix seconds: all of it, and then it is over", async (t) => {
    const { lectern, sent, began } = await live();
    const [from, to] = [new Date(began + 3000), new Date(began + 8000)];
    const byIso = `?start=${from.toISOString()}&end=${to.toISOString()}`;
    const byUnix = `?start=${from.getTime() / 1000}&end=${to.getTime() / 1000}`;
    const [one, two] = [
      await media(`${lectern.http}/live/clip.m3u8${byIso}`),
      await media(`${lectern.http}/live/clip.m3u8${byUnix}`),
    ];
    assert.equal(one.text, two.text);
    assert.match(one.text, /PLAYLIST-TYPE:VOD[\s\S]*ENDLIST/);
    for (const address of [`${lectern.http}/live/clip.m3u8${byIso}`, `${lectern.http}/live/clip.flv${byUnix}`]) {
      const [all, some] = [hashes(sent), hashes(await frames(t, address, "packets"))];
      assert.ok(some.length >= 125 && some.length <= 200, `${some.length} pictures`);
      const at = all.indexOf(some[0] ?? "");
      assert.deepEqual(some, all.slice(at, at + some.length));
    }
    const open = await media(`${lectern.http}/live/clip.m3u8?start=${from.toISOString()}`);
    assert.match(open.text, /PLAYLIST-TYPE:EVENT/);
    assert.ok(open.segments.length > one.segments.length);
  });

  test("what cannot be had is refused; without a window nothing is kept", async (t) => {
    const lectern = await sharedLectern(SHORT);
    push(t, `${lectern.rtmp}/live/refused`);
    await lectern.stream("refused", (stream) => stream.video !== null);
    const code = async (query: string) => {
      const response = await fetch(`${lectern.http}/live/refused.m3u8?${query}`);
      return response.status === 200 ? "200" : ((await response.json()) as Body).code;
    };
    const now = Math.floor(Date.now() / 1000);
    assert.equal(await code("time_delay=-1"), "bad-request");
    assert.equal(await code("time_delay=601"), "not-found");
    assert.equal(await code(`start=${now}&end=${now - 5}`), "bad-request");
    assert.equal(await code(`start=${now + 60}&end=${now + 90}`), "bad-request");
    assert.equal(await code(`start=${now - 7200}&end=${now - 7100}`), "not-found");
    assert.equal(await code(`start=${now - 20}&end=${now + 7200}`), "bad-request");
    assert.equal((await fetch(`${lectern.http}/live/nobody.m3u8?time_delay=5`)).status, 404);
    const none = await sharedLectern(WITHOUT);
    push(t, `${none.rtmp}/live/past`);
    await none.stream("past", (stream) => stream.video !== null);
    assert.equal((await fetch(`${none.http}/live/past.m3u8?time_delay=1`)).status, 404);
    await until(async () => (await none.stream("past")).video?.gopSeconds !== null, "some pictures");
    assert.ok(!readdirSync(none.directory).includes("timeshift"));
  });

  test("a lesson's past needs the link that its present needs, and what is recorded is written once", async (t) => {
    const lectern = await sharedLectern(SHORT);
    const lesson = await done(lectern, "POST", "/lessons", { title: "Maths", record: true });
    push(t, lesson.stream.rtmpUrl);
    const joined = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" });
    const { search } = new URL(joined.play.flv);
    const address = `${lectern.http}/live/${lesson.stream.name}.m3u8`;
    const playlist = await until(() => media(`${address}${search}&time_delay=2`).catch(() => null), "the past");
    assert.ok(playlist.segments.length > 0);
    assert.equal((await fetch(`${address}?time_delay=2`)).status, 401);
    assert.ok(!existsSync(join(lectern.directory, "timeshift/live", lesson.stream.name)));
    const [recording] = (await done(lectern, "GET", `/recordings?lessonId=${lesson.id}`)).items;
    assert.equal(recording.title, "Maths");
    assert.equal((await fetch(`${lectern.http}/vod/${recording.id}.m3u8`)).status, 401);
    const { play } = await done(lectern, "POST", `/recordings/${recording.id}/links`);
    assert.match(await text(play.hls), /STREAM-INF/);
  });

  test("two workers give the same playlists and the same bytes of what was", async () => {
    const { lectern, began } = await live();
    const window = `?start=${(began + 2000) / 1000}&end=${(began + 7000) / 1000}`;
    const { at } = await media(`${lectern.http}/live/clip.m3u8${window}`);
    assert.equal((await several(at)).size, 1);
    for (const segment of (await media(`${lectern.http}/live/clip.m3u8${window}`)).segments)
      assert.equal((await several(segment)).size, 1, segment);
  });

  test("who watches the past goes on, also at a worker where nobody watches live", async (t) => {
    const lectern = await sharedLectern(SHORT);
    push(t, `${lectern.rtmp}/live/behind`);
    await lectern.stream("behind", (stream) => stream.video !== null);
    const viewers = Array.from({ length: 12 }, () => watch(`${lectern.http}/live/behind.flv?time_delay=1`));
    for (const { leave } of viewers) t.after(leave);
    const ends: string[] = [];
    for (const { ended } of viewers) void ended.then((end) => ends.push(end));
    const all = (bytes: readonly number[]) =>
      until(() => viewers.every((viewer, i) => viewer.bytes() > (bytes[i] ?? 0)), "pictures");
    await all([]);
    // A worker forgets a copy of which nobody has asked for ten seconds.
    const begun = performance.now();
    await until(() => performance.now() - begun > 14_000, "a while");
    await all(viewers.map((viewer) => viewer.bytes()));
    assert.deepEqual(ends, []);
  });
});

/** What comes over many connections, which the workers share. */
async function several(address: string): Promise<Set<string>> {
  const answers = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const response = await fetch(address, { headers: { connection: "close" } });
      assert.equal(response.status, 200, address);
      return Buffer.from(await response.arrayBuffer()).toString("base64");
    }),
  );
  return new Set(answers);
}
