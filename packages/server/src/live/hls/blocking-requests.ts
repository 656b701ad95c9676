/** Holds requests for playlists and files that do not exist yet, until they do or it takes too long. */
import type { HlsStream } from "./hls-stream.ts";

type WaitingRequest = {
  /** Monotonic milliseconds. */
  readonly until: number;
  readonly close: () => void;
  readonly tooLate: () => void;
};

export type BlockingRequest = {
  readonly limitMs: number;
  /** Tries to answer; false when it must wait. */
  readonly answer: () => boolean;
  readonly tooLate: () => void;
};

export class BlockingRequests {
  private readonly holding = new Set<WaitingRequest>();

  get size(): number {
    return this.holding.size;
  }

  /** Answers as soon as the stream has what is asked for. Returns a function for when the client has gone. */
  hold(hls: HlsStream, { limitMs, answer, tooLate }: BlockingRequest): () => void {
    const held: WaitingRequest = {
      until: performance.now() + limitMs,
      close: () => {
        if (!this.holding.delete(held)) return;
        callOff();
      },
      tooLate: () => {
        held.close();
        tooLate();
      },
    };
    const callOff = hls.wait(() => {
      if (!this.holding.has(held)) return true;
      if (!answer()) return false;
      this.holding.delete(held);
      return true;
    });
    this.holding.add(held);
    return held.close;
  }

  /** Ends the wait of requests that took too long. */
  sweep(now: number): void {
    for (const held of this.holding) if (held.until < now) held.tooLate();
  }
}
