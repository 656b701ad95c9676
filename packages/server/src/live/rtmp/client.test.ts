import assert from "node:assert/strict";
import { createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { EcmaArray, encodeAmf0, isAmfObject, MESSAGE_TYPE, type RtmpMessage, writeChunks } from "@lectern/media";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { ManualClock } from "../../platform/clock.ts";
import { connectRtmp } from "./client.ts";
import { accept, type TestPeer, testRtmpServer } from "./test-rtmp-server.ts";

type Message = Omit<RtmpMessage, "payload"> & { readonly text: string };

/** A client of a server that this test plays. */
async function client(t: TestContext, intent: "play" | "publish", { greet = true, path = "live/math?key=opensesame" } = {}) {
  const server = await testRtmpServer(t, greet);
  const clock = new ManualClock();
  const messages: Message[] = [];
  const ends: JobProblem[] = [];
  let drained = 0;
  const { promise: ready, resolve: onReady } = Promise.withResolvers<number>();
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<JobProblem>();
  const { promise: got, resolve: onGot } = Promise.withResolvers<void>();
  const it = connectRtmp({
    url: new URL(`rtmp://me:secret@a.example/${path}`),
    address: { host: "127.0.0.1", port: server.port },
    intent,
    clock,
    onReady,
    onMessage: ({ type, streamId, timestamp, payload }) => {
      messages.push({ type, streamId, timestamp, text: Buffer.from(payload).toString("hex") });
      onGot();
    },
    onClosed: (end) => {
      ends.push(end);
      onClosed(end);
    },
    onDrain: () => void drained++,
  });
  t.after(it.close);
  return { server, clock, it, messages, ends, ready, closed, got, drains: () => drained, peer: await server.next() };
}

/** Resolves when the other side has read all that was sent before. */
async function settled(peer: TestPeer): Promise<void> {
  const before = peer.messages.length;
  peer.socket.write(writeChunks({ type: 4, streamId: 0, timestamp: 0, payload: Uint8Array.of(0, 6, 0, 0, 0, 7) }, 2, 128));
  while (!peer.messages.slice(before).some(({ type, payload }) => type === 4 && payload[1] === 7)) await tick();
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

test("a player asks for the stream by its address, and gets media and data, but not the server's own data", async (t) => {
  const { peer, ready, got, messages } = await client(t, "play");
  const play = await accept(peer, "play");
  assert.deepEqual(play.slice(3, 4), ["math?key=opensesame"]);
  const [, , object] = await peer.asked("connect");
  assert.ok(object !== undefined && isAmfObject(object));
  assert.deepEqual([object["app"], object["tcUrl"]], ["live", "rtmp://a.example/live"]);
  assert.deepEqual([...(object["fourCcList"] as string[])], ["hvc1", "av01", "vp09", "Opus"]);
  peer.status("status", "NetStream.Play.Reset");
  peer.status("status", "NetStream.Play.Start");
  assert.equal(await ready, 1);
  peer.send(MESSAGE_TYPE.data, 0, encodeAmf0("|RtmpSampleAccess", true, true));
  const data = encodeAmf0("onMetaData", new EcmaArray({ width: 2 }));
  peer.send(MESSAGE_TYPE.data, 0, data);
  peer.send(MESSAGE_TYPE.video, 40, Buffer.alloc(300, 7));
  peer.send(MESSAGE_TYPE.audio, 41, Uint8Array.of(1, 2));
  await got;
  await settled(peer);
  assert.deepEqual(
    messages.map(({ type, timestamp, text }) => [type, timestamp, text]),
    [
      [MESSAGE_TYPE.data, 0, Buffer.from(data).toString("hex")],
      [MESSAGE_TYPE.video, 40, "07".repeat(300)],
      [MESSAGE_TYPE.audio, 41, "0102"],
    ],
  );
});

test("a server may begin without saying so, with messages of several at once", async (t) => {
  const { peer, ready, got, messages } = await client(t, "play");
  await accept(peer, "play");
  const tags = Buffer.from(
    "08 000001 000064 00 000000 aa 0000000c 09 000001 000078 00 000000 bb 0000000c".replaceAll(" ", ""),
    "hex",
  );
  peer.send(MESSAGE_TYPE.aggregate, 1000, tags);
  assert.equal(await ready, 1);
  await got;
  await settled(peer);
  assert.deepEqual(
    messages.map(({ type, timestamp, text }) => [type, timestamp, text]),
    [
      [8, 1000, "aa"],
      [9, 1020, "bb"],
    ],
  );
});

test("a publisher announces the stream, sends it, and says that it leaves", async (t) => {
  const { peer, ready, it } = await client(t, "publish");
  const publish = await accept(peer, "publish");
  assert.deepEqual(publish.slice(3), ["math?key=opensesame", "live"]);
  assert.deepEqual((await peer.asked("FCPublish"))[3], "math?key=opensesame");
  peer.status("status", "NetStream.Publish.Start");
  assert.equal(await ready, 1);
  it.write(writeChunks({ type: 9, streamId: 1, timestamp: 5, payload: Buffer.alloc(9000, 1) }, 6, 4096));
  it.close();
  it.close();
  await peer.gone;
  assert.deepEqual(
    peer.messages.filter(({ type }) => type === 9).map(({ timestamp, payload }) => [timestamp, payload.length]),
    [[5, 9000]],
  );
  assert.deepEqual(
    peer.commands.slice(-2).map(([name, , , value]) => [name, value]),
    [
      ["FCUnpublish", "math?key=opensesame"],
      ["deleteStream", 1],
    ],
  );
  assert.equal(it.write(new Uint8Array(1)), false);
});

test("a server that takes nothing is seen in the bytes that wait, and one that takes again is heard", async (t) => {
  const { peer, ready, it, drains } = await client(t, "publish");
  await accept(peer, "publish");
  peer.status("status", "NetStream.Publish.Start");
  await ready;
  peer.socket.pause();
  const message = writeChunks({ type: 9, streamId: 1, timestamp: 5, payload: Buffer.alloc(1 << 20) }, 6, 4096);
  while (it.write(message)) await tick();
  assert.ok(it.bufferedBytes() > 0);
  const before = drains();
  peer.socket.resume();
  while (drains() === before) await tick();
  assert.equal(it.bufferedBytes(), 0);
});

test("pings are answered, and bytes acknowledged by the server's window", async (t) => {
  const { peer, ready } = await client(t, "play");
  await accept(peer, "play");
  peer.send(MESSAGE_TYPE.windowAcknowledgementSize, 0, Uint8Array.of(0, 0, 0x80, 0));
  peer.status("status", "NetStream.Play.Start");
  await ready;
  peer.send(MESSAGE_TYPE.video, 0, new Uint8Array(20_000));
  await settled(peer);
  const [acknowledged] = peer.messages.filter(({ type }) => type === MESSAGE_TYPE.acknowledgement);
  assert.ok(acknowledged && Buffer.from(acknowledged.payload).readUInt32BE() > 16_384);
});

for (const [what, intent, said, code] of [
  [
    "an unknown stream",
    "play",
    (peer) => peer.status("error", "NetStream.Play.StreamNotFound", "No such stream"),
    "no-such-stream",
  ],
  ["a wrong key", "publish", (peer) => peer.status("error", "NetStream.Publish.BadName", "opensesame is no key"), "bad-credential"],
  [
    "a stream that has a publisher",
    "publish",
    (peer) => peer.status("error", "NetStream.Publish.BadName", "Already publishing"),
    "publisher-present",
  ],
  ["an `_error`", "publish", (peer) => peer.say("_error", 5, null, { description: "denied" }), "bad-credential"],
  ["a server that hangs up", "publish", (peer) => peer.socket.end(), "bad-credential"],
] as const satisfies readonly (readonly [string, "play" | "publish", (peer: TestPeer) => void, string])[]) {
  test(`${what} is a problem of its own, without the key, and told once`, async (t) => {
    const { peer, closed, ends } = await client(t, intent);
    await accept(peer, intent);
    said(peer);
    const end = await closed;
    assert.equal(end.code, code);
    assert.doesNotMatch(JSON.stringify(end), /sesame|secret/);
    await peer.gone;
    await tick();
    assert.equal(ends.length, 1);
  });
}

test("a refused connect is told with the server's words", async (t) => {
  const { peer, closed } = await client(t, "play");
  await peer.asked("connect");
  peer.say("_error", 1, null, { level: "error", code: "NetConnection.Connect.Rejected", description: "app live not found" });
  assert.deepEqual(await closed, {
    code: "no-such-stream",
    detail: "The server refused connect: NetConnection.Connect.Rejected: app live not found",
  });
});

test("errors for commands that a server does not know harm nothing", async (t) => {
  const { peer, ready } = await client(t, "publish");
  await peer.asked("connect");
  peer.say("_result", 1, null, null);
  await peer.asked("createStream");
  peer.say("_error", 2, null, { description: "releaseStream?" });
  peer.say("_error", 3, null, { description: "FCPublish?" });
  peer.say("_result", 4, null, 7);
  await peer.asked("publish");
  peer.say("onFCPublish", 0, null, { code: "NetStream.Publish.Start" });
  peer.status("status", "NetStream.Publish.Start");
  assert.equal(await ready, 7);
});

test("a server that asks for a user in Adobe's way is connected to with one", async (t) => {
  const { server, peer, ready } = await client(t, "publish");
  const refuse = async (at: TestPeer, description: string): Promise<void> => {
    await at.asked("connect");
    at.say("_error", 1, null, { level: "error", code: "NetConnection.Connect.Rejected", description });
    await at.gone;
  };
  const appOf = async (at: TestPeer) => {
    const [, , object] = await at.asked("connect");
    return object !== undefined && isAmfObject(object) ? String(object["app"]) : "";
  };
  await refuse(peer, "[ code=403 need auth; authmod=adobe ] : ");
  const second = await server.next();
  assert.equal(await appOf(second), "live?authmod=adobe&user=me");
  await refuse(second, "[ authmod=adobe ] : ?reason=needauth&user=me&salt=s&challenge=c&opaque=o");
  const third = await server.next();
  assert.match(await appOf(third), /^live\?authmod=adobe&user=me&challenge=[0-9a-f]{8}&response=\S{22}==&opaque=o$/);
  await accept(third, "publish");
  third.status("status", "NetStream.Publish.Start");
  assert.equal(await ready, 1);
});

test("a server that always asks for the user is not asked for ever", async (t) => {
  const { server, peer, closed } = await client(t, "publish");
  for (let at = peer, i = 0; i < 3; i++) {
    await at.asked("connect");
    at.say("_error", 1, null, { code: "NetConnection.Connect.Rejected", description: "code=403 need auth; authmod=adobe" });
    if (i < 2) at = await server.next();
  }
  assert.equal((await closed).code, "bad-credential");
});

test("a stream that the server has ended may begin again for two seconds", async (t) => {
  const { peer, ready, clock, ends, messages } = await client(t, "play");
  await accept(peer, "play");
  peer.status("status", "NetStream.Play.Start");
  await ready;
  const streamEof = () => peer.send(MESSAGE_TYPE.userControl, 0, Uint8Array.of(0, 1, 0, 0, 0, 1));
  streamEof();
  await settled(peer);
  clock.advance(1999);
  peer.send(MESSAGE_TYPE.audio, 0, Uint8Array.of(1));
  await settled(peer);
  clock.advance(100_000);
  assert.deepEqual([messages.length, ends], [1, []]);
  streamEof();
  await settled(peer);
  clock.advance(2000);
  assert.deepEqual(ends, [{ code: "ended", detail: "The server ended the stream." }]);
});

test("a server that takes a stream and hangs up may not like the key", async (t) => {
  for (const after of [4999, 5000]) {
    const { peer, ready, clock, closed } = await client(t, "publish");
    await accept(peer, "publish");
    peer.status("status", "NetStream.Publish.Start");
    await ready;
    clock.advance(after);
    peer.socket.end();
    const { code, detail } = await closed;
    assert.deepEqual([code, /key/.test(detail)], ["ended", after < 5000]);
  }
});

test("the end of a stream, and of a connection, is told as one", async (t) => {
  for (const end of [
    (peer: TestPeer) => peer.status("status", "NetStream.Play.UnpublishNotify"),
    (peer: TestPeer) => peer.say("close", 0, null),
    (peer: TestPeer) => void peer.socket.end(),
    (peer: TestPeer) => void peer.socket.resetAndDestroy(),
  ]) {
    const { peer, ready, closed } = await client(t, "play");
    await accept(peer, "play");
    peer.status("status", "NetStream.Play.Start");
    await ready;
    end(peer);
    assert.equal((await closed).code, "ended");
  }
});

test("nothing is told after the client was closed", async (t) => {
  const { peer, ready, it, messages, ends } = await client(t, "play");
  await accept(peer, "play");
  peer.status("status", "NetStream.Play.Start");
  await ready;
  it.close();
  peer.send(MESSAGE_TYPE.video, 0, new Uint8Array(10));
  peer.socket.end();
  await peer.gone;
  await tick();
  assert.deepEqual([messages, ends], [[], []]);
});

test("nobody at the address, and a server of another protocol, are told as such", async () => {
  const server = createServer(
    (socket) =>
      void socket
        .on("error", () => {})
        .resume()
        .end("HTTP/1.1 400 Bad Request\r\n\r\n"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const connect = () =>
    new Promise<JobProblem>((onClosed) => {
      const url = new URL("rtmp://a.example/live/math");
      const ignored = { onReady: () => {}, onMessage: () => {}, onDrain: () => {} };
      connectRtmp({ url, address: { host: "127.0.0.1", port }, intent: "play", clock: new ManualClock(), ...ignored, onClosed });
    });
  assert.deepEqual(await connect(), { code: "not-media", detail: "The server does not speak RTMP as it should: RTMP version 72." });
  await new Promise((resolve) => server.close(resolve));
  assert.deepEqual(await connect(), { code: "unreachable", detail: "The connection failed: ECONNREFUSED." });
});

test("a server that does not answer is given ten seconds for each step", async (t) => {
  const silent = await client(t, "play", { greet: false });
  await new Promise((resolve) => silent.peer.socket.once("data", resolve));
  silent.clock.advance(9999);
  assert.equal(silent.ends.length, 0);
  silent.clock.advance(1);
  assert.deepEqual(silent.ends, [{ code: "unreachable", detail: "The server did not shake hands within 10 s." }]);

  for (const step of ["connect", "createStream", "publish"] as const) {
    const { peer, clock, ends } = await client(t, "publish");
    await peer.asked("connect");
    clock.advance(9000);
    if (step !== "connect") peer.say("_result", 1, null, null);
    if (step !== "connect") await peer.asked("createStream");
    clock.advance(step === "connect" ? 999 : 9000);
    if (step === "publish") peer.say("_result", 4, null, 1);
    if (step === "publish") await peer.asked("publish");
    clock.advance(step === "connect" ? 0 : 999);
    assert.equal(ends.length, 0, step);
    clock.advance(9001);
    assert.deepEqual(ends, [{ code: "unreachable", detail: `The server did not answer ${step} within 10 s.` }]);
  }
});

test("a stream that plays is given all the time that its caller gives it", async (t) => {
  const { peer, clock, ready, ends } = await client(t, "play");
  await accept(peer, "play");
  peer.status("status", "NetStream.Play.Start");
  await ready;
  clock.advance(1_000_000);
  assert.deepEqual(ends, []);
});

for (const [what, bytes] of [
  ["a message without an end", Buffer.from("04000000ffffff0901000000", "hex")],
  ["chunks of nothing", Buffer.from("c4aa", "hex")],
  [
    "chunk streams without number",
    Buffer.concat(Array.from({ length: 80 }, (_, i) => Buffer.from([0, i, 0, 0, 0, 0, 0, 1, 8, 1, 0, 0, 0, 0]))),
  ],
  ["a command that is none", writeChunks({ type: 20, streamId: 0, timestamp: 0, payload: Uint8Array.of(99) }, 3, 128)],
] as const) {
  test(`${what} from the server ends the connection`, async (t) => {
    const { peer, closed } = await client(t, "publish");
    await peer.asked("connect");
    peer.socket.write(bytes);
    assert.equal((await closed).code, "not-media");
  });
}

test("a server that talks without end is left, before it plays and while it is published to", async (t) => {
  const chatter = writeChunks({ type: 3, streamId: 0, timestamp: 0, payload: new Uint8Array(100_000) }, 2, 128);
  for (const published of [false, true]) {
    const { peer, closed, ready } = await client(t, "publish");
    if (published) await accept(peer, "publish");
    if (published) peer.status("status", "NetStream.Publish.Start");
    await (published ? ready : peer.asked("connect"));
    const talk = () => peer.socket.writable && peer.socket.write(chatter, talk);
    talk();
    assert.equal((await closed).code, "not-media");
  }
});

test("a server that pings and reads nothing costs no memory", async (t) => {
  const { peer, ready, it } = await client(t, "play");
  await accept(peer, "play");
  peer.status("status", "NetStream.Play.Start");
  await ready;
  peer.socket.pause();
  const ping = writeChunks({ type: 4, streamId: 0, timestamp: 0, payload: Uint8Array.of(0, 6, 0, 0, 0, 1) }, 2, 128);
  const pings = Buffer.concat(Array.from({ length: 10_000 }, () => ping));
  for (let i = 0; i < 100; i++) await new Promise((resolve) => peer.socket.write(pings, resolve));
  assert.ok(it.bufferedBytes() <= 1024 * 1024 + 100, `${it.bufferedBytes()} bytes`);
});
