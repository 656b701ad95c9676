/**
 * Garbage and clients that never read disturb no viewer and cost no memory; by name it holds to the gaps that a viewer may have. Only with --all, or by
 * name.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { mediaPlaylistOf, watchByTheRules } from "./hls-conformance.ts";
import { publish } from "./hls-conformance-streams.ts";
import { readPlaylist } from "./hls-reader.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { runsRare } from "./long-tests.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";
import { ATTACKED, connected, withWitness } from "./witness.ts";
import { pidOf } from "./worker-connections.ts";

/** Beside other tests, only who was forgotten waits so long. */
const GAP_MS = runsRare ? 1500 : 15_000;
const ROUNDS = 40;
const CLIP = new URL("clips/h264opus.flv", import.meta.url).pathname;
const FIXTURES = new URL("../packages/server/src/live/rtmp/fixtures/", import.meta.url);

async function memory(lectern: Lectern): Promise<number> {
  return (await lectern.metric("process_resident_memory_bytes")) / 1e6;
}

const closed = (socket: Socket) => (socket.destroyed ? Promise.resolve() : once(socket, "close"));

test("garbage on both ports costs only its own connection, and no memory", async (t) => {
  const lectern = await sharedLectern(ATTACKED);
  const { gaps, viewer } = await withWitness(t, lectern);
  const sessions = readdirSync(FIXTURES).map((name) => readFileSync(new URL(name, FIXTURES)));
  const before = await memory(lectern);
  let seed = 1;
  const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < ROUNDS; round++) {
    const sockets: Socket[] = [];
    for (let i = 0; i < 10; i++) {
      const port = next(2) ? lectern.rtmpPort : lectern.httpPort;
      const socket = await connected(port);
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
  assert.ok(gaps.largest < GAP_MS, `the witness had a gap of ${gaps.largest} ms`);
  const grown = (await memory(lectern)) - before;
  assert.ok(grown < 80, `memory grew by ${grown} MB`);
  assert.doesNotMatch(lectern.said(), /uncaught|unhandled|TypeError|RangeError/i);
});

test("readers that never read beside readers that do: memory stays, others feel nothing, and the idle ones are closed", async (t) => {
  const lectern = await startLectern(t, {
    "viewer.evictAfterSeconds": "3",
    "viewer.maxQueueSeconds": "2",
    "viewer.maxQueueBytes": "300000",
  });
  const { gaps } = await withWitness(t, lectern);
  // Their own side takes little, so that what is sent to them soon stays in the server.
  const idle = await Promise.all(Array.from({ length: 30 }, () => connected(lectern.httpPort)));
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
  const stuck = await Promise.all(Array.from({ length: 20 }, () => connected(lectern.httpPort)));
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
  assert.ok(gaps.largest < GAP_MS, `the witness had a gap of ${gaps.largest} ms`);
});

test("two thousand held requests that are abandoned leave nothing behind", async (t) => {
  const lectern = await sharedLectern(ATTACKED);
  await publish(t, lectern, "held");
  const base = new URL(await mediaPlaylistOf(`${lectern.http}/live/held.m3u8`));
  const descriptors = () => readdirSync(`/proc/${pidOf(lectern, "media-1")}/fd`).length;
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
  const before = { memory: await memory(lectern), descriptors: descriptors() };
  for (let round = 0; round < 4; round++) await abandon();
  const grown = (await memory(lectern)) - before.memory;
  assert.ok(grown < 80, `memory grew by ${grown} MB`);
  await until(() => descriptors() <= before.descriptors + 10, "the end of the connections");
  const found = await watchByTheRules(`${lectern.http}/live/held.m3u8`, 3);
  assert.ok(found.parts > 4);
});
