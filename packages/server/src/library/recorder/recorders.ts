/** Records all streams that are this process's to record, each as its plan says. */
import type { Stream, Streams } from "../../live/streams/index.ts";
import type { EarlierRecording } from "../catalog/catalog.ts";
import { type Plan, Recorder, type RecorderOptions } from "./recorder.ts";

export type RecordersOptions = Omit<RecorderOptions, "plan" | "isOurs"> & {
  readonly streams: Streams;
  readonly planOf: (stream: Stream) => Plan;
  /** Whether it is this process that records a stream. */
  readonly isOurs: (stream: Stream) => boolean;
  /** What was recorded before, and goes on with this stream. */
  readonly before: (stream: Stream) => Promise<EarlierRecording | null>;
};

/** Files are written to this often: at least every second, as is promised. */
const WORK_EVERY_MS = 400;
/** Files that are written to at the same time. */
const AT_ONCE = 4;

export class Recorders {
  private readonly options: RecordersOptions;
  private readonly recorders = new Map<Stream, Recorder>();
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(options: RecordersOptions) {
    this.options = options;
    this.plan();
  }

  /** The recording that a stream is being written to, if any. */
  recordingOf(stream: Stream): string | null {
    return this.recorders.get(stream)?.current ?? null;
  }

  /** How many streams are being recorded. */
  get size(): number {
    let count = 0;
    for (const { current } of this.recorders.values()) if (current !== null) count++;
    return count;
  }

  /** Writes what there is, and ends all files. The streams must have ended before. */
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
    }, WORK_EVERY_MS);
    this.timer.unref();
  }

  private async work(): Promise<void> {
    for (const stream of this.options.streams.list()) {
      if (!this.options.isOurs(stream) || stream.ended || this.recorders.has(stream)) continue;
      const before = await this.options.before(stream);
      const own = { plan: () => this.options.planOf(stream), isOurs: () => this.options.isOurs(stream) };
      this.recorders.set(stream, new Recorder(stream, { ...this.options, ...own }, before));
    }
    const waiting = [...this.recorders];
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [stream, recorder] = next;
        await recorder.work();
        if (recorder.done) this.recorders.delete(stream);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }
}
