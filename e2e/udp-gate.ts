/**
 * Stands between a browser and the server's UDP ports: the answers that WHEP (or WHIP) gives to a page name the gate in place of the server, and a
 * shut gate drops what comes, as a firewall does.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Page, Route } from "playwright-core";
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

/**
 * @param doors paths of the answers that name the gate
 * @param methods PATCH: connections that begin again (RFC 9725 section 4.3.3) come through it too
 * Each answer has a port of its own: a page has several connections, to several workers.
 */
export async function udpGate(
  t: Scope,
  page: Page,
  doors = /\/whep(\?|$)/,
  methods: readonly string[] = ["POST"],
): Promise<UdpGate> {
  let isOpen = true;
  let passed = 0;
  const sockets = new Set<Socket>();
  t.after(() => {
    for (const socket of sockets) socket.close();
  });
  const newSocket = (): Socket => {
    const socket = createSocket("udp4");
    sockets.add(socket);
    return socket;
  };

  /** @returns the port that stands for the server's */
  async function openWay(address: string, port: number): Promise<number> {
    const gate = newSocket().bind(0);
    await once(gate, "listening");
    // A browser sends from one port for each connection.
    const toServer = new Map<number, Socket>();
    gate.on("message", (bytes, from) => {
      if (!isOpen) return;
      passed++;
      let way = toServer.get(from.port);
      if (!way) {
        way = newSocket();
        way.on("message", (answer) => isOpen && gate.send(answer, from.port, from.address));
        toServer.set(from.port, way);
      }
      way.send(bytes, port, address);
    });
    return gate.address().port;
  }

  const answer = async (route: Route): Promise<void> => {
    // A connection that the server has just ended is no answer.
    const response = await route.fetch({ maxRetries: 2 });
    const text = await response.text();
    const [, head, address, port, tail] = CANDIDATE.exec(text) ?? [];
    if (address === undefined) return await route.fulfill({ response, body: text });
    const own = `${head}${address} ${await openWay(address, Number(port))}${tail}`.trimEnd();
    const lines = text.replace(ANY_CANDIDATE, "").replace(/^a=end-of-candidates/m, `${own}\r\na=end-of-candidates`);
    await route.fulfill({ response, body: lines });
  };
  await page.route(doors, async (route) => {
    if (!methods.includes(route.request().method())) return await route.continue();
    await answer(route).catch((error: unknown) => {
      // A page that closes takes what it has asked for with it.
      if (!page.isClosed()) throw error;
    });
  });
  return { shut: () => (isOpen = false), open: () => (isOpen = true), passed: () => passed };
}
