/** Puts records in their order that come by two connections, each of which brings one half of them. */
import { type Receiver, recordBytes, type StreamRecord } from "../streams/index.ts";

/** So much may wait for a record that is missing. */
const MOST_BYTES = 16 * 1024 * 1024;

export class Reorder {
  private readonly stream: Receiver;
  private readonly held = new Map<number, StreamRecord>();
  private bytes = 0;

  constructor(stream: Receiver) {
    this.stream = stream;
  }

  /** Whether something waits for a record that is missing. */
  get waiting(): boolean {
    return this.held.size > 0;
  }

  get full(): boolean {
    return this.bytes > MOST_BYTES;
  }

  /** Keeps a record that came before its turn. */
  hold(record: StreamRecord): void {
    if (this.held.has(record.sequence)) return;
    this.held.set(record.sequence, record);
    this.bytes += recordBytes(record);
  }

  /** Hands on what follows the newest record that is there. */
  release(): void {
    while (this.held.size > 0) {
      const next = (this.stream.newest?.sequence ?? -1) + 1;
      const record = this.held.get(next);
      if (!record) break;
      this.drop(record);
      // What cannot be taken, stale or void, is seen as that when it comes in its turn.
      if (this.stream.receive(record) !== "taken") break;
    }
  }

  private drop(record: StreamRecord): void {
    if (this.held.delete(record.sequence)) this.bytes -= recordBytes(record);
  }
}
