/**
 * Asks the server whether a track of the stream can be decoded at all, for an engine that is told nothing of it by what it plays. It asks soon where something
 * is missing, and more and more seldom while the server has nothing to say: a teacher may be silent. All times are milliseconds of one monotonic clock.
 */
import type { Undecodable } from "./undecodable.ts";

/** Viewers of one stream ask spread over this time. */
const FIRST_MS = { least: 700, spread: 600 } as const;
const AGAIN_MS = { first: 2000, most: 60_000 } as const;
/** What is told may be over. */
const TOLD_AGAIN_MS = 2500;

export type UndecodableHost = {
  /** "unreachable": there was no answer. */
  readonly ask: () => Promise<Undecodable | "unreachable" | null>;
  readonly onChange: (track: Undecodable | null) => void;
};

export class UndecodableWatch {
  private readonly host: UndecodableHost;
  private readonly random: () => number;
  /** Undefined: nothing was told yet. */
  private found: Undecodable | null | undefined;
  private askAt: number | null = null;
  private againMs: number = AGAIN_MS.first;

  constructor(host: UndecodableHost, random: () => number = Math.random) {
    this.host = host;
    this.random = random;
  }

  /** Called some times a second. @param isDoubtful picture or sound is missing */
  look(isDoubtful: boolean, now: number): void {
    if (!isDoubtful && !this.found) {
      this.askAt = null;
      this.againMs = AGAIN_MS.first;
      return;
    }
    this.askAt ??= now + FIRST_MS.least + this.random() * FIRST_MS.spread;
    if (now < this.askAt) return;
    this.askAt = Number.POSITIVE_INFINITY;
    void this.ask(now);
  }

  /** The server has told it in another way. */
  take(track: Undecodable | null): void {
    if (track === this.found) return;
    this.found = track;
    this.host.onChange(track);
  }

  private async ask(now: number): Promise<void> {
    const answer = await this.host.ask();
    if (answer !== "unreachable") this.take(answer);
    this.askAt = now + (this.found ? TOLD_AGAIN_MS : this.againMs);
    this.againMs = Math.min(AGAIN_MS.most, this.againMs * 2);
  }
}
