/**
 * The room of a lesson beside its recording: at the right time over a pause, in a clip and after rewinding; without what was deleted.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done, push } from "./lesson-client.ts";

const SET = { "publish.graceSeconds": "1", "hls.segmentSeconds": "1", "timeshift.windowSeconds": "600" };
/** A segment's time is when it came, and a line's when it was stored: both on this machine, which may be busy. */
const TOLERANCE_SECONDS = 0.7;

type Segment = { readonly utc: number; readonly start: number; readonly seconds: number };
type Line = { readonly seq: number; readonly at: number; readonly text: string };

async function json(address: string): Promise<Body> {
  const response = await fetch(address);
  assert.equal(response.status, 200, `${address}: ${await response.clone().text()}`);
  return await response.json();
}

let said = 0;
async function say(lectern: Lectern, lessonId: string, text: string): Promise<Line> {
  const { seq } = await done(lectern, "POST", `/lessons/${lessonId}/room/entries`, { id: `line-${said++}`, kind: "chat", text });
  const { items } = await done(lectern, "GET", `/lessons/${lessonId}/room/entries?kind=chat&limit=500`);
  const entry = items.find((one: Body) => one.seq === seq);
  assert.ok(entry, `entry ${seq} of ${JSON.stringify(items)}`);
  return { seq, at: Date.parse(entry.at) || entry.at, text };
}

/** What the playlist of a recording says about its time: each segment with a date, or behind one. */
async function segmentsOf(hls: string): Promise<Segment[]> {
  const first = await (await fetch(hls)).text();
  const playlist = await (await fetch(new URL(/^[^#\n].*$/m.exec(first)?.[0] ?? "", hls))).text();
  const segments: Segment[] = [];
  let utc = 0;
  let start = 0;
  for (const line of playlist.split("\n")) {
    const date = /PROGRAM-DATE-TIME:(\S+)/.exec(line)?.[1];
    if (date) utc = Date.parse(date);
    const seconds = Number(/^#EXTINF:([\d.]+)/.exec(line)?.[1] ?? 0);
    if (seconds === 0) continue;
    segments.push({ utc, start, seconds });
    start += seconds;
    utc += seconds * 1000;
  }
  return segments;
}

/** Where a time of the clock is in the recording; what was in a pause is where it goes on. */
function positionOf(segments: readonly Segment[], at: number): number {
  const segment = segments.findLast(({ utc }) => utc <= at);
  assert.ok(segment, "a line from before the recording");
  return segment.start + Math.min(segment.seconds, (at - segment.utc) / 1000);
}

/** The room at a time, as a player reads it: the state before, and the minutes since. */
async function roomAt(lectern: Lectern, index: Body, seconds: number): Promise<Body[]> {
  const keys = new Map<string, Body>();
  const take = (entry: Body) => (entry.gone ? keys.delete(entry.key) : keys.set(entry.key, entry));
  const state = index.snapshots.findLast((one: Body) => one.at <= seconds);
  const file = (one: Body) => json(lectern.http + index.files + one.file);
  if (state) for (const entry of (await file(state)).snapshot) take(entry);
  for (const chunk of index.chunks) {
    if (chunk.from > seconds || chunk.to <= (state?.at ?? 0)) continue;
    for (const entry of (await file(chunk)).entries) if (entry.key && entry.t <= seconds) take(entry);
  }
  return [...keys.values()].filter(({ kind }) => kind === "chat");
}

async function recordingOf(lectern: Lectern, lessonId: string): Promise<Body> {
  return await until(async () => {
    const { items } = await done(lectern, "GET", `/recordings?lessonId=${lessonId}`);
    return items.find((one: Body) => one.whole) ?? null;
  }, "the recording");
}

const indexAddress = (hls: string) => hls.replace(".m3u8?", "/room/index.json?");

/** A lesson with lines before, during a pause of its teacher, and after. */
async function lessonWithRoom(t: TestContext) {
  const lectern = await startLectern(t, SET);
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true });
  const early = await say(lectern, lesson.id, "before the lesson");
  const publish = () => push(t, `${lectern.rtmp}/live/${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  const first = publish();
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  const lines: Line[] = [];
  const talk = async (text: string, count: number) => {
    for (let i = 0; i < count; i++) {
      lines.push(await say(lectern, lesson.id, `${text} ${i}`));
      const next = Date.now() + 1000;
      await until(() => Date.now() >= next, "the next line");
    }
  };
  await talk("first", 6);
  first.child.kill("SIGKILL");
  const gone = Date.now() + 4000;
  await until(() => Date.now() >= gone, "a pause");
  const paused = await say(lectern, lesson.id, "in the pause");
  const later = Date.now() + 2000;
  await until(() => Date.now() >= later, "the end of the pause");
  const second = publish();
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  await talk("second", 6);
  return { lectern, lesson, early, lines, paused, second };
}

test("a room is where its recording is at ten seeks, in a clip, and without what was deleted", async (t) => {
  const { lectern, lesson, early, lines, paused, second } = await lessonWithRoom(t);
  second.child.kill("SIGKILL");
  await done(lectern, "POST", `/lessons/${lesson.id}/end`);
  const recording = await recordingOf(lectern, lesson.id);
  const { play } = await done(lectern, "POST", `/recordings/${recording.id}/links`, {});
  const segments = await segmentsOf(play.hls);
  const index = await json(indexAddress(play.hls));
  const all = [...lines, paused].sort((a, b) => a.seq - b.seq);

  const entries: Body[] = [];
  for (const chunk of index.chunks) {
    const response = await fetch(lectern.http + index.files + chunk.file);
    assert.match(response.headers.get("cache-control") ?? "", /immutable/);
    entries.push(...((await response.json()) as Body).entries);
  }
  const length = segments.reduce((sum, { seconds }) => sum + seconds, 0);
  for (const line of all) {
    const entry = entries.find(({ seq }) => seq === line.seq);
    if (!entry) continue;
    const expected = positionOf(segments, line.at);
    assert.ok(Math.abs(entry.t - expected) < TOLERANCE_SECONDS, `${line.text} at ${entry.t} s instead of ${expected} s`);
  }
  assert.ok(entries.filter(({ text }) => text?.startsWith("first")).length >= 5, JSON.stringify(entries));
  assert.ok(entries.some(({ text }) => text === "in the pause"));

  for (let i = 0; i < 10; i++) {
    const seconds = (length * (i + 0.5)) / 10;
    const shown = (await roomAt(lectern, index, seconds)).map(({ seq }) => seq);
    for (const { seq, text } of [early, ...all]) {
      const t = seq === early.seq ? -1 : (entries.find((one) => one.seq === seq)?.t ?? Number.POSITIVE_INFINITY);
      assert.equal(shown.includes(seq), t <= seconds, `${text} at ${seconds} s`);
    }
  }

  await t.test("a clip has the lines of its time, from its own zero, and those before it as they were", async () => {
    const begin = entries.find(({ text }) => text?.startsWith("second"));
    const clip = await done(lectern, "POST", `/recordings/${recording.id}/clip`, { from: begin.t, to: length });
    const links = await done(lectern, "POST", `/recordings/${clip.id}/links`, {});
    const ownSegments = await segmentsOf(links.play.hls);
    const own = await json(indexAddress(links.play.hls));
    const first = await roomAt(lectern, own, 0);
    assert.ok(
      first.some(({ text }) => text === "first 0"),
      JSON.stringify(first),
    );
    const inClip: Body[] = [];
    for (const chunk of own.chunks) inClip.push(...(await json(lectern.http + own.files + chunk.file)).entries);
    assert.ok(inClip.length > 0);
    for (const { seq, t } of inClip) {
      const line = all.find((one) => one.seq === seq);
      if (line) assert.ok(Math.abs(t - positionOf(ownSegments, line.at)) < TOLERANCE_SECONDS, `${line.text} at ${t} s`);
    }
  });

  await t.test("a line that is deleted after the fact is in no file, and the old names are not found", async () => {
    const rude = entries.find(({ text }) => text === "first 2");
    const old = index.chunks.map((chunk: Body) => lectern.http + index.files + chunk.file);
    const deletion = { id: "delete", kind: "moderation", action: "delete", key: rude.key };
    await done(lectern, "POST", `/lessons/${lesson.id}/room/entries`, deletion);
    const fresh = await until(async () => {
      const now = await json(indexAddress(play.hls));
      return now.chunks[0].file === index.chunks[0].file ? null : now;
    }, "other names");
    const text = JSON.stringify(
      await Promise.all([...fresh.chunks, ...fresh.snapshots].map((one: Body) => json(lectern.http + fresh.files + one.file))),
    );
    assert.ok(!text.includes("first 2") && text.includes("first 3"), text);
    for (const address of old) assert.equal((await fetch(address)).status, 404);
  });

  await t.test("the index needs the link, and the files the session in their address", async () => {
    const { http } = lectern;
    assert.equal((await fetch(`${http}/vod/${recording.id}/room/index.json`)).status, 401);
    const chunk = index.chunks[0].file;
    assert.equal((await fetch(`${http}/vod/${recording.id}/room/${chunk}`)).status, 401);
    assert.equal((await fetch(`${http}/vod/${recording.id}/s/${"A".repeat(40)}/room/${chunk}`)).status, 401);
    assert.equal((await fetch(`${http}/vod/${recording.id}/room/spans.json`)).status, 404);
    await done(lectern, "DELETE", `/recordings/${recording.id}`);
    await until(async () => (await fetch(indexAddress(play.hls))).status === 404, "that the recording is gone");
    await until(async () => (await fetch(http + index.files + chunk)).status === 404, "that its room is gone");
  });
});

test("who has rewound a live lesson gets the room of then", async (t) => {
  const { lectern, lesson, early, lines, paused } = await lessonWithRoom(t);
  const joined = (await ask(lectern, "POST", `/lessons/${lesson.id}/join`, { code: lesson.code, name: "Li Mei" }, null)).body;
  const room = (start: number) => `${joined.play.hls.replace(".m3u8?", "/room.json?")}&start=${start}`;
  const start = Math.floor(paused.at / 1000);
  for (const line of [early, ...lines, paused]) {
    const entry = await until(async () => {
      const { from, entries } = await json(room(Math.floor(line.at / 1000)));
      assert.equal(from, Math.floor(line.at / 60_000) * 60_000);
      return entries.find(({ seq }: Body) => seq === line.seq) ?? null;
    }, line.text);
    assert.ok(Math.abs(entry.t - (line.at % 60_000) / 1000) < 0.01, `${line.text} at ${entry.t}`);
  }
  const { snapshot } = await json(room(start));
  const shown = snapshot.filter(({ kind }: Body) => kind === "chat").map(({ seq }: Body) => seq);
  const before = [early, ...lines].filter(({ at }) => at < Math.floor(start / 60) * 60_000).map(({ seq }) => seq);
  assert.deepEqual(shown, before);
  assert.equal((await fetch(room(start).replace(/sign=[^&]+/, "sign=x"))).status, 401);
  assert.equal((await fetch(room(Math.floor(Date.now() / 1000) + 600))).status, 400);
  assert.equal((await fetch(room(Math.floor(Date.now() / 1000) - 3600))).status, 404);
  assert.equal((await fetch(room(start).replace(/start=\d+/, "start=soon"))).status, 400);
});
