/** Sends a new copy the segments before the one it began with, the newest first. Live entries have priority on the connection. */
import type { Duplex } from "node:stream";
import { contextOf, type LogSegment, type Stream } from "../../streams/index.ts";
import { drained } from "./drained.ts";
import { EMPTY_BODY, frame, MESSAGE, retyped } from "./messages.ts";
import type { SharedEncoding } from "./shared-encoding.ts";

export type BackfillTarget = {
  readonly socket: Duplex;
  readonly stream: Stream;
  readonly encoding: SharedEncoding;
  readonly onSent: (bytes: number) => void;
  readonly signal: AbortSignal;
};

/** Few, so that a live entry does not wait long behind them. */
const MAX_BATCH = 16;
/** While the connection is further behind the live head than this, the backfill waits. */
const LIVE_FIRST_MS = 50;

export class BackfillSender {
  private readonly target: BackfillTarget;
  private readonly behindMs: () => number | null;
  /** Every entry from here on is sent already, or was never part of this backfill. */
  private end = -1;
  private readonly reader = { needs: (sequence: number) => sequence < this.end };

  /** @param behindMs by how much the connection is behind the live head */
  constructor(target: BackfillTarget, behindMs: () => number | null) {
    this.target = target;
    this.behindMs = behindMs;
  }

  /** Sends the segments before an entry. */
  async run(before: number): Promise<void> {
    const { stream, socket, signal, encoding } = this.target;
    this.end = before;
    const leave = encoding.add(this.reader);
    try {
      while (!signal.aborted) {
        const segment = stream.log.segmentOf(this.end - 1);
        if (!segment && !stream.backfill.missing) break;
        if (!segment) await stream.backfill.there();
        else {
          // Its payloads are read across turns of the event loop.
          const letGo = segment.entries.hold();
          await this.sendSegment(segment).finally(letGo);
          this.end = segment.head.sequence;
        }
      }
    } finally {
      leave();
    }
    socket.write(frame(MESSAGE.backfillEnd, EMPTY_BODY));
  }

  private async sendSegment(segment: LogSegment): Promise<void> {
    const { socket, encoding, onSent, signal } = this.target;
    const entries = [...contextOf(segment), ...segment.entries.slice(0, segment.entries.length)];
    for (let at = 0; at < entries.length && !signal.aborted; at += MAX_BATCH) {
      while ((this.behindMs() ?? Number.POSITIVE_INFINITY) > LIVE_FIRST_MS && !signal.aborted) await pause(LIVE_FIRST_MS);
      const messages = entries.slice(at, at + MAX_BATCH).map((entry) => encoding.entryMessage(entry, this.reader));
      const bytes = Buffer.concat(messages.flatMap((message) => retyped(MESSAGE.backfill, message)));
      onSent(bytes.length);
      if (!socket.write(bytes)) await drained(socket);
    }
    socket.write(frame(MESSAGE.backfillSegment, EMPTY_BODY));
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
