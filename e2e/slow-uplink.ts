/**
 * A line from a browser to a server, whose uplink is as fast as a test wants. What the line does not carry yet waits in the buffers of the machine, as it
 * waits in those of a home's router: a browser that sends too much sees its delay grow.
 */
import { connect, createServer, type Socket } from "node:net";
import type { Scope } from "./lectern.ts";

export type SlowUplink = {
  /** Leads to the server's port. */
  readonly port: number;
  /** Kilobits per second of each connection; null for as fast as it goes. */
  readonly limit: (kbps: number | null) => void;
};

const TICK_MS = 10;
/** What the line itself holds. */
const QUEUE_BYTES = 32 * 1024;

type Lane = { readonly browser: Socket; readonly server: Socket; queue: Buffer; budget: number };

export async function slowUplink(t: Scope, serverPort: number): Promise<SlowUplink> {
  const lanes = new Set<Lane>();
  let bytesPerTick: number | null = null;

  const flush = (lane: Lane, bytes: number): void => {
    if (bytes <= 0) return;
    lane.server.write(lane.queue.subarray(0, bytes));
    lane.queue = lane.queue.subarray(bytes);
    if (lane.queue.length < QUEUE_BYTES) lane.browser.resume();
  };
  const tick = (): void => {
    for (const lane of lanes) {
      if (bytesPerTick === null) {
        flush(lane, lane.queue.length);
        continue;
      }
      lane.budget = Math.min(lane.budget + bytesPerTick, 20 * bytesPerTick);
      const bytes = Math.min(lane.queue.length, Math.floor(lane.budget));
      lane.budget -= bytes;
      flush(lane, bytes);
    }
  };
  const listener = createServer((browser) => {
    const lane: Lane = { browser, server: connect(serverPort, "127.0.0.1"), queue: Buffer.alloc(0), budget: 0 };
    lanes.add(lane);
    const close = (): void => {
      lanes.delete(lane);
      browser.destroy();
      lane.server.destroy();
    };
    browser.on("data", (bytes) => {
      lane.queue = Buffer.concat([lane.queue, bytes]);
      if (bytesPerTick === null) flush(lane, lane.queue.length);
      else if (lane.queue.length >= QUEUE_BYTES) browser.pause();
    });
    lane.server.pipe(browser);
    for (const socket of [browser, lane.server]) socket.setNoDelay(true).on("error", close).on("close", close);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const ticking = setInterval(tick, TICK_MS);
  t.after(() => {
    clearInterval(ticking);
    for (const { browser, server } of lanes) {
      browser.destroy();
      server.destroy();
    }
    listener.close();
  });
  const address = listener.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    limit: (kbps) => {
      bytesPerTick = kbps === null ? null : (kbps * TICK_MS) / 8;
    },
  };
}
