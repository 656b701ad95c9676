/**
 * A cluster of real nodes and a real NATS server: publishing, failover, drains, lost buses, recordings of other nodes. All tests share its nodes; the last
 * two kill some of them. Runs late: one of the streams has a rung. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { clip } from "./clips.ts";
import { joined, type Nats, type Node, nodesOf, publishTo, startNats, startNode } from "./cluster.ts";
import { ffmpeg } from "./ffmpeg.ts";
import { wholeFile } from "./fixtures.ts";
import { mediaPlaylistOf } from "./hls-conformance.ts";
import { readPlaylist } from "./hls-reader.ts";
import { type LecternOptions, TOKEN, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { MAIN } from "./program.ts";
import { RtmpClient } from "./rtmp-client.ts";
import { shiftedClock } from "./shifted-clock.ts";
import { type Protocol, Viewer } from "./viewers.ts";

const PROTOCOLS: readonly Protocol[] = ["flv", "ws", "rtmp", "hls"];
/** Other tests run beside this one: `script/drill` holds to what is promised, this only to that nobody was forgotten. */
const FORGOTTEN_MS = 15_000;
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

type Cluster = Readonly<Record<"c" | "a" | "b" | "e" | "f", Node>> & { readonly nats: Nats; readonly nodes: readonly Node[] };

/** A node for control, two origins, which record, and two edges, one of which has two paths to each stream. */
async function startCluster(): Promise<Cluster> {
  const nats = await startNats(wholeFile);
  const start = (id: string, roles: string, set: LecternOptions = {}) =>
    startNode(wholeFile, nats, id, roles, { "ladder.rungs": "data-saver", "ladder.cores": "8", ...set });
  const [c, a, b, e, f] = await Promise.all([
    start("c", "control"),
    start("a", "origin", { "recording.auto": "pushed" }),
    start("b", "origin", { "recording.auto": "pushed" }),
    start("e", "edge", { workers: "2", "relay.paths": "2" }),
    start("f", "edge"),
  ]);
  const nodes = [c, a, b, e, f];
  await joined(nodes);
  return { nats, nodes, c, a, b, e, f };
}

let started: Promise<Cluster> | null = null;
const cluster = (): Promise<Cluster> => {
  started ??= startCluster();
  return started;
};

function watchAll(t: TestContext, places: () => readonly Node[], name: string, protocols = PROTOCOLS): Viewer[] {
  const viewers = protocols.map((protocol) => new Viewer(protocol, places, name));
  t.after(() => {
    for (const viewer of viewers) viewer.close();
  });
  return viewers;
}

/** Waits until all have so many frames more, or as many parts as that is. */
async function playing(viewers: readonly Viewer[], frames = 5): Promise<void> {
  const begun = viewers.map(({ seen }) => seen.pieces);
  const enough = ({ seen }: Viewer, i: number) =>
    seen.pieces >= (begun[i] ?? 0) + (seen.protocol === "hls" ? Math.ceil(frames / 10) : frames);
  await until(() => viewers.every(enough), "pictures");
}

/** Fetches a playlist as of a place that is to come, and all that it names, from each node, and compares. Gives the names. */
async function sameBytes(nodes: readonly Node[], name: string): Promise<string[]> {
  const playlists = await Promise.all(nodes.map(async ({ http }) => new URL(await mediaPlaylistOf(`${http}/live/${name}.m3u8`))));
  const newest = readPlaylist(await (await fetch(playlists[0]!)).text()).segments.at(-1)!.msn + 1;
  const same = async (path: (base: URL) => URL): Promise<string> => {
    const answers = await Promise.all(playlists.map(async (base) => await fetch(path(base))));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200], path(playlists[0]!).href);
    const bodies = await Promise.all(answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())));
    const { pathname } = path(playlists[0]!);
    // Of text, what differs is worth more than that it does.
    if (pathname.endsWith(".m3u8")) for (const body of bodies) assert.equal(body.toString(), bodies[0]!.toString());
    assert.equal(new Set(bodies.map(hash)).size, 1, pathname);
    return bodies[0]!.toString();
  };
  const text = await same((base) => new URL(`${base.pathname}?_HLS_msn=${newest + 1}&_HLS_part=1`, base));
  const names = [...text.matchAll(/URI="([^"]+)"|^([^#\n].*)$/gm)].map(([, uri, line]) => uri ?? line ?? "");
  const files = [...new Set(names.map((uri) => new URL(uri, playlists[0]).pathname))];
  for (const file of files) await same((base) => new URL(file, base));
  return files;
}

test("a publisher that comes to an edge is seen on every node by every protocol, and all serve the same bytes", async (t) => {
  const { nodes, c, e, f } = await cluster();
  publishTo(t, clip("b-frames"), "same", () => [e]);
  const stream = await c.stream("same", ({ video }) => video !== null);
  await playing(nodes.flatMap((node) => watchAll(t, () => [node], "same")));

  const files = await sameBytes(nodes, "same");
  assert.ok(files.some((file) => file.includes(stream.epoch)));

  // Each edge fetches it once for each of its paths, however many workers and viewers it has. A node that was left on the way is still listed, without traffic.
  const known = await nodesOf(f);
  assert.deepEqual([...known.keys()].sort(), ["a", "b", "c", "e", "f"]);
  const used = async () => (await nodesOf(c)).get("f")?.links.filter(({ mbps }) => mbps > 0);
  await until(async () => (await used())?.length === 1, "the edge's one link");
  // The command line at any machine lists them all; a stream is fetched before anybody comes.
  const shown = await promisify(execFile)(process.execPath, [MAIN, "nodes", "--data", f.directory]);
  for (const { id } of nodes) assert.match(shown.stdout, new RegExp(`^${id} +up `, "m"));
  const fetched = await fetch(`${f.http}/api/v1/streams/live/same/prefetch`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ nodes: ["e", "f", "nowhere"] }),
  });
  assert.deepEqual(await fetched.json(), { nodes: ["e", "f"] });
  // The pages and the API are had from every node.
  assert.equal((await fetch(`${e.http}/`)).status, 200);
  assert.match(await (await fetch(`${f.http}/metrics`)).text(), /lectern_relay_received_bytes_total/);
});

test("without its bus the cluster goes on: viewers come and go, publishers too, and all is told when it is back", async (t) => {
  const { nats, a, e } = await cluster();
  const file = clip("b-frames");
  publishTo(t, file, "old", () => [a]);
  await a.stream("old", ({ video }) => video !== null);
  const viewers = watchAll(t, () => [e], "old", ["flv"]);
  await playing(viewers);
  for (const viewer of viewers) viewer.measure();
  const clients = nats.clients();
  await nats.kill();
  await until(() => nats.clients() === 0, "the nodes to lose it");
  await playing(watchAll(t, () => [e], "old"));
  // A stream that begins meanwhile: its nodes tell each other by their own lines.
  publishTo(t, file, "new", () => [e]);
  await a.stream("new", ({ video }) => video !== null);
  const others = watchAll(t, () => [a], "new", ["flv", "hls"]);
  await playing(others);
  const { epoch } = await a.stream("new");
  await nats.restart();
  await until(() => nats.clients() >= clients, "the nodes to be connected again");
  // What the bus has to tell about the others goes before this.
  publishTo(t, file, "newest", () => [e]);
  await a.stream("newest", ({ video }) => video !== null);
  assert.equal((await a.stream("new")).epoch, epoch);
  assert.equal((await a.stream("new")).term, 1);
  for (const { look } of [...viewers, ...others].map((viewer) => ({ look: () => viewer.look() }))) {
    const { reconnects, longestGapMs } = look();
    assert.equal(reconnects, 0);
    assert.ok(longestGapMs < FORGOTTEN_MS, `${longestGapMs} ms`);
  }
  assert.equal((await nodesOf(a)).get("e")?.state, "up");
});

test("a backup publisher at another node takes over within a second, and the main one takes the stream back", async (t) => {
  const { a, e } = await cluster();
  const file = clip("b-frames");
  const push = (node: Node, query = "") => {
    const input = ["-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "flv", `${node.rtmp}/live/pair${query}`];
    return ffmpeg(t, input).child;
  };
  const main = push(a);
  const { epoch } = await a.stream("pair", ({ video }) => video !== null);
  push(e, "?backup=1");
  await until(() => e.said().includes("live/pair"), "the backup");
  const viewers = watchAll(t, () => [a], "pair");
  await playing(viewers, 30);
  for (const viewer of viewers) viewer.measure();
  // Its line is cut: nothing comes any more, and nobody says so.
  main.kill("SIGSTOP");
  const second = await a.stream("pair", (stream) => stream.term === 2 && (stream as { node?: string }).node === "e");
  assert.equal(second.epoch, epoch);
  await playing(viewers, 60);
  main.kill("SIGKILL");
  for (const viewer of viewers) {
    const { protocol, longestGapMs, reconnects, lost } = viewer.look();
    assert.deepEqual([protocol, reconnects], [protocol, 0]);
    // Where two cameras meet, their frames are not 40 ms apart.
    assert.ok(lost <= 1, `${protocol}: ${lost} lost`);
    assert.ok(longestGapMs < FORGOTTEN_MS, `${protocol}: ${longestGapMs} ms`);
    viewer.measure();
  }
  push(a);
  const third = await a.stream("pair", ({ term }) => term === 3);
  assert.deepEqual([third.epoch, (third as { node?: string }).node], [epoch, "a"]);
  await playing(viewers, 60);
  for (const viewer of viewers)
    assert.ok(viewer.look().longestGapMs < FORGOTTEN_MS, `${viewer.seen.protocol}: ${viewer.look().longestGapMs} ms`);
});

test("a node that is drained sends everybody on, and takes nobody until it may again", async (t) => {
  const { a, e, f } = await cluster();
  publishTo(t, clip("b-frames"), "moved", () => [a]);
  await a.stream("moved", ({ video }) => video !== null);
  const viewers = watchAll(t, () => [e, f], "moved");
  await playing(viewers);
  for (const viewer of viewers) viewer.measure();
  assert.equal((await a.api("/api/v1/nodes/e/drain", { method: "POST" })).status, 202);
  await until(async () => (await nodesOf(a)).get("e")?.state === "draining", "the node to be drained");
  assert.equal((await fetch(`${e.http}/readyz`)).status, 503);
  const refused = await fetch(`${e.http}/live/moved.flv`);
  assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [503, "draining"]);
  const client = await RtmpClient.open(e.rtmpPort);
  t.after(() => client.socket.destroy());
  assert.notEqual(await client.publish("moved"), "NetStream.Publish.Start");
  await until(() => viewers.every(({ seen }) => seen.protocol === "hls" || seen.reconnects > 0), "everybody to have moved");
  await playing(viewers, 100);
  for (const viewer of viewers) {
    const { protocol, longestGapMs, lost } = viewer.look();
    assert.equal(lost, 0);
    assert.ok(longestGapMs < FORGOTTEN_MS, `${protocol}: ${longestGapMs} ms`);
  }
  assert.equal((await a.api("/api/v1/nodes/e/undrain", { method: "POST" })).status, 202);
  await until(async () => (await fetch(`${e.http}/readyz`)).status === 200, "the node to be back");
});

test("a node with another secret is no node, and one with a name that is taken ends", async (t) => {
  const { nats, a } = await cluster();
  const stranger = await startNode(t, nats, "s", "edge", { "cluster.secret": "another secret, not theirs" });
  const twin = startNode(t, nats, "a", "edge").then(
    (node) => node.exited,
    () => 1,
  );
  assert.equal(await twin, 1);
  assert.deepEqual([...(await nodesOf(a)).keys()].sort(), ["c", "a", "b", "e", "f"].sort());
  publishTo(t, clip("b-frames"), "ours", () => [a]);
  await a.stream("ours", ({ video }) => video !== null);
  // Who may watch is unknown to it, and that opens nothing.
  const refusal = await fetch(`${stranger.http}/live/ours.flv`);
  assert.deepEqual([refusal.status, ((await refusal.json()) as { code: string }).code], [503, "control-away"]);
  // Nobody is there whom it could ask, but it has figures of its own.
  assert.equal((await fetch(`${stranger.http}/api/v1/nodes`)).status, 503);
  assert.equal((await fetch(`${stranger.http}/metrics`)).status, 200);
  assert.equal((await a.api("/healthz")).status, 200, "the one with the name goes on");
});

test("a node with a wrong clock is named, is sent nobody, and gives its streams the right time", async (t) => {
  const { nats, a } = await cluster();
  const late = await startNode(t, nats, "late", "edge", {}, { env: shiftedClock("-1h") });
  const skew = await until(async () => (await nodesOf(a)).get("late")?.clockSkewMs ?? null, "the node with the wrong clock");
  assert.ok(Math.abs(skew + 3_600_000) < 5000, `${skew} ms`);
  await until(async () => {
    const { items } = (await (await a.api("/api/v1/alarms?open=true")).json()) as { items: { code: string; subject: string }[] };
    return items.some(({ code, subject }) => code === "clock-skew" && subject === "late");
  }, "the alarm");
  publishTo(t, clip("b-frames"), "timed", () => [late]);
  await a.stream("timed", (stream) => stream.video !== null);
  const { items } = (await (await a.api("/api/v1/streams")).json()) as { items: { name: string; startedAt: string }[] };
  const startedAt = items.find(({ name }) => name === "timed")?.startedAt ?? "";
  const asked = await a.api("/api/v1/dispatch/play?stream=live/timed&explain=1");
  const { explanation } = (await asked.json()) as { explanation: { nodes: { node: string; verdict: string }[] } };
  assert.equal(explanation.nodes.find(({ node }) => node === "late")?.verdict, "clock", "nobody is sent there");
  assert.ok(Math.abs(Date.parse(startedAt) - Date.now()) < 600_000, startedAt);
  const playlist = await until(async () => {
    const text = await (await fetch(`${a.http}/live/timed.m3u8`)).text();
    const uri = /^[^#\n].*$/m.exec(text)?.[0];
    const media = uri ? await (await fetch(new URL(uri, `${a.http}/live/`))).text() : "";
    return media.includes("#EXT-X-PROGRAM-DATE-TIME") ? media : null;
  }, "its playlist");
  const time = /#EXT-X-PROGRAM-DATE-TIME:(.+)/.exec(playlist)?.[1] ?? "";
  assert.ok(Math.abs(Date.parse(time) - Date.now()) < 600_000, time);
});

test("what an origin records is had from every node; it is killed: what was fetched ahead stays, and an edge with two paths loses nothing", async (t) => {
  const { c, a, b, e, f } = await cluster();
  const publisher = publishTo(t, clip("b-frames"), "past", () => [e]);
  await c.stream("past", ({ video }) => video !== null);
  const back = await until(async () => {
    const answer = await fetch(`${e.http}/live/past.m3u8?time_delay=4`);
    return answer.ok ? answer : null;
  }, "four seconds ago");
  const media = await mediaOf(back);
  const recorder = await until(
    () => [a, b].find(({ directory }) => existsSync(join(directory, "recordings/live/past"))) ?? null,
    "the recording to begin",
  );
  const same = async (path: string): Promise<void> => {
    const bodies = await Promise.all([c, recorder, e].map((node) => hashAt(node, path)));
    assert.equal(new Set(bodies).size, 1, path);
  };
  const segments = await until(async () => {
    const listed = segmentsOf(await (await fetch(media)).text());
    return listed.length > 0 ? listed : null;
  }, "segments of four seconds ago");
  for (const segment of segments) await same(new URL(segment, media).pathname);
  publisher.stop();
  await c.api("/api/v1/streams/live/past", { method: "DELETE" });
  const id: string = await until(async () => {
    const { items } = await done(c, "GET", "/recordings");
    return items.find(({ name }: Body) => name === "past")?.id ?? null;
  }, "the recording");
  const { url, text } = await until(async () => {
    const first = await fetch(`${e.http}/vod/${id}.m3u8`);
    if (!first.ok) return null;
    const playlist = await mediaOf(first);
    const whole = await (await fetch(playlist)).text();
    return whole.includes("#EXT-X-ENDLIST") ? { url: playlist, text: whole } : null;
  }, "the whole recording");
  const files = segmentsOf(text).map((file) => new URL(file, url).pathname);
  for (const file of files) await same(file);
  await same(`/vod/${id}.flv`);

  const { seconds, nodes: there } = await done(c, "POST", `/recordings/${id}/prefetch`, { nodes: ["f"] });
  assert.deepEqual([...there].sort(), ["c", "f"]);
  const lengths = [...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, length]) => Number(length));
  assert.ok(seconds > Math.min(29, lengths.reduce((sum, length) => sum + length, 0) - 0.1), `${seconds} s`);
  const hashes = await Promise.all(files.map((file) => hashAt(recorder, file)));

  publishTo(t, clip("b-frames"), "steady", () => [f]);
  await c.stream("steady", ({ video }) => video !== null);
  const viewers = watchAll(t, () => [e], "steady");
  await playing(viewers);
  // Its workers have links to each other.
  const paths = async () => (await nodesOf(c)).get("e")?.links.filter(({ to, mbps }) => to !== "e" && mbps > 0) ?? [];
  await until(async () => (await paths()).length === 2, "two paths");
  assert.ok(
    (await paths()).some(({ to }) => to === recorder.id),
    "one of them is that origin",
  );
  for (const viewer of viewers) viewer.measure();
  await recorder.kill();
  let at = 0;
  for (const [i, file] of files.entries()) {
    if (at < Math.min(seconds, 29)) assert.equal(await hashAt(f, file), hashes[i], "it is there");
    at += lengths[i] ?? 0;
  }
  // FLV and RTMP bring 25 frames a second, HLS two to three parts.
  await playing(viewers, 100);
  for (const viewer of viewers) {
    const { protocol, longestGapMs, reconnects, lost } = viewer.look();
    assert.deepEqual([protocol, reconnects, lost], [protocol, 0, 0]);
    assert.ok(longestGapMs < FORGOTTEN_MS, `${protocol}: ${longestGapMs} ms`);
  }
});

test("a publisher whose node is killed goes on at another one: the same stream, numbers and rung, and its viewers elsewhere stay", async (t) => {
  const { c, a, b, e, f } = await cluster();
  const origin = [a, b].find(isRunning) ?? assert.fail();
  publishTo(t, clip("b-frames", 40), "moves", () => [e, f].filter(isRunning));
  const before = await c.stream("moves", ({ video }) => video !== null);
  const viewers = watchAll(t, () => [origin], "moves");
  const ofRung = watchAll(t, () => [origin], "moves@saver");
  await playing([...viewers, ...ofRung], 40);
  for (const viewer of [...viewers, ...ofRung]) viewer.measure();
  await e.kill();
  const now = await c.stream("moves", ({ term }) => term > before.term);
  assert.equal(now.epoch, before.epoch);
  await playing([...viewers, ...ofRung], 100);
  for (const viewer of viewers) {
    const { protocol, reconnects, lost, epochs } = viewer.look();
    assert.deepEqual([protocol, reconnects, epochs.size <= 1], [protocol, 0, true]);
    if (protocol === "flv") assert.ok(lost <= 2, `${lost} frames lost`);
  }
  for (const viewer of ofRung) {
    const { protocol, longestGapMs } = viewer.look();
    t.diagnostic(`${protocol}: a gap of ${Math.round(longestGapMs)} ms`);
    assert.ok(longestGapMs < FORGOTTEN_MS, `${protocol}: ${longestGapMs} ms`);
  }
  // The node that has taken over makes the same bytes as the one that kept the stream, of both terms.
  const files = await sameBytes([origin, f], "moves");
  const terms = new Set(files.flatMap((file) => /\/(\d+)-\d+(?:\.\d+)?\.m4s$/.exec(file)?.[1] ?? []));
  assert.deepEqual([...terms].sort(), [String(before.term), String(now.term)]);
  const [rung, source] = await Promise.all(
    ["moves@saver", "moves"].map(async (name) =>
      readPlaylist(await (await fetch(await mediaPlaylistOf(`${f.http}/live/${name}.m3u8`))).text()),
    ),
  );
  const dates = new Map(source?.segments.map(({ msn, utc }) => [msn, utc]));
  const common = rung?.segments.filter(({ msn }) => dates.has(msn)) ?? [];
  assert.ok(common.length >= 2, `${common.length} segments of the same number`);
  for (const { msn, utc } of common) assert.equal(utc, dates.get(msn), `segment ${msn}`);
});

const segmentsOf = (playlist: string): string[] => playlist.split("\n").filter((line) => line.endsWith(".m4s"));

/** The media playlist that a multivariant one names. */
async function mediaOf(multivariant: Response): Promise<URL> {
  const uri = (await multivariant.text()).split("\n").find((line) => line !== "" && !line.startsWith("#"));
  return new URL(uri ?? "", multivariant.url);
}

async function hashAt({ http }: Node, path: string): Promise<string> {
  const answer = await fetch(`${http}${path}`);
  assert.equal(answer.status, 200, path);
  return hash(Buffer.from(await answer.arrayBuffer()));
}

const isRunning = ({ process: { pid } }: Node): boolean => existsSync(`/proc/${pid}`);
