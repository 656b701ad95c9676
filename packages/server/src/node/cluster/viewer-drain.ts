/** Moves viewers on from a node that is drained: not all at once, since each of them comes to another node, and begins anew there. */
import type { Streams } from "../../live/streams/index.ts";

/** All have gone after about this. */
const OVER_MS = 5000;
const STEP_MS = 100;
/** Other nodes and those who send people to them have heard by then that they are not to be sent here. */
const HEARD_AFTER_MS = 1500;

export class ViewerDrain {
  private readonly streams: Streams;
  private timer: NodeJS.Timeout | null = null;
  private since = 0;

  constructor(streams: Streams) {
    this.streams = streams;
  }

  /** Whoever is still here has to go. */
  get isOver(): boolean {
    return this.timer !== null && performance.now() - this.since > OVER_MS;
  }

  turn(on: boolean): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    if (!on) return;
    this.since = performance.now() + HEARD_AFTER_MS;
    this.timer = setInterval(() => this.step(), STEP_MS);
    this.timer.unref();
  }

  private step(): void {
    const left = OVER_MS - (performance.now() - this.since);
    if (left > OVER_MS) return;
    const share = left <= STEP_MS ? 1 : STEP_MS / left;
    for (const stream of this.streams.list()) {
      const count = stream.connectedViewers;
      if (count > 0) stream.dismissSome(Math.ceil(count * share), "draining");
      // Its encoder comes back at once, to another node.
      if (left <= 0) stream.dismissPublisher("draining");
    }
  }
}
