/** Provides exponential back-off with jitter: a whole class that lost its connection does not return at the same moment. */

import type { Problem } from "../engines/problem.ts";

const FIRST_MS = 300;
const MAX_MS = 8000;
/**
 * Where somebody says when it may succeed, it is tried so seldom until then: a publisher that broke off may be back unheard; a lesson that has not
 * begun is in no hurry, and each try is a 404 in the console.
 */
const TOLD_MS = { return: 30_000, begin: 300_000 } as const;
/**
 * Of a stream that has just ended, a page that knows why says so within this time: asked before, the server answers with a 404. A publisher that is
 * back sooner has not ended it.
 */
const END_MS = 1500;
/** And then within this time. */
const SPREAD_MS = 500;

/** How long the publisher has been absent, and what the page will say of it. */
type Absence = { readonly ms: number | null; readonly awaited: keyof typeof TOLD_MS | null };

export class Backoff {
  private tries = 0;
  private readonly random: () => number;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** Milliseconds to wait before the next try. @param told what somebody will say: that the stream is back, or has begun */
  next(told: keyof typeof TOLD_MS | null = null): number {
    if (told !== null) return TOLD_MS[told];
    const full = Math.min(MAX_MS, FIRST_MS * 2 ** this.tries++);
    return full * (0.5 + this.random() / 2);
  }

  /**
   * The same after a problem. Where a stream that has played ends, the first try waits for the page's word; a connection that is lost while the
   * publisher is absent is such an end.
   */
  after(problem: Problem, { ms, awaited }: Absence, hasPlayed: boolean): number {
    const isEnd = problem === "not-live" || (problem === "network" && ms !== null);
    if (!isEnd) return this.next();
    if (awaited !== null || !hasPlayed || this.tries > 0) return this.next(awaited);
    this.tries++;
    return END_MS + this.random() * SPREAD_MS;
  }

  /** The same, where somebody has said that it may succeed now. Starts over. */
  soon(): number {
    this.reset();
    return this.random() * SPREAD_MS;
  }

  /** Starts over after a success. */
  reset(): void {
    this.tries = 0;
  }
}
