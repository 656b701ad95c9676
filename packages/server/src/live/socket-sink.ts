/** A viewer's socket as the fan-out writes to it. */
import type { Socket } from "node:net";
import type { Sink } from "./streams/index.ts";

export type SocketSinkOptions = {
  readonly wrap?: (bytes: Uint8Array) => Uint8Array;
  /** Says goodbye in the protocol's own way, before the socket is ended. */
  readonly goodbye?: (reason: string) => void;
};

export function socketSink(socket: Socket, options: SocketSinkOptions = {}): Sink {
  const { remoteAddress, remotePort, localPort } = socket;
  return {
    write: (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
    writeAll: (pieces) => {
      if (!socket.writable) return;
      socket.cork();
      for (const piece of pieces) socket.write(piece);
      socket.uncork();
    },
    pending: () => socket.writableLength,
    end: (reason) => {
      // A viewer that takes nothing would never take the goodbye either.
      if (socket.writableLength > 0 || !socket.writable) {
        socket.destroy();
        return;
      }
      options.goodbye?.(reason);
      socket.end();
      // The other side may never close its half.
      setTimeout(() => socket.destroy(), 2000).unref();
    },
    wrap: options.wrap ?? null,
    connection:
      remoteAddress !== undefined && remotePort !== undefined && localPort !== undefined
        ? { localPort, remoteAddress, remotePort }
        : null,
  };
}
