/** Conformance of low-latency HLS, and requests that are invalid, abandoned or not permitted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signLink } from "../packages/server/src/access/links/signed-link.ts";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { mediaPlaylistOf } from "./hls-conformance.ts";
import { conform, publish } from "./hls-conformance-streams.ts";
import { readPlaylist } from "./hls-reader.ts";
import { until } from "./lectern.ts";
import { long } from "./long-tests.ts";

test("by the rules: playlists, parts, hints, delta updates, refusals", (t) => conform(t, 8));

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

long("the session stands for the permission: without a link there is none, and strict mode asks it of every file", async (t) => {
  const rules = { "secrets.links": "[a-long-secret]", "play.allow": "signed" };
  const lectern = await sharedLectern({ ...rules, "hls.strict": "true" });
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

long("a session is one viewer while it is renewed, whichever connection it comes by", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publish(t, lectern, "counted");
  const base = await mediaPlaylistOf(`${lectern.http}/live/counted.m3u8`);
  for (let i = 0; i < 12; i++) await (await fetch(base, { headers: { connection: "close" } })).text();
  const stream = await lectern.stream("counted", ({ viewers }) => viewers.hls > 0);
  assert.deepEqual([stream.viewers.hls, stream.viewers.total], [1, 1]);
  assert.equal(await lectern.metric('lectern_viewers{protocol="hls"}'), 1);
  await lectern.stream("counted", ({ viewers }) => viewers.hls === 0);
});

long("a held request while the publisher is gone is told to come again; when the stream is over, the list ends", async (t) => {
  const lectern = await sharedLectern();
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
  await until(async () => readPlaylist(await (await fetch(base)).text()).ended, "the end of the stream");
  const over = readPlaylist(await (await fetch(base)).text());
  assert.equal(over.ended, true);
  assert.equal((await fetch(`${lectern.http}/live/away.m3u8`)).status, 404);
});
