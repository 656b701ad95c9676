/** The relay and the registry together: several processes' streams in one, joined by real Unix sockets. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { type TestContext, test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { type Sink, StreamTrace, type WireFormat, whyNothing } from "../../streams/index.ts";
import { aacConfiguration, avcConfiguration, idOf, mediaOf } from "../../streams/synthetic-source.ts";
import { frame, MESSAGE } from "./messages.ts";
import { RelayServer } from "./relay-server.ts";
import {
  follower,
  isLike,
  locationOf,
  machine,
  pair,
  plain,
  publishRequest,
  push,
  records,
  SlowLine,
  until,
  upstreamOptions,
} from "./test-machine.ts";
import { relayUpstreams } from "./upstream.ts";

/** Of a receiver that wants its entries at once. */
const AT_ONCE = { mayWaitMs: 0, whenAsking: () => () => {} };

test("a copy in another process has the same records, from the history on, to the end", async (t) => {
  const { ready, publish, find } = machine(t, ["n/a", "n/b"]);
  await ready;
  const publication = await publish("n/a");
  push(publication, 7);
  const [original, copy] = [find("n/a"), find("n/b")];
  await until(() => isLike(copy!, original!));
  push(publication, 3, 7000);
  await until(() => isLike(copy!, original!));
  assert.deepEqual(plain(records(copy)), plain(records(original)));
  assert.deepEqual(mediaOf(records(copy)).map(idOf), mediaOf(records(original)).map(idOf));
  assert.equal(copy!.epoch, original!.epoch);
  original!.end("over");
  await until(() => copy!.ended);
  assert.equal(copy!.log.ended, true);
});

test("a viewer at a copy that cannot go on without a key frame has the publisher asked, once in a while", async (t) => {
  const { ready, clock, find, of } = machine(t, ["n/a", "n/b"]);
  await ready;
  let asked = 0;
  const publication = await of("n/a").streams.publications.open({ ...publishRequest(), onKeyFrameWanted: () => asked++ });
  assert.ok(!(publication instanceof Refusal));
  publication.push(avcConfiguration());
  publication.push(aacConfiguration);
  push(publication, 3);
  const [original, copy] = [find("n/a")!, find("n/b")!];
  await until(() => isLike(copy, original));
  copy.wantKeyFrame();
  copy.wantKeyFrame();
  await until(() => asked > 0);
  copy.wantKeyFrame();
  push(publication, 1, 3000);
  await until(() => isLike(copy, original));
  assert.equal(asked, 1);
  clock.advance(5000);
  copy.wantKeyFrame();
  await until(() => asked === 2);
});

test("a viewer that comes before the copy has begun gets what applies there before its first frame", async (t) => {
  const { ready, publish, find } = machine(t, ["n/a", "n/b"]);
  await ready;
  push(await publish("n/a"), 3);
  const copy = find("n/b")!;
  assert.equal(copy.log.head, 0);
  const preludes: boolean[] = [];
  const format: WireFormat = {
    id: "test",
    video: true,
    audio: true,
    initBytes: ({ video, audio }) => {
      preludes.push(video !== null && audio !== null);
      return new Uint8Array(1);
    },
    configurations: () => new Uint8Array(1),
    write: (entry, reserve) => {
      if (entry.kind === "media") reserve(entry.payload.length).set(entry.payload);
    },
  };
  const sink: Sink = { wrap: null, pending: 0, write: () => {}, writeAll: () => {}, end: () => {}, connection: () => null };
  const joined = new Promise<void>((resolve) => {
    copy.watch(format, sink, { protocol: "flv", batchMs: 200, onJoined: resolve });
  });
  await joined;
  assert.deepEqual(new Set(preludes), new Set([true]));
});

test("a publisher that comes back to another process goes on in the same epoch, without a hole", async (t) => {
  const { ready, publish, find } = machine(t, ["n/a", "n/b", "n/c"]);
  await ready;
  const first = await publish("n/a");
  push(first, 5);
  const [a, c] = [find("n/a"), find("n/c")];
  first.close();
  const second = await publish("n/b");
  push(second, 5, 900_000);
  const b = find("n/b");
  assert.equal(b!.epoch, a!.epoch);
  assert.equal(b!.log.term, 2);
  await until(() => isLike(a!, b!) && isLike(c!, b!));
  assert.deepEqual(plain(records(a)), plain(records(b)));
  assert.deepEqual(plain(records(c)), plain(records(b)));
  const times = mediaOf(records(b), "video").map((record) => record.decodeTime);
  assert.ok(
    times.every((time, i) => i === 0 || (time - times[i - 1]! > 0 && time - times[i - 1]! <= 60)),
    "video time has a hole",
  );
  const heads = records(b).filter((record) => record.kind === "segment");
  assert.deepEqual(
    heads.map((head) => head.msn),
    heads.map((_, i) => i + 1),
  );
  assert.ok(heads.every((head) => head.discontinuity === 0));
});

test("a living publisher elsewhere is not superseded; a silent one is", async (t) => {
  const { ready, clock, publish, of } = machine(t, ["n/a", "n/b"]);
  await ready;
  const first = await publish("n/a");
  push(first, 1);
  const refused = await of("n/b").streams.publications.open(publishRequest());
  assert.ok(refused instanceof Refusal && refused.code === "publisher-present");
  clock.advance(2500);
  await publish("n/b");
  assert.equal(first.closed, true);
  assert.equal(of("n/b").streams.local("live", "math")?.log.term, 2);
});

test("when the writer's process is killed, the longest copy is gone on with", async (t) => {
  const { ready, begin, kill, publish, find, registry } = machine(t, ["n/a", "n/b", "n/c"]);
  await ready;
  const first = await publish("n/a");
  push(first, 5);
  const b = find("n/b");
  await until(() => b!.log.head > 200);
  const { epoch } = b!;
  kill("n/a");
  assert.equal(registry.entry("live", "math")?.writer, null);
  await begin("n/a");
  const second = await publish("n/a");
  push(second, 2, 70_000);
  const a = find("n/a");
  assert.equal(a!.epoch, epoch);
  await until(() => isLike(b!, a!));
  assert.deepEqual(plain(records(b)).slice(-50), plain(records(a)).slice(-50));
});

test("when nobody has a copy of what was killed, the stream begins afresh", async (t) => {
  const { ready, kill, publish, find, registry } = machine(t, ["n/a", "n/b"]);
  await ready;
  push(await publish("n/a"), 3);
  const { epoch } = find("n/a")!;
  kill("n/a");
  assert.equal(registry.entry("live", "math"), null);
  const again = await publish("n/b");
  assert.notEqual(find("n/b")?.epoch, epoch);
  push(again, 3);
  assert.equal(find("n/b")!.log.term, 1);
});

test("a copy whose writer does not come back ends with the grace period", async (t) => {
  const { ready, clock, kill, publish, find, registry } = machine(t, ["n/a", "n/b"]);
  await ready;
  push(await publish("n/a"), 3);
  const b = find("n/b")!;
  await until(() => b.log.head > 100);
  kill("n/a");
  clock.advance(14_000);
  assert.equal(b.ended, false);
  clock.advance(2000);
  assert.equal(b.ended, true);
  assert.equal(registry.keys().length, 0);
});

test("a copy that nobody watches is dropped after a while, and had again when somebody comes", async (t) => {
  const { ready, clock, publish, find, of } = machine(t, ["n/a", "n/b"]);
  await ready;
  push(await publish("n/a"), 3);
  const first = find("n/b")!;
  await until(() => first.log.head > 100);
  for (let i = 0; i < 8; i++) clock.advance(2000);
  assert.equal(first.ended, true);
  assert.equal(of("n/b").streams.local("live", "math"), null);
  const again = find("n/b")!;
  await until(() => again.log.head > 100);
  assert.equal(again.epoch, first.epoch);
});

test("a peer that sends garbage is left, said to be broken, and tried again", async (t) => {
  const { ready, publish, find, path, broken, of, clock } = machine(t, ["n/a", "n/b"]);
  await ready;
  const publication = await publish("n/a");
  push(publication, 3);
  of("n/a").peer.close();
  const garbage: Buffer[] = [
    Buffer.from("GET / HTTP/1.1\r\nHost: lectern\r\n\r\n"),
    frame(MESSAGE.entry, Buffer.from("this is no record at all")),
    Buffer.from([0, 0, 0, 0, 0]),
    Buffer.from([0xff, 0xff, 0xff, 0xff, 4, 1, 2, 3]),
    frame(99, Buffer.alloc(10)),
  ];
  let turn = 0;
  const liar: Server = createServer((socket) => {
    socket.on("error", () => {});
    socket.end(garbage[turn++ % garbage.length] ?? "");
  });
  rmSync(path("n/a"), { force: true });
  await new Promise<void>((resolve) => liar.listen(path("n/a"), resolve));
  t.after(() => liar.close());
  const copy = find("n/b")!;
  for (let i = 1; i <= garbage.length; i++) {
    await until(() => {
      clock.advance(20);
      return broken.length >= i;
    });
  }
  assert.equal(copy.ended, false);
  assert.equal(copy.log.head, 0);
});

test("a copy that was too slow for what is kept is given up, and begun again", async (t) => {
  const { ready, clock, publish, find, of, path } = machine(t, ["n/a", "n/b"]);
  await ready;
  const publication = await publish("n/a");
  push(publication, 3);
  const first = find("n/b")!;
  await until(() => first.log.head > 100);
  // As if its connection had been without a byte for a minute: what it asks for next is forgotten.
  const { log } = find("n/a")!;
  of("n/a").peer.close();
  push(publication, 60, 3000);
  assert.ok(log.oldest > first.log.head);
  const { streams } = of("n/a");
  rmSync(path("n/a"), { force: true });
  const again = new RelayServer(streams, { broken: () => {}, sent: () => {} });
  await again.listen(path("n/a"));
  t.after(() => again.close());
  await until(() => {
    clock.advance(50);
    return first.ended;
  });
  const second = find("n/b")!;
  await until(() => second.log.head === log.head && !second.backfill.missing);
  assert.notEqual(second, first);
  assert.deepEqual(plain(records(second)), plain(records(find("n/a"))));
});

test("a copy with records that were never part of the stream is refused, and begun again", async (t) => {
  const { ready, publish, find, path, clock } = machine(t, ["n/a", "n/b"]);
  await ready;
  push(await publish("n/a"), 3);
  const copy = find("n/b")!;
  await until(() => copy.log.head > 100);
  const losses: string[] = [];
  const upstreams = relayUpstreams(upstreamOptions(path, clock), { broken: () => {}, received: () => {} });
  upstreams.follow(
    {
      app: "live",
      name: "math",
      epoch: copy.epoch,
      newest: { term: 0, sequence: copy.log.head - 1 },
      receive: () => "taken",
      backfill: null,
      oldest: 0,
      trace: new StreamTrace(),
      ...AT_ONCE,
    },
    ["n/a"],
    true,
    (loss) => losses.push(loss),
  );
  await until(() => losses.length > 0);
  assert.deepEqual(losses, ["void"]);
});

test("a follower that sends garbage, or asks for what is not there, costs only its own connection", async (t) => {
  const { ready, publish, path, broken } = machine(t, ["n/a"]);
  await ready;
  push(await publish("n/a"), 3);
  const ask = (bytes: Uint8Array) =>
    new Promise<Buffer>((resolve) => {
      const socket = connect(path("n/a"));
      const got: Buffer[] = [];
      socket.on("data", (piece) => got.push(piece));
      socket.on("error", () => {});
      socket.on("close", () => resolve(Buffer.concat(got)));
      socket.write(bytes);
    });
  const request = (value: unknown) => frame(MESSAGE.follow, Buffer.from(JSON.stringify(value)));
  const wrong = [
    Buffer.from("GET / HTTP/1.1\r\n\r\n"),
    request("a string"),
    request({ version: 1, app: "live", name: "math", epoch: "x", after: null }),
    request({ version: 2, app: "live", name: 5, epoch: "x" }),
    request({ version: 2, app: "live", name: "math", epoch: "x", after: { term: "one", sequence: {} } }),
    frame(MESSAGE.follow, Buffer.from("{")),
    frame(MESSAGE.entry, Buffer.from("record")),
  ];
  for (const bytes of wrong) assert.equal((await ask(bytes)).length, 0);
  assert.equal(broken.length, wrong.length);
  const refused = await ask(request({ version: 2, app: "live", name: "math", epoch: "not this one", after: null }));
  assert.deepEqual(refused, frame(MESSAGE.refuse, Buffer.from("no-such-stream")));
});

test("over two paths each record is taken once, whichever brings it first, and losing one path loses nothing", async (t) => {
  const { a, publication, path, clock, of } = await pair(t, 5);
  const { streams, upstreams } = follower(
    t,
    (peer) => connect(path(peer)),
    clock,
    () => locationOf(a, ["n/a", "n/b"]),
    2,
  );
  const z = streams.find("live", "math")!;
  await until(() => isLike(z, a) && upstreams.list().length === 2);
  push(publication, 2, 5000);
  await until(() => isLike(z, a) && upstreams.list().every(({ first, second }) => first + second > 50));
  const [one, two] = upstreams.list();
  assert.ok(one && two && one.second + two.second > 50, "the second copies were known");
  of("n/b").peer.close();
  push(publication, 2, 7000);
  await until(() => isLike(z, a));
  assert.deepEqual(plain(records(z)), plain(records(a)));
  assert.deepEqual(
    upstreams.list().map(({ peer }) => peer),
    ["n/a"],
  );
});

test("one path is enough where one is wanted, and another source is turned to when it ends", async (t) => {
  const { a, publication, path, clock, of } = await pair(t, 3);
  const { streams, upstreams } = follower(
    t,
    (peer) => connect(path(peer)),
    clock,
    () => locationOf(a, ["n/b", "n/a"]),
    1,
  );
  const z = streams.find("live", "math")!;
  await until(() => isLike(z, a));
  assert.deepEqual(
    upstreams.list().map(({ peer }) => peer),
    ["n/b"],
  );
  of("n/b").peer.close();
  push(publication, 2, 3000);
  await until(() => isLike(z, a));
  assert.deepEqual(
    upstreams.list().map(({ peer }) => peer),
    ["n/a"],
  );
  assert.deepEqual(plain(records(z)), plain(records(a)));
});

/** A process that follows n/b, and may follow n/a, by lines of which each can stop. */
async function followerByLines(t: TestContext) {
  const { a, publication, clock, of } = await pair(t, 3);
  const lines = new Map<string, SlowLine>();
  const dial = (peer: string) => {
    const line = new SlowLine(of(peer).peer);
    lines.set(peer, line);
    line.give(1 << 24);
    return line;
  };
  const { streams, upstreams } = follower(t, dial, clock, () => locationOf(a, ["n/b", "n/a"]), 1);
  const peers = () => upstreams.list().map(({ peer }) => peer);
  const z = streams.find("live", "math")!;
  t.after(z.use());
  await until(() => isLike(z, a));
  assert.deepEqual(peers(), ["n/b"]);
  /** Lets time go by until something holds. */
  const passUntil = async (holds: () => boolean): Promise<number> => {
    const begins = clock.monotonic();
    await until(() => {
      if (!holds()) clock.advance(50);
      return holds();
    });
    return clock.monotonic() - begins;
  };
  return { a, z, publication, clock, lines, peers, passUntil };
}

test("a source that falls silent, with its connection open, is replaced within three seconds, without a hole, and given up after six", async (t) => {
  const { a, z, publication, lines, peers, passUntil } = await followerByLines(t);
  lines.get("n/b")?.stall();
  push(publication, 2, 3000);
  const tookMs = await passUntil(() => isLike(z, a));
  assert.ok(tookMs <= 3000, `${tookMs} ms`);
  assert.deepEqual(plain(records(z)), plain(records(a)));
  assert.deepEqual(peers(), ["n/b", "n/a"], "the silent one is kept");
  await passUntil(() => peers().join() === "n/a");
});

test("while the publisher sends nothing, another source is asked, and left when the first one goes on", async (t) => {
  const { a, z, publication, clock, peers, passUntil } = await followerByLines(t);
  await passUntil(() => peers().length === 2);
  for (let i = 0; i < 20; i++) {
    clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(peers(), ["n/b", "n/a"]);
  push(publication, 2, 3000);
  await passUntil(() => isLike(z, a) && peers().join() === "n/b");
});

test("a better source that is named is turned to, without a hole: the other one is left when that one brings something", async (t) => {
  const { a, publication, clock, of } = await pair(t, 3);
  const lines = new Map<string, SlowLine>();
  const dial = (peer: string) => {
    const line = new SlowLine(of(peer).peer);
    lines.set(peer, line);
    return line;
  };
  let sources = ["n/a"];
  const { streams, upstreams } = follower(t, dial, clock, () => locationOf(a, sources), 1);
  const z = streams.find("live", "math")!;
  t.after(z.use());
  const peers = () => upstreams.list().map(({ peer }) => peer);
  lines.get("n/a")?.give(1 << 20);
  await until(() => isLike(z, a));
  sources = ["n/b", "n/a"];
  streams.relocated("live", "math", locationOf(a, sources));
  push(publication, 2, 3000);
  await until(() => isLike(z, a));
  assert.deepEqual(peers(), ["n/a", "n/b"], "nothing has come from there yet");
  push(publication, 2, 5000);
  await until(() => {
    lines.get("n/b")?.give(1 << 20);
    clock.advance(100);
    return peers().join() === "n/b";
  });
  push(publication, 2, 7000);
  await until(() => isLike(z, a));
  assert.deepEqual(plain(records(z)), plain(records(a)));
});

test("a follower that becomes an origin says from then on what it has", async (t) => {
  const { a, publication, path, clock } = await pair(t, 3);
  a.log.commitsItself = false;
  let location = locationOf(a, ["n/a"]);
  const { streams } = follower(
    t,
    (peer) => connect(path(peer)),
    clock,
    () => location,
    1,
  );
  const z = streams.find("live", "math")!;
  await until(() => isLike(z, a));
  const before = a.log.committed;
  location = { ...location, isOriginCopy: true };
  streams.relocated("live", "math", location);
  push(publication, 0.1, 3000);
  await until(() => isLike(z, a));
  await until(() => a.log.committed?.sequence === a.log.head - 1);
  assert.notDeepEqual(a.log.committed, before);
});

test("a follower of a peer without an address is told so, after it has begun", async () => {
  const events = { broken: () => {}, received: () => {} };
  const upstreams = relayUpstreams(
    { dial: () => null, paths: () => 1, isOriginCopy: () => false, clock: new ManualClock() },
    events,
  );
  const losses: string[] = [];
  const stream = {
    app: "live",
    name: "math",
    epoch: "e",
    newest: null,
    receive: () => "taken" as const,
    backfill: null,
    oldest: 0,
    trace: new StreamTrace(),
    ...AT_ONCE,
  };
  const following = upstreams.follow(stream, ["n/a"], false, (loss) => losses.push(loss));
  assert.deepEqual(losses, []);
  await until(() => losses.length > 0);
  following.stop();
  assert.deepEqual([losses, upstreams.list()], [["lost"], []]);
});

test("with auto, a second path is opened when nothing came for a while, and only then", async (t) => {
  const { a, publication, path, clock } = await pair(t, 3);
  const { streams, upstreams } = follower(
    t,
    (peer) => connect(path(peer)),
    clock,
    () => locationOf(a, ["n/a", "n/b"]),
    "auto",
  );
  const z = streams.find("live", "math")!;
  await until(() => isLike(z, a));
  clock.advance(400);
  push(publication, 1, 3000);
  await until(() => isLike(z, a));
  assert.equal(upstreams.list().length, 1);
  clock.advance(900);
  push(publication, 1, 4000);
  await until(() => {
    clock.advance(10);
    return upstreams.list().length === 2;
  });
});

test("what a stale writer sends, what comes too early, and what is no part of the stream are told apart", async (t) => {
  const { ready, publish, find, clock, path } = machine(t, ["n/a", "n/b"]);
  await ready;
  const first = await publish("n/a");
  push(first, 3);
  const a = find("n/a")!;
  const { streams } = follower(
    t,
    (peer) => connect(path(peer)),
    clock,
    () => locationOf(a, ["n/a"]),
    1,
  );
  const z = streams.find("live", "math")!;
  await until(() => isLike(z, a));
  const last = records(a).at(-1)!;
  const next = { ...last, sequence: last.sequence + 1 };
  assert.equal(z.receive(last), "known");
  assert.equal(z.receive({ ...next, sequence: next.sequence + 5 }), "ahead");
  assert.equal(z.receive({ ...next, term: 0 }), "stale");
  // A later term begins with its own record; anything else of it means that what is here went on by itself.
  assert.equal(z.receive({ ...next, term: 2 }), "void");
  assert.equal(z.receive({ ...last, term: 2 }), "void");
  assert.equal(z.receive(next), "taken");
  assert.equal(
    z.receive({ ...next, sequence: next.sequence + 1, term: 2, kind: "term", epoch: z.epoch, previousEnd: next, targets: null }),
    "taken",
  );
  assert.equal(z.receive({ ...next, sequence: next.sequence + 2 }), "stale");
});

test("what a writer that is no origin has written counts as kept when an origin says so, and HLS reads up to there", async (t) => {
  const { ready, publish, find } = machine(t, ["n/a"]);
  await ready;
  const publication = await publish("n/a");
  const { log } = find("n/a")!;
  log.commitsItself = false;
  const heard: number[] = [];
  log.listenCommittedMarks(({ sequence }) => heard.push(sequence));
  push(publication, 0.7);
  assert.deepEqual([log.committed, heard.length], [null, 0]);
  log.acknowledge({ term: 1, sequence: 40 });
  assert.equal(log.committed?.sequence, 40);
  const marks = records(find("n/a")).filter(({ kind, sequence }) => kind !== "media" && sequence <= 40);
  assert.ok(marks.length > 2);
  assert.deepEqual(
    heard,
    marks.map(({ sequence }) => sequence),
  );
  // What comes late, or is of another term, changes nothing.
  log.acknowledge({ term: 1, sequence: 20 });
  log.acknowledge({ term: 2, sequence: 60 });
  log.acknowledge({ term: 1, sequence: log.head + 10 });
  assert.equal(log.committed?.sequence, 40);
});

test("where no origin says anything, HLS goes on after two parts, and waits for an origin again that has nearly everything", async (t) => {
  const { ready, publish, find } = machine(t, ["n/a"]);
  await ready;
  const publication = await publish("n/a");
  const { log } = find("n/a")!;
  log.commitsItself = false;
  push(publication, 3);
  const marks = () => records(find("n/a")).filter(({ kind }) => kind === "part");
  assert.deepEqual(log.committed?.sequence, marks().at(-1)?.sequence);
  // An origin that comes, and is far behind, holds nobody up.
  log.acknowledge({ term: 1, sequence: 40 });
  push(publication, 1, 3000);
  assert.deepEqual(log.committed?.sequence, marks().at(-1)?.sequence);
  log.acknowledge({ term: 1, sequence: log.head - 1 });
  const { length } = marks();
  for (let ms = 0; marks().length === length; ms += 40) push(publication, 0.04, 4000 + ms);
  assert.ok((log.committed?.sequence ?? 0) < (marks().at(-1)?.sequence ?? 0));
});

test("a copy knows why nothing of a stream can be watched, and goes on as usual when something can", async (t) => {
  const { ready, find, of } = machine(t, ["n/a", "n/b"]);
  await ready;
  const publication = await of("n/a").streams.publications.open(publishRequest());
  assert.ok(!(publication instanceof Refusal));
  const copy = find("n/b")!;
  push(publication, 0.4);
  await until(() => whyNothing(copy.log)?.problem === "configuration-missing");
  const late = find("n/b")!;
  assert.equal(late, copy);
  publication.push(avcConfiguration());
  publication.push(aacConfiguration);
  push(publication, 3, 400);
  const original = find("n/a")!;
  await until(() => isLike(copy, original));
  assert.deepEqual(plain(records(copy)), plain(records(original)));
  assert.equal(whyNothing(copy.log), null);
});
