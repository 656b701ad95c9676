/**
 * Reads bits, most significant first, and the Exp-Golomb codes of ISO/IEC 14496-10 section 9.1.
 * Past the end it gives zeros and remembers it in `failed`.
 */
export class BitReader {
  private readonly bytes: Uint8Array;
  private at = 0;
  failed = false;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  bit(): number {
    const byte = this.bytes[this.at >> 3];
    if (byte === undefined) {
      this.failed = true;
      return 0;
    }
    const value = (byte >> (7 - (this.at & 7))) & 1;
    this.at++;
    return value;
  }

  flag(): boolean {
    return this.bit() === 1;
  }

  /** An unsigned number of up to 32 bits. */
  bits(count: number): number {
    const { at, bytes } = this;
    const byte = at >> 3;
    // Three bytes have 17 bits from any one of the first eight on.
    if (count <= 17 && byte + 2 < bytes.length) {
      this.at = at + count;
      const three = ((bytes[byte] ?? 0) << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0);
      return (three >> (24 - (at & 7) - count)) & ((1 << count) - 1);
    }
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  skip(count: number): void {
    this.at += count;
    if (this.at > this.bytes.length * 8) this.failed = true;
  }

  /** Bits read and skipped. */
  get position(): number {
    return this.at;
  }

  /** Goes on at the beginning of a byte. */
  align(): void {
    this.at = (this.at + 7) & ~7;
  }

  /** ue(v): an unsigned Exp-Golomb code. */
  ue(): number {
    let zeros = 0;
    while (!this.failed && zeros <= 32 && this.bit() === 0) zeros++;
    if (zeros > 32) this.failed = true;
    return this.failed ? 0 : 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v): a signed Exp-Golomb code. */
  se(): number {
    const code = this.ue();
    return code % 2 === 0 ? 0 - code / 2 : (code + 1) / 2;
  }

  /** uvlc() of AV1, section 4.10.3: as ue(v), but more than 31 leading zeros mean the largest number. */
  uvlc(): number {
    return this.ue();
  }
}

/** Takes the emulation prevention bytes out of a NAL unit (ISO/IEC 14496-10 section 7.4.1). */
export function unescapeNal(nal: Uint8Array): Uint8Array {
  const out = new Uint8Array(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    out[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out.subarray(0, length);
}
