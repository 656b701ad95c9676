/**
 * The streams of this process by name: those whose publishers are here, and copies of others that are watched here. Who may write is
 * asked of the directory; what others write is brought by the upstreams.
 */
import type { Clock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import { FanOut, type FanOutLimits, type FanOutObserver } from "./delivery/fan-out.ts";
import { KernelQueues } from "./delivery/kernel-queue.ts";
import type { LogPosition } from "./log/log-entry.ts";
import { StandbyPublisher, type StandbyRole } from "./ownership/standby-publisher.ts";
import type {
  Claim,
  ClaimOptions,
  Following,
  Location,
  Occupancy,
  StreamLocator,
  Upstreams,
  Yielded,
} from "./ownership/stream-locator.ts";
import { type Publication, type SourceInfo, Stream, type StreamIdentity, type StreamOptions } from "./stream.ts";

export type StreamsOptions = StreamOptions & {
  readonly fanOut: FanOutLimits;
};

/** A copy that nobody watches goes on for so long, since the next viewer is often about to come. */
const IDLE_COPY_MS = 10_000;
const SWEEP_MS = 2000;
/** What the writer's end says more than that it is over comes within this. */
const LAST_RECORDS_MS = 1000;
const USUAL: ClaimOptions = { silentMs: null, preempt: false, backup: false };
/** A publisher that comes to another process waits so long for what was written last, and so long for what was before that. */
const CATCH_UP_MS = { newest: 2000, past: 500 } as const;

export class Streams {
  private readonly clock: Clock;
  private readonly fanOut: FanOut;
  private readonly kernelQueues: KernelQueues;
  private readonly directory: StreamLocator;
  private readonly upstreams: Upstreams;
  private readonly byName = new Map<string, Stream>();
  private readonly following = new Map<Stream, Following>();
  private options: StreamsOptions;
  /** Takes no new publishers for now. */
  draining = false;
  private closedToNew = false;
  private cancelSweep: (() => void) | null = null;
  private readonly endListeners: ((stream: Stream, reason: string) => void)[] = [];

  constructor(options: StreamsOptions, clock: Clock, observer: FanOutObserver, directory: StreamLocator, upstreams: Upstreams) {
    this.options = options;
    this.clock = clock;
    this.directory = directory;
    this.upstreams = upstreams;
    this.fanOut = new FanOut(options.fanOut, observer);
    const { milliseconds, bytes } = options.outputBuffer;
    this.kernelQueues = new KernelQueues(this.fanOut, milliseconds / 1000, bytes);
  }

  /** Begins to watch the kernel's queues, where they hide something. True when it does. */
  start(): Promise<boolean> {
    return this.kernelQueues.start();
  }

  /** Applies to streams that begin from now on. */
  configure(options: StreamsOptions): void {
    this.options = options;
  }

  /**
   * Gives a stream to a publisher, who is told through `onRevoked` when it is taken away again.
   * Refuses with `publisher-present`, `full` or `draining`.
   */
  async publish(
    app: string,
    name: string,
    source: SourceInfo,
    onRevoked: (reason: string) => void,
    manner: ClaimOptions = USUAL,
  ): Promise<Publication | Refusal> {
    for (const fresh of [false, true]) {
      if (this.closedToNew || this.draining) return new Refusal("draining");
      const before = this.directory.locate(app, name)?.sources ?? [];
      const claim = await this.directory.claim(app, name, fresh, manner);
      if (claim instanceof Refusal) return claim;
      const stream = this.claimed({ app, name, ...claim }, claim.from !== null);
      if (await this.catchUp(stream, claim, before)) return stream.publish(claim, source, manner.backup, onRevoked);
      stream.end("history-lost");
    }
    return new Refusal("internal-error");
  }

  /** Takes a publisher that does not have the stream yet. */
  standBy(app: string, name: string, source: SourceInfo, role: StandbyRole, onRevoked: (reason: string) => void): StandbyPublisher {
    return new StandbyPublisher({
      ...{ app, name, source, role, onRevoked, clock: this.clock },
      occupancy: (silentMs) => this.occupancy(app, name, silentMs),
      publish: (manner, revoked) => this.publish(app, name, source, revoked, manner),
    });
  }

  /** Whether a living publisher has the stream already. @param silentMs null: as is configured */
  async occupancy(app: string, name: string, silentMs: number | null = null): Promise<Occupancy> {
    const location = this.directory.locate(app, name);
    if (!location?.writer) return "free";
    return location.writer === this.directory.self
      ? (this.local(app, name)?.occupancy(silentMs) ?? "free")
      : await this.directory.occupied(app, name, silentMs);
  }

  /** A stream that is live here or elsewhere; of one that is elsewhere, a copy is made. */
  find(app: string, name: string): Stream | null {
    const known = this.local(app, name);
    const location = this.closedToNew ? null : this.directory.locate(app, name);
    if (known && (known.writing || !location || location.epoch === known.epoch)) {
      known.touch();
      return known;
    }
    known?.end("superseded");
    if (!location || location.writer === this.directory.self) return null;
    const stream = this.begin({ app, name, epoch: location.epoch, startedAt: location.startedAt });
    // Whoever keeps it needs all of it, in its order; whoever watches, a picture.
    if (!location.isOriginCopy) stream.backfill.expect();
    this.follow(stream, location);
    this.cancelSweep ??= this.clock.after(SWEEP_MS, () => this.sweep());
    return stream;
  }

  /** A stream that is in this process already. */
  local(app: string, name: string): Stream | null {
    return this.byName.get(keyOf(app, name)) ?? null;
  }

  get size(): number {
    return this.byName.size;
  }

  list(): Stream[] {
    return [...this.byName.values()];
  }

  /**
   * Ends all streams here, and takes no new publisher any more. Whether they are over for everybody, the directory knows: their publishers
   * may come to others that have copies.
   */
  close(reason: string): void {
    this.closedToNew = true;
    this.cancelSweep?.();
    for (const stream of this.list()) stream.end(reason);
    this.kernelQueues.close();
  }

  /** Calls for each stream that ends here. */
  onEnded(listener: (stream: Stream, reason: string) => void): void {
    this.endListeners.push(listener);
  }

  /** Another process wants to write a stream, or this one itself does. Null when there is none here. */
  yield(app: string, name: string, to: string, manner: ClaimOptions): Yielded | null {
    return this.local(app, name)?.yield(to === this.directory.self, manner) ?? null;
  }

  /** The newest record that is here of a stream. */
  newest(app: string, name: string): LogPosition | null {
    return this.local(app, name)?.newest ?? null;
  }

  /** The directory has news of a stream: who writes it now, or that it is over. */
  relocated(app: string, name: string, location: Location | null): void {
    const stream = this.local(app, name);
    if (!stream) {
      if (location?.isOriginCopy) this.find(app, name);
      return;
    }
    if (stream.writing) {
      if (!location || location.writer === this.directory.self || location.term < stream.log.term) return;
      // Two halves of a broken network have both written; the other half's writer has won.
      if (location.epoch !== stream.epoch) stream.end("superseded");
      else stream.supersede();
    }
    if (stream.ended) this.relocated(app, name, location);
    else if (location?.epoch === stream.epoch) this.follow(stream, location);
    // Its last records may still be on their way.
    else this.clock.after(LAST_RECORDS_MS, () => stream.end("publisher-gone"));
  }

  /** @param hasPast it was written elsewhere before */
  private claimed(identity: StreamIdentity, hasPast: boolean): Stream {
    const known = this.local(identity.app, identity.name);
    if (known?.epoch === identity.epoch) return known;
    known?.end("superseded");
    const stream = this.begin(identity);
    // The publisher can go on when the newest is there.
    if (hasPast) stream.backfill.expect();
    return stream;
  }

  private begin(identity: StreamIdentity): Stream {
    const { app, name, epoch } = identity;
    const stream = new Stream(identity, this.options, this.clock, this.fanOut, (ended, reason) => this.forget(ended, reason));
    this.byName.set(keyOf(app, name), stream);
    this.directory.keeps(app, name, epoch);
    return stream;
  }

  /**
   * Waits for what was written before. False when its newest cannot be had.
   * @param sources where a copy that is here came from; its past may not be here yet
   */
  private async catchUp(stream: Stream, { from }: Claim, sources: readonly string[]): Promise<boolean> {
    this.unfollow(stream);
    const { log, backfill: history } = stream;
    const isThere = (): boolean => !from || log.head > from.head.sequence;
    if (isThere() && (!history.missing || sources.length === 0)) return true;
    return await new Promise<boolean>((resolve) => {
      const done = (): void => {
        cancel();
        unlisten();
        following.stop();
        resolve(isThere());
      };
      let cancel = this.clock.after(CATCH_UP_MS.newest, done);
      const waitForPast = (): void => {
        cancel();
        cancel = this.clock.after(CATCH_UP_MS.past, done);
        history.whenThere(done);
      };
      const unlisten = log.listen(() => {
        if (!isThere()) return;
        unlisten();
        queueMicrotask(waitForPast);
      });
      const following = this.upstreams.follow(stream, from ? [from.peer] : sources, false, done);
      if (!isThere()) return;
      unlisten();
      waitForPast();
    });
  }

  private follow(stream: Stream, { sources, writer }: Location): void {
    const others = sources.filter((peer) => peer !== this.directory.self);
    const known = this.following.get(stream);
    if (others.length === 0) {
      this.unfollow(stream);
      // Nobody has what is missing here; where a publisher is about to come, that is looked for then.
      if (writer !== this.directory.self) stream.backfill.over();
    } else if (known) known.turnTo(others);
    else
      this.following.set(
        stream,
        this.upstreams.follow(stream, others, true, () => {
          this.following.delete(stream);
          // Whoever watches comes again, and gets a copy that is made anew.
          stream.end("history-lost");
          this.remake(stream);
        }),
      );
  }

  /** A copy that has to be kept begins anew at once. */
  private remake({ app, name }: Stream): void {
    if (this.directory.locate(app, name)?.isOriginCopy) this.find(app, name);
  }

  private unfollow(stream: Stream): void {
    this.following.get(stream)?.stop();
    this.following.delete(stream);
  }

  private sweep(): void {
    for (const stream of this.list()) {
      const location = this.directory.locate(stream.app, stream.name);
      // While its writer is gone, a copy may be all that is left of the stream.
      if (!location?.writer || location.isOriginCopy || stream.writing) continue;
      if (stream.idleMs > IDLE_COPY_MS) stream.end("idle");
    }
    this.cancelSweep = this.clock.after(SWEEP_MS, () => this.sweep());
  }

  private forget(stream: Stream, reason: string): void {
    const { app, name, epoch } = stream;
    this.unfollow(stream);
    for (const listener of this.endListeners) listener(stream, reason);
    if (this.local(app, name) === stream) this.byName.delete(keyOf(app, name));
    if (stream.writing && !this.closedToNew) this.directory.ended(app, name, epoch);
    else this.directory.drops(app, name, epoch);
  }
}

function keyOf(app: string, name: string): string {
  return `${app}/${name}`;
}
