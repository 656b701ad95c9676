/** Provides the message streams of one RTMP connection: what `createStream` opens, `publish` and `play` use, and `deleteStream` closes. */
import type { AmfValue } from "@lectern/media";

/** An encoder has one or two open at a time, however often it publishes again. */
const MAX_OPEN = 16;

export class MessageStreams {
  private readonly opened = new Set<number>();
  private newest = 0;
  private used = 0;

  /** The number of a new one; null when too many are open. */
  open(): number | null {
    if (this.opened.size >= MAX_OPEN) return null;
    this.opened.add(++this.newest);
    return this.newest;
  }

  /** The client publishes or plays on it. Some do so on one that they have not opened. */
  use(id: number): void {
    this.used = id;
  }

  /** True when the one in use is closed. */
  delete(id: AmfValue): boolean {
    const isOpen = typeof id === "number" && this.opened.delete(id);
    if (isOpen) return !this.opened.has(this.used);
    // Encoders that name one that was never opened, or none, mean the one that they use.
    this.opened.delete(this.newest);
    return true;
  }
}
