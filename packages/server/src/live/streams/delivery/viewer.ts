/** Provides one viewer: a byte position in an output, and a sink that takes bytes. It has no queue of its own. */
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
  /** Ends the connection, and tells the viewer the reason as far as its protocol can. */
  readonly end: (reason: string) => void;
  /** Puts the protocol's frame around each write, such as that of WebSocket. The same function for all viewers of the protocol. */
  readonly wrap: ((bytes: Uint8Array) => Uint8Array) | null;
  /** The two ends of the connection, by which the kernel's send queue is found; null when there is no such connection. */
  readonly connection: () => Connection | null;
};

export type Connection = { readonly localPort: number; readonly remoteAddress: string; readonly remotePort: number };

export type ViewerOptions = {
  /** Its name in metrics: rtmp, flv, ws. */
  readonly protocol: string;
  /** Milliseconds between two writes. */
  readonly batchMs: number;
  /** It cannot play the stream with Opus, and asks again if that comes. Default: false. */
  readonly isWithdrawable?: boolean;
  /** Called once, with its first key frame. */
  readonly onJoined?: () => void;
  /** Called once, when the server ends it. */
  readonly onEnd?: (reason: string) => void;
};

export class Viewer {
  readonly output: Output;
  readonly sink: Sink;
  readonly options: ViewerOptions;
  /** The next byte that it gets, while it is lagging. */
  position = 0;
  /** The configurations that it got where it last joined; null before that. */
  context: LogContext | null = null;
  /** Its place among the synced viewers of its group; -1 while it is lagging. */
  place = -1;
  /** Since when the kernel has not taken its last write, monotonic milliseconds; null when it has. */
  stalledSince: number | null = null;
  /** Bytes that the kernel holds for it, if that is too much; else 0. */
  kernelQueueBytes = 0;
  closed = false;

  constructor(output: Output, sink: Sink, options: ViewerOptions) {
    this.output = output;
    this.sink = sink;
    this.options = options;
  }

  /** True while it cannot take bytes. */
  get isBlocked(): boolean {
    return this.kernelQueueBytes > 0 || this.sink.pending > 0;
  }
}
