/** Conformance of low-latency HLS, and requests that are invalid, abandoned or not permitted. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import { signLink } from "../packages/server/src/access/links/signed-link.ts";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Findings, mediaPlaylistOf, watchByTheRules } from "./hls-conformance.ts";
import { readPlaylist } from "./hls-reader.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { long } from "./long-tests.ts";
import { pidOf } from "./worker-connections.ts";

/** A clip of which each round of its loop begins with a key frame. */
async function publish(
  t: TestContext,
  lectern: Lectern,
  name: string,
  which: Parameters<typeof clip>[0] = "2 s GOP",
): Promise<void> {
  publishForever(t, clip(which, 40), `${lectern.rtmp}/live/${name}`);
  await lectern.stream(name, (stream) => stream.video !== null);
}

/** Watches three streams for some seconds, of which each meets other rules. */
async function conform(t: TestContext, seconds: number): Promise<void> {
  const lectern = await sharedLectern();
  await Promise.all([
    publish(t, lectern, "even"),
    publish(t, lectern, "odd", "29.97 fps, odd GOP"),
    publish(t, lectern, "long", "16 s GOP"),
  ]);
  const watched = ["even", "odd", "long"].map((name) => watchByTheRules(`${lectern.http}/live/${name}.m3u8`, seconds));
  const [even, odd, long] = (await Promise.all(watched)) as [Findings, Findings, Findings];
  for (const found of [even, odd, long]) {
    assert.ok(found.parts > seconds && found.longestWaitMs < 5000, JSON.stringify(found));
    // The long one's segments are of sixteen seconds.
    if (found !== long) assert.ok(found.segments >= seconds / 6, JSON.stringify(found));
  }
  assert.ok(even.hints.right > 0.9 * even.hints.all, JSON.stringify(even));
}

test("by the rules: playlists, parts, hints, delta updates, refusals", (t) => conform(t, 8));
long("by the rules for half a minute, in which segments come and go", (t) => conform(t, 28));

test("playlists are zipped for who takes it, CORS is open, HEAD has no body, other methods are refused", async (t) => {
  const lectern = await sharedLectern();
  await publish(t, lectern, "plain");
  const base = await mediaPlaylistOf(`${lectern.http}/live/plain.m3u8`);
  const zipped = await fetch(base, { headers: { "accept-encoding": "gzip" } });
  assert.deepEqual([zipped.headers.get("content-encoding"), zipped.headers.get("vary")], ["gzip", "accept-encoding"]);
  const plain = await fetch(base, { headers: { "accept-encoding": "identity" } });
  assert.equal(plain.headers.get("content-encoding"), null);
  assert.equal(plain.headers.get("access-control-allow-origin"), "*");
  readPlaylist(await zipped.text());
  const head = await fetch(base, { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
  assert.equal((await fetch(base, { method: "OPTIONS" })).status, 204);
  assert.equal((await fetch(base, { method: "POST" })).status, 405);
  assert.equal((await fetch(`${lectern.http}/live/nobody.m3u8`)).status, 404);
  assert.equal((await fetch(base.replace(/\/s\/[^/]+/, `/s/${"A".repeat(40)}`))).status, 401);
});

test("the session stands for the permission: without a link there is none, and strict mode asks it of every file", async (t) => {
  const rules = { "secrets.links": "[a-long-secret]", "play.allow": "signed" };
  const lectern = await startLectern(t, { ...rules, "hls.strict": "true" });
  await publish(t, lectern, "closed");
  const url = `${lectern.http}/live/closed.m3u8`;
  assert.equal((await fetch(url)).status, 401);
  const link = signLink({ app: "live", name: "closed", expires: Math.floor(Date.now() / 1000) + 100 }, "a-long-secret");
  const base = await mediaPlaylistOf(`${url}?${link}`);
  const { segments } = readPlaylist(await (await fetch(base)).text());
  const file = new URL(segments.find(({ uri }) => uri !== null)?.uri ?? "", base);
  assert.match(file.pathname, /\/s\/[^/]+\/[^/]+\/\d+-\d+\.m4s$/);
  assert.equal((await fetch(file)).status, 200);
  assert.equal((await fetch(new URL(".", base))).status, 204);
  const bare = file.href.replace(/\/s\/[^/]+/, "");
  assert.equal((await fetch(bare)).status, 401);
  assert.equal((await fetch(file.href.replace(/(\/s\/)./, (_, s) => `${s}${file.href.includes("/s/A") ? "B" : "A"}`))).status, 401);
});

test("a session is one viewer while it is renewed, whichever connection it comes by", async (t) => {
  const lectern = await startLectern(t, { workers: "2" });
  await publish(t, lectern, "counted");
  const base = await mediaPlaylistOf(`${lectern.http}/live/counted.m3u8`);
  for (let i = 0; i < 12; i++) await (await fetch(base, { headers: { connection: "close" } })).text();
  const stream = await lectern.stream("counted", ({ viewers }) => viewers.hls > 0);
  assert.deepEqual([stream.viewers.hls, stream.viewers.total], [1, 1]);
  assert.equal(await lectern.metric('lectern_viewers{protocol="hls"}'), 1);
  await lectern.stream("counted", ({ viewers }) => viewers.hls === 0);
});

test("two thousand held requests that are abandoned leave nothing behind", async (t) => {
  const lectern = await startLectern(t, { "limits.perAddress.requestsPerSecond": "100000" });
  await publish(t, lectern, "held");
  const base = new URL(await mediaPlaylistOf(`${lectern.http}/live/held.m3u8`));
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pidOf(lectern, "media-1")}/status`, "utf8"))?.[1]) / 1024;
  const abandon = async () => {
    const { segments } = readPlaylist(await (await fetch(base)).text());
    const next = (segments.at(-1)?.msn ?? 0) + 1;
    const sockets = Array.from({ length: 500 }, () => connect(lectern.httpPort, "127.0.0.1"));
    for (const socket of sockets) {
      socket.on("error", () => {});
      socket.write(`GET ${base.pathname}?_HLS_msn=${next}&_HLS_part=0 HTTP/1.1\r\nHost: x\r\n\r\n`);
    }
    await Promise.all(sockets.map((socket) => (socket.connecting ? once(socket, "connect") : null)));
    for (const socket of sockets) socket.resetAndDestroy();
  };
  await abandon();
  const before = memory();
  for (let round = 0; round < 4; round++) await abandon();
  assert.ok(memory() - before < 40, `memory grew by ${memory() - before} MB`);
  const found = await watchByTheRules(`${lectern.http}/live/held.m3u8`, 3);
  assert.ok(found.parts > 4);
});

test("a held request while the publisher is gone is told to come again; when the stream is over, the list ends", async (t) => {
  const lectern = await startLectern(t, { "publish.graceSeconds": "8" });
  const publisher = publishForever(t, clip("camera", 20), `${lectern.rtmp}/live/away`);
  const base = await (async () => {
    await lectern.stream("away", (stream) => stream.video !== null);
    return mediaPlaylistOf(`${lectern.http}/live/away.m3u8`);
  })();
  publisher.child.kill("SIGKILL");
  await lectern.stream("away", (stream) => stream.publisher === null);
  const now = readPlaylist(await (await fetch(base)).text());
  const last = now.segments.at(-1);
  const answer = await fetch(`${base}?_HLS_msn=${(last?.msn ?? 0) + 1}&_HLS_part=0`);
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "1");
  assert.equal(((await answer.json()) as { code: string }).code, "not-yet");
  await until(async () => (await lectern.metric("lectern_streams")) === 0, "the end of the stream");
  const over = readPlaylist(await (await fetch(base)).text());
  assert.equal(over.ended, true);
  assert.equal((await fetch(`${lectern.http}/live/away.m3u8`)).status, 404);
});
