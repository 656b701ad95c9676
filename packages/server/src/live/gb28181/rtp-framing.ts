/**
 * Cuts the bytes of a TCP connection into RTP packets: each behind its length in two bytes (RFC 4571). Some cameras write the four bytes of RTSP instead,
 * `$`, a channel and the length (RFC 2326 section 10.12).
 */

import { GrowingBytes } from "@lectern/media";

/** The first byte of RTSP's framing, which would be a packet of more than 9 kB. */
const DOLLAR = 0x24;
const MAX_CHANNEL = 3;
/** Version 2 of RTP. */
const VERSION = 2;

export class RtpFraming {
  private readonly onPacket: (bytes: Uint8Array) => void;
  private readonly kept = new GrowingBytes();
  private headSize: 2 | 4 | null = null;

  /** @param onPacket its bytes are good only during the call */
  constructor(onPacket: (bytes: Uint8Array) => void) {
    this.onPacket = onPacket;
  }

  /** False: what comes is no RTP, and the connection is of no use. */
  push(bytes: Uint8Array): boolean {
    const { kept } = this;
    kept.append(bytes);
    const { buffer } = kept;
    let at = 0;
    while (kept.filled - at >= 5) {
      this.headSize ??= buffer[at] === DOLLAR && (buffer[at + 1] ?? 0) <= MAX_CHANNEL && this.isRtp(at + 4) ? 4 : 2;
      const lengthAt = at + this.headSize - 2;
      const length = ((buffer[lengthAt] ?? 0) << 8) | (buffer[lengthAt + 1] ?? 0);
      const from = at + this.headSize;
      if (length > 0 && !this.isRtp(from)) return false;
      if (kept.filled - from < length) break;
      if (length > 0) this.onPacket(buffer.subarray(from, from + length));
      at = from + length;
    }
    kept.drop(at);
    return true;
  }

  private isRtp(at: number): boolean {
    return (this.kept.buffer[at] ?? 0) >> 6 === VERSION;
  }
}
