/**
 * Provides a line from a browser to a server, whose uplink is as fast as a test wants. What the line does not carry yet waits in the buffers of the
 * machine, as it waits in those of a home's router: a browser that sends too much sees its delay grow.
 */
import { type Ends, openLanes } from "./lanes.ts";
import type { Scope } from "./lectern.ts";

export type SlowUplink = {
  /** Leads to the server's port. */
  readonly port: number;
  /** Kilobits per second of each connection; null for as fast as it goes. */
  readonly limit: (kbps: number | null) => void;
};

const TICK_MS = 10;
const MOST_LATE_MS = 400;
/** What the line itself holds. */
const QUEUE_BYTES = 32 * 1024;

type Lane = Ends & { queue: Buffer; budget: number };

export async function slowUplink(t: Scope, serverPort: number): Promise<SlowUplink> {
  let bytesPerMs: number | null = null;
  let tickedAt = performance.now();

  const flush = (lane: Lane, bytes: number): void => {
    if (bytes <= 0) return;
    lane.server.write(lane.queue.subarray(0, bytes));
    lane.queue = lane.queue.subarray(bytes);
    if (lane.queue.length < QUEUE_BYTES) lane.browser.resume();
  };
  const tick = (lanes: ReadonlySet<Lane>): void => {
    // Timers of a busy machine are late, and the line is as fast then.
    const now = performance.now();
    const elapsed = Math.min(MOST_LATE_MS, now - tickedAt);
    tickedAt = now;
    for (const lane of lanes) {
      if (bytesPerMs === null) {
        flush(lane, lane.queue.length);
        continue;
      }
      lane.budget = Math.min(lane.budget + bytesPerMs * elapsed, MOST_LATE_MS * bytesPerMs);
      const bytes = Math.min(lane.queue.length, Math.floor(lane.budget));
      lane.budget -= bytes;
      flush(lane, bytes);
    }
  };
  const open = ({ browser, server }: Ends): Lane => {
    const lane: Lane = { browser, server, queue: Buffer.alloc(0), budget: 0 };
    browser.on("data", (bytes) => {
      lane.queue = Buffer.concat([lane.queue, bytes]);
      if (bytesPerMs === null) flush(lane, lane.queue.length);
      else if (lane.queue.length >= QUEUE_BYTES) browser.pause();
    });
    server.pipe(browser);
    for (const socket of [browser, server]) socket.setNoDelay(true);
    return lane;
  };
  const { port } = await openLanes(t, { serverPort, open, tickMs: TICK_MS, tick });
  return {
    port,
    limit: (kbps) => {
      bytesPerMs = kbps === null ? null : kbps / 8;
    },
  };
}
