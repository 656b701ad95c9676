/**
 * Stands between a browser and the server's UDP port: the answers that WHEP gives to a page name the gate in place of the server, and a shut gate
 * drops what comes, as a firewall does.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Page } from "playwright-core";
import type { Scope } from "./lectern.ts";

export type UdpGate = {
  /** From now on nothing passes, in either direction. */
  readonly shut: () => void;
  readonly open: () => void;
  /** Packets that came while it was open. */
  readonly passed: () => number;
};

/** `a=candidate:FOUNDATION COMPONENT udp PRIORITY ADDRESS PORT typ host` */
const CANDIDATE = /^(a=candidate:\S+ 1 udp \d+ )(\d+\.\d+\.\d+\.\d+) (\d+)( typ host.*)$/im;
const ANY_CANDIDATE = /^a=candidate:.*\r?\n/gim;

/** A browser sends from one port for each connection. */
type Way = { readonly toServer: Socket; readonly server: { readonly address: string; readonly port: number } };

export async function udpGate(t: Scope, page: Page): Promise<UdpGate> {
  let isOpen = true;
  let passed = 0;
  let server: Way["server"] | null = null;
  const ways = new Map<string, Way>();
  const gate = createSocket("udp4");
  gate.bind(0);
  await once(gate, "listening");
  gate.on("message", (bytes, from) => {
    if (!isOpen || !server) return;
    passed++;
    const key = `${from.address}:${from.port}`;
    let way = ways.get(key);
    if (!way) {
      way = { toServer: createSocket("udp4"), server };
      way.toServer.on("message", (answer) => isOpen && gate.send(answer, from.port, from.address));
      ways.set(key, way);
    }
    way.toServer.send(bytes, way.server.port, way.server.address);
  });
  t.after(() => {
    gate.close();
    for (const { toServer } of ways.values()) toServer.close();
  });
  await page.route(/\/whep(\?|$)/, async (route) => {
    if (route.request().method() !== "POST") return await route.continue();
    const response = await route.fetch();
    const answer = await response.text();
    const [, head, address, port, tail] = CANDIDATE.exec(answer) ?? [];
    if (address === undefined) return await route.fulfill({ response, body: answer });
    server = { address, port: Number(port) };
    const own = `${head}${address} ${gate.address().port}${tail}`.trimEnd();
    const lines = answer.replace(ANY_CANDIDATE, "").replace(/^a=end-of-candidates/m, `${own}\r\na=end-of-candidates`);
    await route.fulfill({ response, body: lines });
  });
  return { shut: () => (isOpen = false), open: () => (isOpen = true), passed: () => passed };
}
