/**
 * The ladder: rungs that are cut where their source is, look like it, and go on when their encoder dies. Runs late: its encoders need the machine.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { FlvReader, Malformed, parseVideoTag, TAG_TYPE } from "@lectern/media";
import { PeerConnection } from "node-datachannel";
import { signLink } from "../packages/server/src/access/links/signed-link.ts";
import { clip, ofStream } from "./clips.ts";
import { commandOf, encodersOf, isEncoder } from "./encoders.ts";
import { ffmpegDone, frames, publish, publishForever } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { attributes, type Playlist, readPlaylist } from "./hls-reader.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { done, push, watch } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { offerOf, postOffer } from "./packet-viewer.ts";

const LADDER = {
  "ladder.rungs": "mobile",
  "ladder.cores": "8",
  "ladder.start": "publish",
  "publish.graceSeconds": "5",
  "hls.windowSegments": "20",
};

const SECRET = "a-long-secret";
/** Rungs are made for those who may watch. */
const SAVER = { "ladder.rungs": "data-saver", "ladder.cores": "8", "secrets.links": `[${SECRET}]`, "play.allow": "signed" };

/** A server for the tests of the whole ladder. The last one kills it. */
const startLadder = () => startLectern(wholeFile, LADDER);
let started: ReturnType<typeof startLadder> | null = null;
async function ladderServer(): Promise<Lectern> {
  started ??= startLadder();
  const lectern = await started;
  await until(() => encodersOf(lectern.process.pid).length === 0, "the end of the encoders of the test before");
  return lectern;
}

type Variant = { readonly uri: string; readonly of: Readonly<Record<string, string>> };

async function variantsOf(lectern: Lectern, name: string): Promise<Variant[]> {
  const lines = (await textOf(`${lectern.http}/live/${name}.m3u8`)).split("\n");
  return lines.flatMap((line, i) =>
    line.startsWith("#EXT-X-STREAM-INF:") ? [{ of: attributes(line.slice(18)), uri: lines[i + 1] ?? "" }] : [],
  );
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  return await response.text();
}

const rungOf = ({ uri }: Variant) => /@([a-z0-9]+)\//.exec(uri)?.[1] ?? "source";

/** Records a stream and its rungs, from one moment to the stream's end. */
async function record(t: TestContext, lectern: Lectern, names: readonly string[]): Promise<Map<string, string>> {
  const files = names.map((name) => [name, join(lectern.directory, `${name.replace("@", "-")}.flv`)] as const);
  await Promise.all(
    files.map(([name, file]) =>
      ffmpegDone(t, ["-i", `${lectern.http}/live/${name}.flv`, "-c", "copy", "-copyts", "-f", "flv", file]),
    ),
  );
  return new Map(files);
}

/** Mean structural similarity of two recordings, by the times of their frames; the first is scaled to the second's size. */
async function similarity(t: TestContext, file: string, source: string): Promise<number> {
  const [width, height] = [1280, 720];
  const graph = `[0:v]scale=${width}:${height}:flags=bicubic[a];[a][1:v]ssim=stats_file=-:shortest=1:eof_action=endall`;
  const out = await ffmpegDone(t, ["-copyts", "-i", file, "-copyts", "-i", source, "-lavfi", graph, "-f", "null", "-"]);
  const values = [...out.toString().matchAll(/All:([\d.]+)/g)].map(([, value]) => Number(value));
  assert.ok(values.length > 50, `${values.length} frames compared`);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("the ladder of a stream", () => {
  test("rungs have the source's segments, key frames and sound, and look like it", async (t) => {
    const lectern = await ladderServer();
    const publisher = publish(t, clip("720p", 14), `${lectern.rtmp}/live/math`);
    await lectern.stream("math", (stream) => stream.video !== null);
    const playlists = keepReading(lectern, "math");
    const recorded = await record(t, lectern, ["math", "math@480p", "math@360p", "math@saver", "math@audio"]);
    assert.equal((await publisher.done).code, 0);
    const source = recorded.get("math") ?? "";
    const keys = async (file: string) => (await packetsOf(t, file)).filter(({ isKey }) => isKey).map(({ pts }) => pts);
    const sourceKeys = await keys(source);
    assert.ok(sourceKeys.length >= 4, `${sourceKeys.length} key frames`);
    for (const [name, least] of [
      ["math@480p", 0.9],
      ["math@360p", 0.88],
      ["math@saver", 0.85],
    ] as const) {
      const file = recorded.get(name) ?? "";
      const rungKeys = await keys(file);
      assert.ok(rungKeys.length >= 3, `${name}: ${rungKeys.length} key frames`);
      for (const key of rungKeys) assert.ok(sourceKeys.includes(key), `${name} has a key frame at ${key}`);
      const ssim = await similarity(t, file, source);
      t.diagnostic(`${name}: SSIM ${ssim.toFixed(3)}, ${bitsOf(file, source)} of the source's bits`);
      assert.ok(ssim > least, `${name}: ${ssim}`);
    }
    assert.ok(share(recorded.get("math@saver") ?? "", source) < 0.2, "the data saver saves four fifths");
    const said = new Set(ofStream(await frames(t, source, "packets", "0:a"), 0).map(({ hash }) => hash));
    for (const name of ["math@480p", "math@audio"]) {
      const heard = ofStream(await frames(t, recorded.get(name) ?? "", "packets", "0:a"), 0);
      assert.ok(heard.length > 100 && heard.every(({ hash }) => said.has(hash)), `${name} has the source's sound`);
    }
    compare(await playlists());
  });

  test("a source of HEVC or AV1 has a rung of H.264 and AAC of its own size", async (t) => {
    const lectern = await ladderServer();
    for (const name of ["hevc", "av1"]) {
      const source = join(import.meta.dirname, `clips/${name}.source.mp4`);
      const push = () =>
        spawn(process.execPath, [join(import.meta.dirname, "push-file.ts"), source, `${lectern.rtmp}/live/${name}`], {
          stdio: "ignore",
        });
      const pusher = push();
      t.after(() => pusher.kill("SIGKILL"));
      await lectern.stream(name, (stream) => stream.video !== null && stream.audio !== null);
      const file = (await record(t, lectern, [`${name}@180p`])).get(`${name}@180p`) ?? "";
      const described = await ffprobe(t, file);
      assert.match(described, /codec_name=h264\|width=320\|height=180/);
      assert.match(described, /codec_name=aac/);
      // The clip lasts five seconds, of which the rung has those after its first viewer was let in.
      assert.ok((await packetsOf(t, file)).length > 5);
    }
  });

  test("a rung misses no frame when its encoder is killed or stopped, however far key frames are apart, and its source never notices", async (t) => {
    const lectern = await ladderServer();
    publishForever(t, clip("16 s GOP", 40), `${lectern.rtmp}/live/killed`);
    await lectern.stream("killed", (stream) => stream.video !== null);
    await until(async () => {
      const { items }: { items: readonly { name: string; state: string }[] } = JSON.parse(
        await (await lectern.api("/api/v1/jobs")).text(),
      );
      return items.some(({ name, state }) => name === "killed" && state === "running");
    }, "the ladder");
    const [source, rung] = [watchTimes(t, lectern, "killed"), watchTimes(t, lectern, "killed@saver")];
    await until(() => rung.times.length > 30, "the rung's first frames");
    for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
      const [encoder] = encodersOf(lectern.process.pid).filter((pid) => commandOf(pid).includes("pipe:4"));
      assert.ok(encoder !== undefined, "an encoder runs");
      const before = rung.times.length;
      for (const pid of encodersOf(lectern.process.pid)) process.kill(pid, signal);
      const newest = rung.times.at(-1) ?? 0;
      await until(() => (rung.times.at(-1) ?? 0) > newest + 4000, `frames after ${signal}`);
      const steps = stepsOf(rung.times.slice(before - 1));
      // The next encoder begins with the first frame that the one before has not given.
      assert.ok(Math.max(...steps) <= 50, `after ${signal} the rung has every frame: a step of ${Math.max(...steps)} ms`);
    }
    assert.ok(Math.max(...stepsOf(source.times)) <= 50, "the source has every frame");
    assert.ok(Math.min(...stepsOf(rung.times)) > 0, "no frame comes twice");
    const [all = []] = [await variantsOf(lectern, "killed")];
    const saver = all.find((variant) => rungOf(variant) === "saver");
    const playlist = readPlaylist(await textOf(`${lectern.http}/live/${saver?.uri}`));
    const msns = playlist.segments.map(({ msn }) => msn);
    assert.deepEqual(
      msns,
      Array.from(msns, (_, i) => (msns[0] ?? 0) + i),
    );
    compare(
      new Map([
        ["source", readPlaylist(await textOf(`${lectern.http}/live/${all[0]?.uri}`))],
        ["saver", playlist],
      ]),
    );
    const encoders = encodersOf(lectern.process.pid);
    assert.ok(encoders.length > 0);
    lectern.process.kill("SIGKILL");
    await until(() => encoders.every((pid) => !isEncoder(pid)), "the end of the encoders");
  });

  test("a rung is made for the first viewer who asks for it, and no longer than somebody watches", async (t) => {
    const lectern = await startLectern(t, { ...LADDER, "ladder.start": "demand", "ladder.idleSeconds": "5", workers: "2" });
    publishForever(t, clip("2 s GOP", 40), `${lectern.rtmp}/live/math`);
    await lectern.stream("math", (stream) => stream.video !== null);
    const variants = await variantsOf(lectern, "math");
    assert.deepEqual(variants.map(rungOf), ["source", "saver", "audio"]);
    assert.deepEqual(encodersOf(lectern.process.pid), []);
    const saver = variants.find((variant) => rungOf(variant) === "saver");
    const stolen = saver?.uri.replace(/\/s\/[^/]+\//, `/s/${"A".repeat(40)}/`);
    assert.equal((await fetch(`${lectern.http}/live/${stolen}`)).status, 401);
    assert.deepEqual(encodersOf(lectern.process.pid), [], "a forged session starts nothing");
    const playlist = readPlaylist(await textOf(`${lectern.http}/live/${saver?.uri}`));
    assert.ok(playlist.segments.length >= 1);
    const encoders = encodersOf(lectern.process.pid);
    assert.ok(encoders.length > 0);
    // By either worker.
    for (let i = 0; i < 6; i++) await textOf(`${lectern.http}/live/${saver?.uri}`);
    assert.deepEqual(encodersOf(lectern.process.pid), encoders, "one encoder for all");
    await until(() => encodersOf(lectern.process.pid).length === 0, "the end of the encoder");
    assert.equal((await fetch(`${lectern.http}/live/math@9999p.flv`)).status, 404);
    assert.equal((await fetch(`${lectern.http}/live/none@saver.flv`)).status, 404);
  });
});

test("players of FLV get a list of the rungs with the permission that watching needs; it counts no viewer and starts no encoder", async (t) => {
  const lectern = await sharedLectern(SAVER);
  publishForever(t, clip("2 s GOP", 40), `${lectern.rtmp}/live/math`);
  await lectern.stream("math", (stream) => stream.video?.gopSeconds != null);
  const list = `${lectern.http}/live/math.rungs.json`;
  assert.equal((await fetch(list)).status, 401);
  const link = signLink({ app: "live", name: "math", expires: Math.ceil(Date.now() / 1000) + 60 }, SECRET);
  const answer = await fetch(`${list}?${link}`);
  assert.deepEqual(
    [answer.status, answer.headers.get("cache-control"), answer.headers.get("access-control-allow-origin")],
    [200, "no-store", "*"],
  );
  const { items } = (await answer.json()) as { items: { name: string | null; codecs: string; width: number | null }[] };
  assert.deepEqual(
    items.map(({ name, codecs, width }) => [name, codecs.replace(/\.[^,]*/g, ""), width]),
    [
      [null, "avc1,mp4a", 320],
      ["saver", "avc1,mp4a", 320],
      ["audio", "mp4a", null],
    ],
  );
  assert.equal((await fetch(`${list}?${link}`, { method: "HEAD" })).status, 200);
  assert.equal((await fetch(`${list.replace("math", "none")}?${link}`)).status, 401);
  assert.equal((await lectern.stream("math")).viewers.total, 0);
  assert.deepEqual(encodersOf(lectern.process.pid), []);
});

test("a lesson's rungs open with its links only, and who is taken out of it is out of them, in every protocol", async (t) => {
  const lectern = await sharedLectern(SAVER);
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  const { name } = lesson.stream;
  push(t, lesson.stream.rtmpUrl);
  await lectern.stream(name, (stream) => stream.video !== null);
  const rungOfEach = ({ play }: { play: { flv: string; hls: string; rtmp: string } }): Record<string, string> => ({
    flv: play.flv.replace(name, `${name}@saver`),
    ws: play.flv.replace(name, `${name}@saver`).replace(/^http/, "ws"),
    hls: play.hls.replace(name, `${name}@saver`),
    rtmp: play.rtmp.replace(name, `${name}@saver`),
  });
  const [anna, ben] = [
    await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" }),
    await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Ben" }),
  ];
  for (const [protocol, url] of Object.entries(rungOfEach(anna)))
    assert.match(await watch(url.replace(/\?.*$/, "")).ended, /^(not-signed-in|NetStream\.Play\.Failed)$/, protocol);
  assert.deepEqual(encodersOf(lectern.process.pid), [], "strangers start no encoder");
  const watching = (of: Parameters<typeof rungOfEach>[0]) =>
    Object.entries(rungOfEach(of)).map(([protocol, url]) => ({ protocol, ...watch(url) }));
  const [hers, his] = [watching(anna), watching(ben)];
  await until(() => [...hers, ...his].every(({ bytes }) => bytes() > 10_000), "pictures for both");
  await done(lectern, "DELETE", `/lessons/${lesson.id}/participants/${anna.viewer}`);
  const reasons = await Promise.all(hers.map(async ({ protocol, ended }) => `${protocol} ${await ended}`));
  assert.deepEqual(reasons, ["flv closed", "ws removed-from-lesson", "hls removed-from-lesson", "rtmp removed-from-lesson"]);
  const before = his.map(({ bytes }) => bytes());
  await until(() => his.every(({ bytes }, i) => bytes() > (before[i] ?? 0)), "pictures for Ben");
  for (const { leave } of his) leave();
  const key = new URL(lesson.stream.rtmpUrl).search;
  const said = (await push(t, `${lectern.rtmp}/live/${name}@saver${key}`).done).said;
  assert.match(said, /bad-request|BadName/, "nobody publishes to a rung");
});

long("a machine that is too slow for all rungs gives up the largest one, and the source has every frame", async (t) => {
  const programs = mkdtempSync(join(tmpdir(), "lectern-slow-"));
  t.after(() => rmSync(programs, { recursive: true, force: true }));
  const real = execFileSync("which", ["ffmpeg"]).toString().trim();
  // Three rungs are encoded at half the source's speed, two of them as fast as the source comes.
  const slow = `case "$*" in *split=3*) exec ${real} -readrate 0.5 "$@";; *) exec ${real} "$@";; esac`;
  writeFileSync(join(programs, "ffmpeg"), `#!/bin/sh\n${slow}\n`, { mode: 0o755 });
  const lectern = await startLectern(t, LADDER, { env: { PATH: `${programs}:${process.env["PATH"]}` } });
  publishForever(t, clip("720p", 14), `${lectern.rtmp}/live/math`);
  await lectern.stream("math", (stream) => stream.video !== null);
  const source = watchTimes(t, lectern, "math");
  const names = async () => (await variantsOf(lectern, "math")).map(rungOf).join(" ");
  assert.equal(await names(), "source 480p 360p saver audio");
  await until(async () => (await names()) === "source 360p saver audio", "the end of the largest rung");
  assert.match(lectern.said(), /"rung":"480p","reason":"overloaded"/);
  assert.equal((await fetch(`${lectern.http}/live/math@480p.flv`)).status, 404);
  const rung = watchTimes(t, lectern, "math@360p");
  await until(() => rung.times.length > 100, "frames of the next rung");
  assert.ok((await lectern.metric("lectern_rung_lag_seconds")) < 2);
  assert.ok(Math.max(...stepsOf(source.times)) <= 150, "the source has every frame");
});

long(
  "a rung that gets no CPU is answered alike by FLV, WebSocket and HLS: not ready at first, then at once that there is no room; WHEP says it too",
  async (t) => {
    const programs = mkdtempSync(join(tmpdir(), "lectern-idle-"));
    t.after(() => rmSync(programs, { recursive: true, force: true }));
    // A machine that does not get round to encoding.
    writeFileSync(join(programs, "ffmpeg"), "#!/bin/sh\nexec sleep 600\n", { mode: 0o755 });
    const lectern = await startLectern(
      t,
      { "ladder.rungs": "data-saver", "ladder.cores": "8" },
      { env: { PATH: `${programs}:${process.env["PATH"]}` } },
    );
    publishForever(t, clip("2 s GOP", 40), `${lectern.rtmp}/live/math`);
    await lectern.stream("math", (stream) => stream.video?.gopSeconds != null);
    const saver = (await variantsOf(lectern, "math")).find((variant) => rungOf(variant) === "saver");
    const flv = `${lectern.http}/live/math@saver.flv`;
    const asked = { flv: () => fetch(flv), ws: () => upgrade(flv), hls: () => fetch(`${lectern.http}/live/${saver?.uri}`) };
    const answers = () =>
      Promise.all(
        Object.entries(asked).map(async ([protocol, ask]) => {
          const response = await ask();
          const { code, detail } = (await response.json()) as { code: string; detail: string };
          return [protocol, response.status, code, detail, response.headers.get("retry-after")];
        }),
      );
    const all = (...answer: readonly unknown[]) => Object.keys(asked).map((protocol) => [protocol, 503, ...answer]);
    assert.deepEqual(await answers(), all("not-yet", "This quality is not ready yet. Try again in a moment.", "1"));
    const begun = performance.now();
    const inVain = all("full", "The server cannot make this quality at the moment. Watch another one.", "5");
    assert.deepEqual(await answers(), inVain);
    t.diagnostic(`answered within ${Math.round(performance.now() - begun)} ms`);
    assert.deepEqual((await variantsOf(lectern, "math")).map(rungOf), ["source", "audio"]);
    // The source has B-frames, so WebRTC needs another form of it.
    const { sdp } = await offerOf(connectionOf(t));
    const byWhep = async () => {
      const response = await postOffer(`${lectern.http}/live/math/whep`, sdp);
      const { code, detail } = (await response.json()) as { code: string; detail: string };
      assert.match(detail, /\/live\/math\.flv or \/live\/math\.m3u8/);
      return [response.status, code, response.headers.get("retry-after")];
    };
    assert.deepEqual(await byWhep(), [503, "not-yet", "1"]);
    assert.deepEqual(await byWhep(), [503, "full", "5"]);
  },
);

function connectionOf(t: TestContext): PeerConnection {
  const connection = new PeerConnection("viewer", { iceServers: [] });
  t.after(() => connection.close());
  return connection;
}

/** The answer to a WebSocket handshake that is refused. */
async function upgrade(url: string): Promise<Response> {
  const headers = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
  };
  const [response] = (await once(request(url, { headers }).end(), "response")) as [IncomingMessage];
  const body = Buffer.concat(await response.toArray());
  return new Response(body, {
    status: response.statusCode ?? 0,
    headers: { "retry-after": response.headers["retry-after"] ?? "" },
  });
}

/** Reads the media playlists of all variants until it is told to give what it has seen. */
function keepReading(lectern: Lectern, name: string): () => Promise<Map<string, Playlist>> {
  let over = false;
  const seen = new Map<string, Playlist>();
  const done = (async () => {
    const variants = await until(async () => {
      const response = await fetch(`${lectern.http}/live/${name}.m3u8`);
      await response.body?.cancel();
      return response.ok ? await variantsOf(lectern, name) : null;
    }, "the multivariant playlist");
    while (!over) {
      for (const variant of variants) {
        const response = await fetch(`${lectern.http}/live/${variant.uri}`);
        const text = await response.text();
        if (response.ok) seen.set(rungOf(variant), readPlaylist(text));
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  })();
  return async () => {
    over = true;
    await done;
    return seen;
  };
}

/** Segments of the same number have the same date and duration in all playlists. */
function compare(playlists: ReadonlyMap<string, Playlist>): void {
  const source = new Map(playlists.get("source")?.segments.map((segment) => [segment.msn, segment]));
  assert.ok(source.size > 1);
  for (const [rung, { segments, target }] of playlists) {
    assert.equal(target, playlists.get("source")?.target);
    const common = segments.filter(({ msn, uri }) => uri !== null && source.get(msn)?.uri);
    assert.ok(common.length >= 2, `${rung} has ${common.length} segments of the source`);
    for (const { msn, utc, duration } of common) {
      assert.equal(utc, source.get(msn)?.utc, `${rung}, segment ${msn}`);
      // A rung of sound lasts whole frames of sound.
      assert.ok(Math.abs(duration - (source.get(msn)?.duration ?? 0)) < 0.05, `${rung}, segment ${msn}: ${duration} s`);
    }
  }
}

const share = (file: string, source: string) => statSync(file).size / statSync(source).size;
const bitsOf = (file: string, source: string) => `${Math.round(share(file, source) * 100)} %`;

async function packetsOf(t: TestContext, file: string): Promise<{ pts: number; isKey: boolean }[]> {
  const text = await ffprobe(t, file, ["-select_streams", "v", "-show_entries", "packet=pts,flags"]);
  return text
    .split("\n")
    .filter((line) => line.startsWith("packet"))
    .map((line) => ({ pts: Number(/pts=(\d+)/.exec(line)?.[1]), isKey: line.includes("flags=K") }));
}

async function ffprobe(t: TestContext, file: string, what = ["-show_entries", "stream=codec_name,width,height"]): Promise<string> {
  const child = spawn("ffprobe", ["-v", "error", ...what, "-of", "compact", file], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  let text = "";
  child.stdout.on("data", (bytes) => (text += bytes));
  await new Promise((resolve) => child.on("close", resolve));
  return text;
}

/** The decode times of the video frames that a viewer of HTTP-FLV gets. */
function watchTimes(t: TestContext, lectern: Lectern, name: string): { readonly times: number[] } {
  const times: number[] = [];
  const abort = new AbortController();
  t.after(() => abort.abort());
  const reader = new FlvReader({
    maxTagBytes: 1 << 24,
    onTag: ({ type, timestamp, body }) => {
      const packet = type === TAG_TYPE.video ? parseVideoTag(body) : null;
      if (packet && !(packet instanceof Malformed) && packet.kind === "frame") times.push(timestamp);
    },
  });
  void (async () => {
    const response = await fetch(`${lectern.http}/live/${name}.flv`, { signal: abort.signal });
    for await (const bytes of response.body ?? []) reader.push(bytes);
  })().catch(() => {});
  return { times };
}

const stepsOf = (times: readonly number[]) => times.slice(1).map((time, i) => time - (times[i] ?? 0));
