/** Listens on ports and Unix sockets, and reserves ports for the workers of one server. */
import { createServer, type ListenOptions, type Server } from "node:net";

const ANY_PORT = { from: 12_000, to: 32_000 } as const;

/** Resolves when the server listens; fails with the system's error, such as a port in use. */
export function listen(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** The port of a server; 0 for a Unix socket. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/** Options for a port that all workers share. */
export function sharedPort(host: string, port: number): ListenOptions {
  return { host, port, backlog: 4096, reusePort: true };
}

/**
 * Reserves a port for this process and its workers until the process ends. Returns the port; any free one for port 0.
 *
 * With `reusePort`, a second server of the same user would get half of the connections. A probe finds a program that listens already. A second
 * server that is still starting does not listen yet, so each server also binds an abstract Unix socket with the port in its name. The kernel gives
 * the name to one process per network namespace, and releases it when that process ends.
 *
 * Fails with the system's `EADDRINUSE` and the port.
 */
export async function takePort(host: string, port: number): Promise<number> {
  for (;;) {
    const free = await tryPort(host, port === 0 ? anyPort() : port).catch((error: NodeJS.ErrnoException) => {
      if (port !== 0 || error.code !== "EADDRINUSE") throw error;
      return null;
    });
    if (free !== null && (process.platform !== "linux" || (await takeName(`\0lectern ${host} ${free}`)))) return free;
    if (port !== 0) throw Object.assign(new Error(`port ${port} is in use`), { code: "EADDRINUSE", port });
  }
}

/** Below the ports of outgoing connections (ip_local_port_range), which could take the port before the workers listen. */
export function anyPort(): number {
  return ANY_PORT.from + Math.floor(Math.random() * (ANY_PORT.to - ANY_PORT.from));
}

async function tryPort(host: string, port: number): Promise<number> {
  const probe = createServer();
  await listen(probe, { host, port, exclusive: true });
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Takes a name that one process of this machine has until it ends: an abstract Unix socket. False: another one has it. */
export async function takeName(path: string): Promise<boolean> {
  const holder = createServer((socket) => socket.destroy());
  try {
    await listen(holder, { path });
  } catch {
    return false;
  }
  holder.unref();
  return true;
}
