/**
 * Provides one live stream in this process: its log, its publisher and its viewers. The ingest writes the log where the publisher is here; elsewhere
 * the entries come from the process that writes them.
 */
import type { Malformed } from "@lectern/media";
import type { Clock } from "../../platform/clock.ts";
import { Audience, type Guest, UNWATCHED_WAIT_MS, type Visitors } from "./delivery/audience.ts";
import type { FanOut } from "./delivery/fan-out.ts";
import type { OutputBufferLimits } from "./delivery/output-buffer.ts";
import type { Sink, Viewer, ViewerOptions } from "./delivery/viewer.ts";
import type { WireFormat } from "./delivery/wire-format.ts";
import type { EncoderStart } from "./ingest/derivation.ts";
import { DerivedIngest } from "./ingest/derived-ingest.ts";
import { Ingest, MAX_EPOCH_MS } from "./ingest/ingest.ts";
import type { SegmenterOptions } from "./ingest/segmenter.ts";
import type { SourceMessage } from "./ingest/source.ts";
import { Backfill } from "./log/backfill.ts";
import { Log, type Retention } from "./log/log.ts";
import type { LogEntry, LogPosition } from "./log/log-entry.ts";
import { LogReceiver, type Received, type Receiver, type UpstreamRequest } from "./log/log-receiver.ts";
import { whyNothing } from "./log/reported-problems.ts";
import { StreamTrace } from "./log/stream-trace.ts";
import type { Publication, PublishedStream, PublisherInfo } from "./ownership/publication.ts";
import type { Claim, ClaimOptions, Occupancy, Yielded } from "./ownership/stream-locator.ts";
import { type OwnershipOptions, StreamOwnership } from "./ownership/stream-ownership.ts";
import { Statistics } from "./statistics.ts";

export type StreamOptions = OwnershipOptions & {
  readonly segmenter: SegmenterOptions;
  readonly retention: Retention;
  readonly outputBuffer: OutputBufferLimits;
};

/** A copy of a stream in another process, while it is made from here. */
export type StreamCopy = {
  /** How long entries may wait until they are sent to it, milliseconds. */
  readonly mayWait: (milliseconds: number) => void;
  /** May be called twice. */
  readonly close: () => void;
};

/** Names a stream in the same way on every process that has it. */
export type StreamIdentity = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
};

/** What a stream tells the one who holds it. */
export type StreamEvents = {
  readonly ended: (stream: Stream, reason: string) => void;
  /** A viewer with a connection has come (1) or left (-1). */
  readonly viewers: (change: 1 | -1) => void;
};

/** A key frame is as large as many others: many viewers that want one get the same. */
const KEY_FRAME_EVERY_MS = 1000;

export class Stream implements Receiver, PublishedStream {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  readonly startedAt: number;
  readonly log: Log;
  readonly statistics: Statistics;
  readonly backfill: Backfill;
  readonly trace = new StreamTrace();
  private readonly receiver: LogReceiver;
  private readonly ownership: StreamOwnership;
  private readonly audience: Audience;
  private readonly clock: Clock;
  private readonly segmenter: SegmenterOptions;
  private readonly events: StreamEvents;
  /** Null where another process writes the log. */
  private ingest: Ingest | DerivedIngest | null = null;
  /** How long entries may wait for each copy, milliseconds. */
  private readonly copies = new Map<StreamCopy, number>();
  private readonly askListeners = new Set<(request: UpstreamRequest) => void>();
  private knownWaitMs = Number.POSITIVE_INFINITY;
  private usedAt: number;
  private watchedAt: number;
  private users = 0;
  private over = false;
  /** Monotonic milliseconds. */
  private keyFrameWantedAt = Number.NEGATIVE_INFINITY;

  constructor(identity: StreamIdentity, options: StreamOptions, clock: Clock, fanOut: FanOut, events: StreamEvents) {
    this.app = identity.app;
    this.name = identity.name;
    this.epoch = identity.epoch;
    this.startedAt = identity.startedAt;
    this.clock = clock;
    this.segmenter = options.segmenter;
    this.events = events;
    this.usedAt = clock.monotonic();
    this.watchedAt = this.usedAt;
    this.log = new Log(this.epoch, options.retention);
    this.receiver = new LogReceiver(this.log);
    this.backfill = new Backfill(this.log, clock);
    this.ownership = new StreamOwnership(this, options, clock);
    this.audience = new Audience(this.log, options.outputBuffer, clock, fanOut, events.viewers);
    this.statistics = new Statistics(clock, (track, problem) => this.publication?.noteProblem(track, problem));
    this.log.whenAppended(() => this.dismissForNothing());
  }

  /** True where its entries are written. */
  get writing(): boolean {
    return this.ingest !== null;
  }

  get newest(): LogPosition | null {
    return this.log.newest;
  }

  get oldest(): number {
    return this.log.oldest;
  }

  get ended(): boolean {
    return this.over;
  }

  /** Null while no publisher is here. */
  get publication(): Publication | null {
    return this.ownership.publication;
  }

  /** Whether a living publisher has the stream. @param silentMs null: as is configured */
  occupancy(silentMs: number | null): Occupancy {
    return this.ownership.occupancy(silentMs);
  }

  /** Segments that began without a key frame, because the publisher's key frames are too far apart. */
  get nonKeyframeSegments(): number {
    return this.ingest?.nonKeyframeSegments ?? 0;
  }

  /** How long new entries may wait until they are read or fetched, for the viewers here and those of all copies, milliseconds. */
  get mayWaitMs(): number {
    let least = this.audience.mayWaitMs;
    for (const milliseconds of this.copies.values()) least = Math.min(least, milliseconds);
    return least;
  }

  /** Calls when the process that writes the log has to be asked for something. Gives a function that ends it. */
  whenAsking(call: (request: UpstreamRequest) => void): () => void {
    this.askListeners.add(call);
    return () => this.askListeners.delete(call);
  }

  /** A copy of the stream is made from here, which keeps it in use. @param mayWaitMs how long entries may wait for it, milliseconds */
  addCopy(mayWaitMs: number): StreamCopy {
    const release = this.use();
    const mayWait = (milliseconds: number): void => {
      if (!this.copies.has(copy)) return;
      this.copies.set(copy, milliseconds);
      this.noteUrgency();
    };
    const close = (): void => {
      this.copies.delete(copy);
      this.noteUrgency();
      release();
    };
    const copy: StreamCopy = { mayWait, close };
    this.copies.set(copy, mayWaitMs);
    this.noteUrgency();
    return copy;
  }

  private noteUrgency(): void {
    const { mayWaitMs } = this;
    const isUrgent = mayWaitMs < this.knownWaitMs;
    this.knownWaitMs = mayWaitMs;
    if (isUrgent) for (const call of this.askListeners) call("sooner");
  }

  /** How often the publisher's clock jumped. */
  get clockJumps(): number {
    return this.ingest?.clockJumps ?? 0;
  }

  /** How far its entries are here, milliseconds of the epoch. */
  get time(): number {
    return this.ingest?.time ?? newestTime(this.log);
  }

  /** Tells where an encoder has to begin now: `DerivedIngest.beginEncoding`. Null for a stream that is not made from another one. */
  beginEncoding(): EncoderStart | null {
    return this.ingest instanceof DerivedIngest ? this.ingest.beginEncoding() : null;
  }

  /** The stream is in use at this moment. */
  touch(): void {
    this.usedAt = this.clock.monotonic();
  }

  /** The stream is in use until the function that this gives is called. */
  use(): () => void {
    this.users++;
    let using = true;
    return () => {
      if (!using) return;
      using = false;
      this.users--;
      this.touch();
    };
  }

  /** Milliseconds since somebody watched it, here or at a copy, or asked for it. To be read every second or two. */
  get unwatchedMs(): number {
    const now = this.clock.monotonic();
    if (this.mayWaitMs < UNWATCHED_WAIT_MS) this.watchedAt = now;
    return now - Math.max(this.watchedAt, this.usedAt);
  }

  /** Milliseconds since the stream was last in use. */
  get idleMs(): number {
    return this.users > 0 || this.viewerCount > 0 ? 0 : this.clock.monotonic() - this.usedAt;
  }

  /** An origin has all entries up to here. */
  acknowledge(position: LogPosition): void {
    this.log.acknowledge(position);
  }

  /** Gives the stream to a publisher, under a term that was claimed. */
  publish({ term, acknowledged }: Pick<Claim, "term" | "acknowledged">, publisher: PublisherInfo): Publication {
    this.backfill.over();
    // A copy is not measured: the arrival of its frames tells nothing of the publisher.
    const { derivation } = publisher;
    if (derivation) this.ingest = new DerivedIngest(this.log, derivation, this.statistics);
    this.ingest ??= new Ingest(this.log, this.clock, this.segmenter, this.statistics);
    this.log.commitsItself = !acknowledged;
    this.ingest.beginTerm(term);
    this.trace.publishedBy(publisher.trace ?? null);
    return this.ownership.begin(publisher);
  }

  /** Takes a message of the publisher. `Malformed` when its codec's rules are broken. */
  take(message: SourceMessage): Malformed | null {
    if (!this.ingest) return null;
    const broken = this.ingest.push(message);
    if (this.ingest.waitsForKeyFrame) this.wantKeyFrame();
    if (this.ingest.time > MAX_EPOCH_MS) this.end("too-long");
    return broken;
  }

  publisherGone(publication: Publication): void {
    if (!this.ownership.left(publication) || this.over) return;
    this.ingest?.endSource();
    // A stream without a frame had no viewer.
    if (this.log.head === 0) return this.end("nothing-published");
    this.ownership.startGrace(() => this.end("publisher-gone"));
  }

  /** Disconnects the publisher, which may come back to another process. */
  dismissPublisher(reason: string): void {
    const { publication } = this;
    if (!publication) return;
    publication.revoke(reason);
    this.publisherGone(publication);
  }

  /**
   * Gives up the stream for another publisher, unless the present one lives. A silent one is superseded.
   * @param here the other publisher comes to this process too
   */
  yield(here: boolean, options: ClaimOptions): Yielded {
    if (!this.ownership.yieldsTo(options)) return { living: true };
    this.ownership.revoke("superseded");
    this.ingest?.endSource();
    if (!here) this.ingest = null;
    return { living: false, head: this.log.newest };
  }

  /** Another process writes the stream now: its entries are followed. */
  supersede(): void {
    this.ownership.revoke("superseded");
    this.ingest = null;
  }

  /** Takes an entry from a process that has the stream. */
  receive(entry: LogEntry): Received {
    if (this.ingest || this.over) return "void";
    const received = this.receiver.receive(entry);
    if (received === "taken" && entry.kind === "end") this.end(entry.reason);
    return received;
  }

  /** Ends the epoch, and disconnects the publisher and all viewers. May be called twice. */
  end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.backfill.over();
    this.ingest?.end(reason);
    this.ownership.revoke(reason);
    this.audience.close(reason);
    this.events.ended(this, reason);
  }

  get viewerCount(): number {
    return this.audience.count;
  }

  /** Viewers with a connection. */
  get connectedViewers(): number {
    return this.audience.connected;
  }

  /** Counts viewers without a connection too. */
  addVisitors(protocol: string, visitors: Visitors): void {
    this.audience.addVisitors(protocol, visitors);
  }

  /** Numbers of viewers without a connection, by protocol. */
  visitorNumbers(): Record<string, readonly number[]> {
    return this.audience.visitorNumbers();
  }

  /** Viewers by protocol. */
  countViewers(): Map<string, number> {
    return this.audience.countByProtocol();
  }

  /** Adds a viewer. It gets the newest GOP at once, or as soon as there is one. */
  watch(format: WireFormat, sink: Sink, options: ViewerOptions): Viewer {
    const viewer = this.audience.watch(format, sink, options);
    this.noteUrgency();
    return viewer;
  }

  /** Counts a viewer to whom frames are sent by its door. Gives a function that ends it, which may be called twice. */
  join(guest: Guest): () => void {
    this.audience.join(guest);
    this.noteUrgency();
    return () => {
      this.audience.part(guest);
      this.noteUrgency();
    };
  }

  /** A viewer, or the stream itself, cannot go on without a key frame: the publisher is asked for one, here or where the log is written, unless it was just now. */
  wantKeyFrame(): void {
    const { publication } = this;
    const now = this.clock.monotonic();
    if (now - this.keyFrameWantedAt < KEY_FRAME_EVERY_MS) return;
    this.keyFrameWantedAt = now;
    if (publication?.canMakeKeyFrames) publication.wantKeyFrame();
    else if (!publication) for (const call of this.askListeners) call("key-frame");
  }

  /** A viewer's connection can take bytes again. */
  resume(viewer: Viewer): void {
    this.audience.resume(viewer);
  }

  /** Removes a viewer. May be called twice. */
  leave(viewer: Viewer): void {
    this.audience.leave(viewer);
    this.noteUrgency();
  }

  /** Disconnects a viewer, which is told the reason as far as its protocol can. */
  dismiss(viewer: Viewer, reason: string): void {
    this.audience.dismiss(viewer, reason);
    this.noteUrgency();
  }

  /** Disconnects the viewers who cannot play what the stream has become. */
  dismissWithdrawable(reason: string): void {
    this.audience.dismissWithdrawable(reason);
    this.noteUrgency();
  }

  /** Who waits for a first frame that cannot come is told so when he asks again. */
  private dismissForNothing(): void {
    if (this.log.foretold && whyNothing(this.log) && this.viewerCount > 0)
      this.dismissSome(Number.POSITIVE_INFINITY, "undecodable");
  }

  /** Disconnects so many viewers. */
  dismissSome(count: number, reason: string): void {
    this.audience.dismissSome(count, reason);
    this.noteUrgency();
  }
}

/** Decode time of the newest frame; 0 while there is none. */
function newestTime({ segments }: Log): number {
  const segment = segments.at(-1);
  for (let index = (segment?.entries.length ?? 0) - 1; index >= 0; index--) {
    const entry = segment?.entries.at(index);
    if (entry?.kind === "media") return entry.decodeTime;
  }
  return segment?.head.time ?? 0;
}
