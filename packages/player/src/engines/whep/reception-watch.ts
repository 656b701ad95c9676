/**
 * Watches a connection by its statistics: whether anything comes, whether the picture moves, and how late it is. It knows no page. All times are
 * milliseconds of one monotonic clock.
 */
import type { ReceptionSample } from "./reception-sample.ts";

export type ReceptionState = {
  /** Why playback by this connection is over: nothing comes any more, or pictures come that cannot be shown. Null: it is not. */
  readonly dead: "silent" | "unshown" | null;
  /** The picture stands still. */
  readonly isStill: boolean;
  /** Sound comes, and it is nothing but zeros. */
  readonly isMute: boolean;
  /** Seconds from the server to the screen: the way, and what the browser holds back. Null while not known. */
  readonly delay: number | null;
};

/** The server says something each second, also where the publisher does not. */
const DEAD_AFTER_MS = 2000;
/** Packets of a picture come, but no picture. */
const UNSHOWN_MS = 3000;
/** A picture that does not move for so long, and for so many times its usual interval, stands still. */
const STILL = { leastMs: 700, intervals: 4 } as const;
/** No microphone is so silent for so long, but one that is switched off. */
const MUTE_MS = 500;
/** Of a page in the background, which looks seldom, no more counts at a time. */
const MAX_STEP_MS = 600;
/** Delay is told over so many looks. */
const DELAY_LOOKS = 8;
const SMOOTHING = 0.1;

export class ReceptionWatch {
  private last: ReceptionSample | null = null;
  private at = 0;
  private silentMs = 0;
  private stillMs = 0;
  /** Since packets of a picture came that was not shown. */
  private unshownMs = 0;
  private intervalMs = 0;
  private muteMs = 0;
  private readonly looks: ReceptionSample[] = [];

  /** Called about four times a second. */
  look(sample: ReceptionSample, now: number): ReceptionState {
    const { last } = this;
    const passed = Math.min(MAX_STEP_MS, now - this.at);
    this.at = now;
    this.last = sample;
    this.looks.push(sample);
    if (this.looks.length > DELAY_LOOKS) this.looks.shift();
    if (last) {
      this.silentMs = sample.heard === last.heard ? this.silentMs + passed : 0;
      this.followFrames(sample, last, passed);
      this.followSound(sample, last, passed);
    }
    const isStill = sample.frames > 0 && this.stillMs > Math.max(STILL.leastMs, STILL.intervals * this.intervalMs);
    const dead = this.silentMs >= DEAD_AFTER_MS ? "silent" : this.unshownMs > UNSHOWN_MS ? "unshown" : null;
    return { dead, isStill, isMute: this.muteMs >= MUTE_MS, delay: this.delay(sample) };
  }

  private followSound({ audioPackets, energy }: ReceptionSample, last: ReceptionSample, passed: number): void {
    if (energy === null || energy !== last.energy) this.muteMs = 0;
    else if (this.muteMs > 0 || audioPackets > last.audioPackets) this.muteMs += passed;
  }

  private followFrames(sample: ReceptionSample, last: ReceptionSample, passed: number): void {
    const more = sample.frames - last.frames;
    if (more <= 0) {
      this.stillMs += passed;
      if (this.unshownMs > 0 || sample.videoPackets > last.videoPackets) this.unshownMs += passed;
      return;
    }
    const interval = (passed + this.stillMs) / more;
    this.intervalMs = this.intervalMs === 0 ? interval : this.intervalMs + (interval - this.intervalMs) * SMOOTHING;
    this.stillMs = 0;
    this.unshownMs = 0;
  }

  private delay({ roundTripMs, waited, waitedFor }: ReceptionSample): number | null {
    const first = this.looks[0];
    if (!first || waitedFor <= first.waitedFor) return null;
    return (waited - first.waited) / (waitedFor - first.waitedFor) + (roundTripMs ?? 0) / 2000;
  }
}
