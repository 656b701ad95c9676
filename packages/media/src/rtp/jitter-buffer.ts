/**
 * Packets of one stream in any order in, whole access units in order out. Says which packets to ask for again. After a loss that was not
 * repaired in time it gives no video until the next key frame, so that no broken picture ever reaches a viewer or a recording.
 */
import type { RtpPacket } from "./packet.ts";
import type { DepacketizedUnit, Depacketizer } from "./payload/depacketizer.ts";

export type JitterBufferOptions = {
  readonly depacketizer: Depacketizer;
  /** Packets that it holds at most; what is older is given up. Default 1024. */
  readonly maxPackets?: number;
  /** Milliseconds that it waits for a lost packet. Default 600. */
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
  readonly duplicates: number;
  /** Came after they were given up. */
  readonly late: number;
  /** Came after they were asked for. */
  readonly recovered: number;
  /** Given up. */
  readonly lost: number;
  /** Access units that were not given out. */
  readonly droppedUnits: number;
};

export class JitterBuffer {
  constructor(_options: JitterBufferOptions) {}

  /** Takes a packet, also one that was retransmitted. */
  push(_packet: RtpPacket, _now: number): void {}

  /** The access units that are whole, in order. To be called after `push`, and at `nextDeadline`. */
  take(_now: number): ReceivedUnit[] {
    return [];
  }

  /** Sequence numbers (16 bits) to ask for now; each comes again after a round trip until its time is over. */
  nacks(_now: number, _roundTripMs: number): number[] {
    return [];
  }

  /** A key frame is to be asked for: until one came. */
  get wantsKeyFrame(): boolean {
    return false;
  }

  /** When a packet that is waited for will be given up; null when none is. */
  get nextDeadline(): number | null {
    return null;
  }

  get statistics(): JitterStatistics {
    return { received: 0, duplicates: 0, late: 0, recovered: 0, lost: 0, droppedUnits: 0 };
  }
}
