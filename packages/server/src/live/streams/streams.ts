/** The streams of this process by name, and who may have which: the registry that terms are claimed at. */
import type { Clock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import { FanOut, type FanOutLimits, type FanOutObserver } from "./fan-out.ts";
import { KernelQueues } from "./kernel-queue.ts";
import { type Publication, type SourceInfo, Stream, type StreamOptions } from "./stream.ts";

export type StreamsOptions = StreamOptions & {
  /** Streams at once. */
  readonly maxStreams: number;
  readonly fanOut: FanOutLimits;
};

export class Streams {
  private readonly clock: Clock;
  private readonly fanOut: FanOut;
  private readonly kernelQueues: KernelQueues;
  private readonly byName = new Map<string, Stream>();
  private options: StreamsOptions;
  private closedToNew = false;
  private readonly endListeners: ((stream: Stream, reason: string) => void)[] = [];

  constructor(options: StreamsOptions, clock: Clock, observer: FanOutObserver) {
    this.options = options;
    this.clock = clock;
    this.fanOut = new FanOut(options.fanOut, observer);
    const { milliseconds, bytes } = options.tape;
    this.kernelQueues = new KernelQueues(this.fanOut, milliseconds / 1000, bytes);
  }

  /** Begins to watch the kernel's queues, where they hide something. True when it does. */
  start(): Promise<boolean> {
    return this.kernelQueues.start();
  }

  /** Applies to streams that begin from now on. */
  configure(options: StreamsOptions): void {
    this.options = options;
  }

  /**
   * Gives a stream to a publisher, who is told through `onRevoked` when it is taken away again.
   * Refuses with `publisher-present`, `full` or `draining`.
   */
  publish(app: string, name: string, source: SourceInfo, onRevoked: (reason: string) => void): Publication | Refusal {
    if (this.closedToNew) return new Refusal("draining");
    let stream = this.find(app, name);
    if (!stream) {
      if (this.byName.size >= this.options.maxStreams) return new Refusal("full", "No more streams can be taken here at present.");
      stream = new Stream(app, name, this.options, this.clock, this.fanOut, (ended, reason) => this.forget(ended, reason));
      this.byName.set(keyOf(app, name), stream);
    }
    return stream.publish(source, onRevoked) ?? new Refusal("publisher-present");
  }

  find(app: string, name: string): Stream | null {
    return this.byName.get(keyOf(app, name)) ?? null;
  }

  get size(): number {
    return this.byName.size;
  }

  list(): Stream[] {
    return [...this.byName.values()];
  }

  /** Ends all streams, and takes no new publisher any more. */
  close(reason: string): void {
    this.closedToNew = true;
    for (const stream of this.list()) stream.end(reason);
    this.kernelQueues.close();
  }

  /** Calls for each stream that ends. */
  onEnded(listener: (stream: Stream, reason: string) => void): void {
    this.endListeners.push(listener);
  }

  private forget(stream: Stream, reason: string): void {
    for (const listener of this.endListeners) listener(stream, reason);
    if (this.find(stream.app, stream.name) === stream) this.byName.delete(keyOf(stream.app, stream.name));
  }
}

function keyOf(app: string, name: string): string {
  return `${app}/${name}`;
}
