/**
 * Knows which rungs are asked for and not there yet. All who ask for one share one wait: when it is over, the ladder gets no CPU, and those who
 * ask later are answered at once.
 */
import { plainName } from "../../access/policies/stream-policy.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Stream, Streams } from "../streams/index.ts";

/** For all who ask for a rung together, since the first of them; the source may have to come first. */
const WAIT_MS = 10_000;
/** A rung that was waited for in vain is still worth watching when it is no further behind its source. */
const WORTH_WATCHING_MS = 5000;
/** Nobody wants a rung any more that nobody has asked for again within this. */
const UNWANTED_MS = 30_000;

/** since: when it was asked for first, askedAt: last; monotonic milliseconds. */
type AwaitedRung = { readonly app: string; readonly name: string; readonly since: number; askedAt: number };

export class AwaitedRungs {
  private readonly streams: Pick<Streams, "local">;
  private readonly clock: Clock;
  private readonly awaited = new Map<string, AwaitedRung>();

  constructor(streams: Pick<Streams, "local">, clock: Clock) {
    this.streams = streams;
    this.clock = clock;
  }

  /** Somebody asks for a rung that is not there. Answers whether the wait for it is over. */
  ask(app: string, name: string): () => boolean {
    const now = this.clock.monotonic();
    const known = this.awaited.get(keyOf(app, name)) ?? { app, name, since: now, askedAt: now };
    known.askedAt = now;
    this.awaited.set(keyOf(app, name), known);
    return () => this.isOver(known);
  }

  /** The rung is there, or nobody makes it. */
  forget(app: string, name: string): void {
    this.awaited.delete(keyOf(app, name));
  }

  /** Whether those who asked for a rung have waited in vain, and it is not there. */
  isOverdue(app: string, name: string): boolean {
    const awaited = this.awaited.get(keyOf(app, name));
    return awaited !== undefined && this.isOver(awaited) && this.late(app, name) === null;
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
    for (const [key, { app, name, askedAt }] of this.awaited)
      if (askedAt < unwanted || isThere(app, name)) this.awaited.delete(key);
  }

  private isOver({ since }: AwaitedRung): boolean {
    return this.clock.monotonic() - since >= WAIT_MS;
  }
}

function keyOf(app: string, name: string): string {
  return `${app}/${name}`;
}
