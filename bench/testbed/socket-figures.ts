/** Counts the threads and sockets of a process: proc(5). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export type SocketFigures = {
  readonly threads: number;
  /** Sockets of IPv4 and IPv6 together. */
  readonly udp: number;
  readonly tcp: number;
};

/** @throws where the process has ended */
export function socketFigures(pid: number): SocketFigures {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        // It was closed meanwhile.
        return [];
      }
    }),
  );
  const count = (kind: "udp" | "tcp") =>
    [kind, `${kind}6`].flatMap((table) => inodes(pid, table)).filter((one) => own.has(one)).length;
  return { threads: readdirSync(`/proc/${pid}/task`).length, udp: count("udp"), tcp: count("tcp") };
}

/** The tenth column. */
function inodes(pid: number, table: string): string[] {
  const lines = readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n").slice(1);
  return lines.map((line) => line.trim().split(/\s+/)[9] ?? "");
}
