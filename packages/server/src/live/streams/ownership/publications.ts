/**
 * Grants streams to publishers: claims the next term, waits for the entries of earlier publishers, or lets a publisher stand by. Every way
 * in opens its publish sessions here.
 */
import type { Clock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { Tracer } from "../../../platform/tracing/tracer.ts";
import type { Backfill } from "../log/backfill.ts";
import type { Log } from "../log/log.ts";
import type { Receiver } from "../log/log-receiver.ts";
import type { Publication, PublisherInfo } from "./publication.ts";
import type { PublishRequest, PublishSession } from "./publish-session.ts";
import { tracePublisher } from "./publisher-trace.ts";
import { StandbyPublisher, type StandbyRole } from "./standby-publisher.ts";
import type { Claim, ClaimOptions, Occupancy, StreamLocator, Upstreams } from "./stream-locator.ts";

/** A stream of this process that a publisher can be given. */
export type OwnedStream = Omit<Receiver, "backfill"> & {
  readonly log: Log;
  readonly backfill: Backfill;
  readonly occupancy: (silentMs: number | null) => Occupancy;
  readonly publish: (claim: Pick<Claim, "term" | "acknowledged">, publisher: PublisherInfo) => Publication;
  readonly end: (reason: string) => void;
};

/** The streams of this process. */
export type OwnedStreams = {
  readonly local: (app: string, name: string) => OwnedStream | null;
  /** The stream of a claim, which is created unless it is here. It is not followed any more. */
  readonly claimed: (app: string, name: string, claim: Claim) => OwnedStream;
  /** New publishers are refused. */
  readonly closed: () => boolean;
};

const PUBLISHER_CLAIM: ClaimOptions = { silentMs: null, preempt: false, backup: false };
/** No publisher counts as living. */
const TAKE_OVER: ClaimOptions = { silentMs: 0, preempt: true, backup: false };
/** A publisher waits so long for the newest entries of the one before it, and then so long for the backfill. */
const CATCH_UP_MS = { newest: 2000, backfill: 500 } as const;

export class Publications {
  private readonly streams: OwnedStreams;
  private readonly locator: StreamLocator;
  private readonly upstreams: Upstreams;
  private readonly clock: Clock;
  private readonly tracer: Tracer;

  constructor(streams: OwnedStreams, locator: StreamLocator, upstreams: Upstreams, clock: Clock, tracer: Tracer) {
    this.streams = streams;
    this.locator = locator;
    this.upstreams = upstreams;
    this.clock = clock;
    this.tracer = tracer;
  }

  /** Why a request would be refused now; null when it would not. */
  async check({
    app,
    name,
    backup,
    takeOver = false,
  }: Pick<PublishRequest, "app" | "name" | "backup" | "takeOver">): Promise<Refusal | null> {
    return !backup && !takeOver && (await this.occupancy(app, name)) === "main" ? new Refusal("publisher-present") : null;
  }

  /**
   * Gives a stream to a publisher. A backup stands by, and so does a main publisher whose backup is live, until it is steady. One that takes over
   * has it at once.
   * Refuses with `publisher-present`, `full` or `draining`.
   */
  async open(request: PublishRequest): Promise<PublishSession | Refusal> {
    if (request.takeOver) return await this.claim(request, TAKE_OVER);
    if (request.backup) return this.standBy(request, "backup");
    if ((await this.occupancy(request.app, request.name)) === "backup") return this.standBy(request, "returning");
    return await this.claim(request, PUBLISHER_CLAIM);
  }

  /** Whether a living publisher has the stream. @param silentMs null: as is configured */
  async occupancy(app: string, name: string, silentMs: number | null = null): Promise<Occupancy> {
    const location = this.locator.locate(app, name);
    if (!location?.writer) return "free";
    return location.writer === this.locator.self
      ? (this.streams.local(app, name)?.occupancy(silentMs) ?? "free")
      : await this.locator.occupied(app, name, silentMs);
  }

  private standBy(request: PublishRequest, role: StandbyRole): StandbyPublisher {
    const { app, name } = request;
    return new StandbyPublisher(request, role, this.clock, {
      occupancy: (silentMs) => this.occupancy(app, name, silentMs),
      claim: (options, onRevoked) => this.claim({ ...request, onRevoked }, options),
    });
  }

  private async claim(request: PublishRequest, options: ClaimOptions): Promise<Publication | Refusal> {
    const { app, name, source, onRevoked, onKeyFrameWanted, onProblem, derivation, line } = request;
    const trace = tracePublisher(this.tracer, request);
    const refuse = (refusal: Refusal): Refusal => {
      trace.refused(refusal);
      return refusal;
    };
    for (const fresh of [false, true]) {
      if (this.streams.closed()) return refuse(new Refusal("draining"));
      const before = this.locator.locate(app, name)?.sources ?? [];
      const claim = await this.locator.claim(app, name, fresh, options);
      if (claim instanceof Refusal) return refuse(claim);
      const stream = this.streams.claimed(app, name, claim);
      if (await this.catchUp(stream, claim, before))
        return stream.publish(claim, {
          source,
          isBackup: options.backup,
          onRevoked,
          onKeyFrameWanted,
          onProblem,
          derivation,
          line,
          ...trace.granted(stream.log),
        });
      stream.end("history-lost");
    }
    return refuse(new Refusal("internal-error"));
  }

  /**
   * Waits for the entries that were written before. False when the newest of them cannot be had.
   * @param sources of a copy that is here, whose backfill may be missing
   */
  private async catchUp(stream: OwnedStream, { from }: Claim, sources: readonly string[]): Promise<boolean> {
    const { log, backfill } = stream;
    const isThere = (): boolean => !from || log.head > from.head.sequence;
    if (isThere() && (!backfill.missing || sources.length === 0)) return true;
    return await new Promise<boolean>((resolve) => {
      const done = (): void => {
        cancel();
        unlisten();
        following.stop();
        resolve(isThere());
      };
      let cancel = this.clock.after(CATCH_UP_MS.newest, done);
      const waitForBackfill = (): void => {
        cancel();
        cancel = this.clock.after(CATCH_UP_MS.backfill, done);
        backfill.whenThere(done);
      };
      const unlisten = log.whenAppended(() => {
        if (!isThere()) return;
        unlisten();
        queueMicrotask(waitForBackfill);
      });
      const following = this.upstreams.follow(stream, from ? [from.peer] : sources, false, done);
      if (!isThere()) return;
      unlisten();
      waitForBackfill();
    });
  }
}
