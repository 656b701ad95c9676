/** What one viewer was sent: its sequence numbers, and which payload of which history each was. Bounded. */
import type { PacketHistory } from "./packet-history.ts";
import type { RtpPayload } from "./stamp.ts";

export type Retransmission = {
  /** The sequence number that the packet had: 16 bits. */
  readonly sequence: number;
  readonly payload: RtpPayload;
  /** 32 bits, as the viewer got it. */
  readonly timestamp: number;
};

type Sent = { sequence: number; timestamp: number; history: PacketHistory; number: number; askedAt: number };

const DEFAULT_CAPACITY = 1024;
/** A packet is not sent again sooner than this, however short the way. */
const MIN_RETRY_MS = 10;

/** For one track of one viewer. */
export class SentPackets {
  private readonly capacity: number;
  private readonly ring: (Sent | undefined)[];

  /** @param capacity packets; at most 32768 */
  constructor(capacity = DEFAULT_CAPACITY) {
    this.capacity = capacity;
    this.ring = Array.from({ length: capacity });
  }

  /**
   * A packet was sent.
   * @param sequence 16 bits, growing by one
   * @param timestamp 32 bits
   * @param history that has the payload, under `number`
   */
  sent(sequence: number, timestamp: number, history: PacketHistory, number: number): void {
    const at = sequence % this.capacity;
    const known = this.ring[at];
    if (!known) {
      this.ring[at] = { sequence, timestamp, history, number, askedAt: Number.NEGATIVE_INFINITY };
      return;
    }
    known.sequence = sequence;
    known.timestamp = timestamp;
    known.history = history;
    known.number = number;
    known.askedAt = Number.NEGATIVE_INFINITY;
  }

  /** What is to be sent again for a NACK: not what is gone, nor what was sent again less than a round trip ago. */
  requested(sequences: readonly number[], now: number, roundTripMs: number): Retransmission[] {
    const again: Retransmission[] = [];
    for (const sequence of sequences) {
      const sent = this.ring[sequence % this.capacity];
      if (sent?.sequence !== sequence || now - sent.askedAt < Math.max(MIN_RETRY_MS, roundTripMs * 0.8)) continue;
      const payload = sent.history.get(sent.number, now);
      if (!payload) continue;
      sent.askedAt = now;
      again.push({ sequence, payload, timestamp: sent.timestamp });
    }
    return again;
  }
}
