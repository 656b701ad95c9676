/** Opens a port or a Unix socket, and tells when it is open. */
import { createServer, type ListenOptions, type Server } from "node:net";

const ANY_PORT = { from: 12_000, to: 32_000 } as const;

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

/** The port at which a server listens; 0 where it is no port. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/** A port that all workers share. */
export function sharedPort(host: string, port: number): ListenOptions {
  return { host, port, backlog: 4096, reusePort: true };
}

/**
 * Takes a port for this process until it ends, so that its workers can share it; gives its number, any free one for port 0.
 *
 * The system would let a second server of the same user share the port as well, and give it half of the connections. Another program that
 * listens is found by trying. Another server that is just starting does not listen yet: so both take a name, an abstract Unix socket, which
 * the system gives to one of them, per network namespace like the port itself, and takes back when its process ends, however it ends.
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
    if (port !== 0) throw Object.assign(new Error(`port ${port} is taken`), { code: "EADDRINUSE", port });
  }
}

/** Below those that the system gives to outgoing connections (ip_local_port_range): one of these could take it before the workers listen. */
function anyPort(): number {
  return ANY_PORT.from + Math.floor(Math.random() * (ANY_PORT.to - ANY_PORT.from));
}

async function tryPort(host: string, port: number): Promise<number> {
  const probe = createServer();
  await listen(probe, { host, port, exclusive: true });
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function takeName(path: string): Promise<boolean> {
  const holder = createServer((socket) => socket.destroy());
  try {
    await listen(holder, { path });
  } catch {
    return false;
  }
  holder.unref();
  return true;
}
