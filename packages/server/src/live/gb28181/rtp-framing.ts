/**
 * Cuts the bytes of a TCP connection into RTP packets: each behind its length in two bytes (RFC 4571). Some cameras write the four bytes of RTSP instead,
 * `$`, a channel and the length (RFC 2326 section 10.12).
 */

/** The first byte of RTSP's framing, which would be a packet of more than 9 kB. */
const DOLLAR = 0x24;
const MAX_CHANNEL = 3;
/** Version 2 of RTP. */
const VERSION = 2;
const GROWTH_STEP = 64 * 1024;

export class RtpFraming {
  private readonly onPacket: (bytes: Uint8Array) => void;
  private buffer = new Uint8Array(GROWTH_STEP);
  private filled = 0;
  private headSize: 2 | 4 | null = null;

  /** @param onPacket its bytes are good only during the call */
  constructor(onPacket: (bytes: Uint8Array) => void) {
    this.onPacket = onPacket;
  }

  /** False: what comes is no RTP, and the connection is of no use. */
  push(bytes: Uint8Array): boolean {
    this.append(bytes);
    let at = 0;
    while (this.filled - at >= 5) {
      this.headSize ??= this.buffer[at] === DOLLAR && (this.buffer[at + 1] ?? 0) <= MAX_CHANNEL && this.isRtp(at + 4) ? 4 : 2;
      const lengthAt = at + this.headSize - 2;
      const length = ((this.buffer[lengthAt] ?? 0) << 8) | (this.buffer[lengthAt + 1] ?? 0);
      const from = at + this.headSize;
      if (length > 0 && !this.isRtp(from)) return false;
      if (this.filled - from < length) break;
      if (length > 0) this.onPacket(this.buffer.subarray(from, from + length));
      at = from + length;
    }
    this.buffer.copyWithin(0, at, this.filled);
    this.filled -= at;
    return true;
  }

  private append(bytes: Uint8Array): void {
    const needed = this.filled + bytes.length;
    if (needed > this.buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
      grown.set(this.buffer.subarray(0, this.filled));
      this.buffer = grown;
    }
    this.buffer.set(bytes, this.filled);
    this.filled = needed;
  }

  private isRtp(at: number): boolean {
    return (this.buffer[at] ?? 0) >> 6 === VERSION;
  }
}
