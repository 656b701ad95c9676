/**
 * What a connection to a viewer carries: by delay and loss from transport-wide feedback, in the manner of draft-ietf-rmcat-gcc-02; REMB is an
 * upper bound; where there is neither, by the loss in receiver reports.
 */
import type { ReportBlock } from "./rtcp.ts";
import type { TransportFeedback } from "./transport-feedback.ts";

export type SendEstimateOptions = {
  /** Default 1000. */
  readonly startKbps?: number;
  /** Default 100. */
  readonly minKbps?: number;
  /** Default 20000. */
  readonly maxKbps?: number;
};

export class SendEstimate {
  constructor(_options: SendEstimateOptions = {}) {}

  /** A packet was sent. @param sequence transport-wide, 16 bits. @param bytes of the packet. @param now milliseconds */
  sent(_sequence: number, _bytes: number, _now: number): void {}
  feedback(_feedback: TransportFeedback, _now: number): void {}
  remb(_bitsPerSecond: number, _now: number): void {}
  /** A report block on our stream. @param roundTripMs null where unknown */
  reported(_block: ReportBlock, _roundTripMs: number | null, _now: number): void {}

  /** Kilobits per second that may be sent now. */
  kbps(_now: number): number {
    return 0;
  }

  /** Part of the packets lost of late: 0 to 1. */
  get loss(): number {
    return 0;
  }

  /** Smoothed milliseconds there and back; null before it is known. */
  get roundTripMs(): number | null {
    return null;
  }
}
