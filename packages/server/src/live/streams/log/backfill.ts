/**
 * What a copy lacks of its past. A copy that somebody waits for begins with the newest group of pictures, so that a picture is there at
 * once; the segments before it, which HLS lists and others follow, come after that, the newest first.
 */
import type { Clock } from "../../../platform/clock.ts";
import { EMPTY_CONTEXT, type Log, type LogContext } from "./log.ts";
import type { LogEntry, SegmentHead } from "./log-entry.ts";

/** What has not come within this is not waited for. */
const WITHIN_MS = 5000;

export class Backfill {
  private readonly log: Log;
  private readonly clock: Clock;
  private readonly waiting = new Set<() => void>();
  private cancel: (() => void) | null = null;
  private isMissing = false;
  private context: LogContext = EMPTY_CONTEXT;
  private head: SegmentHead | null = null;
  private records: LogEntry[] = [];

  constructor(log: Log, clock: Clock) {
    this.log = log;
    this.clock = clock;
  }

  /** It is to come, and is not here yet. */
  get missing(): boolean {
    return this.isMissing;
  }

  /** It comes after the newest. */
  expect(): void {
    this.isMissing = true;
    this.cancel = this.clock.after(WITHIN_MS, () => this.over());
  }

  /** Calls when all is here that will come, which may be now. */
  whenThere(call: () => void): void {
    if (this.isMissing) this.waiting.add(call);
    else call();
  }

  /** Resolves when all is here that will come. */
  there(): Promise<void> {
    return new Promise((resolve) => this.whenThere(resolve));
  }

  /** A record of an older segment: first what applies at its head, then the head, then what follows it. */
  take(record: LogEntry): void {
    if (!this.isMissing) return;
    if (this.head) this.records.push(record);
    else if (record.kind === "configuration") this.context = { ...this.context, [record.track]: record };
    else if (record.kind === "term") this.context = { ...this.context, term: record };
    else if (record.kind === "segment") {
      this.head = record;
      this.records.push(record);
    }
  }

  /** The segment is whole. */
  segment(): void {
    const isNext = this.isMissing && this.head !== null && this.log.prepend(this.head, this.context, this.records);
    this.begin();
    if (!isNext) this.over();
  }

  /** Nothing comes any more. May be called twice. */
  over(): void {
    this.cancel?.();
    this.begin();
    this.isMissing = false;
    for (const call of this.waiting) call();
    this.waiting.clear();
  }

  /** What had begun to come is forgotten: it comes anew. */
  begin(): void {
    this.context = EMPTY_CONTEXT;
    this.head = null;
    this.records = [];
  }
}
