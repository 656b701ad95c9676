/**
 * Shares a process's time between rooms that write to their members and everything else in the process: after a few milliseconds of writes, other
 * sockets have their turn, and the next room goes on.
 */

/** Does a small piece of work. True: it was the last one. */
export type Piece = () => boolean;

/** Video of the same process waits no longer than that, and one piece. */
const TURN_MS = 3;

export class FlushQueue {
  private readonly waiting: Piece[] = [];
  private readonly now: () => number;
  private readonly later: (call: () => void) => void;
  private isScheduled = false;

  /** @param now monotonic milliseconds; @param later calls when other sockets had their turn */
  constructor(now: () => number = () => performance.now(), later: (call: () => void) => void = setImmediate) {
    this.now = now;
    this.later = later;
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
    const end = this.now() + TURN_MS;
    do {
      const piece = this.waiting.shift();
      if (!piece) return;
      // Small rooms do not wait for a large one.
      if (!piece()) this.waiting.push(piece);
    } while (this.now() < end);
    if (this.waiting.length > 0) this.schedule();
  }
}
