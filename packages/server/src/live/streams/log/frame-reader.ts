/**
 * Reads the frames of a log lossily, for consumers that need recent frames rather than all of them: stills, transcoder input, WebRTC.
 *
 * The reader is a position in the log and has no queue. A reader that falls too far behind is moved to the newest key frame.
 */
import { contextAfter, type Log, type LogContext } from "./log.ts";
import type { LogEntry, MediaEntry } from "./log-entry.ts";

export type FrameReaderOptions = {
  /** Tracks that it reads. */
  readonly video: boolean;
  readonly audio: boolean;
  /** Data messages too. Default: false. */
  readonly data?: boolean;
  /** A reader that is further behind the newest frame than this is moved to the newest key frame. */
  readonly maxBehindMs: number;
  /** Called when there are frames to read. */
  readonly onReadable?: () => void;
};

/** @param context the configurations that apply to the frame; its payload is good only during the call */
export type TakeFrame = (frame: MediaEntry, context: LogContext) => void;

export class FrameReader {
  private readonly log: Log;
  private readonly options: FrameReaderOptions;
  private readonly stopListening: () => void;
  /** Sequence number of the entry that is read next; null before the first key frame. */
  private next: number | null = null;
  private context: LogContext;
  /** Decode times of the frame that was read last, and of the newest one. */
  private readTime = 0;
  private newestTime = 0;
  /** Sequence number of the newest key frame; null while there is none. */
  private newestKey: number | null;
  private skipCount = 0;

  constructor(log: Log, options: FrameReaderOptions) {
    this.log = log;
    this.options = options;
    this.context = log.context;
    this.newestKey = this.findKeyFrame();
    this.stopListening = log.listen((entry) => this.hear(entry));
  }

  /** How often the reader was moved past frames. */
  get skips(): number {
    return this.skipCount;
  }

  /** Calls for each frame that was not read yet, in order, beginning at a key frame. Gives their number. */
  read(take: TakeFrame, max = Number.POSITIVE_INFINITY): number {
    let count = 0;
    this.move();
    while (this.next !== null && this.next < this.log.head && count < max) {
      const segment = this.log.segmentOf(this.next);
      if (!segment) break;
      const entry = segment.entries.at(this.next - segment.head.sequence);
      this.next++;
      if (entry?.kind === "configuration") this.context = contextAfter(this.context, entry);
      if (!this.isWanted(entry)) continue;
      this.readTime = entry.decodeTime;
      count++;
      take(entry, this.context);
    }
    return count;
  }

  close(): void {
    this.stopListening();
  }

  private hear(entry: LogEntry): void {
    if (!this.isWanted(entry)) return;
    this.newestTime = entry.decodeTime;
    if (this.isKeyFrame(entry, this.log.context)) this.newestKey = entry.sequence;
    if (this.newestKey !== null) this.options.onReadable?.();
  }

  /** Moves to the newest key frame at the beginning, and when the reader is too far behind. */
  private move(): void {
    const { next, newestKey, log } = this;
    const isForgotten = next !== null && next < log.oldest;
    const isBehind = next === null || isForgotten || this.newestTime - this.readTime > this.options.maxBehindMs;
    if (!isBehind) return;
    if (newestKey !== null && newestKey >= log.oldest && newestKey >= (next ?? 0)) {
      if (next !== null && newestKey > next) this.skipCount++;
      this.next = newestKey;
      this.context = this.contextAt(newestKey);
    } else if (isForgotten) this.next = null;
  }

  private contextAt(sequence: number): LogContext {
    const segment = this.log.segmentOf(sequence);
    let context = segment?.context ?? this.log.context;
    for (const [index, entry] of segment?.entries.marks() ?? []) {
      if (index >= sequence - (segment?.head.sequence ?? 0)) break;
      if (entry.kind === "configuration") context = contextAfter(context, entry);
    }
    return context;
  }

  private findKeyFrame(): number | null {
    for (const { head, entries, context } of [...this.log.segments].reverse()) {
      for (let index = entries.length - 1; index >= 0; index--) {
        const entry = entries.at(index);
        if (!this.isWanted(entry)) continue;
        this.newestTime = Math.max(this.newestTime, entry.decodeTime);
        if (this.isKeyFrame(entry, context)) return head.sequence + index;
      }
    }
    return null;
  }

  private isWanted(entry: LogEntry | undefined): entry is MediaEntry {
    if (entry?.kind !== "media") return false;
    return this.options[entry.track] ?? false;
  }

  /** Without video, a reader can begin at any frame. */
  private isKeyFrame(frame: MediaEntry, { video }: LogContext): boolean {
    return this.options.video && video ? frame.track === "video" && frame.key : frame.track === "audio";
  }
}
