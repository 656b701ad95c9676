/** Opens connections to one worker of several that share a port: repeats until the kernel picks that worker. */
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import type { Lectern } from "./lectern.ts";

/** A connection that has asked its worker for its name, and may be used for another request. */
export async function anyWorker(lectern: Pick<Lectern, "httpPort">): Promise<{ socket: Socket; worker: string }> {
  for (;;) {
    const socket = connect(lectern.httpPort, "127.0.0.1");
    const worker = await nameOf(socket);
    if (worker !== null) return { socket, worker };
    socket.destroy();
  }
}

/** Null when the connection is cut off, as by a worker that is just being killed. */
function nameOf(socket: Socket): Promise<string | null> {
  return new Promise((resolve) => {
    let said = "";
    const hear = (bytes: Buffer): void => {
      said += bytes;
      const worker = /"process":"([^"]+)"/.exec(said)?.[1];
      if (!worker) return;
      socket.off("data", hear);
      resolve(worker);
    };
    socket.on("data", hear);
    socket.on("error", () => {});
    socket.on("close", () => resolve(null));
    socket.write("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n");
  });
}

export async function onWorker(
  lectern: Pick<Lectern, "httpPort">,
  wanted: (worker: string) => boolean,
): Promise<{ socket: Socket; worker: string }> {
  for (;;) {
    const connection = await anyWorker(lectern);
    if (wanted(connection.worker)) return connection;
    connection.socket.destroy();
  }
}

/** One request with a body in the answer, on a connection that stays open. */
export async function get(socket: Socket, path: string): Promise<{ status: number; body: Buffer }> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
  let bytes = Buffer.alloc(0);
  for (;;) {
    const end = bytes.indexOf("\r\n\r\n");
    const head = bytes.subarray(0, Math.max(0, end)).toString();
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (end >= 0 && bytes.length >= end + 4 + length) {
      return { status: Number(head.split(" ")[1]), body: bytes.subarray(end + 4, end + 4 + length) };
    }
    const [piece] = await once(socket, "data");
    bytes = Buffer.concat([bytes, piece]);
  }
}

/** The process of a worker. */
export function pidOf(lectern: Lectern, worker: string): number {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      if (Number(parent) === lectern.process.pid && command.includes(worker)) return Number(pid);
    } catch {
      // It has just ended.
    }
  }
  throw new Error(`there is no process of ${worker}`);
}
