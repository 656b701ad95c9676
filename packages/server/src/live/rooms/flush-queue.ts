/**
 * Shares a process's time between rooms that write to their members and everything else in the process: after a few milliseconds of writes, other
 * sockets have their turn, and the next room goes on.
 */

/** Does a small piece of work. True: it was the last one. */
export type Piece = () => boolean;

/** Video of the same process waits no longer than that, and one piece. */
const TURN_MS = 3;
/** Writes to members take no more of the process's time than that, as long as they can come later; less where others need it, such as video. */
const MAX_SHARE = 0.7;
const MIN_SHARE = 0.2;
/** The process is to have so much to do at the most. */
const MAX_BUSY = 0.85;
/** The share is looked at so often. */
const SHARE_MS = 500;
const MAX_STRETCH = 5;

export class FlushQueue {
  private readonly waiting: Piece[] = [];
  private readonly now: () => number;
  private readonly later: (call: () => void) => void;
  private isScheduled = false;
  private readonly active: () => number;
  private busyMs = 0;
  private sharedAt: number;
  private activeMs: number;
  private stretched = 1;

  /**
   * @param now monotonic milliseconds
   * @param later calls when other sockets had their turn
   * @param active for how many milliseconds the process has had something to do until now
   */
  constructor(
    now: () => number = () => performance.now(),
    later: (call: () => void) => void = setImmediate,
    active: () => number = () => performance.eventLoopUtilization().active,
  ) {
    this.now = now;
    this.later = later;
    this.active = active;
    this.sharedAt = now();
    this.activeMs = active();
  }

  /** How many times as long as usual rounds of writes last, for the process to have time for everything else. */
  get stretch(): number {
    return this.stretched;
  }

  /** Does the work in pieces, from the next turn of the event loop on. */
  add(piece: Piece): void {
    this.waiting.push(piece);
    this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.later(() => this.turn());
  }

  private turn(): void {
    this.isScheduled = false;
    const begun = this.now();
    let now = begun;
    for (let piece = this.waiting.shift(); piece; piece = now < begun + TURN_MS ? this.waiting.shift() : undefined) {
      // Small rooms do not wait for a large one.
      if (!piece()) this.waiting.push(piece);
      now = this.now();
    }
    this.busyMs += now - begun;
    if (now - this.sharedAt >= SHARE_MS) this.share(now);
    if (this.waiting.length > 0) this.schedule();
  }

  /** Looks at what writes have taken of the time, and what everything else has. */
  private share(now: number): void {
    const [passed, activeMs] = [now - this.sharedAt, this.active()];
    const share = this.busyMs / passed;
    const others = Math.max(0, (activeMs - this.activeMs) / passed - share);
    const most = Math.max(MIN_SHARE, Math.min(MAX_SHARE, MAX_BUSY - others));
    this.stretched = Math.min(MAX_STRETCH, Math.max(1, (share * this.stretched) / most));
    Object.assign(this, { busyMs: 0, sharedAt: now, activeMs });
  }
}
