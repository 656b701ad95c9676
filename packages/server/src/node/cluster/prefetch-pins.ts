/** Pins the copies of prefetched streams, so that they stay for a minute without a viewer. */
import type { Streams } from "../../live/streams/index.ts";
import { systemClock } from "../../platform/clock.ts";

const KEEP_MS = 60_000;

export class PrefetchPins {
  private readonly streams: Streams;
  private readonly ends = new Map<string, () => void>();

  constructor(streams: Streams) {
    this.streams = streams;
  }

  /** False when the stream is not live. */
  keep(app: string, name: string): boolean {
    const key = `${app}/${name}`;
    const release = this.streams.find(app, name)?.use();
    this.ends.get(key)?.();
    if (!release) return false;
    const end = (): void => {
      cancel();
      release();
      this.ends.delete(key);
    };
    const cancel = systemClock.after(KEEP_MS, end);
    this.ends.set(key, end);
    return true;
  }
}
