/** Implements kinds of RTCP packets: RFC 3550 section 6, RFC 4585, RFC 5104, REMB (draft-alvestrand-rmcat-remb-03) and transport-wide feedback. */
import type { TransportFeedback } from "./transport-feedback.ts";

/** RFC 3550 section 6.4.1. */
export type ReportBlock = {
  /** The stream that is reported on. */
  readonly ssrc: number;
  /** Part of the packets lost since the last report: 0 to 1. */
  readonly fractionLost: number;
  /** Packets lost in all; negative with more duplicates than losses. 24 bits. */
  readonly lost: number;
  /** Highest sequence number, with the count of wraps above it: 32 bits. */
  readonly highestSequence: number;
  /** Ticks of the stream's clock. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report; 0 when there was none. */
  readonly lastReport: number;
  /** Milliseconds since that report came. */
  readonly sinceLastReportMs: number;
};

export type SenderReport = {
  readonly kind: "sender-report";
  readonly ssrc: number;
  /** Milliseconds since 1970 by the sender's clock, with fractions. */
  readonly ntpMs: number;
  /** The same moment in ticks: 32 bits. */
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
  readonly reports: readonly ReportBlock[];
};

export type RtcpPacket =
  | SenderReport
  | { readonly kind: "receiver-report"; readonly ssrc: number; readonly reports: readonly ReportBlock[] }
  /** SDES. Only the CNAME is read: "" where a chunk has none. */
  | { readonly kind: "description"; readonly chunks: readonly { readonly ssrc: number; readonly cname: string }[] }
  | { readonly kind: "bye"; readonly ssrcs: readonly number[] }
  /** RFC 4585 section 6.2.1: sequence numbers of 16 bits. */
  | { readonly kind: "nack"; readonly sender: number; readonly media: number; readonly sequences: readonly number[] }
  /** RFC 4585 section 6.3.1. */
  | { readonly kind: "pli"; readonly sender: number; readonly media: number }
  /** RFC 5104 section 4.3.1: sequence numbers of 8 bits. */
  | {
      readonly kind: "fir";
      readonly sender: number;
      readonly entries: readonly { readonly ssrc: number; readonly sequence: number }[];
    }
  | { readonly kind: "remb"; readonly sender: number; readonly bitsPerSecond: number; readonly ssrcs: readonly number[] }
  | { readonly kind: "transport-feedback"; readonly sender: number; readonly media: number; readonly feedback: TransportFeedback }
  | { readonly kind: "other"; readonly type: number; readonly count: number };

/** Packet types and, of feedback, the format that stands where others have a count. */
export const RTCP_TYPE = { sender: 200, receiver: 201, description: 202, bye: 203, transport: 205, payload: 206 } as const;
export const TRANSPORT_FORMAT = { nack: 1, congestion: 15 } as const;
export const PAYLOAD_FORMAT = { pli: 1, fir: 4, application: 15 } as const;
export const SDES_CNAME = 1;
/** "REMB". */
export const REMB_MARK = 0x52454d42;
