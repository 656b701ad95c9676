/** Payloads of a stream for retransmission, kept once for all viewers: bounded in packets and in milliseconds. */
import type { RtpPayload } from "./stamp.ts";

export type PacketHistoryOptions = {
  /** Default 2048. */
  readonly maxPackets?: number;
  /** Default 2000. */
  readonly maxAgeMs?: number;
};

type Kept = { readonly number: number; readonly payload: RtpPayload; readonly at: number };

const DEFAULT_PACKETS = 2048;
const DEFAULT_AGE_MS = 2000;

/** A ring of payloads in the order in which they were sent. */
export class PacketHistory {
  private readonly maxPackets: number;
  private readonly maxAgeMs: number;
  private readonly ring: (Kept | undefined)[];
  private next = 0;
  private oldest = 0;

  constructor({ maxPackets = DEFAULT_PACKETS, maxAgeMs = DEFAULT_AGE_MS }: PacketHistoryOptions = {}) {
    this.maxPackets = Math.max(1, maxPackets);
    this.maxAgeMs = maxAgeMs;
    this.ring = Array.from({ length: this.maxPackets });
  }

  /** Keeps a payload. @param now milliseconds. @returns its number, which grows by one */
  add(payload: RtpPayload, now: number): number {
    const number = this.next++;
    this.ring[number % this.maxPackets] = { number, payload, at: now };
    this.dropOld(now);
    return number;
  }

  /** A kept payload; null when it is too old. */
  get(number: number, now: number): RtpPayload | null {
    const kept = this.ring[number % this.maxPackets];
    return kept?.number === number && now - kept.at <= this.maxAgeMs ? kept.payload : null;
  }

  /** Lets go of what is too old, so that a stream that stopped holds no memory. `add` does it too. */
  dropOld(now: number): void {
    this.oldest = Math.max(this.oldest, this.next - this.maxPackets);
    while (this.oldest < this.next) {
      const kept = this.ring[this.oldest % this.maxPackets];
      if (kept && now - kept.at <= this.maxAgeMs) break;
      this.ring[this.oldest % this.maxPackets] = undefined;
      this.oldest++;
    }
  }
}
