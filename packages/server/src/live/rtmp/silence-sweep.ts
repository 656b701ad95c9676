/**
 * Finds connections that have been silent for too long, in one sweep for all of them. A socket's own timer would be set again by each read.
 */
import type { Clock } from "../../platform/clock.ts";

/** Sweeps in the time that a connection may be silent. */
const SWEEPS = 10;

type Watched = {
  /** When bytes came last, monotonic milliseconds. */
  readonly heardAt: () => number;
  readonly onSilent: () => void;
};

export class SilenceSweep {
  private readonly clock: Clock;
  private readonly silentMs: number;
  private readonly watched = new Set<Watched>();
  private cancel: (() => void) | null = null;

  /** @param silentMs a connection is called silent after so many milliseconds, and a tenth more at most */
  constructor(clock: Clock, silentMs: number) {
    this.clock = clock;
    this.silentMs = silentMs;
  }

  /**
   * Watches a connection until the function that this gives is called.
   * @param heardAt when bytes came last, monotonic milliseconds
   * @param onSilent called once
   */
  watch(heardAt: () => number, onSilent: () => void): () => void {
    const watched = { heardAt, onSilent };
    this.watched.add(watched);
    this.cancel ??= this.later();
    return () => {
      this.watched.delete(watched);
      if (this.watched.size > 0) return;
      this.cancel?.();
      this.cancel = null;
    };
  }

  private later(): () => void {
    return this.clock.after(this.silentMs / SWEEPS, () => this.sweep());
  }

  private sweep(): void {
    this.cancel = null;
    const now = this.clock.monotonic();
    for (const watched of [...this.watched]) {
      if (now - watched.heardAt() < this.silentMs) continue;
      this.watched.delete(watched);
      watched.onSilent();
    }
    if (this.watched.size > 0) this.cancel ??= this.later();
  }
}
