/**
 * The packets of one track of one stream, made once for all its viewers: access units in order, each cut into payloads. A viewer is a position in
 * it. It keeps what is needed to join (all from the newest key frame on) and to send again, and is bounded in packets.
 */
import { PacketHistory, type RtpPayload } from "@lectern/media";

/** One access unit of video, or one packet of sound. */
export type RtpUnit = {
  /** Its first payload's number in the history; the others follow one by one. */
  readonly number: number;
  /** When it is presented: ticks of the stream's epoch, without wraps. */
  readonly ticks: number;
  readonly key: boolean;
  readonly payloads: readonly RtpPayload[];
};

/** A group of pictures that has more packets than this cannot be joined in its middle. */
const MAX_PACKETS = 4096;
/** Viewers that are behind read units from before the newest key frame for so long. */
const KEPT_SECONDS = 1;
/** Units are forgotten so many at a time. */
const FORGET_AT_LEAST = 64;

export class RtpLine {
  readonly clockRate: number;
  /** For retransmissions to all viewers. */
  readonly history = new PacketHistory();
  private units: RtpUnit[] = [];
  private first = 0;
  private packets = 0;
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

  /** @param now monotonic milliseconds */
  push(payloads: readonly RtpPayload[], ticks: number, key: boolean, now: number): void {
    const [first, ...others] = payloads;
    if (!first) return;
    const number = this.history.add(first, ticks, now);
    for (const payload of others) this.history.add(payload, ticks, now);
    if (key) this.newestKeyAt = this.head;
    this.units.push({ number, ticks, key, payloads });
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
