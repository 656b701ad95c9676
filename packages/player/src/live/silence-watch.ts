/**
 * Notices a live picture that stands still because nothing arrives, and finds out why: the server does not answer, or it has nothing newer than
 * what is shown. All times are milliseconds of one monotonic clock.
 */
import { serverClock } from "../clock/server-clock.ts";

/** connection: the server cannot be reached. publisher: nothing has come to the server since. */
export type SilenceCause = "connection" | "publisher";

export type Silence = {
  /** When the picture stopped: milliseconds since 1970. */
  readonly since: number;
  readonly cause: SilenceCause;
};

export type SilenceLook = {
  /** The picture stands still, and nothing has arrived for some time. */
  readonly isStill: boolean;
  /** The stream's time of the newest media that have arrived, milliseconds; null where the engine does not know it. */
  readonly newestMs: number | null;
};

export type SilenceHost = {
  /** The server's newest time of the stream; as `fetchNewestTime`. */
  readonly ask: () => Promise<number | "unreachable" | null>;
  /** The cause is known now, or the picture moves again. */
  readonly onChange: () => void;
};

/** Viewers of one stream ask spread over this time, so that a publisher's break is no rush. */
const ASK_AFTER_MS = { least: 500, spread: 600 } as const;
/** A cause that may have changed is asked for again. */
const ASK_AGAIN_MS = 2500;
/** What the server has and the player has not: a batch of FLV, or a segment of HLS that is not complete. */
const TOLERANCE_MS = 2500;

export class SilenceWatch {
  private readonly host: SilenceHost;
  private readonly random: () => number;
  private stillSince: number | null = null;
  private askAt = Number.POSITIVE_INFINITY;
  private found: Silence | null = null;

  constructor(host: SilenceHost, random: () => number = Math.random) {
    this.host = host;
    this.random = random;
  }

  /** Null while the picture moves, and while the cause is not known. */
  get silence(): Silence | null {
    return this.found;
  }

  /** Called about five times a second. */
  look({ isStill, newestMs }: SilenceLook, now: number): void {
    if (!isStill) return this.reset();
    if (this.stillSince === null) {
      this.stillSince = now;
      this.askAt = now + ASK_AFTER_MS.least + this.random() * ASK_AFTER_MS.spread;
    }
    if (now < this.askAt || this.found?.cause === "publisher") return;
    this.askAt = Number.POSITIVE_INFINITY;
    void this.ask(this.stillSince, newestMs, now);
  }

  /** The picture moves, or nothing is to be shown. */
  reset(): void {
    this.stillSince = null;
    this.askAt = Number.POSITIVE_INFINITY;
    this.tell(null);
  }

  private async ask(since: number, newestMs: number | null, now: number): Promise<void> {
    const stoppedAt = serverClock.now() - (now - since);
    const answer = await this.host.ask();
    // The picture has moved meanwhile.
    if (this.stillSince !== since) return;
    this.askAt = now + ASK_AGAIN_MS;
    const cause = causeOf(answer, newestMs);
    if (cause !== this.found?.cause) this.tell(cause && { since: this.found?.since ?? stoppedAt, cause });
  }

  private tell(silence: Silence | null): void {
    if (silence === this.found) return;
    this.found = silence;
    this.host.onChange();
  }
}

/** Null: media are on their way, and the connection is only slow, or it is not known. */
function causeOf(answer: number | "unreachable" | null, newestMs: number | null): SilenceCause | null {
  if (answer === "unreachable") return "connection";
  return answer !== null && newestMs !== null && answer - newestMs < TOLERANCE_MS ? "publisher" : null;
}
