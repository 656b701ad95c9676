/** Reserves UDP ports that follow each other, one for each worker, for this process and its workers until the process ends. */
import { createSocket } from "node:dgram";
import { anyPort, takeName } from "./listen.ts";

export type UdpPorts = {
  /** The first one. */
  readonly first: number;
  /** The ports that were asked for are in use: these are others. */
  readonly areOthers: boolean;
};

const TRIES = 100;

/**
 * Clients are told the ports, so that any will do where no firewall knows them.
 * @param port the first one; 0 for any that are free
 * @throws Error when no ports are free
 */
export async function takeUdpPorts(port: number, count: number): Promise<UdpPorts> {
  if (port !== 0 && (await areFree(port, count))) return { first: port, areOthers: false };
  for (let i = 0; i < TRIES; i++) {
    const first = anyPort();
    if (await areFree(first, count)) return { first, areOthers: port !== 0 };
  }
  throw Object.assign(new Error("no UDP ports are free"), { code: "EADDRINUSE", port });
}

/**
 * Reserves one port that clients know, and that the workers share.
 * @throws Error with the code `EADDRINUSE` when it is in use
 */
export async function takeUdpPort(port: number): Promise<void> {
  if (!(await areFree(port, 1))) throw Object.assign(new Error(`UDP port ${port} is in use`), { code: "EADDRINUSE", port });
}

async function areFree(first: number, count: number): Promise<boolean> {
  if (first + count - 1 > 65_535) return false;
  for (let port = first; port < first + count; port++) {
    if (!(await isFree(port))) return false;
    if (process.platform === "linux" && !(await takeName(`\0lectern udp ${port}`))) return false;
  }
  return true;
}

/** By IPv6 and IPv4; a machine may have no IPv6. */
async function isFree(port: number): Promise<boolean> {
  const outcome = await tryBind("udp6", port);
  return outcome === "no-family" ? (await tryBind("udp4", port)) === "free" : outcome === "free";
}

function tryBind(type: "udp4" | "udp6", port: number): Promise<"free" | "used" | "no-family"> {
  return new Promise((resolve) => {
    const socket = createSocket({ type });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      socket.close();
      resolve(code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL" || code === "EINVAL" ? "no-family" : "used");
    });
    socket.bind({ port, exclusive: true }, () => socket.close(() => resolve("free")));
  });
}
