/**
 * The side of the relay that wants a stream. It is brought over one path, or over two at once, by which the first copy of each record
 * wins. Each path is a TCP connection, which loses nothing and keeps its order, and resumes behind the newest record that is here: so
 * whatever one path lacks, the other has or will have.
 * Where two copies are too much for two slow paths, each brings one half (`halves.ts`).
 */
import type { Duplex } from "node:stream";
import type { Clock } from "../../../platform/clock.ts";
import type { Following, LogEntry, Loss, Received, Receiver, Upstreams } from "../../streams/index.ts";
import { Path, type PathEnd, type PathPurpose } from "./path.ts";
import { PathStriping } from "./path-striping.ts";
import { RepairConnection } from "./repair-connection.ts";

export type UpstreamEvents = {
  /** A peer sent what makes no sense; it is left. */
  readonly broken: (rule: string) => void;
  readonly received: (peer: string, bytes: number) => void;
};

/** Paths that a stream comes by; auto: two while the best one is poor. */
export type Paths = 1 | 2 | "auto";

export type UpstreamOptions = {
  /** A connection to a peer, which may still be opening; null when nobody knows where it is. */
  readonly dial: (peer: string) => Duplex | null;
  readonly paths: () => Paths;
  readonly keeps: (stream: Receiver) => boolean;
  readonly clock: Clock;
};

/** A peer that cannot be had is tried again after this, and each time later. */
const RETRY_MS = { first: 100, most: 3000 } as const;
/** Paths are looked at this often. */
const LOOK_MS = 100;
/** A path that is so far behind the other for so many looks is left, where there is another source. */
const LAGGING = { milliseconds: 1000, looks: 20 } as const;
/** With auto: a pause of this is poor, and a second path stays for so long after the last one. */
const POOR = { pauseMs: 500, secondPathMs: 60_000 } as const;
/** A path is left behind by the other when it has not delivered for this. */
const SILENT_PATH_MS = 2000;

type State = { failures: number; notBefore: number };

export function relayUpstreams(
  options: UpstreamOptions,
  events: UpstreamEvents,
): Upstreams & { readonly list: () => PathReport[] } {
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
  };
}

export type PathReport = {
  readonly peer: string;
  readonly rttMs: number | null;
  readonly jitterMs: number;
  readonly bytes: number;
  readonly first: number;
  readonly second: number;
  readonly lagMs: number;
  /** Milliseconds since something came; null when nothing has. */
  readonly ageMs: number | null;
  /** Of what was sent by it, lost and sent again, per cent; null where it is not known. */
  readonly lossPercent: number | null;
};

class MultiPath implements Following {
  private readonly stream: Receiver;
  private readonly patient: boolean;
  private readonly options: UpstreamOptions;
  private readonly events: UpstreamEvents;
  private readonly onEnd: (loss: Loss | null) => void;
  private readonly states = new Map<string, State>();
  private readonly active = new Map<string, Path>();
  /** Sources that lack what comes next. */
  private readonly forgotten = new Set<string>();
  /** When each path has last given something, and how long it has lagged, in looks. */
  private readonly given = new Map<Path, { at: number; lagging: number }>();
  private sources: readonly string[];
  private cancel: (() => void) | null = null;
  private newestAt: number;
  private poorAt = Number.NEGATIVE_INFINITY;
  /** The path that brings what was before the newest. */
  private pastBy: Path | null = null;
  private readonly halves: PathStriping;
  private readonly asides: RepairConnection;
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
    this.asides = new RepairConnection(
      (peer, ended) => this.open(peer, { keeps: false, asked: true, past: false }, ended),
      options.clock,
    );
    this.halves = new PathStriping(stream, ({ peer }, share) => this.asides.ask(peer, share));
    this.sources = sources;
    this.patient = patient;
    this.options = options;
    this.events = events;
    this.onEnd = onEnd;
    this.newestAt = options.clock.monotonic();
    this.lookLater();
  }

  turnTo(sources: readonly string[]): void {
    this.sources = sources;
    for (const [peer, path] of this.active) {
      if (!sources.includes(peer)) this.drop(path);
    }
    // It may be back, and is named again because it is.
    for (const [peer, state] of this.states) if (sources[0] === peer) state.notBefore = 0;
    const now = this.options.clock.monotonic();
    const best = sources.slice(0, this.wanted(now)).filter((peer) => !this.active.has(peer));
    // Beside those that it replaces, until it brings something.
    if (this.active.size > 0) for (const peer of best) if (this.isDue(peer, now)) this.begin(peer);
    this.fill();
  }

  stop(): void {
    this.end(null);
  }

  list(): PathReport[] {
    const now = this.options.clock.monotonic();
    return [...this.active.values()].map((path) => {
      const { peer, rttMs, jitterMs, bytes, first, second, lagMs, heardAt, lossPercent } = path;
      const ageMs = bytes > 0 ? now - heardAt : null;
      return { peer, rttMs, jitterMs, bytes, first, second, lagMs, ageMs, lossPercent };
    });
  }

  /** Opens paths until there are as many as are wanted, the best sources first. */
  fill(): void {
    if (this.over) return;
    const now = this.options.clock.monotonic();
    for (const peer of this.sources) {
      if (this.active.size >= this.wanted(now)) break;
      if (!this.active.has(peer) && this.isDue(peer, now)) this.begin(peer);
      if (this.over) return;
    }
    // There are better sources: paths beyond those that are wanted go, the worst first, when the better ones have begun to bring something.
    const kept = this.sources.flatMap((peer) => this.active.get(peer) ?? []).slice(0, this.wanted(now));
    const areThere = kept.every(({ recordBytes }) => recordBytes > 0);
    for (const path of this.active.values()) if (areThere && !kept.includes(path) && this.active.size > 1) this.drop(path);
  }

  /** Whether a source that could not be had may be tried again. */
  private isDue(peer: string, now: number): boolean {
    return (this.states.get(peer)?.notBefore ?? 0) <= now;
  }

  private wanted(now: number): number {
    const paths = this.options.paths();
    if (paths !== "auto") return paths;
    return now - this.poorAt < POOR.secondPathMs ? 2 : 1;
  }

  private begin(peer: string): void {
    const { clock, keeps } = this.options;
    const past = (this.stream.backfill?.missing ?? false) && this.pastBy === null;
    const path: Path | null = this.open(peer, { keeps: keeps(this.stream), asked: false, past }, (why) => this.ended(path, why));
    // Whoever has just begun to follow is told afterwards.
    if (!path) return queueMicrotask(() => this.failed(peer, "gone"));
    if (past) this.pastBy = path;
    this.active.set(peer, path);
    this.given.set(path, { at: clock.monotonic(), lagging: 0 });
  }

  private open(peer: string, wish: PathPurpose, ended: (why: PathEnd) => void): Path | null {
    const { options, events, stream } = this;
    const socket = options.dial(peer);
    if (!socket) return null;
    const path: Path = new Path(peer, socket, stream, wish, options.clock, {
      ended,
      broken: events.broken,
      bytes: (bytes) => events.received(peer, bytes),
      received: (record) => this.received(path, record),
    });
    return path;
  }

  private received(path: Path, record: LogEntry): Received | "held" {
    const now = this.options.clock.monotonic();
    const given = this.given.get(path);
    if (given) given.at = now;
    const outcome = this.stream.receive(record);
    if (outcome === "taken") {
      this.halves.release();
      if (now - this.newestAt > POOR.pauseMs) this.poorAt = now;
      this.newestAt = now;
      path.lagMs = 0;
      this.states.delete(path.peer);
      this.forgotten.clear();
    } else if (outcome === "known") path.lagMs = now - this.newestAt;
    else if (outcome === "ahead" && this.halves.hold(record, now)) return "held";
    return outcome;
  }

  private ended(path: Path | null, why: PathEnd): void {
    if (!path) return;
    this.forget(path);
    this.failed(path.peer, why);
  }

  private failed(peer: string, why: PathEnd): void {
    if (this.over) return;
    const alone = this.active.size === 0;
    if (why === "forgotten") this.forgotten.add(peer);
    // That one has forgotten what comes next means nothing while another one may have it.
    if (why === "void" || (alone && this.sources.every((source) => this.forgotten.has(source)))) return this.end("void");
    const state = this.states.get(peer) ?? { failures: 0, notBefore: 0 };
    const wait = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** state.failures);
    this.states.set(peer, { failures: state.failures + 1, notBefore: this.options.clock.monotonic() + wait });
    if (alone && !this.patient) return this.end("lost");
    this.options.clock.after(wait, () => this.fill());
    if (!alone || this.sources.length > 1) queueMicrotask(() => this.fill());
  }

  private end(loss: Loss | null): void {
    if (this.over) return;
    this.over = true;
    this.cancel?.();
    for (const path of this.active.values()) path.close();
    this.asides.keep([]);
    this.onEnd(loss);
  }

  private drop(path: Path): void {
    path.close();
    this.forget(path);
  }

  private forget(path: Path): void {
    if (this.active.get(path.peer) === path) this.active.delete(path.peer);
    this.given.delete(path);
    // The next one brings what is missing of the past.
    if (this.pastBy === path) this.pastBy = null;
    // What it was to bring is brought by the other one.
    this.halves.end(this.options.clock.monotonic());
  }

  private lookLater(): void {
    this.cancel = this.options.clock.after(LOOK_MS, () => this.look());
  }

  /** A path that lags behind the other, or has gone quiet while the other has not, is replaced where there is another source. */
  private look(): void {
    this.lookLater();
    const now = this.options.clock.monotonic();
    this.halves.look(now, [...this.active.values()], this.newestAt);
    this.asides.keep(this.halves.active ? [...this.active.keys()] : []);
    const spare = this.sources.filter((peer) => !this.active.has(peer) && this.isDue(peer, now));
    for (const [path, given] of this.given) {
      const quiet = now - given.at > SILENT_PATH_MS && now - this.newestAt < SILENT_PATH_MS / 2;
      given.lagging = quiet || path.lagMs > LAGGING.milliseconds ? given.lagging + 1 : 0;
      if (given.lagging < LAGGING.looks || spare.length === 0 || this.active.size < 2) continue;
      this.drop(path);
      this.states.set(path.peer, { failures: 1, notBefore: now + RETRY_MS.most * 10 });
    }
    this.fill();
  }
}
