/**
 * Provides the streams of this process by name: those with a publisher here, and copies of others. The locator tells where a stream is; the upstreams
 * bring the entries of copies.
 */
import type { Clock } from "../../platform/clock.ts";
import type { TraceContext } from "../../platform/tracing/trace-context.ts";
import { NO_TRACER, type Tracer } from "../../platform/tracing/tracer.ts";
import { FanOut, type FanOutLimits, type FanOutObserver } from "./delivery/fan-out.ts";
import { KernelQueues } from "./delivery/kernel-queue.ts";
import type { Retention } from "./log/log.ts";
import type { LogPosition } from "./log/log-entry.ts";
import { Publications } from "./ownership/publications.ts";
import type { Claim, ClaimOptions, Following, Location, StreamLocator, Upstreams, Yielded } from "./ownership/stream-locator.ts";
import { Stream, type StreamIdentity, type StreamOptions } from "./stream.ts";

export type StreamsOptions = StreamOptions & {
  readonly fanOut: FanOutLimits;
  /** What the log of a stream keeps, by its name. Default: `retention`. */
  readonly retentionOf?: (name: string) => Retention;
};

/** A copy without viewers stays for so long, since the next viewer is often about to come. */
const IDLE_COPY_MS = 10_000;
const SWEEP_MS = 2000;
/** The writer's last entries arrive within this after the stream is gone from the locator. */
const LAST_ENTRIES_MS = 1000;

export class Streams {
  /** Where publishers get their streams. */
  readonly publications: Publications;
  private readonly clock: Clock;
  private readonly fanOut: FanOut;
  private readonly kernelQueues: KernelQueues;
  private readonly locator: StreamLocator;
  private readonly upstreams: Upstreams;
  private readonly byName = new Map<string, Stream>();
  private readonly following = new Map<Stream, Following>();
  /** Streams that other processes write. */
  private readonly copies = new Set<Stream>();
  /** For which traces copies are made that are not here yet. */
  private readonly causes = new Map<string, TraceContext>();
  private connected = 0;
  private options: StreamsOptions;
  /** Takes no new publishers for now. */
  draining = false;
  private closedToNew = false;
  private cancelSweep: (() => void) | null = null;
  private readonly beginListeners: ((stream: Stream) => void)[] = [];
  private readonly endListeners: ((stream: Stream, reason: string) => void)[] = [];

  constructor(
    options: StreamsOptions,
    clock: Clock,
    observer: FanOutObserver,
    locator: StreamLocator,
    upstreams: Upstreams,
    tracer: Tracer = NO_TRACER,
  ) {
    this.options = options;
    this.clock = clock;
    this.locator = locator;
    this.upstreams = upstreams;
    this.publications = new Publications(
      {
        local: (app, name) => this.local(app, name),
        claimed: (app, name, claim) => this.claimed({ app, name, ...claim }, claim),
        closed: () => this.closedToNew || this.draining,
      },
      locator,
      upstreams,
      clock,
      tracer,
    );
    this.fanOut = new FanOut(options.fanOut, observer);
    const { milliseconds, bytes } = options.outputBuffer;
    this.kernelQueues = new KernelQueues(this.fanOut, milliseconds / 1000, bytes);
  }

  /** Begins to poll the kernel's send queues, where the system needs it. True when it does. */
  start(): Promise<boolean> {
    return this.kernelQueues.start();
  }

  /** Applies to streams that begin from now on. */
  configure(options: StreamsOptions): void {
    this.options = options;
  }

  /** If a copy of the stream is made before the function that this gives is called, then for this trace. */
  because(app: string, name: string, cause: TraceContext): () => void {
    const key = keyOf(app, name);
    this.causes.set(key, cause);
    return () => {
      if (this.causes.get(key) === cause) this.causes.delete(key);
    };
  }

  /** A stream that is live here or elsewhere; one that is elsewhere is copied. */
  find(app: string, name: string): Stream | null {
    const stream = this.current(app, name);
    stream?.touch();
    return stream;
  }

  /** As `find`, for who looks again and again: it does not keep the stream in use. */
  current(app: string, name: string): Stream | null {
    const known = this.local(app, name);
    const location = this.closedToNew ? null : this.locator.locate(app, name);
    if (known && (known.writing || !location || location.epoch === known.epoch)) return known;
    known?.end("superseded");
    if (!location || location.writer === this.locator.self) return null;
    const stream = this.begin({ app, name, epoch: location.epoch, startedAt: location.startedAt });
    // An origin copy needs all entries in their order; viewers need a key frame soon.
    if (!location.isOriginCopy) stream.backfill.expect();
    stream.trace.cause = this.causes.get(keyOf(app, name)) ?? null;
    this.follow(stream, location);
    this.cancelSweep ??= this.clock.after(SWEEP_MS, () => this.sweep());
    return stream;
  }

  /** A stream that is in this process already. */
  local(app: string, name: string): Stream | null {
    return this.byName.get(keyOf(app, name)) ?? null;
  }

  /** Copies of streams that are written elsewhere, for which no source is known. While a publisher is waited for, there may be none. */
  sourceless(): Stream[] {
    return [...this.copies].filter((copy) => {
      if (this.following.has(copy) || copy.writing) return false;
      const writer = this.locator.locate(copy.app, copy.name)?.writer ?? null;
      return writer !== null && writer !== this.locator.self;
    });
  }

  get size(): number {
    return this.byName.size;
  }

  /** Viewers of all streams, with a connection. */
  get connectedViewers(): number {
    return this.connected;
  }

  list(): Stream[] {
    return [...this.byName.values()];
  }

  /**
   * Ends all streams here, and takes no new publisher any more. The streams may continue in other processes: their publishers may come to
   * those that have copies.
   */
  close(reason: string): void {
    this.closedToNew = true;
    this.cancelSweep?.();
    for (const stream of this.list()) stream.end(reason);
    this.kernelQueues.close();
  }

  /** Calls for each stream that begins here, with a publisher or as a copy. */
  onBegan(listener: (stream: Stream) => void): void {
    this.beginListeners.push(listener);
  }

  /** Calls for each stream that ends here. */
  onEnded(listener: (stream: Stream, reason: string) => void): void {
    this.endListeners.push(listener);
  }

  /** Another process claims a stream, or this one itself does. Null when the stream is not here. */
  yield(app: string, name: string, to: string, options: ClaimOptions): Yielded | null {
    return this.local(app, name)?.yield(to === this.locator.self, options) ?? null;
  }

  /** The newest entry of a stream that is here. */
  newest(app: string, name: string): LogPosition | null {
    return this.local(app, name)?.newest ?? null;
  }

  /** The location of a stream has changed; null when the stream is over. */
  relocated(app: string, name: string, location: Location | null): void {
    const stream = this.local(app, name);
    if (!stream) {
      if (location?.isOriginCopy) this.find(app, name);
      return;
    }
    if (stream.writing) {
      if (!location || location.writer === this.locator.self || location.term < stream.log.term) return;
      // Both sides of a network partition have written; the writer of the other side has won.
      if (location.epoch !== stream.epoch) stream.end("superseded");
      else stream.supersede();
    }
    if (stream.ended) this.relocated(app, name, location);
    else if (location?.epoch === stream.epoch) this.follow(stream, location);
    // Its last entries may still be in flight.
    else this.clock.after(LAST_ENTRIES_MS, () => stream.end("publisher-gone"));
  }

  private claimed(identity: StreamIdentity, { from }: Claim): Stream {
    const known = this.local(identity.app, identity.name);
    if (known?.epoch === identity.epoch) {
      this.copies.delete(known);
      this.unfollow(known);
      return known;
    }
    known?.end("superseded");
    const stream = this.begin(identity);
    // It was written elsewhere before. The publisher can continue when the newest entries are here.
    if (from) stream.backfill.expect();
    return stream;
  }

  private begin(identity: StreamIdentity): Stream {
    const { app, name, epoch } = identity;
    const { options } = this;
    const retention = options.retentionOf?.(name) ?? options.retention;
    const stream = new Stream(identity, { ...options, retention }, this.clock, this.fanOut, {
      ended: (ended, reason) => this.forget(ended, reason),
      viewers: (change) => {
        this.connected += change;
      },
    });
    this.byName.set(keyOf(app, name), stream);
    for (const listener of this.beginListeners) listener(stream);
    this.locator.keeps(app, name, epoch);
    return stream;
  }

  private follow(stream: Stream, { sources, writer }: Location): void {
    this.copies.add(stream);
    const others = sources.filter((peer) => peer !== this.locator.self);
    const known = this.following.get(stream);
    if (others.length === 0) {
      this.unfollow(stream);
      // No process has the missing segments. Where a publisher is about to come, its claim names one that has.
      if (writer !== this.locator.self) stream.backfill.over();
    } else if (known) known.turnTo(others);
    else
      this.following.set(
        stream,
        this.upstreams.follow(stream, others, true, () => {
          this.following.delete(stream);
          // Viewers reconnect, and get a new copy.
          stream.end("history-lost");
          this.remake(stream);
        }),
      );
  }

  /** An origin copy begins again at once. */
  private remake({ app, name }: Stream): void {
    if (this.locator.locate(app, name)?.isOriginCopy) this.find(app, name);
  }

  private unfollow(stream: Stream): void {
    this.following.get(stream)?.stop();
    this.following.delete(stream);
  }

  private sweep(): void {
    for (const stream of this.copies) {
      const location = this.locator.locate(stream.app, stream.name);
      // While its writer is gone, a copy may be the only one of the stream.
      if (!location?.writer || location.isOriginCopy || stream.writing) continue;
      if (stream.idleMs > IDLE_COPY_MS) stream.end("idle");
    }
    this.cancelSweep = this.clock.after(SWEEP_MS, () => this.sweep());
  }

  private forget(stream: Stream, reason: string): void {
    const { app, name, epoch } = stream;
    this.unfollow(stream);
    this.copies.delete(stream);
    for (const listener of this.endListeners) listener(stream, reason);
    if (this.local(app, name) === stream) this.byName.delete(keyOf(app, name));
    if (stream.writing && !this.closedToNew) this.locator.ended(app, name, epoch);
    else this.locator.drops(app, name, epoch);
  }
}

function keyOf(app: string, name: string): string {
  return `${app}/${name}`;
}
