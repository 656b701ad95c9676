/** Records every stream that this process is responsible for, each by its plan. */
import type { Stream, Streams } from "../../live/streams/index.ts";
import type { EarlierRecording } from "../catalog/catalog.ts";
import { BrokenFiles } from "./broken-files.ts";
import { type Plan, Recorder, type RecorderOptions } from "./recorder.ts";

export type RecordersOptions = Omit<RecorderOptions, "plan" | "isOurs" | "broken"> & {
  readonly streams: Streams;
  readonly planOf: (stream: Stream) => Plan;
  /** Whether this process records a stream. */
  readonly isOurs: (stream: Stream) => boolean;
  /** An earlier recording that continues with this stream. */
  readonly before: (stream: Stream) => Promise<EarlierRecording | null>;
};

/** Interval of writes; the promise is at least one a second. */
const WRITE_INTERVAL_MS = 400;
/** Streams that are written at the same time. */
const MAX_CONCURRENT = 4;

export class Recorders {
  private readonly options: RecordersOptions;
  private readonly broken: BrokenFiles;
  private readonly recorders = new Map<Stream, Recorder>();
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(options: RecordersOptions) {
    this.options = options;
    this.broken = new BrokenFiles(options.now);
    this.plan();
  }

  /** Id of the recording that a stream is being written to; null when there is none. */
  recordingOf(stream: Stream): string | null {
    return this.recorders.get(stream)?.current ?? null;
  }

  /** Number of streams that are being recorded. */
  get size(): number {
    let count = 0;
    for (const { current } of this.recorders.values()) if (current !== null) count++;
    return count;
  }

  /** Writes what is left and closes all files. The streams must have ended. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.working;
    await this.work();
  }

  private plan(): void {
    this.timer = setTimeout(() => {
      this.working = this.work().finally(() => {
        if (!this.closed) this.plan();
      });
    }, WRITE_INTERVAL_MS);
    this.timer.unref();
  }

  private async work(): Promise<void> {
    await this.broken.work();
    for (const stream of this.options.streams.list()) {
      if (!this.options.isOurs(stream) || stream.ended || this.recorders.has(stream)) continue;
      const before = await this.options.before(stream);
      const own = {
        plan: () => this.options.planOf(stream),
        isOurs: () => this.options.isOurs(stream),
        broken: this.broken,
      };
      this.recorders.set(stream, new Recorder(stream, { ...this.options, ...own }, before));
    }
    const waiting = [...this.recorders];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [stream, recorder] = next;
        await recorder.work();
        if (recorder.done) this.recorders.delete(stream);
      }
    };
    await Promise.all(Array.from({ length: MAX_CONCURRENT }, worker));
  }
}
