/** Keeps a stream published. */
import type { Publisher, PublisherOptions } from "./publisher-types.ts";

/** Publishes a stream from now on, and comes back by itself until `close`. Does not throw: what goes wrong is told by `onState`. */
export function createPublisher(_options: PublisherOptions): Publisher {
  throw new Error("not built yet");
}
