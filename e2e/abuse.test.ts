/** Abusive clients (garbage, half handshakes, huge lengths, slow readers) cost only their own connection. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { test } from "node:test";
import { HANDSHAKE_SIZE, openHandshake, writeChunks } from "@lectern/media";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";
import { ATTACKED, connected, withWitness } from "./witness.ts";

const CLIP = new URL("clips/h264opus.flv", import.meta.url).pathname;

const closed = (socket: Socket) => (socket.destroyed ? Promise.resolve() : once(socket, "close"));

test("half a handshake, and a session that never says what it wants, are closed in time", async (t) => {
  const lectern = await sharedLectern(ATTACKED);
  const half = await connected(lectern.rtmpPort);
  half.write(openHandshake(randomBytes(HANDSHAKE_SIZE), null).subarray(0, 700));
  const wordless = await RtmpClient.open(lectern.rtmpPort);
  // One that sends a byte now and then is not waited for either.
  const trickle = await connected(lectern.rtmpPort);
  const drops = setInterval(() => trickle.write(Uint8Array.of(3)), 1000);
  t.after(() => clearInterval(drops));
  trickle.resume();
  const slow = await connected(lectern.httpPort);
  slow.write("GET /live/x.flv HTTP/1.1\r\nX-Slow: ");
  const begun = performance.now();
  half.resume();
  slow.resume();
  await Promise.all([closed(half), closed(wordless.socket), closed(trickle), closed(slow)]);
  assert.ok(performance.now() - begun < 20_000);
});

test("a chunk that claims 16 MB before anybody was let in, and one that claims a huge chunk size, are closed at once", async () => {
  const lectern = await sharedLectern(ATTACKED);
  const huge = await RtmpClient.open(lectern.rtmpPort);
  huge.socket.write(Buffer.from([4, 0, 0, 0, 0xff, 0xff, 0xff, 9, 1, 0, 0, 0]));
  const zero = await RtmpClient.open(lectern.rtmpPort);
  zero.socket.write(writeChunks({ type: 1, streamId: 0, timestamp: 0, payload: new Uint8Array(4) }, 2, 65536));
  const version = await connected(lectern.rtmpPort);
  version.write(Buffer.alloc(2000, 9));
  version.resume();
  await Promise.all([closed(huge.socket), closed(zero.socket), closed(version)]);
  // The log names what was wrong.
  await until(() => lectern.said().includes("16777215"), "the size in the log");
});

test("a publisher that breaks the protocol is told the rule it broke before it is closed, and the name is free again", async () => {
  const lectern = await sharedLectern(ATTACKED);
  const client = await RtmpClient.open(lectern.rtmpPort);
  await client.publish("bad");
  client.send(1, 0, new Uint8Array(4), 65536, 2);
  client.send(9, 0, new Uint8Array(100));
  assert.deepEqual(await client.status(), {
    level: "error",
    code: "NetStream.Publish.Failed",
    description: "bad-request: a chunk size of 0.",
  });
  await closed(client.socket);
  await until(() => lectern.said().includes("a chunk size of 0"), "the rule in the log");
  const again = await RtmpClient.open(lectern.rtmpPort);
  assert.equal(await again.publish("bad"), "NetStream.Publish.Start");
  again.break();
});

test("a second request pipelined onto a stream closes it, and does not crash anything", async (t) => {
  const lectern = await sharedLectern(ATTACKED);
  await withWitness(t, lectern);
  for (const second of [
    "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /live/witness.flv HTTP/1.1\r\nHost: x\r\n\r\n",
    "\0\0\0garbage\r\n\r\n",
  ]) {
    const socket = await connected(lectern.httpPort);
    socket.write(`GET /live/witness.flv HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, "data");
    socket.resume();
    socket.write(second);
    await closed(socket);
    const both = await connected(lectern.httpPort);
    both.resume();
    both.write(`GET /live/witness.flv HTTP/1.1\r\nHost: x\r\n\r\n${second}`);
    await closed(both);
  }
  assert.equal((await fetch(`${lectern.http}/healthz`)).status, 200);
  await lectern.stream("witness", ({ viewers }) => viewers.total === 1);
});

test("viewers and publishers that break off in the middle leave nothing behind", async (t) => {
  const lectern = await sharedLectern(ATTACKED);
  await withWitness(t, lectern, "other");
  for (let i = 0; i < 30; i++) {
    const client = await RtmpClient.open(lectern.rtmpPort);
    await client.publish(`short${i}`);
    for (const tag of readTags(CLIP).slice(0, 30)) client.tag(tag);
    const viewer = await connected(lectern.httpPort);
    viewer.write(`GET /live/other.flv HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(viewer, "data");
    viewer.resetAndDestroy();
    client.break();
  }
  await until(async () => (await lectern.metric("lectern_streams")) === 1, "the short streams' end");
  await until(async () => (await lectern.metric('lectern_viewers{protocol="flv"}')) === 1, "the viewers' end");
});
