/** A viewer's socket as the fan-out writes to it. */
import type { Duplex } from "node:stream";
import type { Connection, Sink } from "../streams/index.ts";

export type SocketSinkOptions = {
  readonly wrap?: (bytes: Uint8Array) => Uint8Array;
  /** Says goodbye in the protocol's own way, before the socket is ended. */
  readonly goodbye?: (reason: string) => void;
};

/** A socket, or a stream of HTTP/2, whose connection is shared and asked nothing. */
type Writable = Duplex & {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localPort?: number | undefined;
};

/** A viewer that has been told goodbye is given so long to take it. */
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

  /** A viewer is removed before its socket is ended, and a socket that is destroyed takes bytes without a word. */
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
    // A viewer that takes nothing would never take the goodbye either.
    if (socket.writableLength > 0 || !socket.writable) {
      socket.destroy();
      return;
    }
    this.goodbye?.(reason);
    socket.end();
    // The other side may never close its half.
    setTimeout(() => socket.destroy(), GOODBYE_MS).unref();
  }

  connection(): Connection | null {
    const { remoteAddress, remotePort, localPort } = this.socket;
    if (remoteAddress === undefined || remotePort === undefined || localPort === undefined) return null;
    return { localPort, remoteAddress, remotePort };
  }
}
