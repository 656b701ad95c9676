import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Sink } from "./delivery/viewer.ts";
import type { WireFormat } from "./delivery/wire-format.ts";
import type { PublishSession } from "./ownership/publish-session.ts";
import type { StreamLocator, Yielded } from "./ownership/stream-locator.ts";
import { Streams } from "./streams.ts";
import { aacConfiguration, avcConfiguration, lesson, STREAM_OPTIONS, videoFrame } from "./synthetic-source.ts";

const SOURCE = { protocol: "rtmp", ip: "127.0.0.1", agent: "test" };
const FORMAT: WireFormat = {
  id: "tags",
  video: true,
  audio: true,
  initBytes: () => Buffer.from("p"),
  configurations: () => Buffer.from("c"),
  write: (entry, reserve) => {
    if (entry.kind === "media") reserve(entry.payload.length).set(entry.payload);
  },
};

function setUp(maxStreams = 10) {
  const clock = new ManualClock();
  const observer = { sent: () => {}, skipped: () => {}, evicted: () => {}, late: () => {} };
  const directory = soleDirectory(
    (name) => streams.yield("live", name, "sole", { silentMs: null, preempt: false, backup: false }),
    maxStreams,
  );
  const upstreams = { follow: () => assert.fail("there is no other process") };
  const options = { ...STREAM_OPTIONS, fanOut: { evictAfterMs: 15_000 } };
  const streams: Streams = new Streams(options, clock, observer, directory, upstreams);
  const publish = async (name = "math", onKeyFrameWanted = () => {}) => {
    const revoked: string[] = [];
    const events = { onRevoked: (reason: string) => void revoked.push(reason), onKeyFrameWanted };
    const publication = await streams.publications.open({ app: "live", name, source: SOURCE, backup: false, ...events });
    return { publication, revoked };
  };
  const granted = async (name = "math", onKeyFrameWanted = () => {}) => {
    const { publication, revoked } = await publish(name, onKeyFrameWanted);
    assert.ok(!(publication instanceof Refusal));
    publication.push(avcConfiguration());
    publication.push(aacConfiguration);
    return { publication, revoked };
  };
  const code = (outcome: PublishSession | Refusal) => (outcome instanceof Refusal ? outcome.code : "granted");
  return { clock, streams, publish, granted, code };
}

/** Who has which stream, where there is only one process. */
function soleDirectory(letGo: (name: string) => Yielded | null, maxStreams: number): StreamLocator {
  const live = new Map<string, { epoch: string; term: number }>();
  let epochs = 0;
  return {
    self: "sole",
    occupied: async () => "free",
    claim: async (_app, name) => {
      const entry = live.get(name) ?? { epoch: `epoch ${epochs++}`, term: 0 };
      if (letGo(name)?.living) return new Refusal("publisher-present");
      if (live.size >= maxStreams && !live.has(name)) return new Refusal("full");
      entry.term++;
      live.set(name, entry);
      return { ...entry, startedAt: 0, from: null, acknowledged: false };
    },
    locate: () => null,
    keeps: () => {},
    drops: () => {},
    ended: (_app, name) => void live.delete(name),
  };
}

function sink() {
  const state = { bytes: 0, ended: null as string | null };
  const it: Sink = {
    wrap: null,
    pending: 0,
    write: (bytes) => void (state.bytes += bytes.length),
    writeAll: (pieces) => void (state.bytes += pieces.reduce((sum, piece) => sum + piece.length, 0)),
    end: (reason) => void (state.ended = reason),
    connection: () => null,
  };
  return { it, state };
}

test("a living publisher is not superseded; a silent one is, and is told", async (t) => {
  const { clock, streams, publish, granted, code } = setUp();
  t.after(() => streams.close("test"));
  const first = await granted();
  clock.advance(1900);
  assert.equal(code((await publish()).publication), "publisher-present");
  first.publication.heard(clock.monotonic());
  clock.advance(1900);
  assert.equal(code((await publish()).publication), "publisher-present");
  clock.advance(200);
  assert.equal(code((await publish()).publication), "granted");
  assert.deepEqual(first.revoked, ["superseded"]);
  assert.equal(first.publication.push(videoFrame(0, true)), null);
  assert.equal(streams.find("live", "math")?.log.term, 2);
});

test("viewers wait out the grace period; a publisher who comes back in it goes on with the same epoch", async (t) => {
  const { clock, streams, granted } = setUp();
  t.after(() => streams.close("test"));
  const { publication } = await granted();
  for (const frame of lesson(3)) publication.push(frame);
  const stream = streams.find("live", "math")!;
  const viewer = sink();
  stream.watch(FORMAT, viewer.it, { protocol: "flv", batchMs: 200 });
  assert.ok(viewer.state.bytes > 0);
  publication.close();
  clock.advance(14_000);
  assert.equal(viewer.state.ended, null);
  assert.equal(streams.find("live", "math"), stream);
  await granted();
  clock.advance(20_000);
  assert.equal(streams.find("live", "math"), stream);
  assert.equal(stream.publication !== null, true);
});

test("when the grace period is over the stream ends, and its viewers with it", async (t) => {
  const { clock, streams, granted } = setUp();
  const ends: string[] = [];
  streams.onEnded((_stream, reason) => ends.push(reason));
  const { publication } = await granted();
  for (const frame of lesson(3)) publication.push(frame);
  const viewer = sink();
  const stream = streams.find("live", "math")!;
  stream.watch(FORMAT, viewer.it, { protocol: "flv", batchMs: 200 });
  t.after(() => stream.end("test"));
  publication.close();
  clock.advance(15_000);
  assert.equal(viewer.state.ended, "publisher-gone");
  assert.deepEqual(ends, ["publisher-gone"]);
  assert.equal(streams.find("live", "math"), null);
  assert.equal(stream.log.ended, true);
});

test("a publisher that sends nothing leaves nothing behind: the name is free at once", async () => {
  const { streams, granted } = setUp();
  (await granted()).publication.close();
  assert.equal(streams.list().length, 0);
  await granted();
  assert.equal(streams.local("live", "math")?.log.term, 1);
});

test("a viewer of a stream without a picture yet gets it when it comes", async (t) => {
  const { streams, granted } = setUp();
  t.after(() => streams.close("test"));
  const { publication } = await granted();
  const viewer = sink();
  let joined = 0;
  streams.local("live", "math")?.watch(FORMAT, viewer.it, { protocol: "flv", batchMs: 200, onJoined: () => joined++ });
  assert.equal(viewer.state.bytes, 0);
  for (const frame of lesson(0.2)) publication.push(frame);
  assert.equal(joined, 1);
  assert.ok(viewer.state.bytes > 0);
});

test("a stream that is ended by hand tells its publisher", async () => {
  const { streams, granted } = setUp();
  const { revoked } = await granted();
  streams.find("live", "math")!.end("ended-by-operator");
  assert.deepEqual(revoked, ["ended-by-operator"]);
  assert.equal(streams.find("live", "math"), null);
});

test("no more streams than allowed, and none while draining", async () => {
  const { streams, granted, publish, code } = setUp(2);
  await granted("a");
  await granted("b");
  assert.equal(code((await publish("c")).publication), "full");
  streams.close("test");
  assert.equal(code((await publish("a")).publication), "draining");
});

test("a thousand short streams leave nothing behind", async (t) => {
  const { clock, streams, granted } = setUp();
  t.after(() => streams.close("test"));
  for (let i = 0; i < 1000; i++) {
    const { publication } = await granted(`s${i}`);
    publication.push(videoFrame(0, true));
    publication.close();
    clock.advance(15_001);
  }
  assert.equal(streams.list().length, 0);
});

for (const track of ["audio", "video"] as const)
  test(`${track} that had stopped and comes again needs a key frame: the publisher is asked for one, once a second`, async () => {
    const { clock, granted } = setUp();
    const requestedAt: number[] = [];
    let time = 0;
    const { publication } = await granted("math", () => requestedAt.push(time));
    for (const frame of lesson(20)) {
      if (frame.track === track && frame.timestamp >= 5000 && frame.timestamp < 14_300) continue;
      clock.advance(Math.max(0, frame.timestamp - time));
      time = Math.max(time, frame.timestamp);
      publication.push(frame);
    }
    const [first = 0, second = 0, ...more] = requestedAt;
    assert.ok(
      first >= 14_300 && first < 14_400 && second - first >= 1000 && second < 16_000 && more.length === 0,
      requestedAt.join(" "),
    );
  });

test("who waits for a stream of which nothing can be decoded is let go, and its publisher is told, until it can be decoded", async (t) => {
  const { streams } = setUp();
  t.after(() => streams.close("test"));
  const told: string[] = [];
  const publication = await streams.publications.open({
    app: "live",
    name: "math",
    source: SOURCE,
    backup: false,
    onRevoked: () => {},
    onProblem: (track, problem) => void told.push(`${track} ${problem}`),
  });
  assert.ok(!(publication instanceof Refusal));
  const viewer = sink();
  streams.local("live", "math")?.watch(FORMAT, viewer.it, { protocol: "flv", batchMs: 200 });
  for (let time = 0; time < 400; time += 40) publication.push(videoFrame(time, true));
  assert.deepEqual([told, viewer.state.ended], [["video configuration-missing"], "undecodable"]);
  publication.push(avcConfiguration());
  publication.push(videoFrame(400, true));
  assert.deepEqual(told, ["video configuration-missing", "video null"]);
});
