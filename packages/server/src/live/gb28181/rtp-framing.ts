/**
 * Cuts the bytes of a TCP connection into RTP packets: each behind its length in two bytes (RFC 4571). Some cameras write the four bytes of RTSP instead,
 * `$`, a channel and the length (RFC 2326 section 10.12).
 *
 * Cameras whose connection is slow overwrite what they have not sent yet: a length is wrong then, and the next packet is found by its sender's SSRC.
 */

import { GrowingBytes } from "@lectern/media";

/** The first byte of RTSP's framing, which would be a packet of more than 9 kB. */
const DOLLAR = 0x24;
const MAX_CHANNEL = 3;
/** Version 2 of RTP. */
const VERSION = 2;
const RTP_HEAD = 12;
/** RFC 5761 section 4: the second byte of RTCP. */
const RTCP = { first: 192, last: 223 } as const;
/** After so many bytes without a packet of the sender there is none. */
const MAX_SKIPPED = 256 * 1024;

export class RtpFraming {
  private readonly onPacket: (bytes: Uint8Array) => void;
  private readonly kept = new GrowingBytes();
  private headSize: 2 | 4 | null = null;
  /** Of the newest packet. */
  private ssrc: number | null = null;
  /** Bytes that were left out since a length was wrong; 0: the next one is believed. */
  private skipped = 0;

  /** @param onPacket its bytes are good only during the call */
  constructor(onPacket: (bytes: Uint8Array) => void) {
    this.onPacket = onPacket;
  }

  /** False: what comes is no RTP, and the connection is of no use. */
  push(bytes: Uint8Array): boolean {
    const { kept } = this;
    kept.append(bytes);
    let at = 0;
    while (kept.filled - at >= 5) {
      const head = this.headSizeAt(at);
      if (this.skipped > 0) {
        const next = this.find(at, head);
        this.skipped += next - at;
        at = next;
        if (this.skipped > MAX_SKIPPED) return false;
        if (kept.filled - at < head + RTP_HEAD) break;
        this.skipped = 0;
      }
      const from = at + head;
      const length = this.u16(from - 2);
      const fits = length === 0 ? "yes" : this.fits(from, length, head);
      if (fits === "unknown") break;
      if (fits === "no") {
        if (this.ssrc === null) return false;
        this.skipped = 1;
        at++;
        continue;
      }
      if (kept.filled - from < length) break;
      if (length > 0) this.give(kept.buffer.subarray(from, from + length));
      at = from + length;
    }
    kept.drop(at);
    return true;
  }

  private headSizeAt(at: number): 2 | 4 {
    const { buffer } = this.kept;
    this.headSize ??= buffer[at] === DOLLAR && (buffer[at + 1] ?? 0) <= MAX_CHANNEL && this.isRtp(at + 4) ? 4 : 2;
    return this.headSize;
  }

  private give(packet: Uint8Array): void {
    if (packet.length >= RTP_HEAD && !isRtcp(packet[1] ?? 0)) this.ssrc = ssrcIn(packet, 0);
    this.onPacket(packet);
  }

  /** Whether a packet is here. One of another sender is believed where another packet follows it. */
  private fits(from: number, length: number, head: number): "yes" | "no" | "unknown" {
    const { buffer, filled } = this.kept;
    if (!this.isRtp(from)) return "no";
    if (this.ssrc === null) return "yes";
    if (filled - from < RTP_HEAD) return "unknown";
    if (isRtcp(buffer[from + 1] ?? 0) || ssrcIn(buffer, from) === this.ssrc) return "yes";
    const next = from + length + head;
    if (filled < next + RTP_HEAD) return "unknown";
    const following = ssrcIn(buffer, next);
    return this.isRtp(next) && (following === this.ssrc || following === ssrcIn(buffer, from)) ? "yes" : "no";
  }

  /** Where the length of the sender's next packet stands, or from where on it may. */
  private find(from: number, head: number): number {
    const { filled, buffer } = this.kept;
    let at = from;
    for (; at + head + RTP_HEAD <= filled; at++)
      if (this.isRtp(at + head) && ssrcIn(buffer, at + head) === this.ssrc && this.u16(at + head - 2) >= RTP_HEAD) return at;
    return at;
  }

  private u16(at: number): number {
    return ((this.kept.buffer[at] ?? 0) << 8) | (this.kept.buffer[at + 1] ?? 0);
  }

  private isRtp(at: number): boolean {
    return (this.kept.buffer[at] ?? 0) >> 6 === VERSION;
  }
}

function isRtcp(second: number): boolean {
  return second >= RTCP.first && second <= RTCP.last;
}

function ssrcIn(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at + 8, 4).getUint32(0);
}
