/** Opens a port or a Unix socket, and tells when it is open. */
import type { ListenOptions, Server } from "node:net";

/** Resolves when the server listens; fails with the system's error, such as a port that is taken. */
export function listen(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** A port that all workers share. */
export function sharedPort(host: string, port: number): ListenOptions {
  return { host, port, backlog: 4096, reusePort: true };
}
