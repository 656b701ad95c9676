/** Provides the sockets of the SIP server: UDP and TCP at one port (RFC 3261 section 18). What cannot be read is left out, and what is no SIP is closed. */
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { createServer, isIPv6, type Server, type Socket } from "node:net";
import { plainAddress } from "../../platform/address.ts";
import type { SipPeer } from "./requests.ts";
import { readSip, type SipMessage, SipStream, writeSip } from "./sip-message.ts";

export type SipSocketsOptions = {
  readonly host: string;
  readonly port: number;
  readonly onMessage: (message: SipMessage, peer: SipPeer) => void;
};

export type SipSockets = {
  /** A device that has no connection any more is not called: it makes a new one. */
  readonly send: (message: SipMessage, peer: SipPeer) => void;
  readonly close: () => Promise<void>;
};

const MAX_CONNECTIONS = 5000;
/** From one address: those of a school behind a router. */
const MAX_FROM_ONE = 1000;
/** What all connections may have in memory of messages that are not whole. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;
/** A connection without a message by then is nobody's. */
const FIRST_MESSAGE_MS = 30_000;
/** Devices keep their connection alive at least once a minute. */
const IDLE_MS = 600_000;
/** What a device that reads nothing may leave in memory. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** @throws where the port is taken */
export async function openSipSockets({ host, port, onMessage }: SipSocketsOptions): Promise<SipSockets> {
  const connections = new Map<string, Socket>();
  const fromOne = new Map<string, number>();
  let kept = 0;
  const tcp = createServer((socket) => {
    const peer = { protocol: "TCP", host: plainAddress(socket.remoteAddress ?? ""), port: socket.remotePort ?? 0 } as const;
    const stream = new SipStream();
    const others = fromOne.get(peer.host) ?? 0;
    if (others >= MAX_FROM_ONE) return void socket.destroy();
    fromOne.set(peer.host, others + 1);
    connections.set(keyOf(peer), socket);
    socket.setNoDelay(true);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    const firstMessage = setTimeout(() => socket.destroy(), FIRST_MESSAGE_MS).unref();
    let keptHere = 0;
    const keep = (size: number): void => {
      kept += size - keptHere;
      keptHere = size;
    };
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(firstMessage);
      connections.delete(keyOf(peer));
      keep(0);
      const left = (fromOne.get(peer.host) ?? 1) - 1;
      if (left > 0) fromOne.set(peer.host, left);
      else fromOne.delete(peer.host);
    });
    socket.on("data", (bytes) => {
      if (socket.destroyed) return;
      const messages = stream.push(bytes);
      if (!messages) return void socket.destroy();
      keep(stream.kept);
      if (messages.length > 0) clearTimeout(firstMessage);
      if (kept > MAX_KEPT_BYTES && keptHere > 0) return void socket.destroy();
      for (const message of messages) onMessage(message, peer);
    });
  });
  tcp.maxConnections = MAX_CONNECTIONS;
  const udp = createSocket({ type: isIPv6(host) ? "udp6" : "udp4" });
  udp.on("message", (bytes, { address, port: from }) => {
    const message = readSip(bytes);
    if (message) onMessage(message, { protocol: "UDP", host: plainAddress(address), port: from });
  });
  await listen(tcp, udp, host, port);
  udp.on("error", () => {});
  return {
    send: (message, peer) => {
      const bytes = writeSip(message);
      if (peer.protocol === "UDP") return udp.send(bytes, peer.port, peer.host, () => {});
      const socket = connections.get(keyOf(peer));
      if (socket && socket.writableLength < MAX_UNSENT_BYTES) socket.write(bytes);
    },
    close: async () => {
      for (const socket of connections.values()) socket.destroy();
      await Promise.all([new Promise((resolve) => tcp.close(resolve)), new Promise<void>((resolve) => udp.close(resolve))]);
    },
  };
}

async function listen(tcp: Server, udp: DatagramSocket, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    tcp.once("error", reject);
    tcp.listen(port, host, resolve);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      udp.once("error", reject);
      udp.bind(port, host, resolve);
    });
  } catch (error) {
    tcp.close();
    throw error;
  }
}

function keyOf({ host, port }: SipPeer): string {
  return `${host} ${port}`;
}
