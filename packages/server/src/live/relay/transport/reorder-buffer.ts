/** Restores the order of entries that arrive by two paths, each of which delivers one stripe. */
import { entryBytes, type LogEntry, type Receiver } from "../../streams/index.ts";

/** So much may wait for a missing entry. */
const MAX_BYTES = 16 * 1024 * 1024;

type WaitingEntry = { readonly entry: LogEntry; readonly since: number };

export class ReorderBuffer {
  private readonly stream: Receiver;
  private readonly held = new Map<number, WaitingEntry>();
  private bytes = 0;
  private highest = -1;

  constructor(stream: Receiver) {
    this.stream = stream;
  }

  /** Milliseconds for which the oldest entry has waited for a missing one; 0 when none waits. */
  waitingMs(now: number): number {
    for (const { since } of this.held.values()) return Math.max(1, now - since);
    return 0;
  }

  /** The highest sequence number that waits; null when none does. */
  get last(): number | null {
    return this.held.size > 0 ? this.highest : null;
  }

  get full(): boolean {
    return this.bytes > MAX_BYTES;
  }

  /** Holds an entry that arrived out of order. */
  hold(entry: LogEntry, now: number): void {
    if (this.held.has(entry.sequence)) return;
    this.held.set(entry.sequence, { entry, since: now });
    this.highest = Math.max(this.highest, entry.sequence);
    this.bytes += entryBytes(entry);
  }

  /** Hands on the entries that follow the stream's newest. */
  release(): void {
    while (this.held.size > 0) {
      const next = (this.stream.newest?.sequence ?? -1) + 1;
      const held = this.held.get(next);
      if (!held) break;
      this.held.delete(next);
      this.bytes -= entryBytes(held.entry);
      // A stale or void entry is recognised as such when it comes in its turn.
      if (this.stream.receive(held.entry) !== "taken") break;
    }
  }
}
