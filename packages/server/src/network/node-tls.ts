/**
 * Connects nodes by TLS 1.3 with a pre-shared key (RFC 8446 section 2.2) that is derived from the cluster's secret: both sides authenticate
 * without certificates. ALPN (RFC 7301) selects the protocol of a connection.
 */
import { createHash } from "node:crypto";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";

/** link: calls between supervisors. relay: a stream. control, media: requests that are proxied to the control process or a media worker. */
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
/** The limit for connecting to a machine that may be gone. A handshake over a slow line takes less. */
const CONNECT_MS = 3000;
/** TCP keep-alive probes begin after this much silence. */
const KEEP_ALIVE_MS = 5000;

/** A connection that did not become one of a node. Only a wrong secret needs an operator; scanners and broken lines cause the others. */
export type HandshakeFailure = { readonly wrongSecret: boolean; readonly reason: string };

/** Accepts connections of nodes. @param onConnection gets the name that the other node claims to have */
export function nodeServer(
  secret: string,
  onConnection: (protocol: Protocol, socket: TLSSocket, node: string) => void,
  onRefused: (failure: HandshakeFailure) => void,
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
  server.on("tlsClientError", (error: NodeJS.ErrnoException) => {
    // RFC 8446 section 4.2.11.2: the binder proves that the client knows the pre-shared key.
    const wrongSecret = error.code === "ERR_SSL_BINDER_DOES_NOT_VERIFY";
    onRefused({ wrongSecret, reason: wrongSecret ? "binder does not verify" : (error.code ?? error.message) });
  });
  return server;
}

/** Opens a connection to a node. It may be written to at once. */
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
