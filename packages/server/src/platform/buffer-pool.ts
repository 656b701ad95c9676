/**
 * Reuses large, short-lived buffers. Without the pool, the garbage collector runs several times a second for them and takes more time than
 * the work itself.
 */
export class BufferPool {
  private readonly free = new Map<number, Buffer[]>();
  private readonly minBytes: number;
  private readonly maxFreeBytes: number;
  private freeBytes = 0;

  /**
   * @param minBytes size of the smallest buffer; sizes are powers of two
   * @param maxFreeBytes what the pool keeps for reuse; further buffers go to the garbage collector
   */
  constructor(minBytes: number, maxFreeBytes: number) {
    this.minBytes = minBytes;
    this.maxFreeBytes = maxFreeBytes;
  }

  /** A buffer of at least so many bytes, with any content. */
  take(bytes: number): Buffer {
    const size = 2 ** Math.ceil(Math.log2(Math.max(this.minBytes, bytes)));
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
}
