/**
 * Chooses the rung that a viewer's connection carries: down as soon as the estimate says so, up slowly, since an attempt that fails is seen.
 * A pure function of what is measured, with time as a parameter.
 */

/** The stream itself and its smaller versions. */
export type Rung = { readonly name: string; readonly kbps: number };

/** What is measured of a viewer. */
export type Measured = {
  /** What its connection carries. */
  readonly kbps: number;
  /** Part of the packets lost: 0 to 1. */
  readonly loss: number;
  /** Milliseconds of media that wait to be sent. */
  readonly behindMs: number;
};

/** It goes down where the estimate has stayed below the rung's bits for so long. */
const DOWN_AFTER_MS = 1000;
/** It goes up after so long without trouble, and twice as long after each attempt that failed. */
const UP_AFTER_MS = 8000;
const MAX_UP_AFTER_MS = 120_000;
/** An attempt has failed when it goes down within this. */
const FAILED_WITHIN_MS = 15_000;
/** More than this is trouble. */
const TROUBLE = { loss: 0.1, behindMs: 700 } as const;
/** Without trouble there is less than this. */
const STABLE = { loss: 0.02, behindMs: 100 } as const;
/** Of the estimate, media may have so much. */
const SHARE = 0.95;
/** An estimate grows only to this times what is sent (draft-ietf-rmcat-gcc-02 section 5.5), so a larger rung is tried by that. */
const GROWS_TO = 1.3;

export class RungChoice {
  private troubleSince: number | null = null;
  private quietSince: number | null = null;
  private upAfterMs = UP_AFTER_MS;
  private wentUpAt = Number.NEGATIVE_INFINITY;

  /**
   * The rung to be sent from now on.
   * @param rungs the largest first @param current one of them @param now monotonic milliseconds
   */
  choose(rungs: readonly Rung[], current: Rung, { kbps, loss, behindMs }: Measured, now: number): Rung {
    const isTrouble = current.kbps > kbps || loss > TROUBLE.loss || behindMs > TROUBLE.behindMs;
    this.troubleSince = isTrouble ? (this.troubleSince ?? now) : null;
    const isQuiet = !isTrouble && loss < STABLE.loss && behindMs < STABLE.behindMs;
    this.quietSince = isQuiet ? (this.quietSince ?? now) : null;
    if (this.troubleSince !== null && now - this.troubleSince >= DOWN_AFTER_MS) return this.down(rungs, current, kbps, now);
    if (this.quietSince !== null && now - this.quietSince >= this.upAfterMs) return this.up(rungs, current, kbps, now);
    return current;
  }

  private down(rungs: readonly Rung[], current: Rung, kbps: number, now: number): Rung {
    this.troubleSince = now;
    const smaller = rungs.filter((rung) => rung.kbps < current.kbps);
    const chosen = smaller.find((rung) => rung.kbps <= kbps * SHARE) ?? smaller.at(-1);
    if (!chosen) return current;
    if (now - this.wentUpAt < FAILED_WITHIN_MS) this.upAfterMs = Math.min(MAX_UP_AFTER_MS, this.upAfterMs * 2);
    return chosen;
  }

  private up(rungs: readonly Rung[], current: Rung, kbps: number, now: number): Rung {
    this.quietSince = now;
    const larger = rungs.filter((rung) => rung.kbps > current.kbps).at(-1);
    if (!larger || kbps < Math.min(larger.kbps / SHARE, current.kbps * GROWS_TO)) return current;
    if (now - this.wentUpAt > 2 * MAX_UP_AFTER_MS) this.upAfterMs = UP_AFTER_MS;
    this.wentUpAt = now;
    return larger;
  }
}
