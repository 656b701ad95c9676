/**
 * Provides the log of one stream: its newest segments of entries, in the order of their positions. It appends entries, forgets segments that are
 * older than the retention, and calls its listeners. It decides nothing.
 */

import { AwaitedOrigin } from "./awaited-origin.ts";
import type { BacklogBudget } from "./backlog-budget.ts";
import {
  type AudioConfiguration,
  type Configuration,
  entryBytes,
  type LogEntry,
  type LogPosition,
  type Metadata,
  type SegmentHead,
  type TermEntry,
  type VideoConfiguration,
} from "./log-entry.ts";
import { PackedEntries, type UntimedFrame } from "./packed-entries.ts";

/** The entries that apply at some position of the log, which a reader that begins there needs first. */
export type LogContext = {
  readonly term: TermEntry | null;
  readonly metadata: Metadata | null;
  readonly video: VideoConfiguration | null;
  readonly audio: AudioConfiguration | null;
};

/**
 * What applies behind an entry. Metadata names the tracks that its publisher has (`completeMetadata`): the configuration that another publisher
 * had for a track is none of this one's.
 */
export function contextAfter(context: LogContext, entry: Configuration | TermEntry): LogContext {
  if (entry.kind === "term") return { ...context, term: entry };
  if (entry.track !== "metadata") return { ...context, [entry.track]: entry };
  const { videocodecid: video, audiocodecid: audio } = entry.properties;
  return {
    ...context,
    metadata: entry,
    video: video === undefined ? null : context.video,
    audio: audio === undefined ? null : context.audio,
  };
}

export type Retention = {
  /** Complete segments that are kept besides the one being written. */
  readonly segments: number;
  /** Milliseconds of media, whatever the number of segments. */
  readonly milliseconds: number;
  /** Bytes, whatever the time. Called each time, since streams share the memory of a process. */
  readonly bytes: () => number;
  /** Bounds what all logs of the process hold beyond that for readers that are behind. Default: only `bytes` bounds it. */
  readonly backlog?: BacklogBudget;
};

/** The entries from one segment head to the next. */
export type LogSegment = {
  readonly head: SegmentHead;
  /** The configurations that apply at the head. */
  readonly context: LogContext;
  /** The head and the entries after it, contiguous in sequence. */
  readonly entries: PackedEntries;
  bytes: number;
};

/** Of no entry. Positions are kept as numbers, since they change with each frame. */
const NO_SEQUENCE = -1;

export const EMPTY_CONTEXT: LogContext = { term: null, metadata: null, video: null, audio: null };

export class Log {
  readonly epoch: string;
  private readonly retention: Retention;
  private readonly kept: LogSegment[] = [];
  private readonly listeners = new Set<(entry: LogEntry) => void>();
  private readonly wakers = new Set<() => void>();
  private readonly holders = new Set<() => number>();
  private latest: LogContext = EMPTY_CONTEXT;
  private nextSequence = 0;
  private currentTerm = 0;
  private keptBytes = 0;
  private newestTerm = 0;
  private newestSequence = NO_SEQUENCE;
  private committedTerm = 0;
  private committedSequence = NO_SEQUENCE;
  private readonly commitListeners = new Set<(entry: LogEntry) => void>();
  private readonly origin = new AwaitedOrigin();
  private over = false;
  private ahead: Metadata | null = null;
  /** Bytes that the budget of the process has for this log. */
  private backlogBytes = 0;
  /** Entries are committed as they are appended. False where another node has to acknowledge them. */
  commitsItself = true;

  constructor(epoch: string, retention: Retention) {
    this.epoch = epoch;
    this.retention = retention;
  }

  /** Segments that are kept, oldest first; the last one is still being written. */
  get segments(): readonly LogSegment[] {
    return this.kept;
  }

  /** The configurations that apply at the newest entry. */
  get context(): LogContext {
    return this.latest;
  }

  /** The sequence number of the next entry. */
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
    return this.newestSequence < 0 ? null : { term: this.newestTerm, sequence: this.newestSequence };
  }

  /** Decode time of the newest frame, milliseconds of the epoch; null while there is none. */
  get newestTime(): number | null {
    for (const { entries } of this.kept.toReversed())
      for (let index = entries.length - 1; index >= 0; index--) {
        const entry = entries.at(index);
        if (entry?.kind === "media") return entry.decodeTime;
      }
    return null;
  }

  /**
   * Metadata of the present publisher, of whose media nothing could be written yet: they tell why. It is no entry, as no reader can begin with it. Null: none,
   * or something was written.
   */
  get foretold(): Metadata | null {
    return this.ahead;
  }

  /** Says what `foretold` is, to those who are called when an entry is appended. */
  foretell(metadata: Metadata | null): void {
    if (metadata === this.ahead) return;
    this.ahead = metadata;
    for (const wake of this.wakers) wake();
  }

  /** The last entry that is safe to publish under a name, because an origin has it. On one machine: the last one. */
  get committed(): LogPosition | null {
    return this.committedSequence < 0 ? null : { term: this.committedTerm, sequence: this.committedSequence };
  }

  get ended(): boolean {
    return this.over;
  }

  /** Begins a new term, which must be higher than any before. */
  beginTerm(term: number): void {
    if (term <= this.currentTerm) throw new RangeError(`term ${term} is not higher than ${this.currentTerm}`);
    this.currentTerm = term;
  }

  /** A copy of another process's log begins in its middle: at a segment head, with the context that applies there. */
  beginAt(head: SegmentHead, context: LogContext): void {
    if (this.nextSequence > 0) throw new Error("a log begins only once");
    this.nextSequence = head.sequence;
    this.latest = context;
    this.currentTerm = head.term;
  }

  /** Puts a segment before the oldest one. False when it does not end where that begins, or there is no room for it. */
  prepend(head: SegmentHead, context: LogContext, entries: readonly LogEntry[]): boolean {
    const [oldest] = this.kept;
    const newest = this.kept.at(-1);
    if (!oldest || !newest || head.sequence + entries.length !== oldest.head.sequence) return false;
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    const { segments, milliseconds, bytes: room } = this.retention;
    if (this.kept.length > segments || newest.head.time - head.time > milliseconds || this.keptBytes + bytes > room()) return false;
    const packed = new PackedEntries(head.sequence, { entries: entries.length, bytes });
    for (const entry of entries) packed.push(entry);
    this.kept.unshift({ head, context, entries: packed, bytes });
    this.keptBytes += bytes;
    return true;
  }

  /** Takes the next entry, whose position must be the current term and the head. */
  append(entry: LogEntry): void {
    if (this.over) throw new Error("the stream has ended; nothing can be appended");
    if (entry.term !== this.currentTerm || entry.sequence !== this.nextSequence) {
      throw new RangeError(`the next position is ${this.currentTerm}/${this.nextSequence}, not ${entry.term}/${entry.sequence}`);
    }
    this.nextSequence++;
    this.remember(entry);
    this.advance();
    for (const listener of this.listeners) listener(entry);
    for (const wake of this.wakers) wake();
    if (entry.kind === "media") return;
    if (!this.commitsItself) return this.commitWithoutOrigin(entry);
    for (const listener of this.commitListeners) listener(entry);
  }

  /**
   * Takes a frame as the next entry. No object is made for it unless somebody listens: nearly all entries are frames.
   * @param frame may be changed after the call
   * @param decodeTime milliseconds of the epoch
   */
  appendFrame(frame: UntimedFrame, decodeTime: number): void {
    const segment = this.kept.at(-1);
    if (this.listeners.size > 0 || this.over || !segment?.entries.pushFrame(frame, decodeTime, this.currentTerm)) {
      const { track, codec, compositionOffset, key, disposable, soundFlags, payload } = frame;
      const fields = { track, codec, decodeTime, compositionOffset, key, disposable, soundFlags, payload };
      return this.append({ term: this.currentTerm, sequence: this.nextSequence, kind: "media", ...fields });
    }
    this.nextSequence++;
    segment.bytes += frame.payload.length;
    this.keptBytes += frame.payload.length;
    this.advance();
    for (const wake of this.wakers) wake();
  }

  /** The entry that was just remembered is the newest. */
  private advance(): void {
    this.newestTerm = this.currentTerm;
    this.newestSequence = this.nextSequence - 1;
    if (!this.commitsItself) return;
    this.committedTerm = this.newestTerm;
    this.committedSequence = this.newestSequence;
  }

  /** An origin has all entries up to here. A position that is not in the log, or was committed before, is ignored. */
  acknowledge(position: LogPosition): void {
    this.origin.acknowledged(position.sequence);
    this.commit(position);
  }

  private commitWithoutOrigin({ kind, term, sequence }: LogEntry): void {
    if (kind === "part") this.origin.partBegun(sequence, this.committedSequence);
    if (this.origin.isLate) this.commit({ term, sequence });
  }

  private commit({ term, sequence }: LogPosition): void {
    const from = (this.committedSequence < 0 ? this.oldest - 1 : this.committedSequence) + 1;
    if (term > this.currentTerm || sequence < from || sequence >= this.nextSequence) return;
    this.committedTerm = term;
    this.committedSequence = sequence;
    for (let next = from; next <= sequence && this.commitListeners.size > 0; ) {
      const segment = this.segmentOf(next);
      if (!segment) return;
      const place = next - segment.head.sequence;
      const count = Math.min(sequence + 1 - next, segment.entries.length - place);
      segment.entries.visitMarks(place, place + count, (entry) => {
        for (const listener of this.commitListeners) listener(entry);
      });
      next += count;
    }
  }

  /** Calls for each entry that is no frame when it is committed, in order. Gives a function that ends it. */
  listenCommittedMarks(listener: (entry: LogEntry) => void): () => void {
    this.commitListeners.add(listener);
    return () => this.commitListeners.delete(listener);
  }

  /**
   * Calls for each entry from now on, in order. A payload is good only during the call; the log has a copy of it. Gives a function that
   * ends it.
   */
  listen(listener: (entry: LogEntry) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls when an entry was appended, for those who read it from the log later. Gives a function that ends it. */
  whenAppended(wake: () => void): () => void {
    this.wakers.add(wake);
    return () => this.wakers.delete(wake);
  }

  /**
   * Keeps the segments that a reader has yet to read, whatever their number and time, within the retention in bytes and the budget of the process.
   * Gives a function that ends it.
   * @param next the sequence number of the entry that it reads next
   */
  hold(next: () => number): () => void {
    this.holders.add(next);
    return () => {
      this.holders.delete(next);
      if (this.holders.size === 0) this.countBacklog(0);
    };
  }

  /** The oldest entry that can still be read; the head when there is none. */
  get oldest(): number {
    return this.kept[0]?.head.sequence ?? this.nextSequence;
  }

  /** The segment of this entry, or null when it is forgotten or not appended yet. */
  segmentOf(sequence: number): LogSegment | null {
    for (let i = this.kept.length - 1; i >= 0; i--) {
      const segment = this.kept[i];
      if (segment && segment.head.sequence <= sequence) {
        return sequence < segment.head.sequence + segment.entries.length ? segment : null;
      }
    }
    return null;
  }

  private remember(entry: LogEntry): void {
    if (entry.kind === "segment") {
      this.ahead = null;
      const before = this.kept.at(-1);
      const entries = new PackedEntries(entry.sequence, before?.entries.size);
      this.kept.push({ head: entry, context: this.latest, entries, bytes: 0 });
    } else if (entry.kind === "configuration" || entry.kind === "term") {
      this.latest = contextAfter(this.latest, entry);
    } else if (entry.kind === "end") {
      this.over = true;
    }
    const segment = this.kept.at(-1);
    if (segment) {
      const bytes = entryBytes(entry);
      segment.entries.push(entry);
      segment.bytes += bytes;
      this.keptBytes += bytes;
    }
    if (entry.kind === "segment") this.forget(entry);
    if (entry.kind === "end") this.countBacklog(this.unreadBytes());
  }

  private forget(newest: SegmentHead): void {
    for (let oldest = this.oldestBeyond(0, newest); oldest; oldest = this.oldestBeyond(0, newest)) {
      const tooLarge = this.keptBytes > this.retention.bytes();
      if (!tooLarge && this.isHeld(oldest)) break;
      this.drop();
    }
    if (this.holders.size === 0) return;
    let beyond = 0;
    let bytes = 0;
    for (let one = this.oldestBeyond(0, newest); one; one = this.oldestBeyond(++beyond, newest)) bytes += one.entries.memoryBytes;
    if (this.countBacklog(bytes)) return;
    // All that is held, and not the oldest segment: a reader that is behind misses one long piece, and not a piece of each segment from now on.
    for (; beyond > 0; beyond--) this.drop();
    this.countBacklog(0);
  }

  /** The segment with this index from the oldest one on, where the retention does not keep it. */
  private oldestBeyond(index: number, newest: SegmentHead): LogSegment | null {
    const segment = this.kept[index];
    const left = this.kept.length - index;
    // Two complete segments are always kept, as a start for new followers.
    if (!segment || left <= 3) return null;
    const { segments, milliseconds, bytes } = this.retention;
    const isBeyond = left - 1 > segments || newest.time - segment.head.time > milliseconds || this.keptBytes > bytes();
    return isBeyond ? segment : null;
  }

  private drop(): void {
    const oldest = this.kept.shift();
    if (!oldest) return;
    this.keptBytes -= oldest.bytes;
    oldest.entries.release();
  }

  /** What readers of a stream that has ended have yet to read: nobody else needs the log then. */
  private unreadBytes(): number {
    return this.kept.reduce((sum, segment) => sum + (this.isHeld(segment) ? segment.entries.memoryBytes : 0), 0);
  }

  /** Counts what is held for readers that are behind. False: it has to be given up, which a stream that has ended never has. */
  private countBacklog(bytes: number): boolean {
    const { backlog } = this.retention;
    if (this.over) backlog?.force(this.backlogBytes, bytes);
    else if (backlog?.change(this.backlogBytes, bytes) === false) return false;
    this.backlogBytes = bytes;
    return true;
  }

  private isHeld({ head, entries }: LogSegment): boolean {
    for (const next of this.holders) if (next() < head.sequence + entries.length) return true;
    return false;
  }
}
