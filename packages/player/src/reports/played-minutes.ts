/**
 * Measures which minutes of a recording are played. It knows no video: it is told the position, regularly and at each change. A jump of the
 * position is no playing.
 */

export type PlayedMinute = { readonly minute: number; readonly ms: number };

/** The position and the clock are never read at the same moment. */
const SLACK_MS = 500;
/** What a beacon takes, and what one minute can have in it. */
const MAX_MINUTES = 20;
const MAX_MINUTE = 2879;
const MINUTE_MS = 60_000;

type Look = {
  /** Milliseconds of a monotonic clock. */
  readonly now: number;
  /** Milliseconds of the recording. */
  readonly position: number;
  /** Whether the picture moves from now on. */
  readonly isPlaying: boolean;
  readonly rate: number;
};

export class PlayedMinutes {
  private before: Look | null = null;
  private minutes = new Map<number, number>();

  look(look: Look): void {
    const { before } = this;
    this.before = look;
    if (!before?.isPlaying || look.position <= before.position) return;
    const possible = (look.now - before.now) * Math.max(before.rate, look.rate) + SLACK_MS;
    if (look.position - before.position <= possible) this.add(before.position, look.position);
  }

  /** What was played since the last call. */
  take(): readonly PlayedMinute[] {
    const taken = [...this.minutes].map(([minute, ms]) => ({ minute, ms: Math.min(MINUTE_MS, Math.round(ms)) }));
    this.minutes = new Map();
    return taken;
  }

  private add(from: number, to: number): void {
    for (let at = from; at < to; ) {
      const minute = Math.floor(at / MINUTE_MS);
      const end = Math.min(to, (minute + 1) * MINUTE_MS);
      if (minute <= MAX_MINUTE && (this.minutes.has(minute) || this.minutes.size < MAX_MINUTES))
        this.minutes.set(minute, (this.minutes.get(minute) ?? 0) + end - at);
      at = end;
    }
  }
}
