/**
 * Reuses large, short-lived buffers. Without the pool, the garbage collector runs several times a second for them and takes more time than
 * the work itself.
 */
export class BufferPool {
  private readonly free = new Map<number, Buffer[]>();
  private readonly minBytes: number;
  private readonly maxFreeBytes: number;
  private readonly steps: number;
  private freeBytes = 0;

  /**
   * @param minBytes size of the smallest buffer, a power of two
   * @param maxFreeBytes what the pool keeps for reuse; further buffers go to the garbage collector
   * @param steps sizes between two powers of two, a power of two itself. 1: sizes are powers of two, and up to half of a buffer is unused;
   *   8: up to a ninth is unused
   */
  constructor(minBytes: number, maxFreeBytes: number, steps = 1) {
    this.minBytes = minBytes;
    this.maxFreeBytes = maxFreeBytes;
    this.steps = steps;
  }

  /** A buffer of at least so many bytes, with any content. */
  take(bytes: number): Buffer {
    const size = this.sizeFor(Math.max(this.minBytes, bytes));
    const buffer = this.free.get(size)?.pop();
    if (!buffer) return Buffer.allocUnsafeSlow(size);
    this.freeBytes -= size;
    return buffer;
  }

  /** Returns a buffer that was taken. The caller must not use it any more. */
  give(buffer: Buffer): void {
    if (this.freeBytes + buffer.length > this.maxFreeBytes) return;
    this.freeBytes += buffer.length;
    const sameSize = this.free.get(buffer.length);
    if (sameSize) sameSize.push(buffer);
    else this.free.set(buffer.length, [buffer]);
  }

  private sizeFor(bytes: number): number {
    const step = 2 ** Math.floor(Math.log2(bytes)) / this.steps;
    return Math.ceil(bytes / step) * step;
  }
}
