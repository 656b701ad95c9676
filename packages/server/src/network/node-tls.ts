/**
 * Connections between nodes: TLS 1.3 (RFC 8446) with the cluster's secret as the key that both sides have beforehand (section 2.2), so that
 * each proves itself to the other, nobody else can read along, and there are no certificates to look after. What is spoken on a
 * connection, its protocol, is agreed on in the handshake (RFC 7301).
 */
import { createHash } from "node:crypto";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";

/** link: calls between supervisors; relay: a stream; control, media: requests passed on to the control process, and for what a node has. */
export const PROTOCOLS = {
  link: "lectern-link/1",
  relay: "lectern-relay/2",
  control: "lectern-control/1",
  media: "lectern-media/1",
} as const;
export type Protocol = keyof typeof PROTOCOLS;

export type Address = { readonly host: string; readonly port: number };

const TLS = { ciphers: "TLS_AES_128_GCM_SHA256", minVersion: "TLSv1.3" } as const;
const HANDSHAKE_MS = 5000;
/** A machine that is gone answers nothing; a handshake over the worst line takes less. */
const CONNECT_MS = 3000;
/** The system looks whether a silent peer is there after this. */
const KEEP_ALIVE_MS = 5000;

/** Opens to nodes. @param onConnection given the name that the other node says it has */
export function nodeServer(
  secret: string,
  onConnection: (protocol: Protocol, socket: TLSSocket, node: string) => void,
  onRefused: (reason: string) => void,
): Server {
  const names = new WeakMap<object, string>();
  const server = createServer(
    {
      ...TLS,
      ALPNProtocols: Object.values(PROTOCOLS),
      handshakeTimeout: HANDSHAKE_MS,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      pskCallback: (socket, identity) => {
        names.set(socket, identity);
        return keyOf(secret);
      },
    },
    (socket) => {
      socket.on("error", () => socket.destroy());
      const protocol = (Object.keys(PROTOCOLS) as Protocol[]).find((name) => PROTOCOLS[name] === socket.alpnProtocol);
      if (protocol) onConnection(protocol, socket, names.get(socket) ?? "");
      else socket.destroy();
    },
  );
  server.on("tlsClientError", (error) => onRefused(error.message.replaceAll("\n", " ")));
  return server;
}

/** A connection to a node, which is opening. It may be written to at once. */
export function dialNode({ host, port }: Address, secret: string, self: string, protocol: Protocol): TLSSocket {
  const socket = connect({
    host,
    port,
    ...TLS,
    ALPNProtocols: [PROTOCOLS[protocol]],
    pskCallback: () => ({ psk: keyOf(secret), identity: self }),
    checkServerIdentity: () => undefined,
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  const timer = setTimeout(() => socket.destroy(new Error("the other node does not answer")), CONNECT_MS);
  timer.unref();
  socket.once("secureConnect", () => clearTimeout(timer));
  socket.once("close", () => clearTimeout(timer));
  return socket;
}

function keyOf(secret: string): Buffer {
  return createHash("sha256").update(`lectern nodes\n${secret}`).digest();
}
