/**
 * Keeps a live picture near the live edge, gently: by playing a little faster, never by jumping, unless it is so far behind that
 * catching up would take minutes. Each stall asks for a little more in hand.
 */

/** How media come: in batches, in the smaller ones of low delay, in the parts of HLS. */
export type Delivery = "batches" | "small-batches" | "parts";

/**
 * Seconds between the picture and the newest that has come: four batches, eight small ones. What is in hand by parts goes up by a part
 * and down again, and its lowest counts: with the part that is just coming, that is the three parts that HLS asks for.
 */
const TARGET: Readonly<Record<Delivery, number>> = { batches: 0.8, "small-batches": 0.32, parts: 0.8 };
/** Looks of which the lowest counts: a part is longer than two. */
const LOOKS: Readonly<Record<Delivery, number>> = { batches: 1, "small-batches": 1, parts: 3 };
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
  private readonly looks: number;
  private recent: number[] = [];

  constructor(pace: Delivery = "batches") {
    this.looks = LOOKS[pace];
    this.target = TARGET[pace];
    this.startWith = this.target * START_SHARE;
  }

  /** How fast to play, and where to jump to, given how far the picture is behind what has come. Asked five times a second. */
  decide(inHand: number): { readonly rate: number; readonly jumpForward: number | null } {
    this.recent.push(inHand);
    if (this.recent.length > this.looks) this.recent.shift();
    const behind = Math.min(...this.recent);
    if (behind > JUMP_BEYOND) {
      this.recent = [];
      return { rate: 1, jumpForward: behind - this.target };
    }
    if (this.recent.length < this.looks) return { rate: 1, jumpForward: null };
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
export function bufferedAhead(video: HTMLVideoElement): number {
  const { buffered, currentTime } = video;
  for (let i = buffered.length - 1; i >= 0; i--) {
    // The first frame may begin a little after the time the element is put at.
    if (buffered.start(i) <= currentTime + 0.3) return Math.max(0, buffered.end(i) - currentTime);
  }
  return 0;
}
