/**
 * The log of one stream: records in the order of their stamps, the newest few segments of them.
 * Appends, forgets what is older than the retention, and tells its listeners. It decides nothing.
 */

import {
  type AudioConfiguration,
  entryBytes,
  type LogEntry,
  type LogPosition,
  type Metadata,
  type SegmentHead,
  type TermEntry,
  type VideoConfiguration,
} from "./log-entry.ts";
import { PackedEntries } from "./packed-entries.ts";

/** What applies at some place of the log: what a reader that begins there must know first. */
export type LogContext = {
  readonly term: TermEntry | null;
  readonly metadata: Metadata | null;
  readonly video: VideoConfiguration | null;
  readonly audio: AudioConfiguration | null;
};

export type Retention = {
  /** Whole segments that are kept besides the one being written. */
  readonly segments: number;
  /** Milliseconds of media, whatever the number of segments. */
  readonly milliseconds: number;
  /** Bytes, whatever the time. Asked anew each time, since streams share the memory of a process. */
  readonly bytes: () => number;
};

/** The records from one segment head to the next. */
export type LogSegment = {
  readonly head: SegmentHead;
  /** What applies at the head. */
  readonly context: LogContext;
  /** The head and what follows it, contiguous in sequence. */
  readonly entries: PackedEntries;
  bytes: number;
};

export const EMPTY_CONTEXT: LogContext = { term: null, metadata: null, video: null, audio: null };

export class Log {
  readonly epoch: string;
  private readonly retention: Retention;
  private readonly kept: LogSegment[] = [];
  private readonly listeners = new Set<(record: LogEntry) => void>();
  private readonly holders = new Set<() => number>();
  private latest: LogContext = EMPTY_CONTEXT;
  private nextSequence = 0;
  private currentTerm = 0;
  private keptBytes = 0;
  private acknowledged: LogPosition | null = null;
  private last: LogPosition | null = null;
  private readonly commitListeners = new Set<(record: LogEntry) => void>();
  private over = false;
  /** What is appended counts as kept at once. False where an origin has to say that it has it. */
  commitsItself = true;

  constructor(epoch: string, retention: Retention) {
    this.epoch = epoch;
    this.retention = retention;
  }

  /** Segments that are kept, oldest first; the last one is still being written. */
  get segments(): readonly LogSegment[] {
    return this.kept;
  }

  /** What applies at the newest record. */
  get context(): LogContext {
    return this.latest;
  }

  /** The sequence number that the next record will get. */
  get head(): number {
    return this.nextSequence;
  }

  get term(): number {
    return this.currentTerm;
  }

  get bytes(): number {
    return this.keptBytes;
  }

  get newest(): LogPosition | null {
    return this.last;
  }

  /** The last record that is safe to publish under a name: an origin has it. On one machine: the last one. */
  get committed(): LogPosition | null {
    return this.acknowledged;
  }

  get ended(): boolean {
    return this.over;
  }

  /** Begins a new term, which must be higher than any before. */
  beginTerm(term: number): void {
    if (term <= this.currentTerm) throw new RangeError(`term ${term} is not higher than ${this.currentTerm}`);
    this.currentTerm = term;
  }

  /** A copy of another process's log begins in its middle: at a segment head, with what applies there. */
  beginAt(head: SegmentHead, context: LogContext): void {
    if (this.nextSequence > 0) throw new Error("a log begins only once");
    this.nextSequence = head.sequence;
    this.latest = context;
    this.currentTerm = head.term;
  }

  /** Puts a segment before the oldest one. False when it does not end where that begins, or there is no room for it. */
  prepend(head: SegmentHead, context: LogContext, records: readonly LogEntry[]): boolean {
    const [oldest] = this.kept;
    const newest = this.kept.at(-1);
    if (!oldest || !newest || head.sequence + records.length !== oldest.head.sequence) return false;
    const bytes = records.reduce((sum, record) => sum + entryBytes(record), 0);
    const { segments, milliseconds, bytes: room } = this.retention;
    if (this.kept.length > segments || newest.head.time - head.time > milliseconds || this.keptBytes + bytes > room()) return false;
    const packed = new PackedEntries(head.sequence);
    for (const record of records) packed.push(record);
    this.kept.unshift({ head, context, entries: packed, bytes });
    this.keptBytes += bytes;
    return true;
  }

  /** Takes the next record, whose stamp must be the current term and the head. */
  append(record: LogEntry): void {
    if (this.over) throw new Error("the stream has ended; nothing can be appended");
    if (record.term !== this.currentTerm || record.sequence !== this.nextSequence) {
      throw new RangeError(`the next stamp is ${this.currentTerm}/${this.nextSequence}, not ${record.term}/${record.sequence}`);
    }
    this.nextSequence++;
    this.remember(record);
    this.last = record;
    for (const listener of this.listeners) listener(record);
    if (!this.commitsItself) return;
    this.acknowledged = record;
    for (const listener of this.commitListeners) listener(record);
  }

  /** Everything up to here is kept by an origin. What is not here, or was kept before, is passed over. */
  commit({ term, sequence }: LogPosition): void {
    const from = (this.acknowledged?.sequence ?? this.oldest - 1) + 1;
    if (term > this.currentTerm || sequence < from || sequence >= this.nextSequence) return;
    this.acknowledged = { term, sequence };
    for (let next = from; next <= sequence && this.commitListeners.size > 0; ) {
      const segment = this.segmentOf(next);
      if (!segment) return;
      const place = next - segment.head.sequence;
      const count = Math.min(sequence + 1 - next, segment.entries.length - place);
      segment.entries.visit(place, place + count, (record) => {
        for (const listener of this.commitListeners) listener(record);
      });
      next += count;
    }
  }

  /** Calls for each record when it counts as kept, in order. Gives a function that ends it. */
  listenCommitted(listener: (record: LogEntry) => void): () => void {
    this.commitListeners.add(listener);
    return () => this.commitListeners.delete(listener);
  }

  /**
   * Calls for each record from now on, in order. A frame's bytes are good only during the call; the log has a copy, which is what
   * a follower reads. Gives a function that ends it.
   */
  listen(listener: (record: LogEntry) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Keeps what a reader has yet to read, whatever the number and the time of segments, as far as the retention in bytes allows.
   * Gives a function that ends it.
   * @param next the sequence number of the record that it reads next
   */
  hold(next: () => number): () => void {
    this.holders.add(next);
    return () => this.holders.delete(next);
  }

  /** The oldest record that can still be read; the head when there is none. */
  get oldest(): number {
    return this.kept[0]?.head.sequence ?? this.nextSequence;
  }

  /** The segment that holds this record, or null when it is forgotten or not yet there. */
  segmentOf(sequence: number): LogSegment | null {
    for (let i = this.kept.length - 1; i >= 0; i--) {
      const segment = this.kept[i];
      if (segment && segment.head.sequence <= sequence) {
        return sequence < segment.head.sequence + segment.entries.length ? segment : null;
      }
    }
    return null;
  }

  private remember(record: LogEntry): void {
    if (record.kind === "segment") {
      this.kept.push({ head: record, context: this.latest, entries: new PackedEntries(record.sequence), bytes: 0 });
    } else if (record.kind === "configuration") {
      this.latest = { ...this.latest, [record.track]: record };
    } else if (record.kind === "term") {
      this.latest = { ...this.latest, term: record };
    } else if (record.kind === "end") {
      this.over = true;
    }
    const segment = this.kept.at(-1);
    if (segment) {
      const bytes = entryBytes(record);
      segment.entries.push(record);
      segment.bytes += bytes;
      this.keptBytes += bytes;
    }
    if (record.kind === "segment") this.forget(record);
  }

  private forget(newest: SegmentHead): void {
    for (;;) {
      const oldest = this.kept[0];
      // Two whole segments are kept always, or a follower that starts now would have nowhere to start.
      if (!oldest || this.kept.length <= 3) return;
      const tooMany = this.kept.length - 1 > this.retention.segments;
      const tooOld = newest.time - oldest.head.time > this.retention.milliseconds;
      const tooLarge = this.keptBytes > this.retention.bytes();
      if (!tooMany && !tooOld && !tooLarge) return;
      if (!tooLarge && this.isHeld(oldest)) return;
      this.kept.shift();
      this.keptBytes -= oldest.bytes;
      oldest.entries.release();
    }
  }

  private isHeld({ head, entries: records }: LogSegment): boolean {
    for (const next of this.holders) if (next() < head.sequence + records.length) return true;
    return false;
  }
}
