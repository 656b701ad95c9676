/**
 * Sees what the kernel hides.
 *
 * A socket's own send buffer grows to megabytes, so a viewer that has stopped reading looks healthy for half a minute: all that is
 * written is taken. Where `net.ipv4.tcp_notsent_lowat` is set the kernel takes only what it can soon send, and this is not
 * needed; elsewhere /proc/net/tcp tells how much it holds for each connection.
 */
import { readFile } from "node:fs/promises";
import type { FanOut } from "./fan-out.ts";
import type { Viewer } from "./viewer.ts";

const LOOK_EVERY_MS = 3000;
/** With a bound of this size or less the kernel hides too little to matter. */
const HARMLESS_LOWAT = 1024 * 1024;
/** Lines read before the event loop gets its turn: about a millisecond. */
const LINES_PER_TURN = 1000;
const ESTABLISHED = "01";

export class KernelQueues {
  private readonly fanOut: FanOut;
  private readonly maxSeconds: number;
  private readonly maxBytes: number;
  private timer: NodeJS.Timeout | null = null;
  private looking = false;

  /** @param maxSeconds seconds of its stream that the kernel may hold for a viewer, and @param maxBytes the bound in bytes */
  constructor(fanOut: FanOut, maxSeconds: number, maxBytes: number) {
    this.fanOut = fanOut;
    this.maxSeconds = maxSeconds;
    this.maxBytes = maxBytes;
  }

  /** Begins to look, if there is something to see on this machine. True when it does. */
  async start(): Promise<boolean> {
    const lowat = await readFile("/proc/sys/net/ipv4/tcp_notsent_lowat", "latin1").catch(() => null);
    if (lowat === null || Number(lowat) <= HARMLESS_LOWAT) return false;
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.timer.unref();
    return true;
  }

  close(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  /** One look. Marks the viewers for whom too much is held, and unmarks the others. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const wanted = new Map<string, Viewer>();
      for (const viewer of this.fanOut.viewers()) {
        const connection = viewer.sink.connection();
        if (connection) wanted.set(key(connection.localPort, connection.remoteAddress, connection.remotePort), viewer);
      }
      if (wanted.size === 0) return;
      for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
        const table = await readFile(file, "latin1").catch(() => "");
        await this.read(table, wanted);
      }
    } finally {
      this.looking = false;
    }
  }

  private async read(table: string, wanted: ReadonlyMap<string, Viewer>): Promise<void> {
    let lines = 0;
    for (let at = table.indexOf("\n") + 1; at > 0 && at < table.length; at = table.indexOf("\n", at) + 1) {
      const entry = parseTcpLine(table.slice(at, at + 120));
      const viewer = entry && wanted.get(entry.key);
      if (viewer) this.judge(viewer, entry.sendQueue);
      if (++lines % LINES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private judge(viewer: Viewer, held: number): void {
    const rate = viewer.output.bytesPerSecond;
    const limit = Math.min(this.maxBytes, rate > 0 ? rate * this.maxSeconds : this.maxBytes);
    // Half the limit before it may go on, or it would be let in and out for a few packets each time.
    const hidden = held > (viewer.hidden > 0 ? limit / 2 : limit) ? held : 0;
    if (hidden !== viewer.hidden) this.fanOut.hold(viewer, hidden);
  }
}

/** One line of /proc/net/tcp or tcp6; null for a line of something else. */
export function parseTcpLine(line: string): { readonly key: string; readonly sendQueue: number } | null {
  const [, local, remote, state, queues] = line.trim().split(/\s+/, 5);
  if (!local || !remote || state !== ESTABLISHED || !queues) return null;
  const [address = "", port = ""] = remote.split(":");
  const localPort = Number.parseInt(local.split(":")[1] ?? "", 16);
  return { key: `${localPort} ${address} ${Number.parseInt(port, 16)}`, sendQueue: Number.parseInt(queues.slice(0, 8), 16) };
}

function key(localPort: number, remoteAddress: string, remotePort: number): string {
  return `${localPort} ${kernelAddress(remoteAddress)} ${remotePort}`;
}

/** An address as the kernel prints it: each 32-bit word in the machine's byte order, which is little-endian where Node runs. */
export function kernelAddress(address: string): string {
  const mapped = address.startsWith("::ffff:") && address.includes(".");
  const v4 = mapped ? address.slice(7) : address;
  if (v4.includes(".")) {
    const word = v4.split(".").map(Number).reverse().map(hexByte).join("");
    return mapped ? `0000000000000000FFFF0000${word}` : word;
  }
  const [left = "", right] = address.split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const groups = right === undefined ? head : [...head, ...Array(Math.max(0, 8 - head.length - tail.length)).fill("0"), ...tail];
  const bytes = groups.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  let out = "";
  for (let i = 0; i < bytes.length; i += 4)
    out += bytes
      .slice(i, i + 4)
      .reverse()
      .map(hexByte)
      .join("");
  return out;
}

function hexByte(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
