/** Puts records in their order that come by two connections, each of which brings one half of them. */
import { entryBytes, type LogEntry, type Receiver } from "../../streams/index.ts";

/** So much may wait for a record that is missing. */
const MOST_BYTES = 16 * 1024 * 1024;

type Held = { readonly record: LogEntry; readonly since: number };

export class ReorderBuffer {
  private readonly stream: Receiver;
  private readonly held = new Map<number, Held>();
  private bytes = 0;
  private highest = -1;

  constructor(stream: Receiver) {
    this.stream = stream;
  }

  /** Milliseconds for which something has waited for a record that is missing; 0 when nothing does. */
  waitsMs(now: number): number {
    for (const { since } of this.held.values()) return Math.max(1, now - since);
    return 0;
  }

  /** The highest number that waits; null when none does. */
  get last(): number | null {
    return this.held.size > 0 ? this.highest : null;
  }

  get full(): boolean {
    return this.bytes > MOST_BYTES;
  }

  /** Keeps a record that came before its turn. */
  hold(record: LogEntry, now: number): void {
    if (this.held.has(record.sequence)) return;
    this.held.set(record.sequence, { record, since: now });
    this.highest = Math.max(this.highest, record.sequence);
    this.bytes += entryBytes(record);
  }

  /** Hands on what follows the newest record that is there. */
  release(): void {
    while (this.held.size > 0) {
      const next = (this.stream.newest?.sequence ?? -1) + 1;
      const held = this.held.get(next);
      if (!held) break;
      this.held.delete(next);
      this.bytes -= entryBytes(held.record);
      // What cannot be taken, stale or void, is seen as that when it comes in its turn.
      if (this.stream.receive(held.record) !== "taken") break;
    }
  }
}
