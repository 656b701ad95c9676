/** Reads numbers and views from bytes. */
import { Malformed } from "./malformed.ts";

/**
 * Reads big-endian values from untrusted bytes.
 *
 * Reading past the end gives zeros and sets a flag, so that a parser reads straight on and checks once, at its end, whether all bytes
 * were there.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** Offset of the next byte to be read. */
  at: number;
  private readonly end: number;
  private overrun = false;

  constructor(bytes: Uint8Array, at = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = Math.min(end, bytes.length);
  }

  /** Bytes that are left. */
  get left(): number {
    return Math.max(0, this.end - this.at);
  }

  /** True once something was read that was not there. */
  get failed(): boolean {
    return this.overrun;
  }

  /** `Malformed` when something was read that was not there, else null. */
  checked(what: string): Malformed | null {
    return this.overrun ? new Malformed(`${what} is cut short`) : null;
  }

  u8(): number {
    if (this.at >= this.end) {
      this.overrun = true;
      return 0;
    }
    return this.bytes[this.at++] ?? 0;
  }

  u16(): number {
    return this.u8() * 0x100 + this.u8();
  }

  u24(): number {
    return this.u16() * 0x100 + this.u8();
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  /** A signed 24-bit number, as FLV's composition time is. */
  s24(): number {
    const value = this.u24();
    return value & 0x800000 ? value - 0x1000000 : value;
  }

  f64(): number {
    const at = this.at;
    this.skip(8);
    if (this.overrun) return 0;
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + at, 8).getFloat64(0);
  }

  /** Four characters, as in FourCC codes. */
  fourCc(): string {
    return String.fromCharCode(this.u8(), this.u8(), this.u8(), this.u8());
  }

  skip(count: number): void {
    if (count < 0 || count > this.left) {
      this.overrun = true;
      this.at = this.end;
      return;
    }
    this.at += count;
  }

  /** A view of the next `count` bytes; empty when they are not all there. */
  view(count: number): Uint8Array {
    const from = this.at;
    this.skip(count);
    return this.overrun ? this.bytes.subarray(0, 0) : this.bytes.subarray(from, from + count);
  }

  /** A view of everything that is left. */
  rest(): Uint8Array {
    return this.view(this.left);
  }
}
