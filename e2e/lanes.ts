/** Provides a proxy before a server's port: each connection of a browser and the one to the server that belongs to it are a lane, and end together. */
import { connect, createServer, type Socket } from "node:net";
import type { Scope } from "./lectern.ts";

export type Ends = { readonly browser: Socket; readonly server: Socket };

export type LanesOptions<Lane extends Ends> = {
  readonly serverPort: number;
  /** Says how bytes pass. */
  readonly open: (ends: Ends) => Lane;
  readonly tickMs: number;
  readonly tick: (lanes: Set<Lane>) => void;
};

/** @returns the lanes, and the port that leads to the server */
export async function openLanes<Lane extends Ends>(
  t: Scope,
  { serverPort, open, tickMs, tick }: LanesOptions<Lane>,
): Promise<{ readonly lanes: ReadonlySet<Lane>; readonly port: number }> {
  const lanes = new Set<Lane>();
  const listener = createServer((browser) => {
    const server = connect(serverPort, "127.0.0.1");
    const lane = open({ browser, server });
    lanes.add(lane);
    const close = (): void => {
      lanes.delete(lane);
      browser.destroy();
      server.destroy();
    };
    for (const socket of [browser, server]) socket.on("error", close).on("close", close);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const ticking = setInterval(() => tick(lanes), tickMs);
  t.after(() => {
    clearInterval(ticking);
    for (const { browser, server } of lanes) {
      browser.destroy();
      server.destroy();
    }
    listener.close();
  });
  const address = listener.address();
  return { lanes, port: typeof address === "object" && address ? address.port : 0 };
}
