/** Refused clients get the reason in every protocol, and other clients are not disturbed. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import WebSocket from "ws";
import { ffmpeg } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { startLectern, until } from "./lectern.ts";
import { MAIN } from "./program.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

const CLIP = new URL("clips/h264opus.flv", import.meta.url).pathname;
/** Those of websocket-publish. */
const KEYS = { "publish.allow": "keys", "publish.keys": '{"live/keyed": "s3cret", "live/math": "s3cret"}' };

test("a wrong key, no key and another stream's key are refused with words; the right key is not, and is never logged", async () => {
  const lectern = await sharedLectern(KEYS);
  const refused = async () => (await lectern.metric('lectern_refused_total{reason="bad-key"}')) || 0;
  const refusedBefore = await refused();
  const outcomes: Record<string, string> = {};
  for (const name of ["math", "math?key=wrong", "physics?key=s3cret", "math?key=s3cret"]) {
    const client = await RtmpClient.open(lectern.rtmpPort);
    client.command("createStream", 2, null);
    client.command("publish", 3, null, name, "live");
    const { code, description } = await client.status();
    outcomes[name] = `${code} ${description.split(":")[0]}`;
    client.break();
  }
  assert.deepEqual(outcomes, {
    math: "NetStream.Publish.BadName not-signed-in",
    "math?key=wrong": "NetStream.Publish.BadName bad-key",
    "physics?key=s3cret": "NetStream.Publish.BadName bad-key",
    "math?key=s3cret": "NetStream.Publish.Start Your picture reaches the students.",
  });
  await until(() => lectern.said().includes('"reason":"bad-key"'), "the reason in the log");
  assert.doesNotMatch(lectern.said(), /s3cret/);
  assert.equal(await refused(), refusedBefore + 2);
});

test("the key may also stand behind the app, as some encoders put it", async () => {
  const lectern = await sharedLectern(KEYS);
  const client = await RtmpClient.open(lectern.rtmpPort, "live?key=s3cret");
  assert.equal(await client.publish("math"), "NetStream.Publish.Start");
});

test("ffmpeg prints the reason when it is refused", async (t) => {
  const lectern = await sharedLectern(KEYS);
  const { code, said } = await ffmpeg(t, [
    "-i",
    CLIP.replace("h264opus.flv", "h264opus.source.mp4"),
    "-c:v",
    "copy",
    "-an",
    "-f",
    "flv",
    `${lectern.rtmp}/live/physics?key=no`,
  ]).done;
  assert.notEqual(code, 0);
  assert.match(said, /bad-key: /);
  const { items } = (await (await lectern.api("/api/v1/streams")).json()) as { items: { name: string }[] };
  assert.ok(!items.some((stream) => stream.name === "physics"), "who is refused leaves no stream behind");
});

test("no such stream: 404 by HTTP, an error status by RTMP, a refused upgrade by WebSocket", async () => {
  const lectern = await sharedLectern();
  const response = await fetch(`${lectern.http}/live/nobody.flv`);
  assert.equal(response.status, 404);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(((await response.json()) as { code: string }).code, "no-such-stream");
  const client = await RtmpClient.open(lectern.rtmpPort);
  assert.equal(await client.play("nobody"), "NetStream.Play.StreamNotFound");
  const refused = await new Promise<number | undefined>((resolve) => {
    new WebSocket(`${lectern.http.replace("http", "ws")}/live/nobody.flv`)
      .on("unexpected-response", (_request, answer) => resolve(answer.statusCode))
      .on("error", () => {});
  });
  assert.equal(refused, 404);
});

test("an app that is not there, a name that is none, and a command before connect", async () => {
  const lectern = await sharedLectern();
  const elsewhere = await RtmpClient.open(lectern.rtmpPort, "secret");
  await until(
    () => elsewhere.messages.some((message) => Buffer.from(message.payload).includes("NetConnection.Connect.Rejected")),
    "the refusal",
  );
  const named = await RtmpClient.open(lectern.rtmpPort);
  assert.equal(await named.publish("../etc"), "NetStream.Publish.BadName");
  assert.equal((await fetch(`${lectern.http}/other/x.flv`)).status, 404);
  assert.equal((await fetch(`${lectern.http}/live/x.flv`, { method: "POST" })).status, 405);
  const preflight = await fetch(`${lectern.http}/live/x.flv`, { method: "OPTIONS" });
  assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
});

test("a name that is taken: the living publisher stays, and the other is told", async () => {
  const lectern = await sharedLectern();
  const first = await RtmpClient.open(lectern.rtmpPort);
  assert.equal(await first.publish("taken"), "NetStream.Publish.Start");
  const tags = readTags(CLIP);
  for (const tag of tags.slice(0, 50)) first.tag(tag);
  const second = await RtmpClient.open(lectern.rtmpPort);
  second.command("createStream", 2, null);
  second.command("publish", 3, null, "taken", "live");
  assert.match((await second.status()).description, /^publisher-present: /);
  assert.equal((await lectern.stream("taken")).term, 1);
  assert.equal(first.socket.destroyed, false);
});

test("signed links open their stream in every protocol, and nothing else does", async () => {
  const lectern = await sharedLectern({ "play.allow": "signed", "secrets.links": "[a-long-secret]" });
  const client = await RtmpClient.open(lectern.rtmpPort);
  await client.publish("math");
  for (const tag of readTags(CLIP)) client.tag(tag);
  await lectern.stream("math", (stream) => stream.video !== null);
  const sign = (expires: string) =>
    execFileSync(process.execPath, [
      MAIN,
      "sign",
      `${lectern.http}/live/math.flv`,
      "--secret",
      "a-long-secret",
      "--expires",
      expires,
    ])
      .toString()
      .trim();
  const good = sign("1h");
  const answer = await fetch(good);
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
  assert.equal((await fetch(`${lectern.http}/live/math.flv`)).status, 401);
  assert.equal((await fetch(good.replace(/sign=./, "sign=x"))).status, 401);
  const player = await RtmpClient.open(lectern.rtmpPort);
  assert.equal(await player.play(`math${new URL(good).search}`), "NetStream.Play.Start");
  const stranger = await RtmpClient.open(lectern.rtmpPort);
  assert.equal(await stranger.play("math"), "NetStream.Play.Failed");
});

test("a viewer too many is turned away with 503 and told when to come back; limits of one address hold", async (t) => {
  const lectern = await startLectern(t, { "limits.viewers": "1", "limits.perAddress.requestsPerSecond": "50" });
  const client = await RtmpClient.open(lectern.rtmpPort);
  await client.publish("math");
  for (const tag of readTags(CLIP)) client.tag(tag);
  await lectern.stream("math", (stream) => stream.video !== null);
  const first = await fetch(`${lectern.http}/live/math.flv`);
  assert.equal(first.status, 200);
  const second = await fetch(`${lectern.http}/live/math.flv`);
  assert.deepEqual([second.status, second.headers.get("retry-after")], [503, "5"]);
  await first.body?.cancel();
  const many = await Promise.all(Array.from({ length: 300 }, () => fetch(`${lectern.http}/healthz`)));
  assert.ok(many.some((response) => response.status === 429));
});
