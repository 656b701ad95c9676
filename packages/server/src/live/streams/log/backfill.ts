/**
 * Tracks the older segments that a new copy still lacks. A copy with a waiting viewer begins with the newest GOP, so that the viewer gets a
 * key frame at once; the segments before it, which HLS lists and other processes follow, come after it, the newest first.
 */
import type { Clock } from "../../../platform/clock.ts";
import { contextAfter, EMPTY_CONTEXT, type Log, type LogContext } from "./log.ts";
import type { LogEntry, SegmentHead } from "./log-entry.ts";
import type { BackfillReceiver } from "./log-receiver.ts";

/** Segments that have not come within this are not waited for. */
const WITHIN_MS = 5000;

export class Backfill implements BackfillReceiver {
  private readonly log: Log;
  private readonly clock: Clock;
  private readonly waiting = new Set<() => void>();
  private cancel: (() => void) | null = null;
  private isMissing = false;
  private context: LogContext = EMPTY_CONTEXT;
  private head: SegmentHead | null = null;
  private entries: LogEntry[] = [];

  constructor(log: Log, clock: Clock) {
    this.log = log;
    this.clock = clock;
  }

  /** Segments are expected and not complete yet. */
  get missing(): boolean {
    return this.isMissing;
  }

  /** The copy begins with the newest GOP: segments before it are expected. */
  expect(): void {
    this.isMissing = true;
    this.cancel = this.clock.after(WITHIN_MS, () => this.over());
  }

  /** Calls when no more segments will come, which may be now. */
  whenThere(call: () => void): void {
    if (this.isMissing) this.waiting.add(call);
    else call();
  }

  /** Resolves when no more segments will come. */
  there(): Promise<void> {
    return new Promise((resolve) => this.whenThere(resolve));
  }

  /** Takes an entry of an older segment: first the context of its head, then the head, then its other entries. */
  take(entry: LogEntry): void {
    if (!this.isMissing) return;
    if (this.head) this.entries.push(entry);
    else if (entry.kind === "configuration" || entry.kind === "term") this.context = contextAfter(this.context, entry);
    else if (entry.kind === "segment") {
      this.head = entry;
      this.entries.push(entry);
    }
  }

  /** The segment is complete. */
  segment(): void {
    const isNext = this.isMissing && this.head !== null && this.log.prepend(this.head, this.context, this.entries);
    this.begin();
    if (!isNext) this.over();
  }

  /** No more segments will come. May be called twice. */
  over(): void {
    this.cancel?.();
    this.begin();
    this.isMissing = false;
    for (const call of this.waiting) call();
    this.waiting.clear();
  }

  /** Forgets an incomplete segment, which comes again from its context on. */
  begin(): void {
    this.context = EMPTY_CONTEXT;
    this.head = null;
    this.entries = [];
  }
}
