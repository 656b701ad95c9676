/** Payloads of a stream for retransmission, kept once for all viewers: bounded in packets and in milliseconds. */
import type { RtpPayload } from "./stamp.ts";

export type PacketHistoryOptions = {
  /** Default 2048. */
  readonly maxPackets?: number;
  /** Default 2000. */
  readonly maxAgeMs?: number;
};

export class PacketHistory {
  constructor(_options: PacketHistoryOptions = {}) {}

  /** Keeps a payload. @param timestamp ticks. @returns its number, which grows by one */
  add(_payload: RtpPayload, _timestamp: number, _now: number): number {
    return 0;
  }

  /** A kept payload; null when it is too old. */
  get(_number: number, _now: number): { readonly payload: RtpPayload; readonly timestamp: number } | null {
    return null;
  }
}
