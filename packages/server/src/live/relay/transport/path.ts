/** One connection to a peer that has a stream: asks for its records, and hands them on as they come. */
import type { Duplex } from "node:stream";
import { Malformed } from "@lectern/media";
import type { Clock } from "../../../platform/clock.ts";
import { decodeEntry, type LogEntry, type LogPosition, type Received, type Receiver } from "../../streams/index.ts";
import {
  type FollowRequest,
  frame,
  framedBytes,
  MESSAGE,
  MessageReader,
  parseAccepted,
  parsePong,
  REFUSED,
  type StripeAssignment,
  VERSION,
} from "./messages.ts";

/** Why a connection has ended. gone: the peer, or its stream; forgotten: it lacks what comes next; void: what is here is none of it. */
export type PathEnd = "gone" | "forgotten" | "void";

export type PathEvents = {
  /** Takes a record, and says what became of it. held: it came before others that are on their way. */
  readonly received: (record: LogEntry) => Received | "held";
  readonly ended: (why: PathEnd) => void;
  /** The peer sent what makes no sense; it is left. */
  readonly broken: (rule: string) => void;
  readonly bytes: (bytes: number) => void;
};

/** What a connection is there for. */
export type PathPurpose = {
  /** This node is one of the stream's origins, and acknowledges what it has. */
  readonly keeps: boolean;
  /** It brings only what is asked for, beside another one. */
  readonly asked: boolean;
  /** It brings what was before too, where it is missing. */
  readonly past: boolean;
};

const PING_EVERY_MS = 1000;
/** A peer that answers no ping for so long is given up: its machine, or the line to it, is gone. */
const SILENT_MS = 6000;
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
  /** Milliseconds of the stream that its peer has not been able to send yet; null while it is not known. */
  behindMs: number | null = null;
  /** Of what its peer has sent lately, lost and sent again, per cent; null while it is not known. */
  lossPercent: number | null = null;
  /** Of records that came, as the peer counts them. */
  recordBytes = 0;
  /** Whether its peer can bring a part of the stream. */
  shares = false;
  /** When something came last, monotonic milliseconds. */
  heardAt: number;
  private readonly socket: Duplex;
  private readonly stream: Receiver;
  private readonly events: PathEvents;
  private readonly wish: PathPurpose;
  private readonly clock: Clock;
  private cancelPing: () => void;
  private pingedAt: number | null = null;
  private acknowledged = -1;
  private open = true;

  /** @param socket a connection to the peer that may still be opening */
  constructor(peer: string, socket: Duplex, stream: Receiver, wish: PathPurpose, clock: Clock, events: PathEvents) {
    this.peer = peer;
    this.clock = clock;
    this.heardAt = clock.monotonic();
    this.socket = socket;
    this.stream = stream;
    this.events = events;
    this.wish = wish;
    const reader = new MessageReader((type, body) => this.take(type, body));
    socket.on("data", (bytes: Buffer) => {
      if (!this.open) return;
      this.bytes += bytes.length;
      this.heardAt = clock.monotonic();
      events.bytes(bytes.length);
      const malformed = reader.push(bytes);
      if (malformed) this.broken(malformed.rule);
      else this.acknowledge();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.end("gone"));
    const { app, name, epoch, newest, oldest, backfill: history } = stream;
    const after = newest && { term: newest.term, sequence: newest.sequence };
    const { keeps, asked, past } = wish;
    const request: FollowRequest = {
      ...{ version: VERSION, app, name, epoch, after, keeps, asked, newestFirst: history?.missing ?? false },
      past: past ? { before: newest && oldest } : null,
    };
    if (past) history?.begin();
    this.say(MESSAGE.follow, request);
    this.cancelPing = clock.after(PING_EVERY_MS, () => this.ping());
  }

  /** Has the peer send another share of the records from now on. */
  share(share: StripeAssignment): void {
    if (!this.open) return;
    this.say(MESSAGE.share, share);
    if ("half" in share || "after" in share) this.behindMs = null;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.cancelPing();
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
      this.recordBytes += framedBytes(body);
      const record = decodeEntry(this.stream.epoch, body);
      if (record instanceof Malformed) return this.broken(record.rule);
      const outcome = this.events.received(record);
      if (outcome === "taken" || outcome === "held") this.first++;
      else if (outcome === "known") this.second++;
      if (outcome === "void") this.end("void");
      else if (outcome === "ahead") this.end("forgotten");
      else if (outcome === "stale") this.end("gone");
    } else if (type === MESSAGE.past) {
      const record = decodeEntry(this.stream.epoch, body);
      if (record instanceof Malformed) return this.broken(record.rule);
      this.stream.backfill?.take(record);
    } else if (type === MESSAGE.pastSegment) this.stream.backfill?.segment();
    else if (type === MESSAGE.pastOver) this.stream.backfill?.over();
    else if (type === MESSAGE.pong) this.pong(body);
    else if (type === MESSAGE.refuse) {
      const code = Buffer.from(body).toString();
      this.end(code === REFUSED.void ? "void" : "gone");
    } else if (type === MESSAGE.accept) {
      const { past, shares, asked } = parseAccepted(body);
      this.shares = shares;
      // It would send everything.
      if (this.wish.asked && !asked) return this.end("gone");
      if (this.wish.past && !past) this.stream.backfill?.over();
    } else this.broken(`a relay message of the unknown type ${type}`);
  }

  private acknowledge(): void {
    const { newest } = this.stream;
    if (!this.wish.keeps || !newest || newest.sequence === this.acknowledged) return;
    this.acknowledged = newest.sequence;
    const stamp: LogPosition = { term: newest.term, sequence: newest.sequence };
    this.say(MESSAGE.acknowledge, stamp);
  }

  private ping(): void {
    const now = this.clock.monotonic();
    if (now - this.heardAt > SILENT_MS) return this.end("gone");
    this.cancelPing = this.clock.after(PING_EVERY_MS, () => this.ping());
    if (this.pingedAt !== null) return;
    this.pingedAt = now;
    this.socket.write(frame(MESSAGE.ping, NOTHING));
  }

  private pong(body: Uint8Array): void {
    if (this.pingedAt === null) return;
    const { behindMs, lossPercent } = parsePong(body);
    this.behindMs = behindMs;
    this.lossPercent = lossPercent;
    const now = this.clock.monotonic() - this.pingedAt;
    this.pingedAt = null;
    if (this.rttMs === null) this.rttMs = now;
    this.jitterMs += (Math.abs(now - this.rttMs) - this.jitterMs) * SMOOTHING;
    this.rttMs += (now - this.rttMs) * SMOOTHING;
  }

  private say(type: number, value: unknown): void {
    this.socket.write(frame(type, Buffer.from(JSON.stringify(value))));
  }
}
