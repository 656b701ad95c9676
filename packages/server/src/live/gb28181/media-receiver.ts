/**
 * Receives a camera's RTP at a port of its own: by UDP, by a connection that the device makes, or by one that it waits for (GB/T 28181-2016 annex L). What comes
 * from other machines is left out.
 */
import { createSocket } from "node:dgram";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { MediaTransport } from "../../contracts/cameras/camera-account.ts";
import { plainAddress } from "../../platform/address.ts";
import { RtpFraming } from "./rtp-framing.ts";

export type MediaReceiverOptions = {
  readonly transport: MediaTransport;
  /** Lowest and highest port that may be taken. */
  readonly ports: readonly [number, number];
  readonly isFrom: (host: string) => boolean;
  /** One packet, whose bytes are good only during the call. */
  readonly onPacket: (bytes: Uint8Array) => void;
  /** The connection is over. Not after `close`. */
  readonly onEnd: (detail: string) => void;
};

export type MediaReceiver = {
  /** To be offered to the device. */
  readonly port: number;
  /** Connects to a device that waits. */
  readonly connect: (host: string, port: number) => void;
  /** May be called twice. */
  readonly close: () => void;
};

/** RFC 4145 section 4.1: where who connects waits for nobody. */
const DISCARD_PORT = 9;
const MAX_TRIES = 50;
/** A key frame comes at once. */
const UDP_BUFFER_BYTES = 2 * 1024 * 1024;
const CONNECT_MS = 8000;

/** @throws where no port is free */
export async function openMediaReceiver(options: MediaReceiverOptions): Promise<MediaReceiver> {
  const { transport, ports } = options;
  const closers: (() => void)[] = [];
  let closed = false;
  const close = (): void => {
    closed = true;
    for (const each of closers.splice(0)) each();
  };
  const end = (detail: string): void => {
    if (closed) return;
    close();
    options.onEnd(detail);
  };
  const read = (socket: Socket): void => {
    closers.push(() => socket.destroy());
    const framing = new RtpFraming(options.onPacket);
    socket.on("data", (bytes) => {
      if (!closed && !framing.push(bytes)) end("What the camera sends over TCP is no RTP.");
    });
    socket.on("error", (error) => end(error.message));
    socket.on("close", () => end("The camera closed the connection."));
  };
  let port = DISCARD_PORT;
  if (transport === "udp") port = await tryPorts(ports, (each) => openDatagrams(options, each, closers));
  if (transport === "tcp-passive") port = await tryPorts(ports, (each) => openListener(options, each, closers, read));
  return {
    port,
    connect: (host, to) => {
      const socket = connect({ host, port: to });
      socket.setTimeout(CONNECT_MS, () => end("The camera does not take the connection."));
      socket.once("connect", () => socket.setTimeout(0));
      read(socket);
    },
    close,
  };
}

async function openDatagrams({ isFrom, onPacket }: MediaReceiverOptions, port: number, closers: (() => void)[]): Promise<void> {
  const socket = createSocket({ type: "udp4", recvBufferSize: UDP_BUFFER_BYTES });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, resolve);
  }).catch((error: unknown) => {
    socket.close();
    throw error;
  });
  socket.on("error", () => {});
  socket.on("message", (bytes, { address }) => {
    if (isFrom(plainAddress(address))) onPacket(bytes);
  });
  closers.push(() => socket.close());
}

async function openListener(
  { isFrom }: MediaReceiverOptions,
  port: number,
  closers: (() => void)[],
  read: (socket: Socket) => void,
): Promise<void> {
  let hasCaller = false;
  const server: Server = createServer((socket) => {
    if (hasCaller || !isFrom(plainAddress(socket.remoteAddress ?? ""))) return void socket.destroy();
    hasCaller = true;
    read(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, resolve);
  });
  closers.push(() => server.close());
}

/** RTP has even ports (RFC 3550 section 11). Begins anywhere, since other workers take ports of the same range. */
async function tryPorts([from, to]: readonly [number, number], open: (port: number) => Promise<void>): Promise<number> {
  const count = Math.max(1, Math.floor((to - from) / 2) + 1);
  const first = Math.floor(Math.random() * count);
  for (let i = 0; ; i++) {
    const port = from + ((first + i) % count) * 2;
    try {
      await open(port);
      return port;
    } catch (error) {
      if (i + 1 >= Math.min(MAX_TRIES, count)) throw error;
    }
  }
}
