/**
 * Memory that goes round. Segments are large and short-lived; memory of their own for each would have the garbage collector run several times
 * a second, and take more time than making them.
 */

/** The smallest piece. Pieces are powers of two. */
const LEAST_BYTES = 64 * 1024;

export class MemoryPool {
  private readonly free = new Map<number, Buffer[]>();
  private readonly mostBytes: number;
  private freeBytes = 0;

  /** @param mostBytes that wait to be used again */
  constructor(mostBytes: number) {
    this.mostBytes = mostBytes;
  }

  /** At least so many bytes, of any content. */
  take(bytes: number): Buffer {
    const size = 2 ** Math.ceil(Math.log2(Math.max(LEAST_BYTES, bytes)));
    const room = this.free.get(size)?.pop();
    if (!room) return Buffer.allocUnsafeSlow(size);
    this.freeBytes -= size;
    return room;
  }

  /** What was taken; nobody may look at it any more. */
  give(room: Buffer): void {
    if (this.freeBytes + room.length > this.mostBytes) return;
    this.freeBytes += room.length;
    const same = this.free.get(room.length);
    if (same) same.push(room);
    else this.free.set(room.length, [room]);
  }
}
