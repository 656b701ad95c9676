/**
 * Measures loss towards other nodes: the bytes that TCP has sent again, as the kernel counts them (struct tcp_info). Node.js
 * does not expose it; `ss` of iproute2 does, where it is installed.
 */
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { runProgram } from "../../../platform/jobs/run-process.ts";

const POLL_MS = 10_000;
/** Fewer bytes than this say nothing. */
const LEAST_BYTES = 20_000;
const WITHIN_MS = 5000;
const MAX_BYTES = 16 << 20;

type Addressed = { readonly localPort: number; readonly remote: string };
type Counts = { readonly sent: number; readonly again: number };
type Watched = { counts: Counts | null; percent: number | null };

export class TcpRetransmits {
  private readonly watched = new Map<string, Watched>();
  private readonly ports = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;

  /** Measures a connection until it closes; ignores one that is no TCP connection. */
  watch(socket: Duplex): void {
    const key = keyOf(socket);
    if (!key) return;
    const name = nameOf(key);
    this.watched.set(name, { counts: null, percent: null });
    this.ports.set(name, key.localPort);
    socket.on("close", () => {
      this.watched.delete(name);
      this.ports.delete(name);
      if (this.watched.size === 0) this.stop();
    });
    this.timer ??= setInterval(() => void this.poll(), POLL_MS).unref();
  }

  /** Of what was sent lately by a connection, lost and sent again, per cent; null where it is not known. */
  percentOf(socket: Duplex): number | null {
    const key = keyOf(socket);
    return (key && this.watched.get(nameOf(key))?.percent) ?? null;
  }

  /** Measures all connections once. */
  async poll(): Promise<void> {
    const ports = [...new Set(this.ports.values())].flatMap((port, i) => [...(i > 0 ? ["or"] : []), "sport", "=", `:${port}`]);
    for (const [name, now] of parseSs(await ss(["-tinHO", "state", "established", ...ports]))) {
      const known = this.watched.get(name);
      if (!known) continue;
      const sent = now.sent - (known.counts?.sent ?? 0);
      if (sent < LEAST_BYTES) continue;
      known.percent = ((now.again - (known.counts?.again ?? 0)) / sent) * 100;
      known.counts = now;
    }
  }

  private stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }
}

/** What `ss -tinHO state established` says of each connection, by its local port and the other's address. */
export function* parseSs(text: string): Generator<[string, Counts]> {
  for (const line of text.split("\n")) {
    const [, , local = "", remote = "", ...rest] = line.trim().split(/\s+/);
    const [localPort, far] = [portOf(local), /^(.*):(\d+)$/.exec(remote)];
    if (localPort === null || !far) continue;
    const count = (field: string) => Number(new RegExp(`(?:^| )${field}:(\\d+)`).exec(rest.join(" "))?.[1] ?? 0);
    const name = nameOf({ localPort, remote: `${plain(far[1] ?? "")} ${far[2]}` });
    yield [name, { sent: count("bytes_sent"), again: count("bytes_retrans") }];
  }
}

async function ss(args: readonly string[]): Promise<string> {
  const { output } = await runProgram({ command: "ss", args, withinMs: WITHIN_MS, maxBytes: MAX_BYTES });
  return output?.toString() ?? "";
}

function keyOf(socket: Duplex): Addressed | null {
  const { localPort, remoteAddress, remotePort } = socket as Duplex & Partial<Socket>;
  if (localPort === undefined || remoteAddress === undefined || remotePort === undefined) return null;
  return { localPort, remote: `${plain(remoteAddress)} ${remotePort}` };
}

function nameOf({ localPort, remote }: Addressed): string {
  return `${localPort} ${remote}`;
}

function portOf(address: string): number | null {
  const port = /:(\d+)$/.exec(address)?.[1];
  return port === undefined ? null : Number(port);
}

/** An address as both sides write it: without brackets, the interface, and what makes IPv6 of IPv4. */
function plain(address: string): string {
  return address
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/, "")
    .replace(/^::ffff:/i, "");
}
