/** What one viewer was sent: its sequence numbers, and which payload of which history each was. Bounded. */
import type { PacketHistory } from "./packet-history.ts";
import type { RtpPayload } from "./stamp.ts";

export type Retransmission = {
  /** The sequence number that the packet had. */
  readonly sequence: number;
  readonly payload: RtpPayload;
  /** 32 bits, as the viewer got it. */
  readonly timestamp: number;
};

export class SentPackets {
  /** @param capacity packets. Default 1024 */
  constructor(_capacity = 1024) {}

  /** A packet was sent. @param sequence 16 bits. @param timestamp 32 bits. @param number that `history.add` gave */
  sent(_sequence: number, _timestamp: number, _history: PacketHistory, _number: number, _now: number): void {}

  /** What is to be sent again for a NACK: not what is gone, nor what was sent again less than a round trip ago. */
  requested(_sequences: readonly number[], _now: number, _roundTripMs: number): Retransmission[] {
    return [];
  }
}
