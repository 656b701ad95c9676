/**
 * Memory that goes round. What is large or comes often, and is soon forgotten, would otherwise have the garbage collector run several times a
 * second, and take more time than the work itself.
 */
export class MemoryPool {
  private readonly free = new Map<number, Buffer[]>();
  private readonly leastBytes: number;
  private readonly mostBytes: number;
  private freeBytes = 0;

  /** @param leastBytes of the smallest piece; pieces are powers of two. @param mostBytes that wait to be used again */
  constructor(leastBytes: number, mostBytes: number) {
    this.leastBytes = leastBytes;
    this.mostBytes = mostBytes;
  }

  /** At least so many bytes, of any content. */
  take(bytes: number): Buffer {
    const size = 2 ** Math.ceil(Math.log2(Math.max(this.leastBytes, bytes)));
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
