/** Adapts a viewer's socket to the sink that the fan-out writes to. */
import type { Duplex } from "node:stream";
import type { Connection, Sink } from "../streams/index.ts";

export type SocketSinkOptions = {
  readonly wrap?: (bytes: Uint8Array) => Uint8Array;
  /** Sends the protocol's own closing message before the socket is ended. */
  readonly goodbye?: (reason: string) => void;
};

/** A socket, or a stream of HTTP/2, which has no addresses of its own. */
type Writable = Duplex & {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localPort?: number | undefined;
};

/** The time for the closing message to reach the viewer. */
const GOODBYE_MS = 2000;

export class SocketSink implements Sink {
  readonly wrap: Sink["wrap"];
  private readonly socket: Writable;
  private readonly goodbye: ((reason: string) => void) | undefined;

  constructor(socket: Writable, options: SocketSinkOptions = {}) {
    this.socket = socket;
    this.wrap = options.wrap ?? null;
    this.goodbye = options.goodbye;
  }

  get pending(): number {
    return this.socket.writableLength;
  }

  /** A destroyed socket ignores writes, so no check is needed. */
  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  writeAll(pieces: readonly Uint8Array[]): void {
    this.socket.cork();
    for (const piece of pieces) this.socket.write(piece);
    this.socket.uncork();
  }

  end(reason: string): void {
    const { socket } = this;
    // A viewer that does not read would not read the closing message either.
    if (socket.writableLength > 0 || !socket.writable) {
      socket.destroy();
      return;
    }
    this.goodbye?.(reason);
    socket.end();
    // The peer may never close its half.
    setTimeout(() => socket.destroy(), GOODBYE_MS).unref();
  }

  connection(): Connection | null {
    const { remoteAddress, remotePort, localPort } = this.socket;
    if (remoteAddress === undefined || remotePort === undefined || localPort === undefined) return null;
    return { localPort, remoteAddress, remotePort };
  }
}
