/**
 * Provides the receiving half of an SRT connection: stores the packets that come, reports those that are missing, acknowledges, and gives on what is
 * due. draft-sharabayko-srt-01 sections 4.5, 4.6 and 4.8. It has no clock and no socket.
 */
import {
  Malformed,
  readSrtDrop,
  SRT_CONTROL,
  type SrtRange,
  srtAdd,
  srtDistance,
  writeSrtAck,
  writeSrtLosses,
} from "@lectern/media";
import { PlayTime } from "./play-time.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import type { RoundTrip } from "./round-trip.ts";

export type ReceiverOptions = {
  readonly initialSequence: number;
  readonly latencyMs: number;
  /** Of the handshake, microseconds. */
  readonly timestamp: number;
  readonly now: number;
  readonly roundTrip: RoundTrip;
  /** Sends a control packet. */
  readonly control: (type: number, information: number, content: Uint8Array) => void;
  readonly give: (payload: Uint8Array) => void;
};

/**
 * Section 4.8.1 has 10 ms. Nothing in live mode waits for an acknowledgement but the sender's memory, and each one is a packet there and another back,
 * so that a steady publisher is acknowledged less often.
 */
const ACK_MS = { begin: 10, steady: 100 } as const;
/** Until the time there and back is known well. */
const BEGIN_MS = 1000;
/** Section 4.8.2. */
const MIN_NAK_MS = 20;
/** Of a report: a packet of 1500 bytes has room for 182 ranges. */
const MAX_RANGES = 180;
/** Acknowledgements that may be unanswered. */
const ACKS = 64;

export class SrtReceiver {
  private readonly options: ReceiverOptions;
  private readonly buffer: ReceiveBuffer;
  private readonly playTime: PlayTime;
  private readonly begun: number;
  private ackNumber = 0;
  private ackedAt: number;
  private acknowledged: number;
  /** When each was sent, by the last bits of its number. */
  private readonly ackTimes = new Float64Array(ACKS);
  private nakAt = Number.POSITIVE_INFINITY;
  private packetsSinceAck = 0;
  /** Packets and bytes of the second that is running, and of the one before. */
  private secondBegun: number;
  private packets = 0;
  private bytes = 0;
  private packetRate = 0;
  private byteRate = 0;
  received = 0;
  retransmitted = 0;
  /** Packets that were missing when a later one came. */
  lost = 0;

  constructor(options: ReceiverOptions) {
    const { initialSequence, latencyMs, timestamp, now } = options;
    this.options = options;
    this.buffer = new ReceiveBuffer(initialSequence);
    this.playTime = new PlayTime(latencyMs, timestamp, now);
    this.begun = now;
    this.ackedAt = now;
    this.secondBegun = now;
    this.acknowledged = initialSequence;
  }

  /** Packets that were given up. */
  get dropped(): number {
    return this.buffer.dropped;
  }

  /** @param timestamp microseconds, 32 bits */
  take(sequence: number, timestamp: number, payload: Uint8Array, isRetransmission: boolean, now: number): void {
    const { buffer } = this;
    const expected = buffer.next;
    if (isRetransmission) this.retransmitted++;
    if (buffer.store(sequence, payload, this.playTime.dueAt(timestamp)) !== "new") return;
    this.received++;
    this.packets++;
    this.packetsSinceAck++;
    this.bytes += payload.length;
    const hole = srtDistance(expected, sequence);
    if (hole <= 0) return;
    this.lost += hole;
    this.report([[expected, srtAdd(sequence, -1)]], now);
  }

  tick(now: number): void {
    this.buffer.release(now, this.options.give);
    if (now - this.secondBegun >= 1000) this.countSecond(now);
    const isSteady = now - this.begun > BEGIN_MS && this.buffer.missing === 0;
    if (now - this.ackedAt >= (isSteady ? ACK_MS.steady : ACK_MS.begin)) this.acknowledge(now);
    if (now >= this.nakAt) {
      const losses = this.buffer.losses(MAX_RANGES);
      if (losses.length === 0) this.nakAt = Number.POSITIVE_INFINITY;
      else this.report(losses, now);
    }
  }

  /** Gives on what has come, since no more does. */
  flush(): void {
    this.buffer.release(Number.POSITIVE_INFINITY, this.options.give);
  }

  /** The sender has got an acknowledgement. @param timestamp of its answer */
  acknowledgementArrived(number: number, timestamp: number, now: number): void {
    const sentAt = this.ackTimes[number % ACKS] ?? 0;
    if (sentAt === 0 || this.ackNumber - number >= ACKS || number > this.ackNumber) return;
    this.ackTimes[number % ACKS] = 0;
    const { roundTrip } = this.options;
    roundTrip.measured(now - sentAt);
    this.playTime.answered(timestamp, roundTrip.rtt, now);
  }

  /** The sender has given up packets. */
  giveUp(content: Uint8Array): Malformed | null {
    const range = readSrtDrop(content);
    if (range instanceof Malformed) return range;
    this.buffer.giveUp(range);
    return null;
  }

  private acknowledge(now: number): void {
    const next = this.buffer.acknowledged;
    if (next === this.acknowledged && this.packetsSinceAck === 0) return;
    this.ackedAt = now;
    this.acknowledged = next;
    this.packetsSinceAck = 0;
    this.ackNumber = (this.ackNumber + 1) >>> 0;
    this.ackTimes[this.ackNumber % ACKS] = now;
    const { rtt, variance } = this.options.roundTrip;
    this.options.control(
      SRT_CONTROL.ack,
      this.ackNumber,
      writeSrtAck({
        next,
        rtt: Math.round(rtt * 1000),
        rttVariance: Math.round(variance * 1000),
        available: this.buffer.available,
        packetsPerSecond: Math.round(this.packetRate),
        bytesPerSecond: Math.round(this.byteRate),
      }),
    );
  }

  private report(ranges: readonly SrtRange[], now: number): void {
    const { rtt, variance } = this.options.roundTrip;
    this.nakAt = now + Math.max(MIN_NAK_MS, (rtt + 4 * variance) / 2);
    this.options.control(SRT_CONTROL.nak, 0, writeSrtLosses(ranges));
  }

  private countSecond(now: number): void {
    const seconds = (now - this.secondBegun) / 1000;
    this.packetRate = this.packets / seconds;
    this.byteRate = this.bytes / seconds;
    this.secondBegun = now;
    this.packets = 0;
    this.bytes = 0;
  }
}
