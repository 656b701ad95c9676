/** Garbage, half handshakes, huge lengths, slow readers: only the connection that does it feels it. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { HANDSHAKE_SIZE, openHandshake, writeChunks } from "@lectern/media";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

const CLIP = new URL("clips/h264opus.flv", import.meta.url).pathname;
const FIXTURES = new URL("../packages/server/src/live/rtmp/fixtures/", import.meta.url);

/** A stream that goes on for as long as the test, and a viewer that notes the largest gap between its bytes. */
async function withWitness(t: TestContext, lectern: Lectern) {
  const client = await RtmpClient.open(lectern.rtmpPort);
  await client.publish("witness");
  const tags = readTags(CLIP).filter((tag) => tag.type !== 18);
  const span = tags.at(-1)!.timestamp + 33;
  let sent = 0;
  const begun = performance.now();
  const timer = setInterval(() => {
    for (;;) {
      const tag = tags[sent % tags.length]!;
      const time = tag.timestamp + Math.floor(sent / tags.length) * span;
      if (time > performance.now() - begun) return;
      client.tag(tag, time);
      sent++;
    }
  }, 10);
  t.after(() => clearInterval(timer));
  await lectern.stream("witness", (stream) => stream.video !== null);
  const viewer = connect(lectern.httpPort, "127.0.0.1");
  viewer.write("GET /live/witness.flv HTTP/1.1\r\nHost: x\r\n\r\n");
  const gaps = { largest: 0, last: 0 };
  viewer.on("data", () => {
    const now = performance.now();
    if (gaps.last > 0) gaps.largest = Math.max(gaps.largest, now - gaps.last);
    gaps.last = now;
  });
  await once(viewer, "data");
  t.after(() => viewer.destroy());
  return { gaps, viewer, client };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

const closed = (socket: Socket) => (socket.destroyed ? Promise.resolve() : once(socket, "close"));

async function memory(lectern: Lectern): Promise<number> {
  return (await lectern.metric("process_resident_memory_bytes")) / 1e6;
}

test("garbage on both ports costs only its own connection, and no memory", async (t) => {
  const lectern = await startLectern(t);
  const { gaps, viewer } = await withWitness(t, lectern);
  const sessions = readdirSync(FIXTURES).map((name) => readFileSync(new URL(name, FIXTURES)));
  const before = await memory(lectern);
  let seed = 1;
  const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 40; round++) {
    const sockets: Socket[] = [];
    for (let i = 0; i < 10; i++) {
      const port = next(2) ? lectern.rtmpPort : lectern.httpPort;
      const socket = await open(port);
      sockets.push(socket);
      const session = Buffer.from(sessions[next(sessions.length)]!);
      // A real session with some bytes changed gets further than noise does.
      for (let k = 0; k < 8; k++) session[next(session.length)] = next(256);
      if (next(3) === 0) socket.end(randomBytes(next(5000) + 1));
      else if (next(2)) socket.end(session.subarray(0, next(session.length)));
      else socket.end(session);
    }
    for (const socket of sockets) socket.resume();
    const patience = () => new Promise((resolve) => setTimeout(resolve, 300).unref());
    await Promise.all(sockets.map((socket) => Promise.race([closed(socket), patience()])));
    for (const socket of sockets) socket.destroy();
  }
  assert.equal((await fetch(`${lectern.http}/healthz`)).status, 200);
  assert.equal(viewer.destroyed, false);
  assert.ok(gaps.largest < 700, `the witness had a gap of ${gaps.largest} ms`);
  const grown = (await memory(lectern)) - before;
  assert.ok(grown < 80, `memory grew by ${grown} MB`);
  assert.doesNotMatch(lectern.said(), /uncaught|unhandled|TypeError|RangeError/i);
});

test("half a handshake, and a session that never says what it wants, are closed in time", async (t) => {
  const lectern = await startLectern(t);
  const half = await open(lectern.rtmpPort);
  half.write(openHandshake(randomBytes(HANDSHAKE_SIZE), null).subarray(0, 700));
  const wordless = await RtmpClient.open(lectern.rtmpPort);
  // One that sends a byte now and then is not waited for either.
  const trickle = await open(lectern.rtmpPort);
  const drops = setInterval(() => trickle.write(Uint8Array.of(3)), 1000);
  t.after(() => clearInterval(drops));
  trickle.resume();
  const slow = await open(lectern.httpPort);
  slow.write("GET /live/x.flv HTTP/1.1\r\nX-Slow: ");
  const begun = performance.now();
  half.resume();
  slow.resume();
  await Promise.all([closed(half), closed(wordless.socket), closed(trickle), closed(slow)]);
  assert.ok(performance.now() - begun < 20_000);
});

test("a chunk that claims 16 MB before anybody was let in, and one that claims a huge chunk size, are closed at once", async (t) => {
  const lectern = await startLectern(t);
  const huge = await RtmpClient.open(lectern.rtmpPort);
  huge.socket.write(Buffer.from([4, 0, 0, 0, 0xff, 0xff, 0xff, 9, 1, 0, 0, 0]));
  const zero = await RtmpClient.open(lectern.rtmpPort);
  zero.socket.write(writeChunks({ type: 1, streamId: 0, timestamp: 0, payload: new Uint8Array(4) }, 2, 65536));
  const version = await open(lectern.rtmpPort);
  version.write(Buffer.alloc(2000, 9));
  version.resume();
  await Promise.all([closed(huge.socket), closed(zero.socket), closed(version)]);
  for (const rule of [/16777215 bytes/, /chunk size of 0/, /RTMP version 9/])
    await until(() => rule.test(lectern.said()), `${rule} in the log`);
});

test("a publisher that breaks its codec's rules is closed with the rule it broke, and the name is free again", async (t) => {
  const lectern = await startLectern(t, { "publish.graceSeconds": "0" });
  const client = await RtmpClient.open(lectern.rtmpPort);
  await client.publish("bad");
  client.send(9, 0, Uint8Array.of(0x17, 0, 0, 0, 0, 9, 9, 9));
  await closed(client.socket);
  await until(() => /H\.264 configuration/.test(lectern.said()), "the rule in the log");
  const again = await RtmpClient.open(lectern.rtmpPort);
  assert.equal(await again.publish("bad"), "NetStream.Publish.Start");
});

test("a second request pipelined onto a stream closes it, and does not crash anything", async (t) => {
  const lectern = await startLectern(t);
  await withWitness(t, lectern);
  for (const second of [
    "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /live/witness.flv HTTP/1.1\r\nHost: x\r\n\r\n",
    "\0\0\0garbage\r\n\r\n",
  ]) {
    const socket = await open(lectern.httpPort);
    socket.write(`GET /live/witness.flv HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, "data");
    socket.resume();
    socket.write(second);
    await closed(socket);
    const both = await open(lectern.httpPort);
    both.resume();
    both.write(`GET /live/witness.flv HTTP/1.1\r\nHost: x\r\n\r\n${second}`);
    await closed(both);
  }
  assert.equal((await fetch(`${lectern.http}/healthz`)).status, 200);
  assert.equal((await lectern.stream("witness")).viewers.total, 1);
});

test("readers that never read beside readers that do: memory stays, others feel nothing, and the idle ones are closed", async (t) => {
  const lectern = await startLectern(t, {
    "viewer.evictAfterSeconds": "3",
    "viewer.maxQueueSeconds": "2",
    "viewer.maxQueueBytes": "300000",
  });
  const { gaps } = await withWitness(t, lectern);
  // Their own side takes little, so that what is sent to them soon stays in the server.
  const idle = await Promise.all(Array.from({ length: 30 }, () => open(lectern.httpPort)));
  for (const socket of idle) {
    socket.pause();
    socket.write("GET /live/witness.flv HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  await lectern.stream("witness", (stream) => stream.viewers.total === 31);
  // A burst of data fills the kernel's buffers, as minutes of a lesson would.
  const burst = await RtmpClient.open(lectern.rtmpPort);
  await burst.publish("big");
  const tags = readTags(CLIP);
  for (const tag of tags.slice(0, 4)) burst.tag(tag);
  const key = tags.find((tag) => tag.type === 9 && tag.body[0] === 0x17 && tag.body[1] === 1)!;
  const large = Buffer.concat([key.body, Buffer.alloc(400_000)]);
  burst.send(9, 0, large);
  await lectern.stream("big", (stream) => stream.video !== null);
  const before = await memory(lectern);
  const stuck = await Promise.all(Array.from({ length: 20 }, () => open(lectern.httpPort)));
  for (const socket of stuck) {
    socket.pause();
    socket.write("GET /live/big.flv HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  await lectern.stream("big", (stream) => stream.viewers.total === 20);
  gaps.largest = 0;
  let time = 0;
  const timer = setInterval(() => burst.send(9, (time += 100), large), 50);
  t.after(() => clearInterval(timer));
  await until(
    async () => (await lectern.metric('lectern_evicted_viewers_total{protocol="flv",reason="too-slow"}')) >= 20,
    "the idle readers' end",
    40_000,
  );
  clearInterval(timer);
  const grown = (await memory(lectern)) - before;
  assert.ok(grown < 150, `memory grew by ${grown} MB`);
  assert.ok(gaps.largest < 700, `the witness had a gap of ${gaps.largest} ms`);
});

test("viewers and publishers that break off in the middle leave nothing behind", async (t) => {
  const lectern = await startLectern(t, { "publish.graceSeconds": "0" });
  await withWitness(t, lectern);
  for (let i = 0; i < 30; i++) {
    const client = await RtmpClient.open(lectern.rtmpPort);
    await client.publish(`short${i}`);
    for (const tag of readTags(CLIP).slice(0, 30)) client.tag(tag);
    const viewer = await open(lectern.httpPort);
    viewer.write(`GET /live/witness.flv HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(viewer, "data");
    viewer.resetAndDestroy();
    client.break();
  }
  await until(async () => (await lectern.metric("lectern_streams")) === 1, "the short streams' end");
  await until(async () => (await lectern.metric('lectern_viewers{protocol="flv"}')) === 1, "the viewers' end");
});
