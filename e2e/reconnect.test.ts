/** A publisher with a broken uplink reconnects: viewers wait, and the stream continues. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { HANDSHAKE_SIZE } from "@lectern/media";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

const SET = { "viewer.maxQueueSeconds": "60", "publish.supersedeAfterSeconds": "0.3" };
const CLIP = new URL("clips/h264opus.flv", import.meta.url).pathname;

test("the uplink breaks and comes back: viewers stay connected, time has no hole, the epoch goes on", async () => {
  const lectern = await sharedLectern(SET);
  const tags = readTags(CLIP);
  const first = await RtmpClient.open(lectern.rtmpPort);
  await first.publish("math1");
  for (const tag of tags) first.tag(tag);
  const before = await lectern.stream("math1", (stream) => stream.video !== null);
  const viewer = connect(lectern.httpPort, "127.0.0.1");
  const pieces: Buffer[] = [];
  viewer.on("data", (bytes) => pieces.push(bytes));
  viewer.write("GET /live/math1.flv HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(viewer, "data");
  first.break();
  await lectern.stream("math1", (stream) => stream.publisher === null);
  const latecomer = await fetch(`${lectern.http}/live/math1.flv`);
  assert.equal(latecomer.status, 200, "within the grace period viewers are let in");
  // A body that is not read must not be open at its end: nodejs/undici#5360.
  await latecomer.body?.cancel();
  const second = await RtmpClient.open(lectern.rtmpPort);
  await second.publish("math1");
  for (const tag of tags) second.tag(tag, tag.timestamp + 7_000_000);
  const after = await lectern.stream("math1", (stream) => stream.term === 2 && stream.publisher !== null);
  assert.equal(after.epoch, before.epoch);
  const closed = once(viewer, "close");
  await lectern.api("/api/v1/streams/live/math1", { method: "DELETE" });
  await closed;
  const bytes = Buffer.concat(pieces);
  const seen = readTags(bytes.subarray(bytes.indexOf("\r\n\r\n") + 4));
  const configurations = seen.filter((tag) => tag.type === 9 && tag.body[0] === 0x17 && tag.body[1] === 0);
  assert.equal(configurations.length, 1, "the same configuration is told once");
  const times = seen.filter((tag) => tag.type === 9 && tag.body[1] === 1).map((tag) => tag.timestamp);
  const steps = times.slice(1).map((time, i) => time - times[i]!);
  assert.ok(
    steps.every((step) => step > 0 && step < 150),
    `steps ${[...new Set(steps)]}`,
  );
});

test("a publisher who hangs without a word is superseded, and its old connection closed", async () => {
  const lectern = await sharedLectern(SET);
  const tags = readTags(CLIP);
  const hanging = await RtmpClient.open(lectern.rtmpPort);
  await hanging.publish("math2");
  for (const tag of tags.slice(0, 60)) hanging.tag(tag);
  await lectern.stream("math2", (stream) => stream.video !== null);
  const answer = await until(async () => {
    const next = await RtmpClient.open(lectern.rtmpPort);
    const code = await next.publish("math2");
    return code === "NetStream.Publish.Start" ? code : null;
  }, "the name");
  assert.equal(answer, "NetStream.Publish.Start");
  await (hanging.socket.destroyed ? null : once(hanging.socket, "close"));
  assert.equal((await lectern.stream("math2")).term, 2);
});

test("a player that pauses joins again at a key frame; receiveVideo(false) leaves the sound", async () => {
  const lectern = await sharedLectern(SET);
  const tags = readTags(CLIP);
  const publisher = await RtmpClient.open(lectern.rtmpPort);
  await publisher.publish("math3");
  for (const tag of tags.slice(0, 200)) publisher.tag(tag);
  await lectern.stream("math3", (stream) => stream.audio !== null);
  const player = await RtmpClient.open(lectern.rtmpPort);
  assert.equal(await player.play("math3"), "NetStream.Play.Start");
  await until(() => player.messages.some((message) => message.type === 9), "a picture");
  player.command("pause", 4, null, true, 0);
  assert.equal((await player.status()).code, "NetStream.Pause.Notify");
  assert.equal((await lectern.stream("math3")).viewers.total, 0);
  player.messages.length = 0;
  player.command("pause", 5, null, false, 0);
  assert.equal((await player.status()).code, "NetStream.Unpause.Notify");
  for (const tag of tags.slice(200, 230)) publisher.tag(tag);
  const picture = await until(
    () => player.messages.find((message) => message.type === 9 && message.payload[1] === 1) ?? null,
    "a picture",
  );
  assert.equal(picture.payload[0]! >> 4, 1);
  player.command("receiveVideo", 0, null, false);
  await until(async () => (await lectern.stream("math3")).viewers.total === 1, "the change");
  player.messages.length = 0;
  for (const tag of tags.slice(230, 280)) publisher.tag(tag);
  await until(() => player.messages.filter((message) => message.type === 8).length > 5, "sound");
  assert.ok(player.messages.every((message) => message.type !== 9));
});

test("a complex handshake, aggregate messages and one-byte packets are understood", async () => {
  const { openHandshake, isDigestAnswer, writeTag, writeChunks } = await import("@lectern/media");
  const { createHmac, randomBytes } = await import("node:crypto");
  const lectern = await sharedLectern(SET);
  const hmac = (key: Uint8Array, data: Uint8Array) => createHmac("sha256", key).update(data).digest();
  const socket = connect({ port: lectern.rtmpPort, host: "127.0.0.1", noDelay: true });
  const hello = openHandshake(randomBytes(HANDSHAKE_SIZE), hmac);
  for (const byte of hello.subarray(0, 40)) socket.write(Uint8Array.of(byte));
  socket.write(hello.subarray(40));
  let got = Buffer.alloc(0);
  while (got.length < 1 + 2 * HANDSHAKE_SIZE) got = Buffer.concat([got, (await once(socket, "data"))[0]]);
  assert.ok(isDigestAnswer(hello.subarray(1), got.subarray(1, 1 + HANDSHAKE_SIZE), got.subarray(1 + HANDSHAKE_SIZE), hmac));
  socket.destroy();
  const client = await RtmpClient.open(lectern.rtmpPort);
  await client.publish("together");
  const tags = readTags(CLIP).filter((tag) => tag.type !== 18);
  for (let i = 0; i < tags.length; i += 20) {
    const some = tags.slice(i, i + 20);
    const payload = Buffer.concat(some.map((tag) => writeTag(tag.type, tag.timestamp, [tag.body])));
    client.socket.write(writeChunks({ type: 22, streamId: 1, timestamp: some[0]!.timestamp, payload }, 6, 65536));
  }
  const stream = await lectern.stream("together", (report) => report.video !== null && report.audio !== null);
  assert.deepEqual([stream.video?.codec, stream.audio?.codec], ["h264", "opus"]);
});
