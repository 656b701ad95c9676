/** Describes the machine of a measurement in one line: cores, memory, kernel, TCP settings, Node.js. */
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";

export function describeMachine(): string {
  const setting = (name: string) => {
    try {
      return readFileSync(`/proc/sys/net/ipv4/${name}`, "utf8").trim();
    } catch {
      return "?";
    }
  };
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${memory} GB, Linux ${release()}, ${setting("tcp_congestion_control")}, tcp_notsent_lowat ${setting("tcp_notsent_lowat")}, Node.js ${process.versions.node}`;
}
