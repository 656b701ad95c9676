/**
 * Keeps a live picture near the live edge, gently: by playing a little faster, never by jumping, unless it is so far behind that
 * catching up would take minutes. Each stall asks for a little more in hand.
 */

/** Seconds between the picture and the newest that has come: four batches in hand, or, at low delay, eight smaller ones. */
const TARGET = { usual: 0.8, low: 0.32 } as const;
const MAX_TARGET = 4;
const AFTER_STALL = 0.4;
/** A picture begins with this share of it. */
const START_SHARE = 0.65;
/** Nobody notices less than this as a change of pitch or pace. */
const FASTEST = 1.1;
const SLOWEST = 0.96;
/** Further from the target than this, it begins to catch up, and goes on until it is as near as that. */
const BEGIN_CATCHING = 0.2;
const DONE_CATCHING = 0.05;
/** Behind by more than this, a jump is the smaller evil. */
const JUMP_BEYOND = 12;

export class LiveEdge {
  /** A picture that starts with less in hand than this, seconds, would stop at once. */
  readonly startWith: number;
  private target: number;
  private catching = false;

  /** @param lowDelay the server sends small batches, so little in hand is enough */
  constructor(lowDelay = false) {
    this.target = lowDelay ? TARGET.low : TARGET.usual;
    this.startWith = this.target * START_SHARE;
  }

  /** How fast to play, and where to jump to, given how far the picture is behind what has come. Null: no jump. */
  decide(behind: number): { readonly rate: number; readonly jumpForward: number | null } {
    if (behind > JUMP_BEYOND) return { rate: 1, jumpForward: behind - this.target };
    const excess = behind - this.target;
    this.catching = excess > (this.catching ? DONE_CATCHING : BEGIN_CATCHING);
    if (this.catching) return { rate: Math.min(FASTEST, 1.01 + excess * 0.2), jumpForward: null };
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
