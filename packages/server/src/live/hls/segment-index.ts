/** Lists the segments and parts of a log, with their durations, from its marks as they are committed. */
import type { Log, LogEntry, LogSegment, PartMark, SegmentHead, Targets } from "../streams/index.ts";

export type IndexedPart = {
  readonly mark: PartMark;
  /** Indexes of its entries within the log's segment. */
  readonly from: number;
  readonly to: number;
  /** Seconds. */
  readonly duration: number;
  /** Where the tracks continue after it; null at the stream's end. */
  readonly end: SegmentHead["start"] | null;
};

export type IndexedSegment = {
  readonly source: LogSegment;
  /** Complete parts. */
  readonly parts: IndexedPart[];
  /** Seconds of its complete parts. */
  duration: number;
  whole: boolean;
};

/** Assumed duration of a stream's last frame. */
const LAST_FRAME_SECONDS = 0.04;

export class SegmentIndex {
  private readonly source: Log;
  private readonly onChange: () => void;
  private readonly stopListening: () => void;
  private readonly indexed: IndexedSegment[] = [];
  private open: { readonly mark: PartMark; readonly from: number; readonly startSeconds: number } | null = null;
  private fixedTargets: Targets | null = null;
  private hasEnded = false;

  /** @param onChange called when a part or a segment is complete, or the stream has ended */
  constructor(source: Log, onChange: () => void) {
    this.source = source;
    this.onChange = onChange;
    const committed = source.committed?.sequence ?? -1;
    for (const segment of source.segments) {
      if (segment.head.sequence > committed) break;
      this.beginSegment(segment);
      for (const [index, entry] of segment.entries.marks()) {
        if (index > 0 && entry.sequence <= committed) this.addMark(entry, index);
      }
    }
    // Entries that no origin has acknowledged may be lost, and their sequence numbers used for others.
    this.stopListening = source.listenCommittedMarks((entry) => this.onEntry(entry));
  }

  /** Segments that the log still has, oldest first; the last one may be incomplete. */
  get segments(): readonly IndexedSegment[] {
    return this.indexed;
  }

  /** Null while the first segment is incomplete. */
  get targets(): Targets | null {
    return this.fixedTargets;
  }

  get ended(): boolean {
    return this.hasEnded;
  }

  find(msn: number): IndexedSegment | null {
    const first = this.indexed[0]?.source.head.msn ?? 0;
    return this.indexed[msn - first] ?? null;
  }

  close(): void {
    this.stopListening();
  }

  private onEntry(entry: LogEntry): void {
    if (entry.kind === "media" || entry.kind === "configuration") return;
    const segment = this.source.segmentOf(entry.sequence);
    if (!segment) return;
    if (entry.kind === "segment") this.beginSegment(segment);
    else this.addMark(entry, entry.sequence - segment.head.sequence);
    if (entry.kind !== "term") this.onChange();
  }

  private beginSegment(source: LogSegment): void {
    const { head } = source;
    this.endPart(head.start, secondsAt(source, head.start, head.time), this.entriesOfLast());
    const last = this.indexed.at(-1);
    if (last) last.whole = true;
    this.indexed.push({ source, parts: [], duration: 0, whole: false });
    this.fixedTargets ??= head.targets;
    const oldest = this.source.segments[0]?.head.msn ?? head.msn;
    while ((this.indexed[0]?.source.head.msn ?? oldest) < oldest) this.indexed.shift();
  }

  private addMark(entry: LogEntry, index: number): void {
    const segment = this.indexed.at(-1);
    if (!segment) return;
    if (entry.kind === "part") {
      const startSeconds = secondsAt(segment.source, entry.previousEnd, segment.source.head.time);
      this.endPart(entry.previousEnd, startSeconds, index);
      this.open = { mark: entry, from: index + 1, startSeconds };
    } else if (entry.kind === "end") {
      this.endPart(null, this.lastSecond(segment), index);
      segment.whole = true;
      this.hasEnded = true;
    }
  }

  private endPart(end: SegmentHead["start"] | null, at: number, to: number): void {
    const segment = this.indexed.at(-1);
    const { open } = this;
    this.open = null;
    if (!segment || !open) return;
    const duration = Math.max(0, at - open.startSeconds);
    segment.parts.push({ mark: open.mark, from: open.from, to, duration, end });
    segment.duration += duration;
  }

  private entriesOfLast(): number {
    return this.indexed.at(-1)?.source.entries.length ?? 0;
  }

  private lastSecond(segment: IndexedSegment): number {
    let newest = segment.source.head.time / 1000;
    const { entries } = segment.source;
    entries.visit(this.open?.from ?? 0, entries.length, (entry) => {
      if (entry.kind === "media" && entry.track !== "data") newest = Math.max(newest, entry.decodeTime / 1000);
    });
    return newest + LAST_FRAME_SECONDS;
  }
}

/** Parts are measured by video where there is video, else by audio. */
export function secondsAt(segment: LogSegment, position: SegmentHead["start"], otherwiseMs: number): number {
  if (position.video !== null) return position.video / 90_000;
  const rate = segment.context.audio?.format?.sampleRate;
  return position.audio !== null && rate ? position.audio / rate : otherwiseMs / 1000;
}
