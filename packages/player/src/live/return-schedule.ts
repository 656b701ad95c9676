/** Determines when WHEP is tried again after it failed. All times are milliseconds of one monotonic clock. */
import type { Problem } from "../engines/problem.ts";

/** It doubles with each failure in a row. */
const PAUSE_MS = { least: 8000, most: 120_000 } as const;
/** A server that is full, or cannot do it for this stream, is not asked sooner. */
const UNABLE_MS = 60_000;
/** What played for so long had a way, which may be another one now: at once. */
const PLAYED_MS = 10_000;
/** A class does not come back at once: the pause is so much longer by chance. */
const SPREAD = 0.5;
/** Also where it is tried at once. */
const SOON_MS = 500;

export class ReturnSchedule {
  private readonly random: () => number;
  private dueAt = Number.POSITIVE_INFINITY;
  private failures = 0;
  private beganAt: number | null = null;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  began(now: number): void {
    this.beganAt = now;
    this.dueAt = Number.POSITIVE_INFINITY;
  }

  failed(problem: Problem, now: number): void {
    const played = this.beganAt === null ? 0 : now - this.beganAt;
    this.beganAt = null;
    if (played >= PLAYED_MS) this.failures = 0;
    const usual = Math.min(PAUSE_MS.most, PAUSE_MS.least * 2 ** this.failures);
    this.failures++;
    this.dueAt = now + this.pause(problem, played, usual) * (1 + this.random() * SPREAD);
  }

  isDue(now: number): boolean {
    return now >= this.dueAt;
  }

  private pause(problem: Problem, played: number, usual: number): number {
    if (played >= PLAYED_MS) return SOON_MS;
    // The lesson had not begun: it is tried when another engine plays it. A server without WHEP says the same, again and again.
    if (problem === "not-live") return this.failures === 1 ? SOON_MS : usual;
    return problem === "network" ? usual : Math.max(UNABLE_MS, usual);
  }
}
