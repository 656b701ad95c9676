/** One connection to a peer that has a stream: asks for its records, and hands them on as they come. */
import type { Duplex } from "node:stream";
import { Malformed } from "@lectern/media";
import { decodeRecord, type Received, type Receiver, type Stamp } from "../streams/index.ts";
import { frame, MESSAGE, MessageReader, REFUSED, VERSION } from "./messages.ts";

/** Why a connection has ended. gone: the peer, or its stream; forgotten: it lacks what comes next; void: what is here is none of it. */
export type PathEnd = "gone" | "forgotten" | "void";

export type PathEvents = {
  readonly received: (outcome: Received) => void;
  readonly ended: (why: PathEnd) => void;
  /** The peer sent what makes no sense; it is left. */
  readonly broken: (rule: string) => void;
  readonly bytes: (bytes: number) => void;
};

const PING_EVERY_MS = 2000;
/** A peer that answers no ping for so long is given up: its machine, or the line to it, is gone. */
const SILENT_MS = 3 * PING_EVERY_MS;
/** What lies on the wire is measured over about so many pings. */
const SMOOTHING = 0.25;
const NOTHING = new Uint8Array(0);

export class Path {
  readonly peer: string;
  /** Milliseconds there and back, and how much that varies; null while not measured. */
  rttMs: number | null = null;
  jitterMs = 0;
  /** Records that came by this path first, and second. */
  first = 0;
  second = 0;
  /** Bytes that came. */
  bytes = 0;
  /** Milliseconds by which it is behind the path that is first. */
  lagMs = 0;
  /** When something came last, monotonic milliseconds. */
  heardAt = performance.now();
  private readonly socket: Duplex;
  private readonly stream: Receiver;
  private readonly events: PathEvents;
  private readonly keeps: boolean;
  private readonly timer: NodeJS.Timeout;
  private pingedAt: number | null = null;
  private acknowledged = -1;
  private open = true;

  /**
   * @param socket a connection to the peer that may still be opening
   * @param keeps this node is one of the stream's origins, and acknowledges what it has
   */
  constructor(peer: string, socket: Duplex, stream: Receiver, keeps: boolean, events: PathEvents) {
    this.peer = peer;
    this.socket = socket;
    this.stream = stream;
    this.events = events;
    this.keeps = keeps;
    const reader = new MessageReader((type, body) => this.take(type, body));
    socket.on("data", (bytes: Buffer) => {
      if (!this.open) return;
      this.bytes += bytes.length;
      this.heardAt = performance.now();
      events.bytes(bytes.length);
      const malformed = reader.push(bytes);
      if (malformed) this.broken(malformed.rule);
      else this.acknowledge();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.end("gone"));
    const { app, name, epoch, newest } = stream;
    const after = newest && { term: newest.term, sequence: newest.sequence };
    this.say(MESSAGE.follow, { version: VERSION, app, name, epoch, after, keeps });
    this.timer = setInterval(() => this.ping(), PING_EVERY_MS);
    this.timer.unref();
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    clearInterval(this.timer);
    this.socket.destroy();
  }

  private end(why: PathEnd): void {
    if (!this.open) return;
    this.close();
    this.events.ended(why);
  }

  private broken(rule: string): void {
    if (!this.open) return;
    this.events.broken(rule);
    this.end("gone");
  }

  private take(type: number, body: Uint8Array): void {
    if (!this.open) return;
    if (type === MESSAGE.record) {
      const record = decodeRecord(this.stream.epoch, body);
      if (record instanceof Malformed) return this.broken(record.rule);
      const outcome = this.stream.receive(record);
      if (outcome === "taken") this.first++;
      else if (outcome === "known") this.second++;
      this.events.received(outcome);
      if (outcome === "void") this.end("void");
      else if (outcome === "ahead") this.end("forgotten");
      else if (outcome === "stale") this.end("gone");
    } else if (type === MESSAGE.pong) this.pong();
    else if (type === MESSAGE.refuse) {
      const code = Buffer.from(body).toString();
      this.end(code === REFUSED.void ? "void" : "gone");
    } else if (type !== MESSAGE.accept) this.broken(`a relay message of the unknown type ${type}`);
  }

  private acknowledge(): void {
    const { newest } = this.stream;
    if (!this.keeps || !newest || newest.sequence === this.acknowledged) return;
    this.acknowledged = newest.sequence;
    const stamp: Stamp = { term: newest.term, sequence: newest.sequence };
    this.say(MESSAGE.acknowledge, stamp);
  }

  private ping(): void {
    if (performance.now() - this.heardAt > SILENT_MS) return this.end("gone");
    if (this.pingedAt !== null) return;
    this.pingedAt = performance.now();
    this.socket.write(frame(MESSAGE.ping, NOTHING));
  }

  private pong(): void {
    if (this.pingedAt === null) return;
    const now = performance.now() - this.pingedAt;
    this.pingedAt = null;
    if (this.rttMs === null) this.rttMs = now;
    this.jitterMs += (Math.abs(now - this.rttMs) - this.jitterMs) * SMOOTHING;
    this.rttMs += (now - this.rttMs) * SMOOTHING;
  }

  private say(type: number, value: unknown): void {
    this.socket.write(frame(type, Buffer.from(JSON.stringify(value))));
  }
}
