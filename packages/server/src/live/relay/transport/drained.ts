/** Waits for a connection's buffer to drain. */
import type { Duplex } from "node:stream";

/** Resolves when the connection takes more, or is closed. */
export function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    if (socket.destroyed) return resolve();
    socket.on("drain", done);
    socket.on("close", done);
  });
}
