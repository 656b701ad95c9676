/** Applies the node's limit of viewers in one of its workers, and refuses viewers during a drain. */
import type { Streams } from "../../live/streams/index.ts";
import { Refusal } from "../../platform/refusal.ts";

export class ViewerLimit {
  /** The viewers of the node's other workers. */
  otherViewers = 0;
  isDraining = false;
  /** Called whenever a viewer asks for admission. */
  onDecided: () => void = () => {};
  /** Counts the viewers of this worker that have no connection. */
  visitors: () => number = () => 0;
  private readonly streams: Pick<Streams, "connectedViewers">;
  private readonly max: () => number;

  constructor(streams: Pick<Streams, "connectedViewers">, max: () => number) {
    this.streams = streams;
    this.max = max;
  }

  /** The viewers of this worker. */
  get count(): number {
    return this.streams.connectedViewers + this.visitors();
  }

  /** Null when one more viewer is within the limit. */
  readonly admit = (): Refusal | null => {
    this.onDecided();
    if (this.isDraining) return new Refusal("draining");
    return this.count + this.otherViewers >= this.max() ? new Refusal("full") : null;
  };
}
