/**
 * Implements packets of one stream in any order in, whole access units in order out. Says which packets to ask for again. After a loss that was not
 * repaired in time it gives no video until the next key frame, so that no broken picture ever reaches a viewer or a recording.
 */
import { Malformed } from "../bytes/malformed.ts";
import type { DepacketizedUnit, Depacketizer } from "./depacketizer.ts";
import { MissingPackets } from "./missing-packets.ts";
import type { RtpPacket } from "./packet.ts";
import { Unwrapper } from "./unwrapper.ts";

export type JitterBufferOptions = {
  readonly depacketizer: Depacketizer;
  /** Packets that it holds at most; what is older is given up. Default 1024. */
  readonly maxPackets?: number;
  /** Milliseconds that it waits for a lost packet. Default 600 for video, 120 for audio. */
  readonly maxWaitMs?: number;
};

export type ReceivedUnit = DepacketizedUnit & {
  /** Ticks, without wraps. */
  readonly rtpTime: number;
  /** When the last of its packets came: milliseconds. */
  readonly arrivedAt: number;
};

export type JitterStatistics = {
  readonly received: number;
  /** Came twice, or after they were given up. */
  readonly late: number;
  /** Came after they were asked for. */
  readonly recovered: number;
  /** Given up. */
  readonly lost: number;
  /** Access units that were not given out: broken, or behind a loss. */
  readonly droppedUnits: number;
};

type BufferedPacket = {
  readonly payload: Uint8Array;
  readonly rtpTime: number;
  readonly marker: boolean;
  readonly arrivedAt: number;
};

const DEFAULT_PACKETS = 1024;
const DEFAULT_WAIT_MS = { video: 600, audio: 120 } as const;

/** For one SSRC: `push` its packets and those of its retransmissions, then `take` units and ask for `nacks`. */
export class JitterBuffer {
  private readonly depacketizer: Depacketizer;
  private readonly isVideo: boolean;
  private readonly maxPackets: number;
  private readonly missing: MissingPackets;
  private sequences = new Unwrapper(16);
  private readonly timestamps = new Unwrapper(32);
  private readonly packets = new Map<number, BufferedPacket>();
  /** The first packet that was not given out; null before the first came. */
  private next: number | null = null;
  private highest = 0;
  /** Video is held back until a key frame. */
  private broken: boolean;
  /** A packet from far away: a second one behind it means that the sender began again. */
  private strayNext: number | null = null;
  /** Of a unit that was not given out: it belongs to the next. */
  private configuration: Uint8Array | null = null;
  private readonly counts = { received: 0, late: 0, recovered: 0, lost: 0, droppedUnits: 0 };

  constructor({ depacketizer, maxPackets = DEFAULT_PACKETS, maxWaitMs }: JitterBufferOptions) {
    this.depacketizer = depacketizer;
    this.isVideo = depacketizer.track === "video";
    this.maxPackets = maxPackets;
    this.missing = new MissingPackets(maxWaitMs ?? DEFAULT_WAIT_MS[depacketizer.track]);
    this.broken = this.isVideo;
  }

  /** Takes a packet, also one that was retransmitted. Its payload must stay as it is. @param now milliseconds */
  push({ sequence, timestamp, marker, payload }: RtpPacket, now: number): void {
    this.counts.received++;
    const number = this.place(sequence);
    if (number === null) return;
    if (this.next === null) {
      this.next = number;
      this.highest = number;
    }
    if (number < this.next || this.packets.has(number)) {
      this.counts.late++;
      return;
    }
    if (this.missing.came(number, now)) this.counts.recovered++;
    for (let lost = this.highest + 1; lost < number; lost++) this.missing.add(lost, now);
    this.highest = Math.max(this.highest, number);
    this.packets.set(number, { payload, marker, rtpTime: this.timestamps.unwrap(timestamp), arrivedAt: now });
    // What is older than the buffer is long is given up.
    if (this.highest - this.next >= this.maxPackets) this.breakAt(this.highest - this.maxPackets + 1);
  }

  /** The access units that are whole, in order. To be called after `push`, and at `nextDeadline`. */
  take(now: number): ReceivedUnit[] {
    const units: ReceivedUnit[] = [];
    for (let went = this.next !== null; went; ) went = this.broken ? this.seekKeyFrame(units, now) : this.takeNext(units, now);
    return units;
  }

  /**
   * Sequence numbers (16 bits) to ask for now; each comes again after a round trip until its time is over. To be called about every 10 ms while
   * `nextDeadline` is not null. A stream whose sender keeps nothing is not asked.
   */
  nacks(now: number, roundTripMs: number): number[] {
    return this.missing.toAsk(now, roundTripMs).map((number) => number & 0xffff);
  }

  /** Video is held back until a key frame. It is to be asked for at once, and again while this stays, but not more than once a round trip. */
  get wantsKeyFrame(): boolean {
    return this.broken;
  }

  /** When a packet that is waited for will be given up; null when none is. */
  get nextDeadline(): number | null {
    return this.missing.nextDeadline;
  }

  get statistics(): JitterStatistics {
    return this.counts;
  }

  /** The number of a packet without wraps; null for one from far away. RFC 3550 appendix A.1. */
  private place(sequence: number): number | null {
    const known = this.highest;
    const isStray = this.next !== null && farFrom(known & 0xffff, sequence, this.maxPackets);
    if (!isStray) {
      this.strayNext = null;
      return this.sequences.unwrap(sequence);
    }
    if (this.strayNext !== sequence) {
      this.strayNext = (sequence + 1) & 0xffff;
      this.counts.late++;
      return null;
    }
    // The sender began again.
    this.strayNext = null;
    this.restart();
    return this.sequences.unwrap(sequence);
  }

  private restart(): void {
    this.counts.lost += this.missing.forgetBefore(Number.POSITIVE_INFINITY);
    this.packets.clear();
    this.sequences = new Unwrapper(16);
    this.next = null;
    this.broken = this.isVideo;
  }

  /** Gives out the unit at the front. False when it is not whole, or nothing is there. */
  private takeNext(units: ReceivedUnit[], now: number): boolean {
    const from = this.next ?? 0;
    const end = this.endOfUnit(from);
    if (end !== null) {
      const unit = this.assemble(from, end);
      this.advance(end + 1);
      if (unit instanceof Malformed) this.breakAt(end + 1);
      else if (unit) units.push(unit);
      return true;
    }
    const gap = this.firstGap(from);
    if (gap > this.highest || !this.missing.isGivenUp(gap, now)) return false;
    this.breakAt(gap + 1);
    return true;
  }

  /** Gives out the first key frame that is whole, and nothing before it. */
  private seekKeyFrame(units: ReceivedUnit[], now: number): boolean {
    for (let from = this.next ?? 0; from <= this.highest; from++) {
      if (!this.canStartAt(from)) continue;
      const end = this.endOfUnit(from);
      if (end === null) continue;
      const unit = this.assemble(from, end);
      if (!(unit instanceof Malformed) && unit?.key) {
        this.broken = false;
        this.advance(end + 1);
        units.push(unit);
        return true;
      }
      if (unit) this.counts.droppedUnits++;
      if (unit && !(unit instanceof Malformed)) this.configuration = unit.configuration;
      // It is not looked at again.
      for (let seen = from; seen <= end; seen++) this.packets.delete(seen);
    }
    this.dropBeforeStart(now);
    return false;
  }

  /** While a key frame is sought: what no key frame can begin with is not held, nor waited for longer than a packet is. */
  private dropBeforeStart(now: number): void {
    let at = this.next ?? 0;
    while (at <= this.highest && !this.canStartAt(at) && (this.packets.has(at) || this.missing.isGivenUp(at, now))) at++;
    // A unit whose beginning is there, but of which a packet was given up.
    if (at <= this.highest && this.canStartAt(at)) {
      const gap = this.firstGap(at);
      if (gap <= this.highest && this.missing.isGivenUp(gap, now)) at = gap + 1;
    }
    this.advance(at);
  }

  /** Whether a unit can begin here, behind a loss. */
  private canStartAt(number: number): boolean {
    const held = this.packets.get(number);
    if (!held) return false;
    const before = this.packets.get(number - 1);
    if (before && before.rtpTime === held.rtpTime && !before.marker) return false;
    return this.depacketizer.startsUnit(held.payload);
  }

  /** The last packet of the unit that begins here; null when it is not whole. */
  private endOfUnit(from: number): number | null {
    const first = this.packets.get(from);
    if (!first) return null;
    if (!this.isVideo) return from;
    for (let at = from; ; at++) {
      const held = this.packets.get(at);
      if (!held) return null;
      if (held.rtpTime !== first.rtpTime) return at - 1;
      if (held.marker) return at;
    }
  }

  private firstGap(from: number): number {
    let at = from;
    while (this.packets.has(at)) at++;
    return at;
  }

  private assemble(from: number, end: number): ReceivedUnit | Malformed | null {
    const payloads: Uint8Array[] = [];
    let arrivedAt = 0;
    for (let at = from; at <= end; at++) {
      const held = this.packets.get(at);
      if (!held) continue;
      payloads.push(held.payload);
      arrivedAt = Math.max(arrivedAt, held.arrivedAt);
    }
    const unit = this.depacketizer.assemble(payloads);
    if (unit instanceof Malformed || !unit) return unit;
    const configuration = unit.configuration ?? this.configuration;
    this.configuration = null;
    return { ...unit, configuration, rtpTime: this.packets.get(from)?.rtpTime ?? 0, arrivedAt };
  }

  /** Packets before `number` are done with. */
  private advance(number: number): void {
    for (let at = this.next ?? number; at < number; at++) this.packets.delete(at);
    this.next = number;
    this.counts.lost += this.missing.forgetBefore(number);
  }

  /** Packets before `number` are given up. Video is held back from here to a key frame. */
  private breakAt(number: number): void {
    this.advance(number);
    if (!this.broken) this.counts.droppedUnits++;
    this.broken = this.isVideo;
  }
}

/** Whether a sequence number is more than `most` before or behind another. */
function farFrom(known: number, sequence: number, most: number): boolean {
  const ahead = (sequence - known + 0x10000) & 0xffff;
  return ahead >= most && 0x10000 - ahead >= most;
}
