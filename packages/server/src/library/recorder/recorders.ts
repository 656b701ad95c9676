/** Records every stream that this process is responsible for, each by its plan. */
import type { LogSegment, Stream, StreamCopy, Streams } from "../../live/streams/index.ts";
import { Semaphore } from "../../platform/semaphore.ts";
import type { EarlierRecording } from "../catalog/catalog.ts";
import { BrokenFiles } from "./broken-files.ts";
import { type Plan, type RecordedFrom, Recorder, type RecorderOptions, type Source } from "./recorder.ts";

export type RecordersOptions = Omit<RecorderOptions, "plan" | "isOurs" | "broken" | "recordedFrom"> & {
  readonly streams: Streams;
  readonly planOf: (stream: Stream) => Plan;
  /** As what a stream is recorded: the form of another one has that one's name. */
  readonly sourceOf: (stream: Stream) => Source;
  /** Where a segment of a stream is recorded. */
  readonly recordedFrom: (stream: Stream, segment: LogSegment, before: boolean) => RecordedFrom;
  /** Whether this process records a stream. */
  readonly isOurs: (stream: Stream) => boolean;
  /** An earlier recording that continues with this stream. */
  readonly before: (stream: Stream) => Promise<EarlierRecording | null>;
};

/** How often streams are looked at. */
const LOOK_MS = 400;
/**
 * A stream is written at the first look so long after it was written last, which is every second one: the promise is at least one write a second, and each
 * costs the same for a camera of a few bits as for a teacher's picture.
 */
const WRITE_AFTER_MS = 450;
/**
 * Streams that are written at the same time. The system writes four of them at once; the others wait for it, and not for the event loop: where that is busy, a
 * write of each of a thousand cameras took half a minute with four.
 */
const MAX_CONCURRENT = 16;
/** Streams whose recording begins at the same time: at the full hour many lessons begin, and the others must be written meanwhile. */
const MAX_BEGINNING = 4;
/** Recorders without new entries that are worked in each interval: whether another process records the stream now, they hear only so. */
const IDLE_PER_INTERVAL = 50;

/** head: of the log, when the recorder was last worked, at that time. */
type Entry = { readonly recorder: Recorder; head: number; workedAt: number; copy: StreamCopy | null };

/** A form that is recorded is made as long as it is: entries may wait so long for the recorder, which is less than where nobody watches. */
const MAY_WAIT_MS = 90;

export class Recorders {
  private readonly options: RecordersOptions;
  private readonly broken: BrokenFiles;
  private readonly recorders = new Map<Stream, Entry>();
  /** Streams that this process does not record. */
  private readonly others = new Set<Stream>();
  /** Recorders that have to be worked although their streams have nothing new. */
  private due = new Map<Stream, Entry>();
  private rotation: Iterator<[Stream, Entry]>;
  private readonly beginning = new Semaphore(MAX_BEGINNING);
  private readonly begun = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(options: RecordersOptions) {
    this.options = options;
    this.broken = new BrokenFiles(options.now, options.keys);
    this.rotation = this.recorders.entries();
    for (const stream of options.streams.list()) this.others.add(stream);
    options.streams.onBegan((stream) => this.others.add(stream));
    this.plan();
  }

  /** Id of the recording that a stream is being written to; null when there is none. */
  recordingOf(stream: Stream): string | null {
    return this.recorders.get(stream)?.recorder.current ?? null;
  }

  /** Number of streams that are being recorded. */
  get size(): number {
    let count = 0;
    for (const { recorder } of this.recorders.values()) if (recorder.current !== null) count++;
    return count;
  }

  /** Writes what is left and closes all files. The streams must have ended. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.working;
    await Promise.all(this.begun);
    for (const [stream, entry] of this.recorders) this.due.set(stream, entry);
    await this.work();
  }

  private plan(): void {
    this.timer = setTimeout(() => {
      this.working = this.work().finally(() => {
        if (!this.closed) this.plan();
      });
    }, LOOK_MS);
    this.timer.unref();
  }

  private async work(): Promise<void> {
    await this.broken.work();
    for (const stream of this.others) this.beginIfOurs(stream);
    this.addIdle();
    // To compare two numbers is cheap; to listen to each log would cost an object for each frame.
    const until = this.options.now() - WRITE_AFTER_MS;
    for (const [stream, entry] of this.recorders)
      if (stream.log.head !== entry.head && (entry.workedAt <= until || stream.log.ended)) this.due.set(stream, entry);
    const waiting = [...this.due];
    this.due = new Map();
    const worker = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await this.workOn(...next);
    };
    await Promise.all(Array.from({ length: MAX_CONCURRENT }, worker));
  }

  private async workOn(stream: Stream, entry: Entry): Promise<void> {
    const { recorder } = entry;
    this.keepRendition(stream, entry);
    entry.head = stream.log.head;
    entry.workedAt = this.options.now();
    await recorder.work();
    if (recorder.done) {
      entry.copy?.close();
      this.recorders.delete(stream);
      // It may come back to this process.
      if (!stream.ended) this.others.add(stream);
    } else if (recorder.hasMore) this.due.set(stream, entry);
  }

  /** A form is not given up while it is recorded. */
  private keepRendition(stream: Stream, entry: Entry): void {
    const { planOf, sourceOf } = this.options;
    const isKept = sourceOf(stream).name !== stream.name && planOf(stream) !== "none";
    if (isKept) entry.copy ??= stream.addCopy(MAY_WAIT_MS);
    else {
      entry.copy?.close();
      entry.copy = null;
    }
  }

  /** Adds some of the recorders without new entries: each interval the next ones. */
  private addIdle(): void {
    for (let count = Math.min(IDLE_PER_INTERVAL, this.recorders.size); count > 0; count--) {
      let next = this.rotation.next();
      if (next.done) {
        this.rotation = this.recorders.entries();
        next = this.rotation.next();
      }
      if (!next.done) this.due.set(...next.value);
    }
  }

  private beginIfOurs(stream: Stream): void {
    if (stream.ended) this.others.delete(stream);
    if (stream.ended || !this.options.isOurs(stream)) return;
    this.others.delete(stream);
    const begun: Promise<void> = this.beginning.run(() => this.begin(stream)).finally(() => this.begun.delete(begun));
    this.begun.add(begun);
  }

  private async begin(stream: Stream): Promise<void> {
    const before = await this.options.before(stream).catch(() => undefined);
    if (before === undefined) {
      // The files could not be read; they may be the next time.
      this.others.add(stream);
      return;
    }
    const recorder = new Recorder(
      this.options.sourceOf(stream),
      {
        ...this.options,
        recordedFrom: (segment, before) => this.options.recordedFrom(stream, segment, before),
        plan: () => this.options.planOf(stream),
        isOurs: () => this.options.isOurs(stream),
        broken: this.broken,
      },
      before,
    );
    const entry: Entry = { recorder, head: -1, workedAt: Number.NEGATIVE_INFINITY, copy: null };
    this.recorders.set(stream, entry);
    this.due.set(stream, entry);
  }
}
