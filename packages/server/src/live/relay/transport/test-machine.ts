/** For tests: several processes' streams in one, with one registry, joined by real Unix sockets. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex, duplexPair } from "node:stream";
import type { TestContext } from "node:test";
import { LocalBus } from "../../../platform/bus/local.ts";
import { type Clock, ManualClock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import {
  type Location,
  type LogEntry,
  type PublishSession,
  type Stream,
  type StreamLocator,
  Streams,
} from "../../streams/index.ts";
import { aacConfiguration, avcConfiguration, lesson, STREAM_OPTIONS } from "../../streams/synthetic-source.ts";
import { WriterRegistry } from "../registry/writer-registry.ts";
import { RelayServer } from "./relay-server.ts";
import { type Paths, relayUpstreams, type UpstreamOptions } from "./upstream.ts";

export const SOURCE = { protocol: "rtmp", ip: "127.0.0.1", agent: "test" };
/** Of a main publisher. */
export const publishRequest = (name = "math") => ({ app: "live", name, source: SOURCE, backup: false, onRevoked: () => {} });
const NODE = "n";
const OBSERVER = { sent: () => {}, skipped: () => {}, evicted: () => {}, late: () => {} };

/** Waits until something holds. The test's own time limit ends it otherwise. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

export function upstreamOptions(path: (peer: string) => string, clock: Clock): UpstreamOptions {
  return { dial: (peer) => connect(path(peer)), paths: () => 1, isOriginCopy: () => false, clock };
}

export function machine(t: TestContext, names: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-relay-"));
  const clock = new ManualClock();
  const broken: string[] = [];
  const processes = new Map<string, { streams: Streams; peer: RelayServer }>();
  const of = (name: string) => {
    const process = processes.get(name);
    if (!process) throw new Error("gone");
    return process;
  };
  const registry: WriterRegistry = new WriterRegistry(
    new LocalBus(),
    {
      yield: async (peer, app, name, to, options) => of(peer).streams.yield(app, name, to, options),
      occupied: (peer, app, name, silentMs) => of(peer).streams.publications.occupancy(app, name, silentMs),
      newest: async (peer, app, name) => of(peer).streams.newest(app, name),
      changed: (app, name) => {
        for (const [self, { streams }] of processes) streams.relocated(app, name, registry.locate(self, app, name));
      },
      newestAt: async () => null,
      jobsOf: () => [],
      gossip: () => {},
    },
    {
      self: NODE,
      isUp: () => true,
      originsFor: () => [NODE],
      upstreamsOf: () => [],
      peerAt: () => "nowhere",
      eldest: () => NODE,
    },
    () => ({ streams: 10, graceMs: 15_000 }),
    clock,
  );
  const path = (peer: string) => join(directory, peer.replace("/", "-"));
  const begin = async (self: string) => {
    const claims: StreamLocator = {
      self,
      occupied: (app, name, silentMs) => registry.occupied(app, name, silentMs),
      claim: (app, name, fresh, options) => registry.claim(self, app, name, fresh, options),
      locate: (app, name) => registry.locate(self, app, name),
      keeps: (app, name, epoch) => registry.copyAdded(self, app, name, epoch),
      drops: (app, name, epoch) => registry.copyRemoved(self, app, name, epoch),
      ended: (app, name, epoch) => registry.ended(self, app, name, epoch),
    };
    const events = { broken: (rule: string) => void broken.push(rule), received: () => {}, sent: () => {} };
    const options = { ...STREAM_OPTIONS, fanOut: { evictAfterMs: 15_000 } };
    const streams = new Streams(options, clock, OBSERVER, claims, relayUpstreams(upstreamOptions(path, clock), events));
    const peer = new RelayServer(streams, events);
    rmSync(path(self), { force: true });
    await peer.listen(path(self));
    processes.set(self, { streams, peer });
    registry.joined(self);
  };
  /** As if its process had been killed. */
  const kill = (name: string) => {
    const { streams, peer } = of(name);
    processes.delete(name);
    peer.close();
    registry.gone(name);
    streams.close("killed");
  };
  t.after(() => {
    for (const name of [...processes.keys()]) kill(name);
    rmSync(directory, { recursive: true, force: true });
  });
  const publish = async (name: string, stream = "math") => {
    const granted = await of(name).streams.publications.open(publishRequest(stream));
    assert.ok(!(granted instanceof Refusal), granted instanceof Refusal ? granted.code : "");
    granted.push(avcConfiguration());
    granted.push(aacConfiguration);
    return granted;
  };
  const find = (name: string, stream = "math") => of(name).streams.find("live", stream);
  const ready = Promise.all(names.map(begin)).then(() => {});
  return { clock, registry, ready, begin, kill, publish, find, path, broken, of };
}

/** Two processes that have a stream, of so many seconds so far: its writer's, and one that follows. */
export async function pair(t: TestContext, seconds: number) {
  const all = machine(t, ["n/a", "n/b"]);
  await all.ready;
  const publication = await all.publish("n/a");
  push(publication, seconds);
  const [a, b] = [all.find("n/a") as Stream, all.find("n/b") as Stream];
  await until(() => isLike(b, a));
  return { ...all, publication, a, b };
}

/** What a stream's log holds. */
export function records(stream: { log: { segments: readonly { entries: Iterable<LogEntry> }[] } } | null): LogEntry[] {
  return (stream?.log.segments ?? []).flatMap(({ entries }) => [...entries]);
}

/** A copy has all that the original has. */
export const isLike = (copy: Stream, original: Stream): boolean => copy.log.head === original.log.head && !copy.backfill.missing;

export const plain = (all: readonly LogEntry[]) =>
  all.map((record) => JSON.stringify({ ...record, tag: undefined, payload: undefined }));

export function push(publication: PublishSession, seconds: number, start = 0): void {
  for (const frame of lesson(seconds, start)) assert.equal(publication.push(frame), null);
}

/** A process that follows several others at once, wherever they are said to be. It may take a stream over where `claim` grants it. */
export function follower(
  t: TestContext,
  dial: (peer: string) => Duplex | null,
  clock: Clock,
  location: () => Location,
  paths: Paths,
  claim: StreamLocator["claim"] = async () => new Refusal("draining"),
) {
  const directory: StreamLocator = {
    self: "z/media-1",
    claim,
    occupied: async () => "free",
    locate: location,
    keeps: () => {},
    drops: () => {},
    ended: () => {},
  };
  const options = { ...STREAM_OPTIONS, fanOut: { evictAfterMs: 15_000 } };
  const upstreams = relayUpstreams(
    { dial, clock, paths: () => paths, isOriginCopy: () => location().isOriginCopy },
    { broken: () => {}, received: () => {} },
  );
  const streams = new Streams(options, clock, OBSERVER, directory, upstreams);
  t.after(() => streams.close("over"));
  return { streams, upstreams };
}

export const locationOf = (stream: { epoch: string; startedAt: number }, sources: readonly string[]): Location => ({
  epoch: stream.epoch,
  startedAt: stream.startedAt,
  term: 1,
  writer: "n/a",
  sources,
  isOriginCopy: false,
  record: false,
  recorderNode: "n",
});

/** A connection that carries so many bytes as it is given, it and others over the same line together. */
export class SlowLine extends Duplex {
  private readonly inner: Duplex;
  private readonly line: { room: number };
  private stalled = false;

  constructor(peer: RelayServer, line = { room: 0 }) {
    super({ highWaterMark: 256 });
    this.line = line;
    const [near, far] = duplexPair({ highWaterMark: 256 });
    this.inner = near;
    near.on("readable", () => this.carry());
    near.on("close", () => this.destroy());
    peer.accept(far);
  }

  give(bytes: number): void {
    this.line.room += bytes;
    this.carry();
  }

  stop(): void {
    this.line.room = 0;
  }

  /** As if a packet had been lost, and lost again: nothing comes of it, and what else goes over the line is not held up. */
  stall(): void {
    this.stalled = true;
  }

  private carry(): void {
    while (this.line.room > 0 && !this.stalled) {
      const some = this.inner.read(Math.min(this.line.room, this.inner.readableLength)) as Buffer | null;
      if (!some || some.length === 0) return;
      this.line.room -= some.length;
      this.push(some);
    }
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.inner.write(bytes);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.inner.destroy();
    done(error);
  }
}
