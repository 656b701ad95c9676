/**
 * Finds lagging viewers by the kernel's send queues.
 *
 * A socket's send buffer grows to megabytes, and takes all writes, so a viewer that has stopped reading looks healthy for half a minute.
 * Where `net.ipv4.tcp_notsent_lowat` is set, the kernel takes only bytes that it can soon send, and this is not needed; elsewhere
 * /proc/net/tcp has the size of each connection's queue.
 */
import { readFile } from "node:fs/promises";
import type { FanOut } from "./fan-out.ts";
import type { Connection, Viewer } from "./viewer.ts";

/**
 * Reading the table costs the kernel a walk over all connections of the machine: it is read as often as that takes no more than a hundredth of the
 * time, each second at best.
 */
const POLL = { leastMs: 1000, mostMs: 10_000, share: 0.01 } as const;
/** A line that has become slow has to carry all that the kernel holds before anything newer, and before a smaller picture. */
const MAX_SECONDS = 2;
/** With a `tcp_notsent_lowat` of this or less, queues are too small to matter. */
const HARMLESS_LOWAT = 1024 * 1024;
/** Healthy connections have queues of this size too. */
const HARMLESS_QUEUE = 64 * 1024;
/** Lines read before the event loop gets its turn: less than a millisecond. */
const LINES_PER_TURN = 2000;
const ESTABLISHED = "01";

export class KernelQueues {
  private readonly fanOut: FanOut;
  private readonly maxSeconds: number;
  private readonly maxBytes: number;
  private timer: NodeJS.Timeout | null = null;
  private polling = false;
  private closed = false;

  /** @param maxSeconds seconds of its stream that a viewer may be behind, and @param maxBytes the same in bytes */
  constructor(fanOut: FanOut, maxSeconds: number, maxBytes: number) {
    this.fanOut = fanOut;
    this.maxSeconds = maxSeconds;
    this.maxBytes = maxBytes;
  }

  /** Begins to poll, where this machine needs it. True when it does. */
  async start(): Promise<boolean> {
    const lowat = await readFile("/proc/sys/net/ipv4/tcp_notsent_lowat", "latin1").catch(() => null);
    if (lowat === null || Number(lowat) <= HARMLESS_LOWAT) return false;
    this.pollAfter(POLL.leastMs);
    return true;
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private pollAfter(milliseconds: number): void {
    if (this.closed) return;
    this.timer = setTimeout(async () => {
      const begun = performance.now();
      await this.poll();
      const took = performance.now() - begun;
      this.pollAfter(Math.min(POLL.mostMs, Math.max(POLL.leastMs, took / POLL.share)));
    }, milliseconds);
    this.timer.unref();
  }

  /** Marks the viewers with too large a queue, and unmarks the others. */
  async poll(): Promise<void> {
    if (this.polling || this.fanOut.size === 0) return;
    this.polling = true;
    try {
      const queues = new Map<string, number>();
      for (const [file, addressWidth] of [
        ["/proc/net/tcp", 8],
        ["/proc/net/tcp6", 32],
      ] as const) {
        await collect(await readFile(file, "latin1").catch(() => ""), addressWidth, queues);
      }
      for (const viewer of this.fanOut.viewers()) {
        if (queues.size === 0 && viewer.kernelQueueBytes === 0) continue;
        const connection = viewer.sink.connection();
        if (connection) this.judge(viewer, queues.get(key(connection)) ?? 0);
      }
    } finally {
      this.polling = false;
    }
  }

  private judge(viewer: Viewer, held: number): void {
    const limit = mostQueued(viewer.output.bytesPerSecond, this.maxSeconds, this.maxBytes);
    // Its queue must fall to 50 % of the limit before it continues, or a few packets would switch it back and forth.
    const hidden = held > (viewer.kernelQueueBytes > 0 ? limit / 2 : limit) ? held : 0;
    if (hidden !== viewer.kernelQueueBytes) this.fanOut.hold(viewer, hidden);
  }
}

/** Bytes that the kernel may hold for a viewer of a stream. @param rate bytes per second of the stream; 0 while that is not known */
export function mostQueued(rate: number, maxSeconds: number, maxBytes: number): number {
  return Math.min(maxBytes, rate > 0 ? rate * Math.min(MAX_SECONDS, maxSeconds) : maxBytes);
}

/** Reads a whole table, in turns. */
async function collect(table: string, addressWidth: number, queues: Map<string, number>): Promise<void> {
  let lines = 0;
  for (let at = table.indexOf("\n") + 1; at > 0 && at < table.length; at = table.indexOf("\n", at) + 1) {
    const entry = readTcpLine(table, at, addressWidth);
    if (entry) queues.set(entry.key, entry.sendQueue);
    if (++lines % LINES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * One line of /proc/net/tcp or tcp6, whose columns are fixed after the line's number; null unless it is an established
 * connection with more than a harmless queue.
 * @param addressWidth digits of an address: 8 or 32
 */
export function readTcpLine(
  table: string,
  from: number,
  addressWidth: number,
): { readonly key: string; readonly sendQueue: number } | null {
  const local = table.indexOf(": ", from) + 2;
  const end = addressWidth + 5;
  const state = local + 2 * (end + 1);
  if (local < 2 || table.slice(state, state + 2) !== ESTABLISHED) return null;
  const sendQueue = Number.parseInt(table.slice(state + 3, state + 11), 16);
  if (!(sendQueue > HARMLESS_QUEUE)) return null;
  const remote = local + end + 1;
  const port = (at: number) => Number.parseInt(table.slice(at + addressWidth + 1, at + end), 16);
  return { key: `${port(local)} ${table.slice(remote, remote + addressWidth)} ${port(remote)}`, sendQueue };
}

function key({ localPort, remoteAddress, remotePort }: Connection): string {
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
