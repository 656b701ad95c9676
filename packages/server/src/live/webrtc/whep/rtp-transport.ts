/**
 * Provides the packets of one track of one stream, made once for all its viewers: access units in order, each cut into payloads. A viewer is a
 * position in it. It keeps what is needed to join (all from the newest key frame on) and to send again, and is bounded in packets.
 */
import type { RtpPayload } from "@lectern/media";

/** One access unit of video, or one packet of sound. */
export type RtpUnit = {
  /** Its first packet's number; the others follow one by one. */
  readonly number: number;
  /** When it is presented: ticks of the stream's epoch, without wraps. */
  readonly ticks: number;
  readonly key: boolean;
  readonly payloads: readonly RtpPayload[];
};

/** A GOP that has more packets than this cannot be joined in its middle. */
const MAX_PACKETS = 4096;
/** What is older, and not needed to join, is neither read by those who are behind nor sent again. */
const KEPT_SECONDS = 2;
/** Units are forgotten so many at a time. */
const FORGET_AT_LEAST = 64;

export class RtpTransport {
  readonly clockRate: number;
  private units: RtpUnit[] = [];
  private first = 0;
  private packets = 0;
  private nextNumber = 0;
  private newestKeyAt: number | null = null;

  /** @param clockRate ticks per second */
  constructor(clockRate: number) {
    this.clockRate = clockRate;
  }

  /** The index of the oldest unit that is kept. Indexes count all units that there ever were. */
  get oldest(): number {
    return this.first;
  }

  /** The index of the next unit. */
  get head(): number {
    return this.first + this.units.length;
  }

  /** The index of the newest key frame (of any unit of sound); null while there is none. */
  get newestKey(): number | null {
    return this.newestKeyAt;
  }

  get newest(): RtpUnit | undefined {
    return this.units.at(-1);
  }

  /** Undefined before it is there and after it was forgotten. */
  unit(index: number): RtpUnit | undefined {
    return this.units[index - this.first];
  }

  /** The unit that a packet is in; undefined where it is not kept. */
  unitOf(number: number): RtpUnit | undefined {
    let [low, high] = [0, this.units.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.units[middle]?.number ?? 0) <= number) low = middle;
      else high = middle - 1;
    }
    const unit = this.units[low];
    return unit && number >= unit.number && number < unit.number + unit.payloads.length ? unit : undefined;
  }

  /** @param payloads of one access unit; none: nothing is added */
  push(payloads: readonly RtpPayload[], ticks: number, key: boolean): void {
    if (payloads.length === 0) return;
    if (key) this.newestKeyAt = this.head;
    this.units.push({ number: this.nextNumber, ticks, key, payloads });
    this.nextNumber += payloads.length;
    this.packets += payloads.length;
    this.forget(ticks - KEPT_SECONDS * this.clockRate);
  }

  /** Forgets what no viewer needs. The newest key frame goes too where the units since then are too many. */
  private forget(before: number): void {
    const joinable = this.newestKeyAt ?? this.head;
    let count = 0;
    for (let left = this.packets; ; count++) {
      const unit = this.units[count];
      if (!unit) break;
      const isNeeded = this.first + count >= joinable || unit.ticks >= before;
      if (isNeeded && left <= MAX_PACKETS) break;
      left -= unit.payloads.length;
    }
    if (count < FORGET_AT_LEAST) return;
    for (const { payloads } of this.units.splice(0, count)) this.packets -= payloads.length;
    this.first += count;
    if (this.newestKeyAt !== null && this.newestKeyAt < this.first) this.newestKeyAt = null;
  }
}
