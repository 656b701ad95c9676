/**
 * Knows which rungs are asked for and not there yet. All who ask for one share one wait: when it is over, the ladder gets no CPU, and those who
 * ask later are answered at once, for its other rungs too. Ten seconds are for a source that has to come first and for an encoder that catches up;
 * an encoder that has all it needs and brings nothing is not waited for so long.
 */
import { plainName } from "../../access/policies/stream-policy.ts";
import type { Clock } from "../../platform/clock.ts";
import { renditionOf } from "../stream-name.ts";
import type { Stream, Streams } from "../streams/index.ts";

/** For all who ask for a rung together, since the first of them. */
const WAIT_MS = 10_000;
/** An encoder that gets CPU has its first frame within this, and then comes nearer to its source. */
const STANDSTILL_MS = 3000;
/** The encoder of a ladder begins with the second segment of its source. */
const SEGMENTS_TO_ENCODE = 2;
/** A rung that was waited for in vain is still worth watching when it is no further behind its source. */
const WORTH_WATCHING_MS = 5000;
/** Nobody wants a rung any more that nobody has asked for again within this. */
const UNWANTED_MS = 30_000;

/** Times are monotonic milliseconds. */
type AwaitedRung = {
  readonly app: string;
  readonly name: string;
  /** When it was asked for first, and last. */
  readonly since: number;
  requestedAt: number;
  /** When it came nearer to its source last, at first when it could be encoded; null before, and for a form. */
  progressAt: number | null;
  /** The least that it was behind its source, milliseconds. */
  leastLagMs: number;
};

/** What is known of a rung's encoder. */
export type RungEncoder = {
  /** Since when it runs in this process, monotonic milliseconds; null where it does not. */
  readonly since: number | null;
  /** Names of the streams that it makes together. */
  readonly makes: readonly string[];
};

export class AwaitedRungs {
  private readonly streams: Pick<Streams, "local">;
  private readonly clock: Clock;
  private readonly awaited = new Map<string, AwaitedRung>();

  constructor(streams: Pick<Streams, "local">, clock: Clock) {
    this.streams = streams;
    this.clock = clock;
  }

  /** Somebody asks for a rung that is not there. Answers whether the wait for it is over. */
  ask(app: string, name: string, encoder: RungEncoder): () => boolean {
    const known = this.awaited.get(keyOf(app, name)) ?? this.begin(app, name, encoder);
    known.requestedAt = this.clock.monotonic();
    this.awaited.set(keyOf(app, name), known);
    return () => this.isOver(known);
  }

  /** The rung is there, or nobody makes it. */
  forget(app: string, name: string): void {
    this.awaited.delete(keyOf(app, name));
  }

  /**
   * Whether those who asked for a rung, or for another one of its encoder, have waited in vain, and it is not there.
   * @param together names of the streams that its encoder makes
   */
  isOverdue(app: string, name: string, together: readonly string[]): boolean {
    const isInVain = [name, ...together].some((one) => {
      const awaited = this.awaited.get(keyOf(app, one));
      return awaited !== undefined && this.isOver(awaited) && this.late(app, one) === null;
    });
    return isInVain && this.late(app, name) === null;
  }

  /** A rung that is here and behind its source, but not so far that nobody would want it; null when there is none. */
  late(app: string, name: string): Stream | null {
    const made = this.streams.local(app, name);
    const source = this.streams.local(app, plainName(name));
    if (!made || !source || made.log.segments.length === 0) return null;
    return source.time - made.time <= WORTH_WATCHING_MS ? made : null;
  }

  /** To be called each second. Forgets rungs that have come, or that nobody wants any more. */
  sweep(isThere: (app: string, name: string) => boolean): void {
    const unwanted = this.clock.monotonic() - UNWANTED_MS;
    for (const [key, { app, name, requestedAt }] of this.awaited)
      if (requestedAt < unwanted || isThere(app, name)) this.awaited.delete(key);
  }

  private begin(app: string, name: string, { since, makes }: RungEncoder): AwaitedRung {
    const now = this.clock.monotonic();
    // Who asks for several rungs of one encoder, one after the other, does not wait for each.
    const others = makes.flatMap((other) => this.awaited.get(keyOf(app, other)) ?? []);
    const firstAt = Math.min(now, ...others.map((other) => other.since));
    const stoodAt = others.flatMap(({ progressAt }) => progressAt ?? []);
    // An encoder that runs here and has brought nothing until now is known to get no CPU.
    if (since !== null && this.late(app, name) === null) stoodAt.push(since);
    const progressAt = stoodAt.length > 0 && renditionOf(name) === null ? Math.min(...stoodAt) : null;
    return { app, name, since: firstAt, requestedAt: now, progressAt, leastLagMs: Number.POSITIVE_INFINITY };
  }

  private isOver(rung: AwaitedRung): boolean {
    const now = this.clock.monotonic();
    this.noteProgress(rung, now);
    const { since, progressAt } = rung;
    return now - since >= WAIT_MS || (progressAt !== null && now - progressAt >= STANDSTILL_MS);
  }

  /** A form is the only way to play for those who ask for it, so it has all its time. */
  private noteProgress(rung: AwaitedRung, now: number): void {
    const { app, name } = rung;
    const source = this.streams.local(app, plainName(name));
    if (renditionOf(name) !== null || !source || source.log.segments.length < SEGMENTS_TO_ENCODE) return;
    const made = this.streams.local(app, name);
    const lagMs = made && made.log.segments.length > 0 ? source.time - made.time : Number.POSITIVE_INFINITY;
    if (rung.progressAt === null || lagMs < rung.leastLagMs) rung.progressAt = now;
    rung.leastLagMs = Math.min(rung.leastLagMs, lagMs);
  }
}

function keyOf(app: string, name: string): string {
  return `${app}/${name}`;
}
