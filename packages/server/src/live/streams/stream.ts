/** One live stream: its log, the publisher who writes it, and the outputs that its viewers share. */
import { randomBytes } from "node:crypto";
import type { Malformed } from "@lectern/media";
import type { Clock } from "../../platform/clock.ts";
import type { FanOut } from "./fan-out.ts";
import type { CutterOptions } from "./ingest/cutter.ts";
import { Ingest, MAX_EPOCH_MS } from "./ingest/ingest.ts";
import type { SourceMessage } from "./ingest/source.ts";
import { Log, type Retention } from "./log.ts";
import { Output, type WireFormat } from "./output.ts";
import { Statistics } from "./statistics.ts";
import type { TapeLimits } from "./tape.ts";
import { type Sink, Viewer, type ViewerOptions } from "./viewer.ts";

/** What is known of a publisher. */
export type SourceInfo = {
  readonly protocol: string;
  readonly ip: string;
  /** The software, as it calls itself. */
  readonly agent: string;
};

export type StreamOptions = {
  readonly cuts: CutterOptions;
  readonly retention: Retention;
  readonly tape: TapeLimits;
  /** How long viewers wait for a publisher that has gone. */
  readonly graceMs: number;
  /** A publisher that is silent for so long may be superseded. */
  readonly supersedeAfterMs: number;
};

/** An output goes on for so long without viewers, since the next one is often about to come. */
const IDLE_OUTPUT_MS = 5000;

/** A publisher's hold on a stream, from when it may publish to when it is gone. */
export class Publication {
  readonly source: SourceInfo;
  readonly stream: Stream;
  private readonly onRevoked: (reason: string) => void;
  private heardAt: number;
  private open = true;

  constructor(stream: Stream, source: SourceInfo, now: number, onRevoked: (reason: string) => void) {
    this.stream = stream;
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

  /** Takes the stream away from the publisher, which is told why. */
  revoke(reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.onRevoked(reason);
  }
}

export class Stream {
  readonly app: string;
  readonly name: string;
  readonly epoch = randomBytes(9).toString("base64url");
  readonly startedAt: number;
  readonly log: Log;
  readonly statistics: Statistics;
  private readonly ingest: Ingest;
  private readonly clock: Clock;
  private readonly options: StreamOptions;
  private readonly fanOut: FanOut;
  private readonly onEnd: (stream: Stream, reason: string) => void;
  private readonly outputs = new Map<string, Output>();
  private readonly viewers = new Map<Viewer, { readonly cancelWait: () => void }>();
  private readonly visitors = new Map<string, () => readonly number[]>();
  private readonly closing = new Map<Output, () => void>();
  private current: Publication | null = null;
  private cancelGrace: (() => void) | null = null;
  private over = false;

  constructor(
    app: string,
    name: string,
    options: StreamOptions,
    clock: Clock,
    fanOut: FanOut,
    onEnd: (stream: Stream, reason: string) => void,
  ) {
    this.app = app;
    this.name = name;
    this.options = options;
    this.clock = clock;
    this.fanOut = fanOut;
    this.onEnd = onEnd;
    this.startedAt = clock.utc();
    this.log = new Log(this.epoch, options.retention);
    this.statistics = new Statistics(clock);
    this.log.listen((record) => this.statistics.take(record));
    this.ingest = new Ingest(this.log, clock, options.cuts);
  }

  /** Who publishes now; null while it is waited for. */
  get publication(): Publication | null {
    return this.current;
  }

  get ended(): boolean {
    return this.over;
  }

  /** Segments that had to begin without a key frame, because the publisher's are too far apart. */
  get forcedCuts(): number {
    return this.ingest.forcedCuts;
  }

  /** How often the publisher's clock jumped. */
  get clockJumps(): number {
    return this.ingest.clockJumps;
  }

  get viewerCount(): number {
    let count = this.viewers.size;
    for (const numbers of this.visitors.values()) count += numbers().length;
    return count;
  }

  /** Counts viewers that have no connection of their own, each by a number that is the same on every process. */
  countAlso(protocol: string, numbers: () => readonly number[]): void {
    this.visitors.set(protocol, numbers);
  }

  /** Viewers by protocol. */
  countViewers(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [protocol, numbers] of this.visitors) counts.set(protocol, numbers().length);
    for (const { options } of this.viewers.keys()) counts.set(options.protocol, (counts.get(options.protocol) ?? 0) + 1);
    return counts;
  }

  /** Gives the stream to a publisher; null when there is a living one. A silent one is superseded. */
  publish(source: SourceInfo, onRevoked: (reason: string) => void): Publication | null {
    const now = this.clock.monotonic();
    if (this.current) {
      if (now - this.current.lastHeard < this.options.supersedeAfterMs) return null;
      this.current.revoke("superseded");
    }
    this.cancelGrace?.();
    this.cancelGrace = null;
    this.ingest.beginTerm(this.log.term + 1);
    this.current = new Publication(this, source, now, onRevoked);
    return this.current;
  }

  take(message: SourceMessage): Malformed | null {
    const broken = this.ingest.push(message);
    if (this.ingest.time > MAX_EPOCH_MS) this.end("too-long");
    return broken;
  }

  publisherGone(publication: Publication): void {
    if (this.current !== publication) return;
    this.current = null;
    if (this.over) return;
    this.ingest.endSource();
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

  /** Ends the epoch: the publisher and all viewers are told. May be called twice. */
  end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.cancelGrace?.();
    this.ingest.end(reason);
    this.current?.revoke(reason);
    this.current = null;
    for (const output of this.outputs.values()) this.fanOut.flush(output);
    for (const viewer of [...this.viewers.keys()]) {
      this.leave(viewer);
      viewer.sink.end(reason);
      viewer.options.onEnd?.(reason);
    }
    for (const output of [...this.outputs.values()]) this.closeOutput(output);
    this.onEnd(this, reason);
  }

  private output(format: WireFormat): Output {
    const existing = this.outputs.get(format.id);
    if (existing) {
      this.closing.get(existing)?.();
      this.closing.delete(existing);
      return existing;
    }
    const output = new Output(this.log, format, this.options.tape);
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
