/**
 * Memory for messages, cut from larger pieces. A piece of memory of its own for each of a hundred messages a second and stream keeps
 * the garbage collector busier than all the rest; a stream's messages are forgotten in the order they came, so a piece is free soon
 * after its last one.
 */

const SLAB_BYTES = 128 * 1024;
/** A larger message gets memory of its own, or too much of a piece would stay unused. */
const LARGEST = 32 * 1024;

export class Slab {
  private piece: Buffer = Buffer.alloc(0);
  private used = 0;

  /** Bytes that nothing else will use; they are not zeroed. */
  take(size: number): Buffer {
    if (size > LARGEST) return Buffer.allocUnsafeSlow(size);
    if (this.used + size > this.piece.length) {
      this.piece = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.used = 0;
    }
    const from = this.used;
    this.used += size;
    return this.piece.subarray(from, this.used);
  }
}
