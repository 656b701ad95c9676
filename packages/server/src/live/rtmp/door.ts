/** Listens for RTMP and RTMPS, limits connections by address, and opens a session for each connection. */
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, Server as TlsServer } from "node:tls";
import { plainAddress } from "../../platform/address.ts";
import { listen, sharedPort } from "../../platform/listen.ts";
import type { RtmpDoorOptions } from "./door-options.ts";
import { RtmpSession } from "./session.ts";
import { type ReadShared, sharedReads } from "./shared-reads.ts";

export type RtmpListen = {
  readonly host: string;
  readonly port: number;
  /** Certificate and key in PEM, for RTMPS. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
};

export type RtmpGate = {
  /** False when the address has too many connections. */
  readonly connect: (ip: string) => boolean;
  readonly disconnect: (ip: string) => void;
};

export class RtmpDoor {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readShared: ReadShared | null = null;

  constructor(listen: RtmpListen, gate: RtmpGate, options: RtmpDoorOptions) {
    const accept = (socket: Socket) => {
      const ip = plainAddress(socket.remoteAddress ?? "");
      if (!gate.connect(ip)) {
        socket.destroy();
        return;
      }
      this.sockets.add(socket);
      socket.once("close", () => {
        this.sockets.delete(socket);
        gate.disconnect(ip);
      });
      new RtmpSession(socket, ip, options, this.readShared);
    };
    this.server = listen.tls ? createTlsServer(listen.tls, accept) : createServer({ noDelay: true }, accept);
    // A failed TLS handshake closes only its own connection.
    this.server.on("tlsClientError", (_error, socket) => socket.destroy());
  }

  get connections(): number {
    return this.sockets.size;
  }

  /** The port is shared with the other workers. */
  async listen({ host, port }: RtmpListen): Promise<void> {
    this.readShared = await sharedReads();
    return listen(this.server, sharedPort(host, port));
  }

  /** For RTMPS: applies to connections from now on. */
  useCertificate(tls: NonNullable<RtmpListen["tls"]>): void {
    if (this.server instanceof TlsServer) this.server.setSecureContext(tls);
  }

  /** Accepts no new connections. */
  stopListening(): void {
    this.server.close();
  }

  /** Closes all connections at once. */
  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
