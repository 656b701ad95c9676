/** Publishing by WebSocket: what every viewer gets of it, who may, and what becomes of those that are silent, broken, too fast or revoked. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { TAG_TYPE, writeTag } from "@lectern/media";
import WebSocket from "ws";
import { clip } from "./clips.ts";
import { ffmpegDone } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { watchPackets } from "./packet-viewer.ts";
import { isDeltaFrame, WebSocketPublisher } from "./websocket-publisher.ts";

const KEYS = { "publish.allow": "keys", "publish.keys": '{"live/keyed": "s3cret", "live/math": "s3cret"}' };

const at = ({ http }: Lectern, name: string, query = "") => `${http}/live/${name}/publish${query}`;

test("what is published reaches viewers by FLV, HLS and RTMP, and decodes without an error; the publisher hears how far it was read", async (t) => {
  const lectern = await sharedLectern();
  const publisher = new WebSocketPublisher(t, at(lectern, "all"));
  await until(() => publisher.has("started"), "the start");
  publisher.play(clip("2 s GOP", 40));
  const { publisher: who } = await lectern.stream("all", ({ video, audio }) => video?.gopSeconds != null && audio !== null);
  assert.equal(who?.protocol, "ws");
  for (const address of [`${lectern.http}/live/all.flv`, `${lectern.http}/live/all.m3u8`, `${lectern.rtmp}/live/all`]) {
    const out = await ffmpegDone(t, ["-xerror", "-i", address, "-t", "2", "-map", "0:v", "-map", "0:a", "-f", "framemd5", "-"]);
    const lines = out.toString().split("\n");
    assert.ok(lines.filter((line) => line.startsWith("0,")).length > 40, `pictures at ${address}`);
    assert.ok(lines.filter((line) => line.startsWith("1,")).length > 60, `sound at ${address}`);
  }
  const report = await until(() => publisher.answers.findLast(({ kind }) => kind === "received") ?? null, "a report");
  assert.ok((report.timestamp ?? 0) > 2000 && (report.bytes ?? 0) > 10_000, JSON.stringify(report));
  publisher.socket.close();
});

test("who has no key, a wrong one, or a stream that another publishes is told so in words, and closed with the status that a request would get", async (t) => {
  const lectern = await sharedLectern(KEYS);
  const refusals = [
    ["", "not-signed-in", 4401],
    ["?key=wrong", "bad-key", 4401],
  ] as const;
  for (const [query, code, status] of refusals) {
    const publisher = new WebSocketPublisher(t, at(lectern, "keyed", query), { "accept-language": "zh-CN" });
    await until(() => publisher.closed, "the end");
    assert.equal(publisher.ended?.code, code);
    assert.match(publisher.ended?.detail ?? "", /[一-鿿]/);
    assert.deepEqual(publisher.closed, { code: status, reason: code });
  }
  const first = new WebSocketPublisher(t, at(lectern, "keyed"), { authorization: "Bearer s3cret" });
  await until(() => first.has("started"), "the start");
  first.play(clip("tiny", 60));
  await lectern.stream("keyed");
  const second = new WebSocketPublisher(t, at(lectern, "keyed", "?key=s3cret"));
  await until(() => second.closed, "the refusal");
  assert.deepEqual([second.ended?.code, second.closed?.code], ["publisher-present", 4409]);
  assert.equal(first.closed, null);
  first.stop();
  const third = await until(async () => {
    const again = new WebSocketPublisher(t, at(lectern, "keyed", "?key=s3cret"));
    await until(() => again.has("started") || again.closed, "an answer");
    return again.has("started") ? again : null;
  }, "a publisher that comes back after two seconds of silence");
  await until(() => first.closed, "the end of the silent one");
  assert.equal(first.ended?.code, "superseded");
  third.socket.close();
});

long("without the subprotocol the handshake is refused, a plain request too, and another application is not there", async (t) => {
  const lectern = await sharedLectern();
  const plain = await fetch(at(lectern, "plain"));
  assert.deepEqual([plain.status, /"code":"([^"]+)"/.exec(await plain.text())?.[1]], [400, "bad-request"]);
  const statusOf = (address: string, protocols: readonly string[]) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(address.replace("http", "ws"), [...protocols]);
      t.after(() => socket.terminate());
      socket.on("error", () => {});
      socket.on("unexpected-response", (_request, { statusCode }) => resolve(statusCode ?? 0));
      socket.on("open", () => resolve(101));
    });
  assert.equal(await statusOf(at(lectern, "plain"), []), 400);
  assert.equal(await statusOf(at(lectern, "plain"), ["other"]), 400);
  assert.equal(await statusOf(`${lectern.http}/nowhere/plain/publish`, ["lectern.flv.v1"]), 404);
});

long("bytes that are no FLV, a text message and a message that is too large close the publisher and nobody else", async (t) => {
  const lectern = await sharedLectern();
  const other = new WebSocketPublisher(t, at(lectern, "steady"));
  await until(() => other.has("started"), "the start");
  other.play(clip("tiny", 60));
  const sends: readonly ((socket: WebSocket) => void)[] = [
    (socket) => socket.send(Buffer.from("no flv at all, whatever it is")),
    (socket) => socket.send("text"),
    (socket) => socket.send(Buffer.alloc(0)),
  ];
  for (const [i, sendIt] of sends.entries()) {
    const publisher = new WebSocketPublisher(t, at(lectern, `broken${i}`));
    await until(() => publisher.has("started"), "the start");
    sendIt(publisher.socket);
    await until(() => publisher.closed, `the end of ${i}`);
    assert.deepEqual([publisher.ended?.code, publisher.closed?.code], ["bad-request", 1007], `message ${i}`);
  }
  const large = new WebSocketPublisher(t, at(lectern, "large"));
  await until(() => large.has("started"), "the start");
  large.send(Buffer.alloc(5 * 1024 * 1024));
  await until(() => large.closed, "the end of the large one");
  assert.equal(other.closed, null);
  await lectern.stream("steady", ({ video }) => video !== null);
  other.socket.close();
});

long("a picture that does not begin with a key frame is asked for one", async (t) => {
  const lectern = await sharedLectern();
  const publisher = new WebSocketPublisher(t, at(lectern, "asked"));
  await until(() => publisher.has("started"), "the start");
  let hasDelta = false;
  publisher.play(clip("2 s GOP", 40), (tag) => {
    hasDelta ||= isDeltaFrame(tag);
    const isKey = tag.type === TAG_TYPE.video && tag.body[0] === 0x17 && tag.body[1] === 1;
    return hasDelta || !isKey;
  });
  await until(() => publisher.has("key-frame"), "the request");
  publisher.socket.close();
});

long("viewers by WHEP who begin far from a key frame have one asked for, once for all of them", async (t) => {
  // It may have to be made, for longer than a publisher may be silent.
  const file = clip("counted", 90);
  const lectern = await sharedLectern({ workers: "1" });
  const publisher = new WebSocketPublisher(t, at(lectern, "long"));
  await until(() => publisher.has("started"), "the start");
  // One group that never ends, until it is asked for another.
  let keys = 0;
  let newest = 0;
  publisher.play(file, (tag) => {
    const isKey = tag.type === TAG_TYPE.video && tag.body[0] === 0x17 && tag.body[1] === 1;
    if (isKey && keys > 0 && !publisher.has("key-frame")) return false;
    if (isKey) keys++;
    newest = tag.timestamp;
    return true;
  });
  await until(() => newest > 3000, "three seconds of one group");
  assert.equal(publisher.has("key-frame"), false);
  const viewers = await Promise.all([1, 2, 3].map(() => watchPackets(t, `${lectern.http}/live/long/whep`)));
  await until(() => publisher.has("key-frame"), "the request");
  assert.ok(newest < 10_000, `asked for at ${newest} ms, when the server asks for one by itself`);
  await until(() => viewers.every(({ packets }) => packets.length > 0), "packets for all");
  assert.equal(publisher.answers.filter(({ kind }) => kind === "key-frame").length, 1);
  publisher.socket.close();
});

long("a client that floods is slowed by TCP: the server's memory does not follow, and its other streams go on", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  const other = new WebSocketPublisher(t, at(lectern, "steady"));
  await until(() => other.has("started"), "the start");
  other.play(clip("tiny", 60));
  const flood = new WebSocketPublisher(t, at(lectern, "flood"));
  await until(() => flood.has("started"), "the start");
  const tag = writeTag(TAG_TYPE.script, 0, [Buffer.alloc(500_000)]);
  const audio = writeTag(TAG_TYPE.audio, 0, [[0x2f], Buffer.alloc(500_000)]);
  flood.send(tag);
  const refused = await until(() => flood.closed ?? flood.answers.find(({ bytes }) => (bytes ?? 0) > 0) ?? null, "an answer");
  assert.ok(refused);
  const again = new WebSocketPublisher(t, at(lectern, "flood2"));
  await until(() => again.has("started"), "the start");
  const begun = performance.now();
  let sent = 0;
  while (performance.now() - begun < 4000) {
    if (again.socket.bufferedAmount < 2_000_000) {
      again.send(audio);
      sent += audio.length;
    } else await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const read = again.answers.findLast(({ kind }) => kind === "received")?.bytes ?? 0;
  assert.ok(read > 5_000_000 && read < 45_000_000, `${read} of ${sent} bytes in four seconds`);
  const before = other.answers.length;
  await until(() => other.answers.length > before + 2, "reports of the other publisher");
  assert.equal(other.closed, null);
});

long("a publisher that never sends anything is closed, and so is a handshake that never ends", { timeout: 60_000 }, async (t) => {
  const lectern = await sharedLectern();
  const publisher = new WebSocketPublisher(t, at(lectern, "mute"));
  await until(() => publisher.has("started"), "the start");
  const half = connect(lectern.httpPort, "127.0.0.1");
  let isClosed = false;
  half.on("close", () => (isClosed = true)).on("error", () => {});
  half.write("GET /live/half/publish HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\n");
  await until(() => publisher.closed, "the end of the mute one");
  assert.equal(publisher.ended?.code, "silent");
  await until(() => isClosed, "the end of the half handshake");
});

long("a key that is taken away ends the publisher at once, in words", async (t) => {
  const lectern = await sharedLectern();
  const { id, stream } = await done(lectern, "POST", "/lessons", { title: "Chemistry" });
  await done(lectern, "POST", `/lessons/${id}/start`);
  const publisher = new WebSocketPublisher(t, at(lectern, stream.name, `?key=${stream.publishKey}`));
  await until(() => publisher.has("started") || publisher.ended, "the start");
  assert.equal(publisher.ended, null);
  publisher.play(clip("tiny", 60));
  await lectern.stream(stream.name);
  await done(lectern, "POST", `/lessons/${id}/rotate-key`, { disconnect: true });
  await until(() => publisher.closed, "the end");
  assert.equal(publisher.answers.at(-1)?.code, "ended-by-operator");
  const again = new WebSocketPublisher(t, at(lectern, stream.name, `?key=${stream.publishKey}`));
  await until(() => again.closed, "the refusal of the old key");
  assert.deepEqual([again.ended?.code, again.closed?.code], ["bad-key", 4401]);
});

long(
  "a probe tells how much has arrived since when, and ends by itself; it needs the key, and not too many are made",
  async (t) => {
    const lectern = await sharedLectern(KEYS);
    const probe = (query: string) =>
      new WebSocketPublisher(t, at(lectern, "keyed", "/probe").replace("publish", "publish") + query);
    const wrong = probe("?key=wrong");
    await until(() => wrong.closed, "the refusal");
    assert.equal(wrong.ended?.code, "bad-key");
    const one = probe("?key=s3cret");
    await until(() => one.socket.readyState === WebSocket.OPEN, "the handshake");
    one.socket.send('{"kind":"ping"}');
    await until(() => one.has("pong"), "the pong");
    for (let i = 0; i < 200; i++) one.send(Buffer.alloc(16_384));
    await until(() => one.closed, "the end");
    const last = one.answers.findLast(({ kind }) => kind === "received");
    assert.ok((last?.bytes ?? 0) >= 2 * 1024 * 1024 && (last?.bytes ?? 0) < 2_200_000, JSON.stringify(last));
    for (let i = 0; i < 6; i++) probe("?key=s3cret");
    const many = probe("?key=s3cret");
    await until(() => many.closed, "the refusal");
    assert.deepEqual([many.ended?.code, many.closed?.code], ["too-many", 4429]);
  },
);
