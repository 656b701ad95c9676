/** Moves viewers away from a draining node over some seconds: each of them joins again at another node, at some cost there. */
import type { Streams } from "../../live/streams/index.ts";

/** The duration in which all viewers leave. */
const DURATION_MS = 5000;
const STEP_MS = 100;
/** The delay after which the dispatch of all nodes knows that this one is draining. */
const ANNOUNCED_MS = 1500;

export class ViewerDrain {
  private readonly streams: Streams;
  private timer: NodeJS.Timeout | null = null;
  private since = 0;

  constructor(streams: Streams) {
    this.streams = streams;
  }

  /** Viewers that are still here have to leave at once. */
  get isOver(): boolean {
    return this.timer !== null && performance.now() - this.since > DURATION_MS;
  }

  turn(on: boolean): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    if (!on) return;
    this.since = performance.now() + ANNOUNCED_MS;
    this.timer = setInterval(() => this.step(), STEP_MS);
    this.timer.unref();
  }

  private step(): void {
    const left = DURATION_MS - (performance.now() - this.since);
    if (left > DURATION_MS) return;
    const share = left <= STEP_MS ? 1 : STEP_MS / left;
    for (const stream of this.streams.list()) {
      const count = stream.connectedViewers;
      if (count > 0) stream.dismissSome(Math.ceil(count * share), "draining");
      // An encoder reconnects at once, to another node.
      if (left <= 0) stream.dismissPublisher("draining");
    }
  }
}
