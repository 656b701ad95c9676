/**
 * Keeps playback near the live edge: by a slightly higher rate, and by a jump only where catching up would take minutes, or where who has just come asked
 * for low delay: a stream begins with a key frame, which may be seconds old. Each stall raises the buffer that it aims for.
 */
import { bufferedAhead } from "../engines/buffered-ahead.ts";
import type { EngineName } from "./engine-choice.ts";
import type { Latency } from "./latency.ts";

/** How media arrive: in batches, in the smaller batches of low delay, in the parts of HLS, or each frame at once, without a buffer. */
export type Delivery = "batches" | "small-batches" | "parts" | "frames";

/** @param src the address of the stream */
export function deliveryOf(engine: EngineName, src: string, latency: Latency): Delivery {
  if (engine === "whep") return "frames";
  if (engine !== "flv") return "parts";
  return latency !== "normal" || /[?&]delay=low\b/.test(src) ? "small-batches" : "batches";
}

/**
 * Seconds of buffer to aim for: four batches, eight small ones. With parts, the buffer rises by a part and falls again, and the lowest
 * sample counts: together with the part that is loading, that is the three parts that HLS asks for.
 */
const TARGET: Readonly<Record<Delivery, number>> = { batches: 0.8, "small-batches": 0.32, parts: 0.8, frames: 0 };
/** Samples of which the lowest counts. A part is longer than two sample intervals. */
const SAMPLES: Readonly<Record<Delivery, number>> = { batches: 1, "small-batches": 1, parts: 3, frames: 1 };
const MAX_TARGET = 4;
const TARGET_STEP_AFTER_STALL = 0.4;
/** Playback starts with this share of the target. */
const START_SHARE = 0.65;
/** Viewers do not notice a change of pace within these rates. */
const MAX_RATE = 1.1;
const MIN_RATE = 0.96;
/**
 * Who is much further behind than the key frame that playback began with, as after a server or a publisher that stood still, catches up faster: words are still
 * clear, and none is left out. Seconds above the target at which that starts and ends.
 */
const FAR_BEHIND = { rate: 1.5, above: 4, until: 1 } as const;
/** Seconds above the target at which catching up starts and ends. */
const CATCH_UP_ABOVE = 0.2;
const CATCH_UP_UNTIL = 0.05;
/** Shares of the target at which filling up starts and ends. */
const FILL_UP = { below: 1 / 3, until: 0.7 } as const;
/** Seconds of buffer beyond which the player jumps. */
const JUMP_ABOVE = 12;
/** With low delay, as many seconds above the target are left out in the first looks: playing through them would take ten times as long. */
const FIRST_JUMP = { above: 0.5, looks: 5 } as const;

/** "Go live" keeps this many seconds of buffer. */
const GO_LIVE_BUFFER_SECONDS = 0.8;

/** Leaves out what a viewer who wants to be live is behind. */
export function jumpToLive(video: HTMLVideoElement): void {
  const behind = bufferedAhead(video);
  if (behind > 2) video.currentTime += behind - GO_LIVE_BUFFER_SECONDS;
}

export class LiveEdge {
  /** Seconds of buffer below which playback would stall as soon as it started. */
  readonly startWith: number;
  private target: number;
  private isCatchingUp = false;
  private isFarBehind = false;
  private isFillingUp = false;
  private readonly sampleCount: number;
  private samples: number[] = [];
  /** Looks in which it may still jump to the live edge, because the viewer has just come. */
  private firstLooks: number;

  constructor(delivery: Delivery = "batches") {
    this.sampleCount = SAMPLES[delivery];
    this.target = TARGET[delivery];
    this.startWith = this.target * START_SHARE;
    this.firstLooks = delivery === "small-batches" ? FIRST_JUMP.looks : 0;
  }

  /**
   * The playback rate, and how far to jump, for a buffer of so many seconds. Called five times a second.
   * @param needsTime whether the engine needs a larger buffer for a moment
   */
  decide(buffered: number, needsTime = false): { readonly rate: number; readonly jumpForward: number | null } {
    this.samples.push(buffered);
    if (this.samples.length > this.sampleCount) this.samples.shift();
    const behind = Math.min(...this.samples);
    const isFirst = this.firstLooks-- > 0 && behind > this.target + FIRST_JUMP.above;
    if (behind > JUMP_ABOVE || isFirst) {
      this.samples = [];
      this.firstLooks = 0;
      return { rate: 1, jumpForward: behind - this.target };
    }
    if (needsTime) return { rate: MIN_RATE, jumpForward: null };
    if (this.samples.length < this.sampleCount) return { rate: 1, jumpForward: null };
    const excess = behind - this.target;
    this.isFarBehind = excess > (this.isFarBehind ? FAR_BEHIND.until : FAR_BEHIND.above);
    if (this.isFarBehind) return { rate: FAR_BEHIND.rate, jumpForward: null };
    this.isCatchingUp = excess > (this.isCatchingUp ? CATCH_UP_UNTIL : CATCH_UP_ABOVE);
    if (this.isCatchingUp) return { rate: Math.min(MAX_RATE, 1.01 + excess * 0.2), jumpForward: null };
    // A slightly lower rate often spares a stall.
    this.isFillingUp = behind < this.target * (this.isFillingUp ? FILL_UP.until : FILL_UP.below);
    return { rate: this.isFillingUp ? MIN_RATE : 1, jumpForward: null };
  }

  stalled(): void {
    this.target = Math.min(MAX_TARGET, this.target + TARGET_STEP_AFTER_STALL);
  }
}
