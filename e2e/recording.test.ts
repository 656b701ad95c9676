/** Recordings, frame by frame: every format of playback, killed processes, and full disks. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { clip, ofStream } from "./clips.ts";
import { type Frame, ffmpegDone, frames, publish, publishFast } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { childrenOf, type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done, push, watch } from "./lesson-client.ts";
import { long, rare } from "./long-tests.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";
import { onWorker, pidOf } from "./worker-connections.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-recording-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const DECODE = join(import.meta.dirname, "decode-frames.ts");
const RECORD = { "recording.auto": "pushed", "publish.graceSeconds": "1" };
/** Of these, and without time-shift, a server is shared. */
const IN_FILES = { ...RECORD, "recording.maxSegmentSeconds": "4", "recording.maxSegmentBytes": "4000000" };
const WITHOUT = { "publish.graceSeconds": "1", "timeshift.windowSeconds": "0" };

/** A server that keeps a stream for a publisher to come back. The second test that uses it kills a worker. */
const startPatient = () => startLectern(wholeFile, { ...RECORD, "publish.graceSeconds": "60", workers: "2" });
let started: ReturnType<typeof startPatient> | null = null;
const patient = (): ReturnType<typeof startPatient> => {
  started ??= startPatient();
  return started;
};

/** Files of a stream's recordings, in order. */
function filesOf(lectern: Lectern, name: string): string[] {
  const folder = join(lectern.directory, "recordings/live", name);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".flv"));
  return files.sort().map((file) => join(folder, file));
}

/** Recordings of a stream, as the API tells them; none while a worker that a test has killed takes its connections along. */
const recordings = (lectern: Lectern, name: string): Promise<Body[]> =>
  done(lectern, "GET", "/recordings").then(
    ({ items }) => items.filter((item: Body) => item.name === name),
    () => [],
  );

/** The recording of a stream, when it is whole. */
const whole = (lectern: Lectern, name: string): Promise<Body> =>
  until(async () => (await recordings(lectern, name)).find((item) => item.whole) ?? null, `the recording of ${name}`);

/** What a decoder gets, in order, whatever the times are. */
const hashes = (all: readonly Frame[], stream: number) => ofStream(all, stream).map(({ hash }) => hash);

async function assertPlays(t: TestContext, file: string, what: string): Promise<void> {
  const said = execFileSync("ffprobe", ["-v", "warning", "-show_entries", "format=duration", "-of", "csv=p=0", file], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  assert.match(said, /^\d+\.\d+\n$/, what);
  await ffmpegDone(t, ["-v", "error", "-xerror", "-i", file, "-f", "null", "-"]);
}

/** What was recorded of a clip is the clip: in the files one after the other, and in all that is made of them. */
async function assertRecorded(
  t: TestContext,
  lectern: Lectern,
  name: string,
  file: string,
  most: { readonly seconds: number; readonly bytes: number },
): Promise<Body> {
  const recording = await whole(lectern, name);
  const sent = await frames(t, file, "packets");
  const tracks = [...new Set(sent.map(({ stream }) => stream))];
  const seen: Frame[] = [];
  for (const one of filesOf(lectern, name)) {
    assert.ok(statSync(one).size <= most.bytes, `${statSync(one).size} bytes`);
    const own = await frames(t, one, "packets");
    const times = own.map(({ time }) => time / 1000);
    assert.ok(
      Math.min(...times) >= -0.2 && Math.max(...times) <= most.seconds,
      `from ${Math.min(...times)} to ${Math.max(...times)} s`,
    );
    seen.push(...own);
  }
  for (const stream of tracks) assert.deepEqual(hashes(seen, stream), hashes(sent, stream), `files, track ${stream}`);
  for (const kind of ["m3u8", "flv", "mp4"]) {
    const again = await frames(t, `${lectern.http}/vod/${recording.id}.${kind}`, "packets");
    for (const stream of tracks)
      assert.equal(hashes(again, stream).length, hashes(sent, stream).length, `${kind}, track ${stream}`);
  }
  if (name === "sound") return recording;
  const decoded = hashes(await frames(t, file, "decoded", "0:v"), 0);
  for (const kind of ["mp4", "m3u8"])
    assert.deepEqual(
      hashes(await frames(t, `${lectern.http}/vod/${recording.id}.${kind}`, "decoded", "0:v"), 0),
      decoded,
      `pictures of ${kind}`,
    );
  return recording;
}

rare("ten minutes with B-frames, in files of 30 s: every frame once, and in HLS, FLV and MP4 made of them", async (t) => {
  const lectern = await startLectern(t, { ...RECORD, "recording.maxSegmentSeconds": "30" });
  const file = clip("tiny with B-frames", 600);
  const sending = await publishFast(t, file, `${lectern.rtmp}/live/long`, 20).done;
  assert.equal(sending.code, 0, sending.said);
  const recording = await assertRecorded(t, lectern, "long", file, { seconds: 30.5, bytes: 1e9 });
  assert.ok(Math.abs(recording.seconds - 600) < 0.5, `${recording.seconds} s`);
  assert.ok(filesOf(lectern, "long").length >= 20);
  await assertPlays(t, filesOf(lectern, "long")[1] ?? "", "a file in the middle");
});

test("in files of 4 MB, none is larger, and no frame is lost between two", async (t) => {
  const lectern = await sharedLectern(IN_FILES);
  const file = clip("12 Mb/s of filler", 20);
  const sending = await publishFast(t, file, `${lectern.rtmp}/live/large`, 4).done;
  assert.equal(sending.code, 0, sending.said);
  await assertRecorded(t, lectern, "large", file, { seconds: 4.5, bytes: 4_000_000 });
  assert.ok(filesOf(lectern, "large").length >= 7);
});

long("sound alone, and HEVC: the same", async (t) => {
  const lectern = await sharedLectern(IN_FILES);
  const sound = clip("audio only", 12);
  await publishFast(t, sound, `${lectern.rtmp}/live/sound`, 4).done;
  await assertRecorded(t, lectern, "sound", sound, { seconds: 4.5, bytes: 4_000_000 });
  assert.ok(filesOf(lectern, "sound").length >= 2);
  const client = await RtmpClient.open(lectern.rtmpPort);
  await client.publish("hevc");
  for (const tag of readTags(new URL("clips/hevc.flv", import.meta.url).pathname)) client.tag(tag);
  await lectern.stream("hevc", (stream) => stream.video !== null);
  await until(async () => (await recordings(lectern, "hevc"))[0]?.seconds > 0, "the beginning");
  client.break();
  const recording = await whole(lectern, "hevc");
  const source = new URL("clips/hevc.source.mp4", import.meta.url).pathname;
  const wanted = hashes(await frames(t, source, "decoded", "0:v"), 0);
  const shown = hashes(await frames(t, `${lectern.http}/vod/${recording.id}.mp4`, "decoded", "0:v"), 0);
  assert.ok(shown.length > 20);
  assert.deepEqual(shown, wanted.slice(wanted.length - shown.length));
  // Debian's ffmpeg cannot read HEVC in FLV; a newer one can.
  const newer = (address: string) => execFileSync(process.execPath, [DECODE, address], { encoding: "utf8" }).trim().split("\n");
  const all = newer(source);
  const recorded = all.slice(all.length - shown.length);
  for (const kind of ["mp4", "flv", "m3u8"]) assert.deepEqual(newer(`${lectern.http}/vod/${recording.id}.${kind}`), recorded, kind);
});

test("a clip is a recording of its own, over the joins of files, with the frames of its time", async (t) => {
  const lectern = await sharedLectern(IN_FILES);
  const file = clip("b-frames", 16);
  await publishFast(t, file, `${lectern.rtmp}/live/math`, 4).done;
  const { id, seconds } = await whole(lectern, "math");
  const part = await done(lectern, "POST", `/recordings/${id}/clip`, { from: 2.5, to: 10, title: "An example" });
  assert.deepEqual([part.title, part.whole, part.published], ["An example", true, false]);
  assert.ok(part.seconds >= 7.5 && part.seconds <= 11, `${part.seconds} s`);
  const all = hashes(await frames(t, file, "packets"), 0);
  for (const kind of ["m3u8", "flv", "mp4"]) {
    const some = hashes(await frames(t, `${lectern.http}/vod/${part.id}.${kind}`, "packets"), 0);
    assert.ok(Math.abs(some.length / 25 - part.seconds) < 0.3, `${some.length} pictures of ${part.seconds} s`);
    if (kind === "flv") assert.deepEqual(some, all.slice(all.indexOf(some[0] ?? ""), all.indexOf(some[0] ?? "") + some.length));
  }
  for (const one of filesOf(lectern, "math").filter((path) => path.includes(part.id))) await assertPlays(t, one, one);
  const code = async (body: unknown) => (await ask(lectern, "POST", `/recordings/${id}/clip`, body)).body.code;
  assert.equal(await code({ from: 5, to: 5 }), "bad-request");
  assert.equal(await code({ from: -1, to: 5 }), "bad-request");
  assert.equal(await code({ from: seconds + 1, to: seconds + 5 }), "bad-request");
});

long(
  "a recording that is deleted is refused although its segments are in memory; of files that are gone nothing is served or kept open",
  async (t) => {
    const lectern = await sharedLectern(IN_FILES);
    await publishFast(t, clip("b-frames", 16), `${lectern.rtmp}/live/gone`, 4).done;
    const { id } = await whole(lectern, "gone");
    const linesOf = async (address: string) => {
      const text = await (await fetch(address)).text();
      return [...text.matchAll(/^[^#\n].*$/gm)].map(([uri]) => new URL(uri, address).href);
    };
    const [playlist = ""] = await linesOf(`${lectern.http}/vod/${id}.m3u8`);
    const segments = await linesOf(playlist);
    assert.ok(segments.length >= 4, `${segments.length} segments`);
    const areAll = async (status: number) => {
      const answers = await Promise.all(segments.map((segment) => fetch(segment)));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
      return answers.every((answer) => answer.status === status);
    };
    assert.ok(await areAll(200));
    const inMemory = /^lectern_replay_cache_bytes\{state="cached"\} (\d+)/m.exec(
      await (await fetch(`${lectern.http}/metrics`)).text(),
    );
    assert.ok(Number(inMemory?.[1]) > 0, "the segments are in memory");
    await done(lectern, "DELETE", `/recordings/${id}`);
    await until(() => areAll(404), "the refusal of what was deleted");
    await done(lectern, "POST", `/recordings/${id}/restore`);
    await until(() => areAll(200), "what was restored");
    for (const file of filesOf(lectern, "gone")) for (const path of [file, `${file}.index`]) rmSync(path);
    await until(() => areAll(404), "the refusal of what is gone");
    const isOpen = () =>
      childrenOf(lectern.process.pid ?? 0).some((pid) =>
        readdirSync(`/proc/${pid}/fd`).some((one) => {
          try {
            return readlinkSync(`/proc/${pid}/fd/${one}`).includes("/recordings/live/gone/");
          } catch {
            return false;
          }
        }),
      );
    await until(() => !isOpen(), "closed files");
  },
);

long("a publisher that comes back is in the same recording; one that ends and comes again is in another", async (t) => {
  const lectern = await patient();
  for (let i = 0; i < 2; i++) {
    const sending = push(t, `${lectern.rtmp}/live/back`);
    await lectern.stream("back", (stream) => stream.publisher !== null);
    await until(async () => (await recordings(lectern, "back"))[0]?.bytes > (i + 1) * 30_000, "bytes");
    sending.child.kill("SIGKILL");
    if (i === 0) await lectern.stream("back", (stream) => stream.publisher === null);
    // The second one has ended for good, and nobody has to wait for the grace period.
    else await endStream(lectern, "back");
  }
  const first = await whole(lectern, "back");
  assert.equal((await recordings(lectern, "back")).length, 1);
  assert.equal(filesOf(lectern, "back").length, 1);
  push(t, `${lectern.rtmp}/live/back`);
  await until(async () => (await recordings(lectern, "back")).length === 2, "another recording");
  assert.ok((await recordings(lectern, "back")).every(({ id }) => id === first.id || id > first.id));
});

long("a lesson whose teacher was gone for longer than the grace period is one recording, with a break in it", async (t) => {
  const lectern = await sharedLectern(WITHOUT);
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true });
  const { name, publishKey } = lesson.stream;
  const half = clip("b-frames", 9);
  for (const files of [1, 2]) {
    const sending = await publishFast(t, half, `${lectern.rtmp}/live/${name}?key=${publishKey}`, 4).done;
    assert.equal(sending.code, 0, sending.said);
    await until(async () => (await whole(lectern, name)) && filesOf(lectern, name).length === files, `file ${files}`);
  }
  const recording = await until(async () => (await recordings(lectern, name)).find(({ seconds }) => seconds > 17), "both parts");
  assert.equal((await recordings(lectern, name)).length, 1);
  const { play } = await done(lectern, "POST", `/recordings/${recording.id}/links`, {});
  const once = hashes(await frames(t, half, "decoded", "0:v"), 0);
  for (const kind of ["flv", "mp4"])
    assert.deepEqual(hashes(await frames(t, play[kind], "decoded", "0:v"), 0), [...once, ...once], kind);
  // ffmpeg drops pictures whose times are earlier than those before; that they are all there is what can be asked of it.
  assert.equal((await frames(t, play.hls, "packets", "0:v")).length, 2 * once.length);
  const playlist = await (await fetch(play.hls)).text();
  const media = await (await fetch(new URL(/^[^#\n].*$/m.exec(playlist)?.[0] ?? "", play.hls))).text();
  assert.equal(media.match(/#EXT-X-DISCONTINUITY\n/g)?.length, 1);
  assert.match(media, /#EXT-X-ENDLIST/);
});

long(
  "a recording that was started by hand goes on when the publisher returns after the grace period, until it is stopped",
  async (t) => {
    const lectern = await startLectern(t, WITHOUT);
    const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: false });
    const streams = [
      { name: lesson.stream.name as string, key: `?key=${lesson.stream.publishKey}`, record: `/lessons/${lesson.id}/record` },
      { name: "math", key: "", record: "/streams/live/math/record" },
    ];
    const publishAll = async () => {
      const pushes = streams.map(({ name, key }) => push(t, `${lectern.rtmp}/live/${name}${key}`));
      for (const { name } of streams) await lectern.stream(name, (stream) => stream.video !== null);
      return pushes;
    };
    const stopAll = async (pushes: Awaited<ReturnType<typeof publishAll>>) => {
      for (const { child } of pushes) child.kill("SIGKILL");
      await until(async () => (await done(lectern, "GET", "/streams")).items.length === 0, "the end of both streams");
    };
    const first = await publishAll();
    for (const { record } of streams) await done(lectern, "POST", record, { action: "start" });
    for (const { name } of streams) await until(() => filesOf(lectern, name).length === 1, `a file of ${name}`);
    await stopAll(first);
    // The worker that was told is gone too.
    process.kill(pidOf(lectern, "media-1"), "SIGKILL");
    (await onWorker(lectern, () => true)).socket.destroy();
    const second = await publishAll();
    for (const { name } of streams) {
      await until(() => filesOf(lectern, name).length === 2, `a second file of ${name}`);
      assert.equal((await recordings(lectern, name)).length, 1, "one recording");
    }
    for (const { record } of streams) await done(lectern, "POST", record, { action: "stop" });
    for (const { name } of streams) await whole(lectern, name);
    await stopAll(second);
    const third = await publishAll();
    // A recording would begin with the first segment, and be on the disk half a second later.
    const viewer = watch(`${lectern.http}/live/math.flv`);
    await until(() => viewer.bytes() > 600_000, "a few seconds of it");
    viewer.leave();
    for (const { name } of streams) assert.equal(filesOf(lectern, name).length, 2, "stopped is stopped");
    await stopAll(third);
  },
);

/** Ends a stream for good, without its grace period. */
async function endStream(lectern: Lectern, name: string): Promise<void> {
  await lectern.api(`/api/v1/streams/live/${name}`, { method: "DELETE" });
}

long(
  "the publisher's worker is killed while another one has viewers: the recording goes on where the publisher comes back, with no frame twice",
  async (t) => {
    const lectern = await patient();
    push(t, `${lectern.rtmp}/live/math`);
    const { process: publishing, epoch } = await lectern.stream("math", (stream) => stream.video !== null);
    const there = await onWorker(lectern, (name) => name !== publishing);
    t.after(() => there.socket.destroy());
    there.socket.write("GET /live/math.flv HTTP/1.1\r\nHost: test\r\n\r\n");
    there.socket.resume();
    await until(
      async () =>
        (await recordings(lectern, "math"))[0]?.bytes > 30_000 && statSync(filesOf(lectern, "math")[0] ?? "").size > 400_000,
      "some of it",
    );
    process.kill(pidOf(lectern, publishing), "SIGKILL");
    const again = push(t, `${lectern.rtmp}/live/math`);
    const moved = await lectern.stream("math", (stream) => stream.term === 2 && stream.publisher !== null);
    assert.equal(moved.epoch, epoch);
    await until(
      () => filesOf(lectern, "math").length === 2 && statSync(filesOf(lectern, "math")[1] ?? "").size > 400_000,
      "another file",
    );
    again.child.kill("SIGKILL");
    await endStream(lectern, "math");
    const recording = await whole(lectern, "math");
    assert.equal((await recordings(lectern, "math")).length, 1);
    const times = (await frames(t, `${lectern.http}/vod/${recording.id}.mp4`, "packets"))
      .filter(({ stream }) => stream === 0)
      .map(({ time }) => time);
    assert.ok(times.length > 100, `${times.length} pictures`);
    assert.deepEqual(
      times.filter((time, i) => i > 0 && time <= (times[i - 1] ?? 0)),
      [],
      "each picture is behind the one before",
    );
    assert.ok(Math.abs((times.at(-1) ?? 0) / 1000 - recording.seconds) < 1, `${times.at(-1)} ms of ${recording.seconds} s`);
  },
);

long(
  "a worker is killed in the middle of eight recordings: each plays to within the last second, and is found again",
  async (t) => {
    const lectern = await startLectern(t, RECORD);
    const names = Array.from({ length: 8 }, (_, i) => `s${i}`);
    for (const name of names) publish(t, clip("tiny", 60), `${lectern.rtmp}/live/${name}`);
    const began = new Map<string, number>();
    for (const name of names) {
      await lectern.stream(name, (stream) => stream.video !== null);
      began.set(name, performance.now());
    }
    await until(async () => names.every((name) => filesOf(lectern, name).length > 0), "files");
    const written = () => names.every((name) => filesOf(lectern, name).some((file) => statSync(file).size > 100_000));
    await until(written, "some seconds of each");
    const [worker] = workersOf(lectern);
    assert.ok(worker);
    process.kill(worker, "SIGKILL");
    const killed = performance.now();
    for (const name of names) {
      const recording = await until(
        async () => (await recordings(lectern, name)).find((one) => one.whole) ?? null,
        `the recording ${name}`,
      );
      const lasted = (killed - (began.get(name) ?? 0)) / 1000;
      assert.ok(recording.seconds > lasted - 1.2, `${name}: ${recording.seconds} of at least ${lasted} s`);
      const [file = ""] = filesOf(lectern, name);
      await assertPlays(t, file, name);
    }
  },
);

/** Process ids of the media workers. */
function workersOf(lectern: Lectern): number[] {
  return childrenOf(lectern.process.pid ?? 0).filter((pid) => !readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("control"));
}

long("a full disk: viewers notice nothing, the file is closed and plays, and it goes on when there is room again", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "lectern-full-"));
  const recorded = join(data, "recordings");
  mkdirSync(recorded);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", recorded]);
  t.after(() => {
    execFileSync("umount", ["-l", recorded]);
    rmSync(data, { recursive: true, force: true });
  });
  writeFileSync(join(recorded, "ballast"), Buffer.alloc(1_500_000));
  const lectern = await startLectern(t, { ...RECORD, dataDir: data });
  push(t, `${lectern.rtmp}/live/math`);
  await lectern.stream("math", (stream) => stream.video !== null);
  const viewer = watch(`${lectern.http}/live/math.flv`);
  await until(async () => (await lectern.metric("lectern_recording_failures_total")) > 0, "the failure");
  const folder = join(recorded, "live/math");
  const files = () =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".flv"))
      .sort()
      .map((file) => join(folder, file));
  const alarm = await until(async () => (await done(lectern, "GET", "/alarms?open=true")).items[0] ?? null, "the alarm");
  assert.deepEqual([alarm.code, alarm.subject], ["recording-stopped", "live/math"]);
  await assertPlays(t, files()[0] ?? "", "the file that was closed");
  const before = files().length;
  rmSync(join(recorded, "ballast"));
  await until(() => files().length > before && statSync(files().at(-1) ?? "").size > 50_000, "another file");
  await until(async () => (await done(lectern, "GET", "/alarms?open=true")).items.length === 0, "the alarm's end");
  assert.equal((await done(lectern, "GET", "/alarms?open=false")).items[0]?.id, alarm.id);
  assert.ok(viewer.longestGapMs() < 5000, `a gap of ${Math.round(viewer.longestGapMs())} ms`);
  viewer.leave();
  const [recording] = await recordings(lectern, "math");
  const mp4 = await fetch(`${lectern.http}/vod/${recording.id}.mp4`);
  assert.equal((await mp4.arrayBuffer()).byteLength, Number(mp4.headers.get("content-length")), "the MP4 is complete");
});

long("a recording is asked for in every wrong way", async (t) => {
  const lectern = await sharedLectern(IN_FILES);
  await publishFast(t, clip("b-frames", 16), `${lectern.rtmp}/live/wrong`, 4).done;
  const { id } = await whole(lectern, "wrong");
  const address = `${lectern.http}/vod/${id}`;
  const code = async (url: string, init: RequestInit = {}) => {
    const response = await fetch(url, init);
    return `${response.status} ${response.headers.get("content-type")?.includes("problem") ? ((await response.json()) as Body).code : ""}`.trim();
  };
  assert.equal(await code(`${lectern.http}/vod/00000000000000000000000000.m3u8`), "404 no-such-recording");
  for (const path of [
    "/vod/..%2f..%2fdb.flv",
    "/vod/x.flv",
    `/vod/${id}.exe`,
    `/vod/${id}/${"x".repeat(12)}/index.m3u8`,
    `/vod/${id}/../x`,
  ])
    assert.match(await code(lectern.http + path), /^404/, path);
  for (const start of ["-1", "1e9", "NaN", "x"])
    assert.equal(await code(`${address}.flv?start=${start}`), "400 bad-request", start);
  assert.equal(await code(`${address}.mp4`, { headers: { range: "bytes=999999999-" } }), "416");
  assert.equal(await code(`${address}.mp4`, { method: "POST" }), "405");
  const range = await fetch(`${address}.mp4`, { headers: { range: "bytes=4-7" } });
  assert.deepEqual([range.status, await range.text()], [206, "ftyp"]);
  const late = await frames(t, `${address}.flv?start=5`, "packets");
  assert.ok(
    late.length > 20 && late.length < 900 && (late[0]?.time ?? -1) <= 100,
    `${late.length} frames from ${late[0]?.time} ms`,
  );

  // One file of several is broken, another is gone: what is left plays.
  const files = filesOf(lectern, "wrong");
  assert.ok(files.length >= 4);
  writeFileSync(files[1] ?? "", "rubbish");
  rmSync(files[2] ?? "");
  rmSync(`${files[2]}.index`);
  await done(lectern, "PATCH", `/recordings/${id}`, { title: "Rest" });
  const again = await startLectern(t, { ...RECORD, dataDir: lectern.directory }).catch(() => null);
  assert.equal(again, null, "two servers have one folder");
  assert.equal((await ask(lectern, "GET", `/recordings/${id}`)).body.title, "Rest");
  assert.equal(await code(`${address}.m3u8`), "200");
});
