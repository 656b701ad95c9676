/**
 * Provides the following side of the relay: brings a stream over one path, or over two at once, of which the first copy of each entry wins. Each path
 * is a TCP connection, which loses nothing, keeps its order, and resumes behind the newest entry here: so whatever one path lacks, the other has or
 * will have. Where two full copies are too much for two slow paths, each delivers one stripe (`path-striping.ts`).
 */
import type { Duplex } from "node:stream";
import type { Clock } from "../../../platform/clock.ts";
import type { Span } from "../../../platform/tracing/span.ts";
import { NO_TRACER, type Tracer } from "../../../platform/tracing/tracer.ts";
import type { Following, LogEntry, Loss, Received, Receiver, Upstreams } from "../../streams/index.ts";
import { type FetchReport, HEARD_WITHIN_MS, type PathFault, type SourceReport } from "./fetch-state.ts";
import { Path, type PathEnd, type PathPurpose } from "./path.ts";
import { PathStriping } from "./path-striping.ts";
import { RepairConnections } from "./repair-connections.ts";
import { type KnownSource, STANDING_MS, sourcesToAsk } from "./source-choice.ts";

export type UpstreamEvents = {
  /** A peer broke the protocol, and its connection is closed. */
  readonly broken: (rule: string) => void;
  readonly received: (peer: string, bytes: number) => void;
};

/** Number of paths; auto: two while the best one is poor. */
export type Paths = 1 | 2 | "auto";

export type UpstreamOptions = {
  /** A connection to a peer, which may still be opening; null when its address is not known. */
  readonly dial: (peer: string) => Duplex | null;
  readonly paths: () => Paths;
  readonly isOriginCopy: (stream: Receiver) => boolean;
  readonly clock: Clock;
  /** Default: nothing is traced. */
  readonly tracer?: Tracer;
};

/** A peer that cannot be reached is tried again after this, and each time later. */
const RETRY_MS = { first: 100, most: 3000 } as const;
/** Several paths are compared often; a single one has nothing to be compared with, and a process may follow thousands of streams. */
const MAINTENANCE_MS = { several: 100, single: 5000 } as const;
/** A path that lags this far behind the other for so many checks in a row is replaced, where there is another source. */
const LAGGING = { milliseconds: 1000, checks: 20 } as const;
/** With auto: a pause of this is poor, and a second path stays for so long after the last pause. */
const POOR = { pauseMs: 500, secondPathMs: 60_000 } as const;
/** A path whose latest entry came so long ago has stopped delivering. */
const DELIVERING_MS = 1000;
/** A path lags when it has not delivered for this while the other has. */
const SILENT_PATH_MS = 2000;

type RetryState = { readonly failures: number; notBefore: number; readonly fault: PathFault };
/** Latest delivery of a path, and for how many checks it has lagged. */
type Delivery = { at: number; lagging: number };

export function relayUpstreams(
  options: UpstreamOptions,
  events: UpstreamEvents,
): Upstreams & { readonly list: () => PathReport[]; readonly unfetched: () => FetchReport[] } {
  const followings = new Set<MultiPath>();
  return {
    follow: (stream, sources, patient, onLost) => {
      const following = new MultiPath(stream, sources, patient, options, events, (loss) => {
        followings.delete(following);
        if (loss) onLost(loss);
      });
      followings.add(following);
      following.fill();
      return following;
    },
    list: () => [...followings].flatMap((following) => following.list()),
    unfetched: () => [...followings].flatMap((following) => following.unfetched() ?? []),
  };
}

export type PathReport = {
  /** APP/NAME, with its rung. */
  readonly stream: string;
  readonly peer: string;
  readonly rttMs: number | null;
  readonly jitterMs: number;
  readonly bytes: number;
  readonly first: number;
  readonly second: number;
  readonly lagMs: number;
  /** Milliseconds since the latest bytes; null when none have arrived. */
  readonly ageMs: number | null;
  /** Share of bytes that TCP sent again, per cent; null while not known. */
  readonly lossPercent: number | null;
};

class MultiPath implements Following {
  private readonly stream: Receiver;
  private readonly patient: boolean;
  private readonly options: UpstreamOptions;
  private readonly events: UpstreamEvents;
  private readonly onEnd: (loss: Loss | null) => void;
  private readonly retries = new Map<string, RetryState>();
  private readonly active = new Map<string, Path>();
  /** Sources that no longer have the next entry. */
  private readonly expired = new Set<string>();
  private readonly deliveries = new Map<Path, Delivery>();
  private sources: readonly string[];
  private cancel: (() => void) | null = null;
  /** The next maintenance is that of several paths. */
  private isWatched = false;
  private newestAt: number;
  /** When any source was heard last; at first, when the following began. */
  private heardAt: number;
  private poorAt = Number.NEGATIVE_INFINITY;
  /** The path that delivers the backfill. */
  private backfillPath: Path | null = null;
  private readonly striping: PathStriping;
  private readonly repairs: RepairConnections;
  private over = false;

  constructor(
    stream: Receiver,
    sources: readonly string[],
    patient: boolean,
    options: UpstreamOptions,
    events: UpstreamEvents,
    onEnd: (loss: Loss | null) => void,
  ) {
    this.stream = stream;
    this.repairs = new RepairConnections(
      (peer, ended) => this.open(peer, { isOriginCopy: false, repairOnly: true, backfill: false, trace: null }, ended),
      options.clock,
    );
    this.striping = new PathStriping(stream, ({ peer }, assignment) => this.repairs.request(peer, assignment));
    this.sources = sources;
    this.patient = patient;
    this.options = options;
    this.events = events;
    this.onEnd = onEnd;
    this.newestAt = options.clock.monotonic();
    this.heardAt = this.newestAt;
    this.maintainLater();
  }

  turnTo(sources: readonly string[]): void {
    this.sources = sources;
    for (const [peer, path] of this.active) {
      path.isOriginCopy = this.options.isOriginCopy(this.stream);
      if (!sources.includes(peer)) this.drop(path);
    }
    // The best source may be back, and is named again because it is.
    for (const [peer, state] of this.retries) if (sources[0] === peer) state.notBefore = 0;
    const now = this.options.clock.monotonic();
    const best = sources.slice(0, this.wanted(now)).filter((peer) => !this.active.has(peer));
    // A new path runs beside the one that it replaces until it delivers.
    if (this.active.size > 0) for (const peer of best) if (this.isDue(peer, now)) this.begin(peer);
    this.fill();
  }

  stop(): void {
    this.end(null);
  }

  list(): PathReport[] {
    const now = this.options.clock.monotonic();
    const stream = `${this.stream.app}/${this.stream.name}`;
    return [...this.active.values()].map((path) => {
      const { peer, rttMs, jitterMs, bytes, first, second, lagMs, heardAt, lossPercent } = path;
      const ageMs = bytes > 0 ? now - heardAt : null;
      return { stream, peer, rttMs, jitterMs, bytes, first, second, lagMs, ageMs, lossPercent };
    });
  }

  /** Why no source is heard; null while one is. */
  unfetched(): FetchReport | null {
    const now = this.options.clock.monotonic();
    for (const path of this.active.values()) this.noteHeard(path);
    const waitingMs = now - this.heardAt;
    if (waitingMs <= HEARD_WITHIN_MS) return null;
    return {
      stream: `${this.stream.app}/${this.stream.name}`,
      waitingMs: Math.round(waitingMs),
      sources: this.sources.map((peer) => this.sourceReport(peer, now)),
    };
  }

  private sourceReport(peer: string, now: number): SourceReport {
    const [path, retry] = [this.active.get(peer), this.retries.get(peer)];
    const fault = retry?.fault ?? null;
    if (path) {
      const state = path.entryBytes > 0 ? "delivering" : path.bytes > 0 ? "accepted" : "connecting";
      return { peer, state, fault, dueInMs: null };
    }
    if (!retry) return { peer, state: "untried", fault, dueInMs: null };
    return { peer, state: "failed", fault, dueInMs: Math.max(0, Math.round(retry.notBefore - now)) };
  }

  private noteHeard({ bytes, heardAt }: Path): void {
    if (bytes > 0) this.heardAt = Math.max(this.heardAt, heardAt);
  }

  /** Opens paths as they are wanted, to the best sources first. */
  fill(): void {
    if (this.over) return;
    const now = this.options.clock.monotonic();
    const state = { wanted: this.wanted(now), standsMs: now - this.newestAt, hasEntries: this.stream.newest !== null };
    const known = this.sources.map((peer) => ({ peer, state: this.stateOf(peer), dueInMs: this.dueInMs(peer, now) }));
    for (const peer of sourcesToAsk(known, state, RETRY_MS.most)) {
      this.begin(peer);
      if (this.over) return;
    }
    // Paths beyond the wanted number are closed, the worst first, once the better ones deliver.
    const best = this.sources.flatMap((peer) => this.active.get(peer) ?? []).slice(0, state.wanted);
    const areDelivering = best.every((path) => this.isDelivering(path, now));
    for (const path of this.active.values()) if (areDelivering && !best.includes(path) && this.active.size > 1) this.drop(path);
  }

  private stateOf(peer: string): KnownSource["state"] {
    const path = this.active.get(peer);
    return path ? (path.isQuiet ? "quiet" : "heard") : "apart";
  }

  private isDelivering(path: Path, now: number): boolean {
    const latest = this.deliveries.get(path)?.at ?? Number.NEGATIVE_INFINITY;
    return path.entryBytes > 0 && !path.isQuiet && now - latest < DELIVERING_MS;
  }

  private dueInMs(peer: string, now: number): number {
    return (this.retries.get(peer)?.notBefore ?? now) - now;
  }

  /** Whether a source may be tried now. */
  private isDue(peer: string, now: number): boolean {
    return this.dueInMs(peer, now) <= 0;
  }

  private wanted(now: number): number {
    const paths = this.options.paths();
    if (paths !== "auto") return paths;
    return now - this.poorAt < POOR.secondPathMs ? 2 : 1;
  }

  private begin(peer: string): void {
    const { clock, isOriginCopy } = this.options;
    const backfill = (this.stream.backfill?.missing ?? false) && this.backfillPath === null;
    const span = this.traced(peer);
    const trace = span?.context ?? this.stream.trace.cause;
    const purpose = { isOriginCopy: isOriginCopy(this.stream), repairOnly: false, backfill, trace };
    const ended = (why: PathEnd, fault: PathFault): void => {
      span?.end(why);
      this.ended(path, why, fault);
    };
    const path: Path | null = this.open(peer, purpose, ended, () => span?.end());
    // The caller of `follow` gets its result before it hears of a failure.
    if (!path) {
      span?.end("unreachable");
      return queueMicrotask(() => this.failed(peer, "gone", "unreachable"));
    }
    if (backfill) this.backfillPath = path;
    this.active.set(peer, path);
    this.deliveries.set(path, { at: clock.monotonic(), lagging: 0 });
    this.watchPaths();
  }

  /** The first connections of a copy belong to the trace that it is made for: from the request to the first entry. Later ones belong to none. */
  private traced(peer: string): Span | null {
    const { app, name, newest, trace } = this.stream;
    const { cause } = trace;
    if (newest !== null) trace.cause = null;
    if (!trace.cause || !cause) return null;
    const attributes = { "lectern.stream": `${app}/${name}`, "lectern.peer": peer };
    return (this.options.tracer ?? NO_TRACER).begin("relay follow", {
      kind: "client",
      parent: cause,
      sampling: "parent",
      attributes,
    });
  }

  private open(
    peer: string,
    purpose: PathPurpose,
    ended: (why: PathEnd, fault: PathFault) => void,
    onEntry = () => {},
  ): Path | null {
    const { options, events, stream } = this;
    const socket = options.dial(peer);
    if (!socket) return null;
    const path: Path = new Path(peer, socket, stream, purpose, options.clock, {
      ended,
      checked: () => this.checked(path),
      broken: events.broken,
      bytes: (bytes) => events.received(peer, bytes),
      received: (entry) => {
        onEntry();
        return this.received(path, entry);
      },
    });
    return path;
  }

  private received(path: Path, entry: LogEntry): Received | "held" {
    const now = this.options.clock.monotonic();
    const delivery = this.deliveries.get(path);
    if (delivery) delivery.at = now;
    const outcome = this.stream.receive(entry);
    if (outcome === "taken") {
      this.striping.release();
      if (now - this.newestAt > POOR.pauseMs) this.pausedUntil(now);
      this.newestAt = now;
      path.lagMs = 0;
      this.retries.delete(path.peer);
      this.expired.clear();
    } else if (outcome === "known") path.lagMs = now - this.newestAt;
    else if (outcome === "ahead" && this.striping.hold(entry, now)) return "held";
    return outcome;
  }

  private checked(path: Path): void {
    if (path.isQuiet || this.options.clock.monotonic() - this.newestAt >= STANDING_MS) this.fill();
  }

  private pausedUntil(now: number): void {
    this.poorAt = now;
    // A second path may be wanted now.
    if (this.options.paths() === "auto" && this.active.size === 1) queueMicrotask(() => this.fill());
  }

  private ended(path: Path | null, why: PathEnd, fault: PathFault): void {
    if (!path) return;
    this.forget(path);
    this.failed(path.peer, why, fault);
  }

  private failed(peer: string, why: PathEnd, fault: PathFault): void {
    if (this.over) return;
    const alone = this.active.size === 0;
    if (why === "expired") this.expired.add(peer);
    // The next entry is lost only when no source has it.
    if (why === "void" || (alone && this.sources.every((source) => this.expired.has(source)))) return this.end("void");
    const failures = this.retries.get(peer)?.failures ?? 0;
    const wait = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures);
    this.retries.set(peer, { failures: failures + 1, notBefore: this.options.clock.monotonic() + wait, fault });
    if (alone && !this.patient) return this.end("lost");
    this.options.clock.after(wait, () => this.fill());
    if (!alone || this.sources.length > 1) queueMicrotask(() => this.fill());
  }

  private end(loss: Loss | null): void {
    if (this.over) return;
    this.over = true;
    this.cancel?.();
    for (const path of this.active.values()) path.close();
    this.repairs.hold([]);
    this.onEnd(loss);
  }

  private drop(path: Path): void {
    path.close();
    this.forget(path);
  }

  private forget(path: Path): void {
    this.noteHeard(path);
    if (this.active.get(path.peer) === path) this.active.delete(path.peer);
    this.deliveries.delete(path);
    // The next path delivers the rest of the backfill.
    if (this.backfillPath === path) this.backfillPath = null;
    // The other path delivers its stripe too.
    this.striping.end(this.options.clock.monotonic());
  }

  private get isSeveral(): boolean {
    return this.active.size > 1 || this.striping.active;
  }

  private maintainLater(): void {
    const { isSeveral } = this;
    const wait = isSeveral ? MAINTENANCE_MS.several : MAINTENANCE_MS.single;
    this.isWatched = isSeveral;
    this.cancel = this.options.clock.after(wait, () => this.maintain());
  }

  /** The number of paths has become more than one: the next look comes soon. */
  private watchPaths(): void {
    if (this.isWatched || this.over || !this.isSeveral) return;
    this.cancel?.();
    this.maintainLater();
  }

  /** Replaces a path that lags behind the other, or is silent while the other is not, where there is another source. */
  private maintain(): void {
    this.maintainLater();
    const now = this.options.clock.monotonic();
    this.striping.maintain(now, [...this.active.values()], this.newestAt);
    this.repairs.hold(this.striping.active ? [...this.active.keys()] : []);
    const spare = this.sources.filter((peer) => !this.active.has(peer) && this.isDue(peer, now));
    for (const [path, delivery] of this.deliveries) {
      const silent = now - delivery.at > SILENT_PATH_MS && now - this.newestAt < SILENT_PATH_MS / 2;
      delivery.lagging = silent || path.lagMs > LAGGING.milliseconds ? delivery.lagging + 1 : 0;
      if (delivery.lagging < LAGGING.checks || spare.length === 0 || this.active.size < 2) continue;
      this.drop(path);
      this.retries.set(path.peer, { failures: 1, notBefore: now + RETRY_MS.most * 10, fault: "silent" });
    }
    this.fill();
  }
}
