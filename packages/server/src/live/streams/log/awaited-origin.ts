/**
 * Says when a log no longer waits for an origin's acknowledgements: where none can be reached, or all of them stand still, viewers of HLS would have
 * nothing, though the entries are here. They wait for it again as soon as it has nearly all that is here.
 */

/** So many parts without an acknowledgement are a late one. Each lasts 400 ms by default (`hls.partMilliseconds`). */
const LATE_PARTS = 2;
/** An origin that lacks no more than this has caught up. */
const CAUGHT_UP_PARTS = 1;

export class AwaitedOrigin {
  /** Sequence numbers of the newest part marks, the oldest first. */
  private marks: number[] = [];
  private late = false;

  /** Entries are committed without an origin. */
  get isLate(): boolean {
    return this.late;
  }

  /** A part has begun here. @param committed the sequence number up to which an origin has everything */
  partBegun(sequence: number, committed: number): void {
    this.marks = [...this.marks.slice(-LATE_PARTS), sequence];
    if (this.behind(committed) > LATE_PARTS) this.late = true;
  }

  acknowledged(sequence: number): void {
    if (this.behind(sequence) <= CAUGHT_UP_PARTS) this.late = false;
  }

  private behind(sequence: number): number {
    return this.marks.filter((mark) => mark > sequence).length;
  }
}
