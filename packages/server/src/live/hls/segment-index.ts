/** Which segments and parts a log holds, and how long they are: read from its marks as they come. */
import type { Log, LogEntry, LogSegment, PartMark, SegmentHead, Targets } from "../streams/index.ts";

export type IndexedPart = {
  readonly mark: PartMark;
  /** Places of its records within the log's segment. */
  readonly from: number;
  readonly to: number;
  /** Seconds. */
  readonly duration: number;
  /** Where the tracks go on behind it; null at the stream's end. */
  readonly end: SegmentHead["start"] | null;
};

export type IndexedSegment = {
  readonly source: LogSegment;
  /** Those that are whole. */
  readonly parts: IndexedPart[];
  /** Seconds of its whole parts. */
  duration: number;
  whole: boolean;
};

/** A frame's length is not known of a stream's last one. */
const LAST_FRAME_SECONDS = 0.04;

export class SegmentIndex {
  private readonly source: Log;
  private readonly onChange: () => void;
  private readonly stopListening: () => void;
  private readonly indexed: IndexedSegment[] = [];
  private open: { readonly mark: PartMark; readonly from: number; readonly begun: number } | null = null;
  private fixedTargets: Targets | null = null;
  private over = false;

  /** @param onChange called when a part or a segment is whole, or the stream has ended */
  constructor(source: Log, onChange: () => void) {
    this.source = source;
    this.onChange = onChange;
    const committed = source.committed?.sequence ?? -1;
    for (const segment of source.segments) {
      if (segment.head.sequence > committed) break;
      this.begin(segment);
      for (const [place, record] of segment.entries.marks()) {
        if (place > 0 && record.sequence <= committed) this.take(record, place);
      }
    }
    // What no origin has yet may be lost, and its number given to something else.
    this.stopListening = source.listenCommitted((record) => this.hear(record));
  }

  /** Segments that the log still has, oldest first; the last one may not be whole. */
  get segments(): readonly IndexedSegment[] {
    return this.indexed;
  }

  /** Null while the first segment is not whole. */
  get targets(): Targets | null {
    return this.fixedTargets;
  }

  get ended(): boolean {
    return this.over;
  }

  find(msn: number): IndexedSegment | null {
    const first = this.indexed[0]?.source.head.msn ?? 0;
    return this.indexed[msn - first] ?? null;
  }

  close(): void {
    this.stopListening();
  }

  private hear(record: LogEntry): void {
    if (record.kind === "media" || record.kind === "configuration") return;
    const segment = this.source.segmentOf(record.sequence);
    if (!segment) return;
    if (record.kind === "segment") this.begin(segment);
    else this.take(record, record.sequence - segment.head.sequence);
    if (record.kind !== "term") this.onChange();
  }

  private begin(source: LogSegment): void {
    const { head } = source;
    this.endPart(head.start, secondsAt(source, head.start, head.time), this.lastRecords());
    const last = this.indexed.at(-1);
    if (last) last.whole = true;
    this.indexed.push({ source, parts: [], duration: 0, whole: false });
    this.fixedTargets ??= head.targets;
    const oldest = this.source.segments[0]?.head.msn ?? head.msn;
    while ((this.indexed[0]?.source.head.msn ?? oldest) < oldest) this.indexed.shift();
  }

  private take(record: LogEntry, place: number): void {
    const segment = this.indexed.at(-1);
    if (!segment) return;
    if (record.kind === "part") {
      const begun = secondsAt(segment.source, record.previousEnd, segment.source.head.time);
      this.endPart(record.previousEnd, begun, place);
      this.open = { mark: record, from: place + 1, begun };
    } else if (record.kind === "end") {
      this.endPart(null, this.lastSecond(segment), place);
      segment.whole = true;
      this.over = true;
    }
  }

  private endPart(end: SegmentHead["start"] | null, at: number, to: number): void {
    const segment = this.indexed.at(-1);
    const { open } = this;
    this.open = null;
    if (!segment || !open) return;
    const duration = Math.max(0, at - open.begun);
    segment.parts.push({ mark: open.mark, from: open.from, to, duration, end });
    segment.duration += duration;
  }

  private lastRecords(): number {
    return this.indexed.at(-1)?.source.entries.length ?? 0;
  }

  private lastSecond(segment: IndexedSegment): number {
    let newest = segment.source.head.time / 1000;
    const { entries: records } = segment.source;
    records.visit(this.open?.from ?? 0, records.length, (record) => {
      if (record.kind === "media" && record.track !== "data") newest = Math.max(newest, record.decodeTime / 1000);
    });
    return newest + LAST_FRAME_SECONDS;
  }
}

/** Parts are counted in video's time where there is video, else in the sound's. */
function secondsAt(segment: LogSegment, position: SegmentHead["start"], otherwiseMs: number): number {
  if (position.video !== null) return position.video / 90_000;
  const rate = segment.context.audio?.format?.sampleRate;
  return position.audio !== null && rate ? position.audio / rate : otherwiseMs / 1000;
}
