/**
 * Listens for SRT on one UDP port, which all workers share. A connection has a socket of its own, which is connected to the peer: the kernel gives a peer's
 * packets to that one whatever becomes of the other workers, and keeps them there while this process is held. One socket for all peers overflows: 100
 * publishers lost up to 14 % on a busy machine, and cost as much.
 */

import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { isSrtControl, SRT_CONTROL, SRT_HEADER_SIZE, srtCaller, srtControlType, srtDestination } from "@lectern/media";
import type { Registry } from "prom-client";
import { plainAddress } from "../../platform/address.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Refusal } from "../../platform/refusal.ts";
import type { SrtDoorOptions } from "./door-options.ts";
import { type SrtCall, SrtHandshakes } from "./handshakes.ts";
import { SrtTotals, srtMetrics } from "./metrics.ts";
import { refusalOf, rejectionOf } from "./rejection.ts";
import { SrtSession } from "./session.ts";
import { loggableStream } from "./stream-id.ts";

export type SrtListen = { readonly host: string; readonly port: number };

export type SrtGate = {
  /** False when the address has too many connections. */
  readonly connect: (ip: string) => boolean;
  readonly disconnect: (ip: string) => void;
};

type Peer = { readonly address: string; readonly port: number };
/** The socket for a peer, while it has sessions. */
type Line = { readonly key: string; readonly socket: Promise<Socket>; sessions: number };

/** Acknowledgements, reports and what is due are looked at so often. */
const TICK_MS = 10;
/** From here on a tick is late because this process was held: by its own work, or because the machine gave its processor to others. */
const HELD_MS = 250;
/** Callers that are being asked about: a caller asks again each 250 ms, and gives up after 3 s. */
const MAX_PENDING = 1000;
/** A caller that was turned away may repeat its handshake for so long, because it had not heard the answer yet. */
const REPEATS_MS = 3000;
/** Of a connection's socket and of the port's: the kernel drops what does not fit while this process is held. */
const RECEIVE_BYTES = 1024 * 1024;

export class SrtDoor {
  private readonly address: SrtListen;
  private readonly gate: SrtGate;
  private readonly options: SrtDoorOptions;
  private readonly clock: Clock;
  private readonly handshakes: SrtHandshakes;
  private readonly socket: Socket;
  private readonly lines = new Map<string, Line>();
  /** By their socket id. */
  private readonly sessions = new Map<number, SrtSession>();
  /** By the peer and its socket id: a caller repeats its handshake, and gets the same answer. */
  private readonly calls = new Map<string, SrtSession | "pending" | Uint8Array>();
  private readonly past = new SrtTotals();
  private timer: NodeJS.Timeout | null = null;
  private tickedAt = 0;
  private isClosed = false;

  constructor(listen: SrtListen, gate: SrtGate, options: SrtDoorOptions) {
    this.address = listen;
    this.gate = gate;
    this.options = options;
    this.clock = options.clock;
    this.handshakes = new SrtHandshakes(options);
    this.socket = this.openSocket();
  }

  get connections(): number {
    return this.sessions.size;
  }

  metrics(registry: Registry): void {
    srtMetrics(registry, () => this.sessions.values(), this.past);
  }

  listen(): Promise<void> {
    return bound(this.socket, this.address);
  }

  /** Accepts no new connections. */
  stopListening(): void {
    this.isClosed = true;
  }

  /** Closes all connections, which are told. */
  close(): void {
    this.isClosed = true;
    for (const session of [...this.sessions.values()]) session.close("draining");
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    // The last packets, which say goodbye, are still being sent.
    setImmediate(() => {
      for (const line of this.lines.values()) closeSocket(line);
      this.lines.clear();
      this.socket.close();
    });
  }

  private openSocket(): Socket {
    const type = this.address.host.includes(":") ? "udp6" : "udp4";
    const socket = createSocket({
      type,
      reusePort: process.platform === "linux",
      recvBufferSize: RECEIVE_BYTES,
      // Peers are addresses, and no names.
      lookup: (address, _options, done) => done(null, address, type === "udp6" ? 6 : 4),
    });
    socket.on("message", (packet, { address, port }) => this.take(packet, { address, port }));
    // A peer that is gone is told by ICMP; it is silent too.
    socket.on("error", () => {});
    return socket;
  }

  private take(packet: Uint8Array, peer: Peer): void {
    if (packet.length < SRT_HEADER_SIZE) return;
    const destination = srtDestination(packet);
    if (destination !== 0) {
      const session = this.sessions.get(destination);
      // Others may guess the number of a socket, but not have the peer's address.
      if (session?.port === peer.port && session.address === peer.address) session.take(packet, this.clock.monotonic());
      return;
    }
    if (isSrtControl(packet) && srtControlType(packet) === SRT_CONTROL.handshake) this.takeHandshake(packet, peer);
  }

  private takeHandshake(packet: Uint8Array, peer: Peer): void {
    const from = `${peer.address} ${peer.port}`;
    const ip = plainAddress(peer.address);
    const key = `${from} ${srtCaller(packet)}`;
    const known = this.calls.get(key);
    if (known instanceof Uint8Array) return this.send(known, peer);
    if (known instanceof SrtSession) return known.answer(this.clock.monotonic());
    if (known) return;
    const outcome = this.handshakes.take(packet, from, this.clock.utc(), () => this.mayCall(ip));
    if (!outcome) return;
    if (outcome.kind === "answer") return this.send(outcome.packet, peer);
    if (outcome.kind === "rejected") {
      const { streamId, reason, version } = outcome;
      this.turnAway(key, ip, peer, outcome.packet);
      return this.refused("publish", streamId, peer, refusalOf(reason), version);
    }
    const { call } = outcome;
    this.calls.set(key, "pending");
    this.open(call, peer, key);
  }

  private open(call: SrtCall, peer: Peer, key: string): void {
    const ip = plainAddress(peer.address);
    let line: Line | null = null;
    const leaveLine = () => line && this.leave(line);
    const session = new SrtSession(call, { ...peer, ip, socketId: this.freeId() }, this.handshakes, this.options, {
      accepted: () => {
        this.sessions.set(session.socketId, session);
        this.calls.set(key, session);
        if (!this.timer) this.startTicking();
      },
      refused: (action, refusal) => {
        leaveLine();
        this.turnAway(key, ip, peer, this.handshakes.rejection(call.handshake, rejectionOf(refusal)));
        this.refused(action, call.streamId, peer, refusal, call.version);
      },
      ended: () => {
        leaveLine();
        this.calls.delete(key);
        this.sessions.delete(session.socketId);
        this.past.add(session.figures);
        this.gate.disconnect(ip);
        if (this.sessions.size > 0 || !this.timer) return;
        clearInterval(this.timer);
        this.timer = null;
      },
    });
    void session.open(async () => {
      line = this.lineTo(peer);
      const socket = await line.socket;
      return (packet) => socket.send(packet);
    });
  }

  private turnAway(key: string, ip: string, peer: Peer, packet: Uint8Array): void {
    this.gate.disconnect(ip);
    this.send(packet, peer);
    this.calls.set(key, packet);
    this.clock.after(REPEATS_MS, () => this.calls.delete(key));
  }

  private mayCall(ip: string): boolean {
    return !this.isClosed && this.calls.size - this.sessions.size < MAX_PENDING && this.gate.connect(ip);
  }

  private refused(action: "publish" | "play", streamId: string, { address }: Peer, refusal: Refusal, version: string): void {
    const stream = loggableStream(streamId, this.options.apps());
    this.options.events.refused(action, "srt", stream, plainAddress(address), refusal, `libsrt ${version}`);
  }

  private tick(): void {
    const now = this.clock.monotonic();
    const late = now - this.tickedAt - TICK_MS;
    this.tickedAt = now;
    // Timers come before packets: a peer would be silent whose packets wait.
    for (const session of this.sessions.values()) session.tick(now, late >= HELD_MS ? late : 0);
  }

  private startTicking(): void {
    this.tickedAt = this.clock.monotonic();
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** The socket that sends to a peer, connected to it: all sessions with one peer share it. */
  private lineTo(peer: Peer): Line {
    const key = `${peer.address} ${peer.port}`;
    const line = this.lines.get(key) ?? { key, socket: this.connectTo(peer), sessions: 0 };
    line.sessions++;
    this.lines.set(key, line);
    return line;
  }

  private async connectTo({ address, port }: Peer): Promise<Socket> {
    const socket = this.openSocket();
    await bound(socket, this.address);
    await new Promise<void>((resolve) => socket.connect(port, address, resolve));
    return socket;
  }

  private leave(line: Line): void {
    line.sessions--;
    if (line.sessions > 0) return;
    this.lines.delete(line.key);
    // The last packet, which says goodbye, is still being sent.
    setImmediate(() => closeSocket(line));
  }

  private send(packet: Uint8Array, { address, port }: Peer): void {
    this.socket.send(packet, port, address);
  }

  private freeId(): number {
    for (;;) {
      const id = randomInt(1, 0x3fffffff);
      if (!this.sessions.has(id)) return id;
    }
  }
}

function closeSocket({ socket }: Line): void {
  socket.then(
    (open) => open.close(),
    () => {},
  );
}

function bound(socket: Socket, { host, port }: SrtListen): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}
