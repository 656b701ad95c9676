/**
 * Provides a link between a browser and a server whose speed a test sets. All connections share it, as they share the line of a home, and bytes come
 * in small pieces all the time, as they do on a line that is full. (The emulation in DevTools leaves answers alone that have begun.)
 */
import { type Ends, openLanes } from "./lanes.ts";
import type { Scope } from "./lectern.ts";

export type SlowLink = {
  /** Leads to the server's port. */
  readonly port: number;
  /** Kilobits per second of all connections together; null for as fast as it goes. */
  readonly limit: (kbps: number | null) => void;
  /** Bytes that have passed to the browser. */
  readonly passed: () => number;
};

const TICK_MS = 10;
/** Of one connection, before the next one has its turn. */
const SLICE_BYTES = 1460;
/** What the link has of one connection; the rest waits at the server. */
const QUEUE_BYTES = 16 * 1024;

/** The server may end a connection at a word of the browser's, which nobody hears who does not read. */
const LISTEN_MS = 100;

type Lane = Ends & { queue: Buffer; listensUntil: number; readonly down: DelayLine };

/** Does what it is given after a delay, in the order in which it came. */
type DelayLine = (work: () => void) => void;

/** @param openMs how long the connection takes to be open */
function delayLine(delayMs: number, openMs = 0): DelayLine {
  if (delayMs === 0) return (work) => work();
  const openAt = performance.now() + openMs;
  const waiting: { readonly at: number; readonly work: () => void }[] = [];
  const next = (): void => {
    const first = waiting[0];
    if (first) setTimeout(run, first.at - performance.now());
  };
  const run = (): void => {
    while (waiting[0] && waiting[0].at <= performance.now()) waiting.shift()?.work();
    next();
  };
  return (work) => {
    waiting.push({ at: Math.max(performance.now(), openAt) + delayMs, work });
    if (waiting.length === 1) next();
  };
}

/** @param delayMs from one end to the other; a new connection needs a round trip more, as TCP does */
export async function slowLink(t: Scope, serverPort: number, delayMs = 0): Promise<SlowLink> {
  let bytesPerTick: number | null = null;
  let budget = 0;
  let passed = 0;

  const send = (lane: Lane, bytes: number): number => {
    const piece = lane.queue.subarray(0, bytes);
    lane.queue = lane.queue.subarray(piece.length);
    lane.down(() => lane.browser.write(piece));
    passed += piece.length;
    if (lane.queue.length < QUEUE_BYTES) lane.server.resume();
    return piece.length;
  };
  /** The lane whose turn it is among those with something to send. */
  const nextLane = (lanes: Set<Lane>): Lane | null => {
    const lane = [...lanes].find(({ queue }) => queue.length > 0);
    if (!lane) return null;
    lanes.delete(lane);
    lanes.add(lane);
    return lane;
  };
  const tick = (lanes: Set<Lane>): void => {
    if (bytesPerTick === null) return;
    budget = Math.min(budget + bytesPerTick, 4 * bytesPerTick);
    for (let lane = nextLane(lanes); lane && budget > 0; lane = nextLane(lanes)) budget -= send(lane, SLICE_BYTES);
  };
  const receive = (lane: Lane, bytes: Buffer): void => {
    lane.queue = Buffer.concat([lane.queue, bytes]);
    if (bytesPerTick === null) send(lane, lane.queue.length);
    else if (lane.queue.length >= QUEUE_BYTES && performance.now() > lane.listensUntil) lane.server.pause();
  };

  const open = ({ browser, server }: Ends): Lane => {
    const lane: Lane = { browser, server, queue: Buffer.alloc(0), listensUntil: 0, down: delayLine(delayMs) };
    const up = delayLine(delayMs, 2 * delayMs);
    browser.setNoDelay(true);
    browser.on("data", (bytes) => {
      up(() => server.write(bytes));
      lane.listensUntil = performance.now() + LISTEN_MS;
      server.resume();
    });
    server.on("data", (bytes) => receive(lane, bytes));
    server.on("end", () => {
      send(lane, lane.queue.length);
      lane.down(() => browser.end());
    });
    return lane;
  };
  const { lanes, port } = await openLanes(t, { serverPort, open, tickMs: TICK_MS, tick });
  return {
    port,
    limit: (kbps) => {
      bytesPerTick = kbps === null ? null : (kbps * TICK_MS) / 8;
      for (const lane of lanes) if (kbps === null) send(lane, lane.queue.length);
    },
    passed: () => passed,
  };
}
