/**
 * Keeps a live picture near the live edge, gently: by playing a little faster, never by jumping, unless it is so far behind that
 * catching up would take minutes. Each stall asks for a little more in hand.
 */

/** Seconds between the picture and the newest that has come. */
const START_TARGET = 0.8;
const MAX_TARGET = 4;
const AFTER_STALL = 0.4;
/** Nobody notices less than this as a change of pitch or pace. */
const FASTEST = 1.1;
const SLOWEST = 0.96;
/** Within this much of the target all is well. */
const TOLERANCE = 0.2;
/** Behind by more than this, a jump is the smaller evil. */
const JUMP_BEYOND = 12;
/** A picture that starts with less in hand than this would stop at once. */
export const START_SECONDS = 0.45;

export class LiveEdge {
  private target = START_TARGET;

  /** How fast to play, and where to jump to, given how far the picture is behind what has come. Null: no jump. */
  decide(behind: number): { readonly rate: number; readonly jumpForward: number | null } {
    if (behind > JUMP_BEYOND) return { rate: 1, jumpForward: behind - this.target };
    const excess = behind - this.target;
    if (excess > TOLERANCE) return { rate: Math.min(FASTEST, 1 + excess * 0.2), jumpForward: null };
    // With little in hand, a breath of slowness spares a stall.
    if (behind < this.target / 3) return { rate: SLOWEST, jumpForward: null };
    return { rate: 1, jumpForward: null };
  }

  stalled(): void {
    this.target = Math.min(MAX_TARGET, this.target + AFTER_STALL);
  }
}

/** Seconds of media behind the current time that are there without a hole; 0 when there are none. */
export function secondsInHand(video: HTMLVideoElement): number {
  const { buffered, currentTime } = video;
  for (let i = buffered.length - 1; i >= 0; i--) {
    // The first frame may begin a little after the time the element is put at.
    if (buffered.start(i) <= currentTime + 0.3) return Math.max(0, buffered.end(i) - currentTime);
  }
  return 0;
}
