/** Publishers as they are: what one sends that cannot be read does not end it, and who breaks the protocol is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeAmf0, MESSAGE_TYPE } from "@lectern/media";
import { Refusal } from "../../platform/refusal.ts";
import { aacConfiguration, avcConfiguration } from "../streams/synthetic-source.ts";
import { testPublisher, testRtmpSessions } from "./test-rtmp-publisher.ts";

const STARTED = "NetStream.Publish.Start Your picture reaches the students.";
const dataOf = (message: ReturnType<typeof avcConfiguration>) =>
  message.kind === "configuration" ? message.data : new Uint8Array();

test("data and commands that cannot be read do not end a publisher", async (t) => {
  const { port, streams, events } = await testRtmpSessions(t);
  const publisher = await testPublisher(t, port);
  assert.equal(await publisher.publish("math"), STARTED);
  const metadata = encodeAmf0("@setDataFrame", "onMetaData", { width: 640 });
  publisher.send(MESSAGE_TYPE.data, metadata.subarray(0, metadata.length - 3));
  publisher.send(MESSAGE_TYPE.data, Uint8Array.of(0x4d, 1, 2));
  publisher.send(MESSAGE_TYPE.data, new Uint8Array(0));
  publisher.send(MESSAGE_TYPE.dataAmf3, Uint8Array.of(0, ...encodeAmf0("onMetaData"), 0x11, 0x0a, 0x02));
  publisher.send(MESSAGE_TYPE.command, Uint8Array.of(...encodeAmf0("onStatistics", 0), 0x4d));
  publisher.send(MESSAGE_TYPE.command, encodeAmf0(7));
  publisher.send(MESSAGE_TYPE.command, new Uint8Array(0));
  publisher.send(MESSAGE_TYPE.aggregate, Uint8Array.of(8, 0, 0, 99));
  publisher.send(MESSAGE_TYPE.video, Uint8Array.of(0x17, 2));
  publisher.send(MESSAGE_TYPE.audio, Uint8Array.of(0xaf, 0));
  publisher.send(MESSAGE_TYPE.video, Uint8Array.of(0x17, 0, 0, 0, 0, 9, 9, 9));
  publisher.send(MESSAGE_TYPE.video, Uint8Array.of(0x17, 0, 0, 0, 0, ...dataOf(avcConfiguration())));
  publisher.send(MESSAGE_TYPE.audio, Uint8Array.of(0xaf, 0, ...dataOf(aacConfiguration)));
  publisher.send(MESSAGE_TYPE.video, Uint8Array.of(0x17, 1, 0, 0, 0, 0, 0, 0, 3, 0x65, 0x88, 0x80));
  publisher.send(MESSAGE_TYPE.audio, Uint8Array.of(0xaf, 1, 0x21, 0, 0));
  publisher.command("createStream", 9, null);
  await publisher.answer("_result");
  const context = streams.find("live", "math")?.log.context;
  assert.equal(context?.video?.format?.width, 1920);
  assert.equal(context?.audio?.format?.channels, 2);
  assert.deepEqual(events, ["publishing live/math"]);
});

test("a command is carried out by the values before the one that cannot be read", async (t) => {
  const { port } = await testRtmpSessions(t);
  const publisher = await testPublisher(t, port);
  publisher.command("createStream", 2, null);
  await publisher.answer("_result");
  publisher.send(MESSAGE_TYPE.command, Uint8Array.of(...encodeAmf0("publish", 3, null, "math"), 0x4d, 0));
  assert.equal(await publisher.status(), STARTED);
});

test("commands of AMF3 are read with and without the byte before them, and with values of AMF3", async (t) => {
  const { port, requests } = await testRtmpSessions(t);
  const publisher = await testPublisher(t, port, null);
  publisher.send(MESSAGE_TYPE.commandAmf3, Uint8Array.of(0, ...encodeAmf0("connect", 1, { app: "live", objectEncoding: 3 })));
  await publisher.answer("_result");
  publisher.send(MESSAGE_TYPE.commandAmf3, encodeAmf0("createStream", 2, null));
  await publisher.answer("_result");
  const text = Buffer.from("math");
  publisher.send(
    MESSAGE_TYPE.commandAmf3,
    Uint8Array.of(0, ...encodeAmf0("publish", 3), 0x11, 1, 0x11, 6, (text.length << 1) | 1, ...text),
  );
  assert.equal(await publisher.status(), STARTED);
  assert.equal(requests[0]?.name, "math");
});

test("an encoder that publishes again and again on one connection goes on", async (t) => {
  const { port, events } = await testRtmpSessions(t);
  const publisher = await testPublisher(t, port);
  for (let i = 1; i <= 40; i++) {
    assert.equal(await publisher.publish("math"), STARTED, `${i}`);
    publisher.command("FCUnpublish", 4, null, "math");
    publisher.command("deleteStream", 5, null, i);
    assert.match(await publisher.status(), /^NetStream.Unpublish.Success/);
  }
  assert.equal(events.filter((event) => event === "publishing live/math").length, 40);
  assert.deepEqual(
    events.filter((event) => event.startsWith("broken")),
    [],
  );
});

test("a client may have sixteen streams open, and is told when it wants more", async (t) => {
  const { port, events } = await testRtmpSessions(t);
  const publisher = await testPublisher(t, port);
  for (let i = 0; i < 17; i++) publisher.command("createStream", 2 + i, null);
  assert.equal(await publisher.status(), "NetConnection.Connect.Closed bad-request: too many message streams.");
  await publisher.closed;
  assert.deepEqual(events, ["broken too many message streams"]);
});

test("to delete another stream than the one in use does not end publishing", async (t) => {
  const { port, events } = await testRtmpSessions(t);
  const publisher = await testPublisher(t, port);
  assert.equal(await publisher.publish("math"), STARTED);
  publisher.command("createStream", 5, null);
  const other = await publisher.answer("_result");
  publisher.command("deleteStream", 6, null, other);
  publisher.command("createStream", 7, null);
  await publisher.answer("_result");
  assert.deepEqual(events, ["publishing live/math"]);
});

test("a publisher that breaks the protocol is told the rule before its connection is closed", async (t) => {
  const { port, events } = await testRtmpSessions(t);
  const publisher = await testPublisher(t, port);
  await publisher.publish("math");
  // A chunk size of 0.
  publisher.send(MESSAGE_TYPE.setChunkSize, new Uint8Array(4));
  publisher.send(MESSAGE_TYPE.video, new Uint8Array(100));
  assert.equal(await publisher.status(), "NetStream.Publish.Failed bad-request: a chunk size of 0.");
  await publisher.closed;
  // The people of the lesson see it among the attempts that failed.
  assert.deepEqual(events, [
    "publishing live/math",
    "broken a chunk size of 0",
    "refused live/math bad-request",
    "unpublished live/math a chunk size of 0",
  ]);
});

test("a client that was never connected to an app is told too", async (t) => {
  const { port, events } = await testRtmpSessions(t);
  const publisher = await testPublisher(t, port, null);
  publisher.send(MESSAGE_TYPE.command, Uint8Array.of(0x4d, 1, 2));
  const information = JSON.parse(JSON.stringify(await publisher.answer("_error")));
  assert.deepEqual(
    [information.code, information.description],
    ["NetConnection.Connect.Rejected", "bad-request: AMF0 marker 77 is not known."],
  );
  await publisher.closed;
  assert.deepEqual(events, ["broken AMF0 marker 77 is not known"]);
});

test("the whole address in an encoder's field for the server publishes its stream", async (t) => {
  const { port, requests } = await testRtmpSessions(t);
  const publisher = await testPublisher(t, port, "live/math?key=s3cret");
  assert.equal(await publisher.publish(""), STARTED);
  assert.deepEqual([requests[0]?.app, requests[0]?.name, requests[0]?.credentials.publishKey], ["live", "math", "s3cret"]);
});

test("who gives no key is told where it belongs, and a key in the wrong place is in no log", async (t) => {
  const { port, events } = await testRtmpSessions(t, () => new Refusal("not-signed-in"));
  const keyless = await testPublisher(t, port);
  assert.match(await keyless.publish("math"), /BadName not-signed-in: .*math\?key=KEY is the stream key/);
  const twofold = await testPublisher(t, port, "live/math");
  assert.match(await twofold.publish("s3cret"), /BadName bad-request: .*the stream key math\?key=KEY/);
  assert.deepEqual(events, ["refused live/math not-signed-in", "refused live/math bad-request"]);
});

test("an encoder is warned when nobody can decode what it sends, and told when that is over, and goes on", async (t) => {
  const { port, events } = await testRtmpSessions(t);
  const publisher = await testPublisher(t, port);
  assert.equal(await publisher.publish("math"), STARTED);
  const key = Uint8Array.of(0x17, 1, 0, 0, 0, 0, 0, 0, 3, 0x65, 0x88, 0x80);
  for (let i = 0; i < 5; i++) publisher.send(MESSAGE_TYPE.video, key, i * 40);
  assert.match(await publisher.status(), /^NetStream.Publish.Undecodable configuration-missing: The encoder sends frames/);
  publisher.send(MESSAGE_TYPE.video, Uint8Array.of(0x17, 0, 0, 0, 0, ...dataOf(avcConfiguration())));
  publisher.send(MESSAGE_TYPE.video, key, 400);
  assert.match(await publisher.status(), /^NetStream.Publish.Decodable video: /);
  assert.deepEqual(events, ["publishing live/math"]);
});
