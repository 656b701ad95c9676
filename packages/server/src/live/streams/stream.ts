/**
 * One live stream in this process: its log, and the outputs that its viewers share. Its records are written by the ingest, where its
 * publisher is here, or received from the process that writes them.
 */
import type { Malformed } from "@lectern/media";
import type { Clock } from "../../platform/clock.ts";
import type { FanOut } from "./delivery/fan-out.ts";
import { Output } from "./delivery/output.ts";
import type { OutputBufferLimits } from "./delivery/output-buffer.ts";
import { type Sink, Viewer, type ViewerOptions } from "./delivery/viewer.ts";
import type { WireFormat } from "./delivery/wire-format.ts";
import { Ingest, MAX_EPOCH_MS } from "./ingest/ingest.ts";
import type { SegmenterOptions } from "./ingest/segmenter.ts";
import type { SourceMessage } from "./ingest/source.ts";
import { Backfill } from "./log/backfill.ts";
import { EMPTY_CONTEXT, Log, type LogContext, type Retention } from "./log/log.ts";
import type { LogEntry, LogPosition } from "./log/log-entry.ts";
import type { Claim, ClaimOptions, Occupancy, Received, Receiver, Yielded } from "./ownership/stream-locator.ts";
import { Statistics } from "./statistics.ts";

/** What is known of a publisher. */
export type SourceInfo = {
  readonly protocol: string;
  readonly ip: string;
  /** The software, as it calls itself. */
  readonly agent: string;
};

export type StreamOptions = {
  readonly cuts: SegmenterOptions;
  readonly retention: Retention;
  readonly outputBuffer: OutputBufferLimits;
  /** How long viewers wait for a publisher that has gone. */
  readonly graceMs: number;
  /** A publisher that is silent for so long may be superseded. */
  readonly supersedeAfterMs: number;
};

/** Viewers that have no connection, but come again and again. */
export type Visitors = {
  readonly count: () => number;
  /** Each viewer's number, the same on every process that it comes to. */
  readonly numbers: () => readonly number[];
};

/** An output goes on for so long without viewers, since the next one is often about to come. */
const IDLE_OUTPUT_MS = 5000;

/** A publisher, as a door knows it: one that has its stream, or one that waits. */
export type Publisher = {
  readonly stream: { readonly app: string; readonly name: string };
  readonly source: SourceInfo;
  readonly closed: boolean;
  /** Takes one message. `Malformed` when its codec's rules are broken; the publisher should then be closed. */
  readonly push: (message: SourceMessage) => Malformed | null;
  /** Says that the publisher lives, whatever it has sent. */
  readonly heard: (now: number) => void;
  /** The publisher is gone. May be called twice. */
  readonly close: () => void;
  /** It may not publish any more: what it has published ends. */
  readonly end: (reason: string) => void;
};

/** A publisher's hold on a stream, from when it may publish to when it is gone. */
export class Publication implements Publisher {
  readonly source: SourceInfo;
  readonly stream: Stream;
  readonly isBackup: boolean;
  private readonly onRevoked: (reason: string) => void;
  private heardAt: number;
  private open = true;

  constructor(stream: Stream, source: SourceInfo, isBackup: boolean, now: number, onRevoked: (reason: string) => void) {
    this.stream = stream;
    this.isBackup = isBackup;
    this.source = source;
    this.heardAt = now;
    this.onRevoked = onRevoked;
  }

  get closed(): boolean {
    return !this.open;
  }

  /** When the publisher was last heard, monotonic milliseconds. */
  get lastHeard(): number {
    return this.heardAt;
  }

  /** Says that the publisher lives, whatever it has sent. */
  heard(now: number): void {
    this.heardAt = now;
  }

  /** Takes one message. `Malformed` when its codec's rules are broken; the publisher should then be closed. */
  push(message: SourceMessage): Malformed | null {
    return this.open ? this.stream.take(message) : null;
  }

  /** The publisher is gone. Viewers wait for it for the grace period. May be called twice. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.stream.publisherGone(this);
  }

  end(reason: string): void {
    this.stream.end(reason);
  }

  /** Takes the stream away from the publisher, which is told why. */
  revoke(reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.onRevoked(reason);
  }
}

/** What names a stream: the same on every process that has it. */
export type StreamIdentity = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
};

export class Stream implements Receiver {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  readonly startedAt: number;
  readonly log: Log;
  readonly statistics: Statistics;
  readonly backfill: Backfill;
  private ingest: Ingest | null = null;
  private readonly clock: Clock;
  private readonly options: StreamOptions;
  private readonly fanOut: FanOut;
  private readonly onEnd: (stream: Stream, reason: string) => void;
  private readonly outputs = new Map<string, Output>();
  private readonly viewers = new Map<Viewer, { readonly cancelWait: () => void }>();
  private readonly visitors = new Map<string, Visitors>();
  private readonly closing = new Map<Output, () => void>();
  private current: Publication | null = null;
  private cancelGrace: (() => void) | null = null;
  private received: LogContext = EMPTY_CONTEXT;
  private usedAt: number;
  private users = 0;
  private over = false;

  constructor(
    identity: StreamIdentity,
    options: StreamOptions,
    clock: Clock,
    fanOut: FanOut,
    onEnd: (stream: Stream, reason: string) => void,
  ) {
    this.app = identity.app;
    this.name = identity.name;
    this.epoch = identity.epoch;
    this.startedAt = identity.startedAt;
    this.options = options;
    this.clock = clock;
    this.fanOut = fanOut;
    this.onEnd = onEnd;
    this.usedAt = clock.monotonic();
    this.log = new Log(this.epoch, options.retention);
    this.statistics = new Statistics(clock);
    this.backfill = new Backfill(this.log, clock);
    // A copy is not measured: how its frames arrive says nothing of the publisher.
    this.log.listen((record) => {
      if (this.ingest) this.statistics.take(record);
    });
  }

  /** True where its records are stamped. */
  get writing(): boolean {
    return this.ingest !== null;
  }

  get newest(): LogPosition | null {
    return this.log.newest;
  }

  get oldest(): number {
    return this.log.oldest;
  }

  /** Who publishes now; null while it is waited for. */
  get publication(): Publication | null {
    return this.current;
  }

  get ended(): boolean {
    return this.over;
  }

  /** Whether its publisher is here and was heard lately. @param silentMs null: as is configured */
  occupancy(silentMs: number | null): Occupancy {
    const { current } = this;
    if (!current || this.clock.monotonic() - current.lastHeard >= (silentMs ?? this.options.supersedeAfterMs)) return "free";
    return current.isBackup ? "backup" : "main";
  }

  /** Segments that had to begin without a key frame, because the publisher's are too far apart. */
  get forcedCuts(): number {
    return this.ingest?.forcedCuts ?? 0;
  }

  /** How often the publisher's clock jumped. */
  get clockJumps(): number {
    return this.ingest?.clockJumps ?? 0;
  }

  get viewerCount(): number {
    let count = this.viewers.size;
    for (const { count: others } of this.visitors.values()) count += others();
    return count;
  }

  /** Counts viewers that have no connection of their own. */
  countAlso(protocol: string, visitors: Visitors): void {
    this.visitors.set(protocol, visitors);
  }

  /** Numbers of those viewers, by protocol. */
  visitorNumbers(): Record<string, readonly number[]> {
    return Object.fromEntries([...this.visitors].map(([protocol, { numbers }]) => [protocol, numbers()]));
  }

  /** Viewers by protocol. */
  countViewers(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [protocol, { count }] of this.visitors) counts.set(protocol, count());
    for (const { options } of this.viewers.keys()) counts.set(options.protocol, (counts.get(options.protocol) ?? 0) + 1);
    return counts;
  }

  /** Somebody has use for it. */
  touch(): void {
    this.usedAt = this.clock.monotonic();
  }

  /** Somebody has use for it until the function that this gives is called. */
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

  /** Milliseconds for which nobody has had any use for it. */
  get idleMs(): number {
    return this.users > 0 || this.viewerCount > 0 ? 0 : this.clock.monotonic() - this.usedAt;
  }

  /** An origin has everything up to here. */
  acknowledge(stamp: LogPosition): void {
    this.log.commit(stamp);
  }

  /** Gives the stream to a publisher, under a term that was claimed. */
  publish(
    { term, acknowledged }: Pick<Claim, "term" | "acknowledged">,
    source: SourceInfo,
    isBackup: boolean,
    onRevoked: (reason: string) => void,
  ): Publication {
    this.cancelGrace?.();
    this.cancelGrace = null;
    this.backfill.over();
    this.ingest ??= new Ingest(this.log, this.clock, this.options.cuts);
    this.log.commitsItself = !acknowledged;
    this.ingest.beginTerm(term);
    this.current = new Publication(this, source, isBackup, this.clock.monotonic(), onRevoked);
    return this.current;
  }

  /**
   * Lets go of the stream for another publisher, unless the present one lives. A silent one is superseded.
   * @param here the other one comes to this process too
   */
  yield(here: boolean, { silentMs, preempt }: ClaimOptions): Yielded {
    const found = this.occupancy(silentMs);
    if (found === "main" || (found === "backup" && !preempt)) return { living: true };
    this.current?.revoke("superseded");
    this.current = null;
    this.cancelGrace?.();
    this.cancelGrace = null;
    this.ingest?.endSource();
    if (!here) this.ingest = null;
    return { living: false, head: this.log.newest };
  }

  /** Takes a record from a process that has the stream. */
  receive(record: LogEntry): Received {
    const { log } = this;
    if (this.ingest || this.over) return "void";
    if (log.head === 0 && !this.receiveContext(record)) return "taken";
    if (record.kind === "gap") return "ahead";
    if (record.sequence < log.head) return record.term > log.term ? "void" : "known";
    if (record.term < log.term) return "stale";
    if (record.sequence > log.head) return "ahead";
    if (record.term > log.term) {
      // A term begins where the one before it ends; what is here has gone on behind that place.
      if (record.kind !== "term") return "void";
      log.beginTerm(record.term);
    }
    log.append(record);
    if (record.kind === "end") this.end(record.reason);
    return "taken";
  }

  /** Another process writes the stream now: the publisher is told, and what it writes is followed. */
  supersede(): void {
    this.current?.revoke("superseded");
    this.current = null;
    this.cancelGrace?.();
    this.cancelGrace = null;
    this.ingest = null;
  }

  take(message: SourceMessage): Malformed | null {
    if (!this.ingest) return null;
    const broken = this.ingest.push(message);
    if (this.ingest.time > MAX_EPOCH_MS) this.end("too-long");
    return broken;
  }

  publisherGone(publication: Publication): void {
    if (this.current !== publication) return;
    this.current = null;
    if (this.over) return;
    this.ingest?.endSource();
    // Nobody can have seen a stream without a frame.
    if (this.log.head === 0) return this.end("nothing-published");
    this.cancelGrace = this.clock.after(this.options.graceMs, () => this.end("publisher-gone"));
  }

  /** Adds a viewer. It gets the newest group of pictures at once, or as soon as there is one. */
  watch(format: WireFormat, sink: Sink, options: ViewerOptions): Viewer {
    const output = this.output(format);
    const viewer = new Viewer(output, sink, options);
    const cancelWait = output.whenJoinable(() => this.fanOut.add(viewer));
    this.viewers.set(viewer, { cancelWait });
    return viewer;
  }

  /** Says that a viewer can take bytes again. */
  resume(viewer: Viewer): void {
    this.fanOut.resume(viewer);
  }

  /** Removes a viewer. May be called twice. */
  leave(viewer: Viewer): void {
    const entry = this.viewers.get(viewer);
    if (!entry) return;
    this.viewers.delete(viewer);
    entry.cancelWait();
    this.fanOut.remove(viewer);
    const { output } = viewer;
    for (const other of this.viewers.keys()) if (other.output === output) return;
    this.closing.get(output)?.();
    this.closing.set(
      output,
      this.clock.after(IDLE_OUTPUT_MS, () => this.closeOutput(output)),
    );
  }

  /** Sends a viewer away, who is told why as far as the protocol can. */
  dismiss(viewer: Viewer, reason: string): void {
    if (!this.viewers.has(viewer)) return;
    this.leave(viewer);
    viewer.sink.end(reason);
    viewer.options.onEnd?.(reason);
  }

  /** Viewers that have a connection. */
  get connectedViewers(): number {
    return this.viewers.size;
  }

  /** Sends away so many of them. */
  dismissSome(count: number, reason: string): void {
    for (const viewer of [...this.viewers.keys()].slice(0, count)) this.dismiss(viewer, reason);
  }

  /** Sends the publisher away, who may come back to another process. */
  dismissPublisher(reason: string): void {
    const publication = this.current;
    if (!publication) return;
    publication.revoke(reason);
    this.publisherGone(publication);
  }

  /** Ends the epoch: the publisher and all viewers are told. May be called twice. */
  end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.backfill.over();
    this.cancelGrace?.();
    this.ingest?.end(reason);
    this.current?.revoke(reason);
    this.current = null;
    for (const output of this.outputs.values()) this.fanOut.flush(output);
    for (const viewer of [...this.viewers.keys()]) this.dismiss(viewer, reason);
    for (const output of [...this.outputs.values()]) this.closeOutput(output);
    this.onEnd(this, reason);
  }

  /** A copy begins at a segment head, before which it is told what applies there. True when it is the head's turn. */
  private receiveContext(record: LogEntry): boolean {
    if (record.kind === "configuration") this.received = { ...this.received, [record.track]: record };
    else if (record.kind === "term") this.received = { ...this.received, term: record };
    else if (record.kind === "segment") {
      this.log.beginAt(record, this.received);
      return true;
    }
    return false;
  }

  private output(format: WireFormat): Output {
    const existing = this.outputs.get(format.id);
    if (existing) {
      this.closing.get(existing)?.();
      this.closing.delete(existing);
      return existing;
    }
    const output = new Output(this.log, format, this.options.outputBuffer);
    this.outputs.set(format.id, output);
    return output;
  }

  private closeOutput(output: Output): void {
    this.closing.get(output)?.();
    this.closing.delete(output);
    if (this.outputs.get(output.format.id) === output) this.outputs.delete(output.format.id);
    output.close();
  }
}
