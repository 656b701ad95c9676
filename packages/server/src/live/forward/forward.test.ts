import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type AmfValue, decodeAmf0, isAmfObject, Malformed, MESSAGE_TYPE, type RtmpMessage } from "@lectern/media";
import { pino } from "pino";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { ManualClock } from "../../platform/clock.ts";
import { accept, type TestPeer, testRtmpServer } from "../rtmp/test-rtmp-server.ts";
import { aacConfiguration, avcConfiguration, lesson, videoFrame } from "../streams/synthetic-source.ts";
import { type TestStream, testStream } from "../streams/test-stream.ts";
import { startForward } from "./forward.ts";

const KEY = "opensesame";
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

/** A stream that is described, but has no frame so far. */
function liveStream(clock: ManualClock, epoch = "epoch 1") {
  const live = testStream(clock, epoch);
  live.push([{ kind: "metadata", properties: { title: "Algebra" } }, avcConfiguration(), aacConfiguration]);
  return live;
}

/** A forward to a server that this test plays. */
async function forwarding(t: TestContext, { live = true, resolve = null as JobProblem | null } = {}) {
  const clock = new ManualClock();
  const server = await testRtmpServer(t);
  const lines: string[] = [];
  const state = { live: live ? liveStream(clock) : null, resolve };
  t.after(() => state.live?.stream.end("test"));
  const job = startForward({
    forward: { kind: "forward", id: "f1", app: "live", name: "math", school: "", url: `rtmp://a.example/app/${KEY}?sign=${KEY}2` },
    sourceOf: () => (state.live?.stream.ended ? null : (state.live?.stream ?? null)),
    clock,
    log: pino({ level: "info" }, { write: (text: string) => void lines.push(text) }),
    command: "ffmpeg",
    resolve: async () => state.resolve ?? { host: "127.0.0.1", port: server.port },
  });
  t.after(() => job.close("test"));
  t.after(() => assert.doesNotMatch(`${lines} ${JSON.stringify(job.report())}`, new RegExp(KEY)));
  const events = () => lines.map((line): string => JSON.parse(line).msg);
  return { clock, server, state, job, lines, events, streamOf: () => state.live as TestStream };
}

/** Lets a client publish. */
async function publishing(peer: TestPeer): Promise<void> {
  await accept(peer, "publish");
  peer.status("status", "NetStream.Publish.Start");
}

const media = (peer: TestPeer) => peer.messages.filter(({ type }) => [8, 9, 18].includes(type));
const isKeyFrame = ({ type, payload }: RtmpMessage) => type === MESSAGE_TYPE.video && payload[0] === 0x17 && payload[1] === 1;
const isVideo = ({ type, payload }: RtmpMessage) => type === MESSAGE_TYPE.video && payload[1] === 1;
const isConfiguration = ({ type, payload }: RtmpMessage) => (type === 9 || type === 8) && payload[1] === 0;

test("a forward begins at the newest key frame, behind metadata and configurations, and keeps the times", async (t) => {
  const { server, job, clock, streamOf, events } = await forwarding(t);
  streamOf().push(lesson(5));
  const peer = await server.next();
  assert.equal(job.report().state, "starting");
  await publishing(peer);
  await until(() => media(peer).length > 10);
  const [metadata, video, audio, first] = media(peer) as [RtmpMessage, RtmpMessage, RtmpMessage, RtmpMessage];
  const values = decodeAmf0(metadata.payload) as AmfValue[];
  assert.ok(!(values instanceof Malformed) && values[2] !== undefined && isAmfObject(values[2]));
  assert.deepEqual(values.slice(0, 2), ["@setDataFrame", "onMetaData"]);
  assert.equal(values[2]["width"], 1920);
  assert.ok(isConfiguration(video) && video.type === 9 && isConfiguration(audio) && audio.type === 8);
  assert.ok(isKeyFrame(first));
  assert.deepEqual(
    [metadata, video, audio, first].map(({ timestamp }) => timestamp),
    [4000, 4000, 4000, 4000],
  );
  assert.deepEqual([job.report().state, job.report().problem, job.report().since], ["running", null, clock.utc()]);
  streamOf().push([videoFrame(5000, false)]);
  await until(() => media(peer).at(-1)?.timestamp === 5000);
  assert.deepEqual(events(), ["forward began"]);
  assert.equal(streamOf().stream.viewerCount, 0);
  assert.equal(streamOf().stream.mayWaitMs, 40);
});

test("a configuration that changes is sent before the frames that need it", async (t) => {
  const { server, streamOf } = await forwarding(t);
  streamOf().push(lesson(1));
  const peer = await server.next();
  await publishing(peer);
  await until(() => media(peer).length > 10);
  streamOf().push([avcConfiguration(1), ...[...lesson(3)].filter(({ timestamp }) => timestamp >= 1000)]);
  await until(() => media(peer).at(-1)?.timestamp === 2960);
  const after = media(peer).filter(({ timestamp }) => timestamp >= 1000);
  const at = after.findIndex((message) => isConfiguration(message) && message.type === 9);
  assert.equal(after[at]?.payload.at(-1), 1);
  const next = after.slice(at).find(isVideo);
  assert.ok(next && isKeyFrame(next), "what follows a new configuration is a key frame");
  assert.equal(after.slice(0, at).some(isVideo), false);
});

test("a target that is slower than the stream misses frames up to a key frame, and the stream waits for nothing", async (t) => {
  const { server, streamOf } = await forwarding(t);
  streamOf().push(lesson(1));
  const peer = await server.next();
  await publishing(peer);
  await until(() => media(peer).length > 10);
  peer.socket.pause();
  const large = (from: number, to: number) =>
    Array.from({ length: (to - from) / 40 }, (_, i) =>
      videoFrame(from + 40 * i, (from + 40 * i) % 2000 === 0, from + 40 * i, 100_000),
    );
  for (let time = 1000; time < 41_000; time += 400) {
    streamOf().push(large(time, time + 400));
    await turn();
  }
  peer.socket.resume();
  await until(() => media(peer).at(-1)?.timestamp === 40_960);
  const videos = media(peer).filter(isVideo);
  const jumps = videos.filter(({ timestamp }, i) => i > 0 && timestamp - (videos[i - 1]?.timestamp ?? 0) > 40);
  assert.ok(jumps.length > 0, "frames were left out");
  assert.ok(jumps.every(isKeyFrame), "what follows a hole is a key frame");
  assert.ok(videos.length < 800, `${videos.length} of 1000 frames`);
});

test("a target that takes nothing for 20 s is connected to again", async (t) => {
  const { server, job, clock, streamOf } = await forwarding(t);
  streamOf().push(lesson(1));
  const peer = await server.next();
  await publishing(peer);
  await until(() => media(peer).length > 10);
  peer.socket.pause();
  for (let time = 1000; time < 21_000; time += 40) {
    streamOf().push([videoFrame(time, time % 2000 === 0, time, 100_000)]);
    if (time % 400 === 0) await turn();
  }
  await turn();
  for (let i = 0; i < 20; i++) clock.advance(1000);
  assert.deepEqual(job.report().problem, { code: "stalled", detail: "The server takes nothing any more." });
  clock.advance(1000);
  await publishing(await server.next());
  await until(() => job.report().state === "running");
  assert.equal(job.report().restarts, 1);
});

test("a forward waits for its stream, leaves when that is over, and comes back with it", async (t) => {
  const { server, job, clock, state, events } = await forwarding(t, { live: false });
  assert.equal(job.report().state, "waiting");
  clock.advance(5000);
  state.live = liveStream(clock);
  state.live.push(lesson(1));
  clock.advance(1000);
  const peer = await server.next();
  await publishing(peer);
  await until(() => media(peer).length > 10);
  const { stream } = state.live;
  assert.equal(stream.idleMs, 0);
  stream.end("unpublished");
  await turn();
  clock.advance(1000);
  await peer.gone;
  assert.deepEqual(
    peer.commands.slice(-2).map(([name]) => name),
    ["FCUnpublish", "deleteStream"],
  );
  assert.deepEqual([job.report().state, job.report().problem, job.report().restarts], ["waiting", null, 0]);
  state.live = liveStream(clock, "epoch 2");
  state.live.push(lesson(1));
  clock.advance(1000);
  await publishing(await server.next());
  await until(() => job.report().state === "running");
  assert.deepEqual(events(), ["forward began", "forward ended", "forward began"]);
});

test("a publisher that reconnects is not seen by the target", async (t) => {
  const { server, clock, streamOf } = await forwarding(t);
  const { leave, publish, push } = streamOf();
  push(lesson(1));
  const peer = await server.next();
  await publishing(peer);
  await until(() => media(peer).length > 10);
  leave();
  for (let i = 0; i < 5; i++) clock.advance(1000);
  publish();
  push([avcConfiguration(), aacConfiguration, ...lesson(2, 500_000)]);
  await until(() => (media(peer).at(-1)?.timestamp ?? 0) > 2500);
  const times = media(peer)
    .filter(isVideo)
    .map(({ timestamp }) => timestamp);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});

test("a target that refuses is tried again, each time later, and soon again once it has worked for 10 s", async (t) => {
  const { server, job, clock, events } = await forwarding(t);
  const refuse = async () => {
    const peer = await server.next();
    await accept(peer, "publish");
    peer.status("error", "NetStream.Publish.BadName", `${KEY} is no key`);
    await peer.gone;
    await until(() => job.report().state === "retrying");
  };
  for (const delay of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    await refuse();
    assert.deepEqual(job.report().problem, {
      code: "bad-credential",
      detail: "The server refused publish: NetStream.Publish.BadName: … is no key",
    });
    const { restarts } = job.report();
    clock.advance(delay - 1);
    assert.equal(job.report().restarts, restarts);
    clock.advance(1);
    assert.equal(job.report().restarts, restarts + 1);
  }
  const peer = await server.next();
  await publishing(peer);
  await until(() => job.report().state === "running");
  clock.advance(10_000);
  peer.socket.destroy();
  await until(() => job.report().state === "retrying");
  assert.equal(job.report().problem?.code, "ended");
  clock.advance(1000);
  await publishing(await server.next());
  await until(() => job.report().state === "running");
  assert.deepEqual(new Set(events()), new Set(["forward failed, retrying", "forward began"]));
});

test("an address that is not allowed is not connected to, until it is", async (t) => {
  const problem: JobProblem = { code: "not-allowed", detail: "a.example is in a private network." };
  const { server, job, state, clock } = await forwarding(t, { resolve: problem });
  await until(() => job.report().state === "retrying");
  assert.deepEqual(job.report().problem, problem);
  state.resolve = null;
  clock.advance(1000);
  await publishing(await server.next());
  await until(() => job.report().state === "running");
});

test("a forward that is closed or handed over disconnects, and does nothing more", async (t) => {
  for (const end of ["close", "handOver"] as const) {
    const { server, job, clock, streamOf } = await forwarding(t);
    streamOf().push(lesson(1));
    const peer = await server.next();
    await publishing(peer);
    await until(() => media(peer).length > 10);
    job[end]("unwanted");
    job.close("unwanted");
    await peer.gone;
    assert.equal(peer.commands.at(-1)?.[0], "deleteStream");
    clock.advance(100_000);
    assert.ok(streamOf().stream.idleMs >= 100_000, "the stream is not in use");
    assert.equal(job.report().state, "waiting");
  }
});
