/**
 * Gives a stream's frames to one receiver as fast as that takes them, beginning at the newest key frame. It has no queue: a receiver that is
 * slower than the stream is moved to the newest key frame, and the stream never waits for it.
 */
import type { Clock } from "../../platform/clock.ts";
import { FrameReader, type Log, type LogContext, type MediaEntry } from "../streams/index.ts";

/** A receiver that is further behind is moved to the newest key frame. */
const MAX_BEHIND_MS = 4000;
/** A receiver that takes nothing for so long is gone. */
const STALLED_AFTER_MS = 20_000;

export type FeedOptions = {
  readonly log: Log;
  readonly clock: Clock;
  /**
   * Sends a frame, whose payload is good only during the call.
   * @param context the configurations that apply to it
   * @param isNewContext whether they differ from those of the frame before
   * @returns false when the receiver is full: nothing is sent until `resume`
   */
  readonly send: (frame: MediaEntry, context: LogContext, isNewContext: boolean) => boolean;
  /** Called once, when the receiver has taken nothing for 20 s. */
  readonly onStalled: () => void;
};

export type StreamFeed = {
  /** The receiver can take more. */
  readonly resume: () => void;
  /** How often frames were left out. */
  readonly skips: () => number;
  /** Sends nothing more. May be called twice. */
  readonly close: () => void;
};

export function startFeed({ log, clock, send, onStalled }: FeedOptions): StreamFeed {
  let isFull = false;
  let isSoon = false;
  let closed = false;
  let sent: LogContext | null = null;
  let cancelStalled = () => {};

  const take = (frame: MediaEntry, context: LogContext): void => {
    const isNew = sent === null || differs(sent, context);
    sent = context;
    isFull = !send(frame, context, isNew);
    if (isFull && !closed) cancelStalled = clock.after(STALLED_AFTER_MS, onStalled);
  };
  const pump = (): void => {
    isSoon = false;
    while (!isFull && !closed && reader.read(take, 1) > 0);
  };
  /** The publisher's turn of the event loop comes first. */
  const pumpSoon = (): void => {
    if (isSoon || isFull || closed) return;
    isSoon = true;
    setImmediate(pump);
  };
  const reader = new FrameReader(log, { video: true, audio: true, data: true, maxBehindMs: MAX_BEHIND_MS, onReadable: pumpSoon });
  pumpSoon();
  return {
    resume: () => {
      isFull = false;
      cancelStalled();
      pumpSoon();
    },
    skips: () => reader.skips,
    close: () => {
      closed = true;
      cancelStalled();
      reader.close();
    },
  };
}

function differs(a: LogContext, b: LogContext): boolean {
  return a.video !== b.video || a.audio !== b.audio || a.metadata !== b.metadata;
}
