/** Keeps bytes that come in pieces, one behind the other, until what they make is whole. */

const LEAST = 64 * 1024;

/** A buffer that grows: `append` pieces, read `buffer` up to `filled`, `drop` what has been read. */
export class GrowingBytes {
  /** What is behind `filled` means nothing. */
  buffer = new Uint8Array(0);
  filled = 0;

  append(bytes: Uint8Array): void {
    const needed = this.filled + bytes.length;
    if (needed > this.buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2, LEAST));
      grown.set(this.buffer.subarray(0, this.filled));
      this.buffer = grown;
    }
    this.buffer.set(bytes, this.filled);
    this.filled = needed;
  }

  /** Forgets so many bytes from the beginning. */
  drop(count: number): void {
    if (count === 0) return;
    this.buffer.copyWithin(0, count, this.filled);
    this.filled -= count;
  }
}
