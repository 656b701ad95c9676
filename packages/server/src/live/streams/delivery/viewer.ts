/** One viewer: a byte position on an output, and a sink that takes bytes. It has no queue of its own. */
import type { LogContext } from "../log/log.ts";
import type { Output } from "./output.ts";

/** Where a viewer's bytes go: a socket, as its protocol uses it. */
export type Sink = {
  /** Takes all bytes, at once or as they can be sent. Never throws. */
  readonly write: (bytes: Uint8Array) => void;
  /** Takes several pieces as one write. */
  readonly writeAll: (pieces: readonly Uint8Array[]) => void;
  /** Bytes taken that the kernel has not taken yet. */
  readonly pending: number;
  /** Ends it, telling the viewer why as far as its protocol can. */
  readonly end: (reason: string) => void;
  /** What the protocol puts around each write, such as a WebSocket frame. The same function for all viewers of the protocol. */
  readonly wrap: ((bytes: Uint8Array) => Uint8Array) | null;
  /** The two ends of the connection, for asking the kernel how much it holds; null when there is no such connection. */
  readonly connection: () => Connection | null;
};

export type Connection = { readonly localPort: number; readonly remoteAddress: string; readonly remotePort: number };

export type ViewerOptions = {
  /** As metrics name it: rtmp, flv, ws. */
  readonly protocol: string;
  /** Milliseconds between two writes. */
  readonly batchMs: number;
  /** Called once, when it has been given its first key frame. */
  readonly onJoined?: () => void;
  /** Called once, when it ends for a reason that lies on this side. */
  readonly onEnd?: (reason: string) => void;
};

export class Viewer {
  readonly output: Output;
  readonly sink: Sink;
  readonly options: ViewerOptions;
  /** While it is not in step: the next byte that it gets. */
  position = 0;
  /** What it was told applies, where it last began; null before that. */
  context: LogContext | null = null;
  /** Its place among the viewers in step of its group; -1 while it is not in step. */
  slot = -1;
  /** Since when its last write has not been taken by the kernel, monotonic milliseconds; null when it was. */
  stalledSince: number | null = null;
  /** Bytes that the kernel holds for it, where that is too much; else 0. */
  kernelQueueBytes = 0;
  closed = false;

  constructor(output: Output, sink: Sink, options: ViewerOptions) {
    this.output = output;
    this.sink = sink;
    this.options = options;
  }

  /** True when it cannot be given anything now. */
  get isLagging(): boolean {
    return this.kernelQueueBytes > 0 || this.sink.pending > 0;
  }
}
