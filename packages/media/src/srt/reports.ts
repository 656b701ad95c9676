/** Implements the contents of SRT's control packets about received and lost packets: draft-sharabayko-srt-01 sections 3.2.4, 3.2.5 and 3.2.9, appendix A. */
import { Malformed } from "../bytes/malformed.ts";
import { setSrtU32, srtDistance, srtU32 } from "./packet.ts";

/** A first sequence number and a last one. */
export type SrtRange = readonly [from: number, to: number];

export type SrtAck = {
  /** The first packet that has not come. */
  readonly next: number;
  /** Microseconds. */
  readonly rtt: number;
  readonly rttVariance: number;
  /** Packets that the receiver has memory for. */
  readonly available: number;
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
};

/** Of the packets of `SRT_CONTROL.ack`. Section 3.2.4. */
export function writeSrtAck({ next, rtt, rttVariance, available, packetsPerSecond, bytesPerSecond }: SrtAck): Uint8Array {
  const content = new Uint8Array(28);
  // Nothing is known of the link's capacity but that it carries this.
  const words = [next, rtt, rttVariance, available, packetsPerSecond, packetsPerSecond, bytesPerSecond];
  for (const [i, word] of words.entries()) setSrtU32(content, i * 4, word);
  return content;
}

/** What a sender needs of an acknowledgement: the times are null in a light one. */
export type SrtAcknowledged = { readonly next: number; readonly rtt: number | null; readonly rttVariance: number | null };

/** Reads a full acknowledgement, or a light one. `Malformed` when it is cut short. */
export function readSrtAck(content: Uint8Array): SrtAcknowledged | Malformed {
  if (content.length < 4) return new Malformed("an SRT acknowledgement is cut short");
  const isFull = content.length >= 16;
  return {
    next: srtU32(content, 0) & 0x7fffffff,
    rtt: isFull ? srtU32(content, 4) : null,
    rttVariance: isFull ? srtU32(content, 8) : null,
  };
}

/** The list of lost packets of a NAK: appendix A. */
export function writeSrtLosses(ranges: readonly SrtRange[]): Uint8Array {
  const size = ranges.reduce((sum, [from, to]) => sum + (from === to ? 4 : 8), 0);
  const content = new Uint8Array(size);
  let at = 0;
  for (const [from, to] of ranges) {
    if (from !== to) {
      setSrtU32(content, at, (from | 0x80000000) >>> 0);
      at += 4;
    }
    setSrtU32(content, at, to);
    at += 4;
  }
  return content;
}

/** The ranges of a NAK. `Malformed` when it is cut short or goes backward. */
export function readSrtLosses(content: Uint8Array): readonly SrtRange[] | Malformed {
  const ranges: SrtRange[] = [];
  for (let at = 0; at + 4 <= content.length; at += 4) {
    const word = srtU32(content, at);
    if (word < 0x80000000) {
      ranges.push([word, word]);
      continue;
    }
    at += 4;
    if (at + 4 > content.length) return new Malformed("an SRT loss report is cut short");
    const range: SrtRange = [word & 0x7fffffff, srtU32(content, at) & 0x7fffffff];
    if (srtDistance(range[0], range[1]) < 0) return new Malformed("an SRT loss report that goes backward");
    ranges.push(range);
  }
  return ranges;
}

/** The packets that a sender has given up. Section 3.2.9. */
export function readSrtDrop(content: Uint8Array): SrtRange | Malformed {
  if (content.length < 8) return new Malformed("an SRT drop request is cut short");
  const range: SrtRange = [srtU32(content, 0) & 0x7fffffff, srtU32(content, 4) & 0x7fffffff];
  return srtDistance(range[0], range[1]) < 0 ? new Malformed("an SRT drop request that goes backward") : range;
}

/** The content of `SRT_CONTROL.dropRequest`. */
export function writeSrtDrop([from, to]: SrtRange): Uint8Array {
  const content = new Uint8Array(8);
  setSrtU32(content, 0, from);
  setSrtU32(content, 4, to);
  return content;
}
