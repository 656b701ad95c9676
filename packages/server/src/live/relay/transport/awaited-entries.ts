/**
 * Holds in a log what an origin that follows it has yet to acknowledge. An origin that records the stream, and stands still or is cut off for
 * longer than the log reaches back, goes on without a hole.
 */
import type { Clock } from "../../../platform/clock.ts";
import type { Log } from "../../streams/index.ts";

/** An origin that says nothing for so long does not come back soon. The log's limit in bytes applies all the time. */
const AWAITED_MS = 60_000;

export class AwaitedEntries {
  private readonly clock: Clock;
  private readonly release: () => void;
  private next: number;
  private heardAt: number;

  /** @param next the sequence number of the entry that the origin has to get next */
  constructor(log: Log, next: number, clock: Clock) {
    this.clock = clock;
    this.next = next;
    this.heardAt = clock.monotonic();
    this.release = log.hold(() => (this.silentMs < AWAITED_MS ? this.next : Number.POSITIVE_INFINITY));
  }

  /** The origin has everything up to this entry. */
  acknowledged(sequence: number): void {
    this.next = sequence + 1;
    this.heardAt = this.clock.monotonic();
  }

  /** The origin's connection is lost. It connects again where it can, and asks for what it lacks. */
  disconnected(): void {
    this.clock.after(Math.max(0, AWAITED_MS - this.silentMs), this.release);
  }

  private get silentMs(): number {
    return this.clock.monotonic() - this.heardAt;
  }
}
