/** Provides one connection to a peer that has a stream: requests its log entries, and hands them on in the order of arrival. */
import type { Duplex } from "node:stream";
import { Malformed } from "@lectern/media";
import type { Clock } from "../../../platform/clock.ts";
import type { TraceContext } from "../../../platform/tracing/trace-context.ts";
import { decodeEntry, type LogEntry, type Received, type Receiver, type UpstreamRequest } from "../../streams/index.ts";
import type { PathFault } from "./fetch-state.ts";
import {
  assignmentBody,
  followBody,
  parseAccepted,
  parsePong,
  pingBody,
  positionBody,
  type StripeAssignment,
} from "./message-bodies.ts";
import { frame, framedBytes, MESSAGE, MessageReader, REFUSED } from "./messages.ts";

/**
 * Why a connection has ended. gone: the peer or its stream; expired: the peer no longer has the next entry; void: the follower's entries
 * are not part of the peer's log.
 */
export type PathEnd = "gone" | "expired" | "void";

export type PathEvents = {
  /** Takes an entry. held: it arrived before an entry that is in flight on another path. */
  readonly received: (entry: LogEntry) => Received | "held";
  readonly ended: (why: PathEnd, fault: PathFault) => void;
  /** A second has passed in which this process ran: what the peer sent has arrived. */
  readonly checked: () => void;
  /** The peer broke the protocol, and its connection is closed. */
  readonly broken: (rule: string) => void;
  readonly bytes: (bytes: number) => void;
};

/** What a connection is opened for. */
export type PathPurpose = {
  /** This node is one of the stream's origins at first, and acknowledges entries. */
  readonly isOriginCopy: boolean;
  /** It delivers only requested entries, beside another path. */
  readonly repairOnly: boolean;
  /** It delivers the backfill too, where that is missing. */
  readonly backfill: boolean;
  /** Sent to the peer, whose spans become its children; null: nothing is traced. */
  readonly trace: TraceContext | null;
};

const PING_INTERVAL_MS = 1000;
/** A peer that answers no ping for so long may be gone, or the line to it: another source is asked as well. Less is a busy machine. */
const QUIET_MS = 1200;
/** A peer without an answer for so long is given up. */
const SILENT_MS = 6000;
/** Weight of the newest ping in the averages of round-trip time and jitter. */
const SMOOTHING = 0.25;

export class Path {
  readonly peer: string;
  /** Round-trip time and its variation, milliseconds; null while not measured. */
  rttMs: number | null = null;
  jitterMs = 0;
  /** Entries that arrived by this path first, and second. */
  first = 0;
  second = 0;
  bytes = 0;
  /** Milliseconds by which it is behind the path that delivers first. */
  lagMs = 0;
  /** Milliseconds of the stream that the peer could not send yet; null while not known. */
  behindMs: number | null = null;
  /** Share of the peer's recently sent bytes that TCP sent again, per cent; null while not known. */
  lossPercent: number | null = null;
  /** Bytes of entries, as the peer counts them. */
  entryBytes = 0;
  /** Arrival of the latest bytes, monotonic milliseconds. */
  heardAt: number;
  /** Nothing is heard of the peer, and its connection is still open. */
  isQuiet = false;
  /** This node is one of the stream's origins, and acknowledges entries. Nodes come and go, and origins with them. */
  isOriginCopy: boolean;
  private readonly socket: Duplex;
  private readonly stream: Receiver;
  private readonly events: PathEvents;
  private readonly purpose: PathPurpose;
  private readonly clock: Clock;
  private cancelPing: () => void;
  private pingedAt: number | null = null;
  private tickedAt: number;
  private acknowledged = -1;
  private open = true;

  /** @param socket a connection to the peer that may still be opening */
  constructor(peer: string, socket: Duplex, stream: Receiver, purpose: PathPurpose, clock: Clock, events: PathEvents) {
    this.peer = peer;
    this.clock = clock;
    this.heardAt = clock.monotonic();
    this.tickedAt = this.heardAt;
    this.socket = socket;
    this.stream = stream;
    this.events = events;
    this.purpose = purpose;
    this.isOriginCopy = purpose.isOriginCopy;
    const reader = new MessageReader((type, body) => this.take(type, body));
    socket.on("data", (bytes: Buffer) => {
      if (!this.open) return;
      this.bytes += bytes.length;
      this.heardAt = clock.monotonic();
      this.isQuiet = false;
      events.bytes(bytes.length);
      const malformed = reader.push(bytes);
      if (malformed) this.broken(malformed.rule);
      else this.acknowledge();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.end("gone", "closed"));
    socket.on(
      "close",
      stream.whenAsking((request) => this.sendPing(request)),
    );
    this.request();
    this.cancelPing = clock.after(PING_INTERVAL_MS, () => this.ping());
  }

  /** Changes which entries the peer sends from now on. */
  assign(assignment: StripeAssignment): void {
    if (!this.open) return;
    this.send(MESSAGE.assign, assignmentBody(assignment));
    if (assignment.kind === "stripe" || assignment.kind === "all") this.behindMs = null;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.cancelPing();
    this.socket.destroy();
  }

  private request(): void {
    const { app, name, epoch, newest, oldest, backfill: missing } = this.stream;
    const after = newest && { term: newest.term, sequence: newest.sequence };
    const { isOriginCopy, repairOnly, backfill, trace } = this.purpose;
    if (backfill) missing?.begin();
    this.send(
      MESSAGE.follow,
      followBody({
        app,
        name,
        epoch,
        after,
        isOriginCopy,
        repairOnly,
        trace,
        newestFirst: missing?.missing ?? false,
        backfill: backfill ? { before: newest && oldest } : null,
        mayWaitMs: this.stream.mayWaitMs,
      }),
    );
  }

  private end(why: PathEnd, fault: PathFault): void {
    if (!this.open) return;
    this.close();
    this.events.ended(why, fault);
  }

  private broken(rule: string): void {
    if (!this.open) return;
    this.events.broken(rule);
    this.end("gone", "broken");
  }

  private take(type: number, body: Uint8Array): void {
    if (!this.open) return;
    const { backfill } = this.stream;
    if (type === MESSAGE.entry || type === MESSAGE.backfill) this.takeEntry(type, body);
    else if (type === MESSAGE.backfillSegment) backfill?.segment();
    else if (type === MESSAGE.backfillEnd) backfill?.over();
    else if (type === MESSAGE.pong) this.pong(body);
    else if (type === MESSAGE.refuse) this.end(Buffer.from(body).toString() === REFUSED.void ? "void" : "gone", "refused");
    else if (type === MESSAGE.accept) {
      const publisher = parseAccepted(body);
      if (publisher) this.stream.trace.publishedBy(publisher);
    } else this.broken(`a relay message of the unknown type ${type}`);
  }

  private takeEntry(type: number, body: Uint8Array): void {
    const entry = decodeEntry(this.stream.epoch, body);
    if (entry instanceof Malformed) return this.broken(entry.rule);
    if (type === MESSAGE.backfill) return this.stream.backfill?.take(entry);
    this.entryBytes += framedBytes(body);
    const outcome = this.events.received(entry);
    if (outcome === "taken" || outcome === "held") this.first++;
    else if (outcome === "known") this.second++;
    else if (outcome === "void") this.end("void", "refused");
    else if (outcome === "ahead") this.end("expired", "expired");
    else this.end("gone", "broken");
  }

  private acknowledge(): void {
    const { newest } = this.stream;
    if (!this.isOriginCopy || !newest || newest.sequence === this.acknowledged) return;
    this.acknowledged = newest.sequence;
    this.send(MESSAGE.acknowledge, positionBody(newest));
  }

  private ping(): void {
    const now = this.clock.monotonic();
    if (now - this.heardAt > SILENT_MS) return this.end("gone", "silent");
    this.cancelPing = this.clock.after(PING_INTERVAL_MS, () => this.ping());
    if (this.pingedAt === null) {
      this.pingedAt = now;
      this.sendPing();
    }
    this.check(now);
  }

  /** After this process stood still, what has come meanwhile is still to be read. Before the first entry, another source may begin at another one. */
  private check(now: number): void {
    const passed = now - this.tickedAt;
    this.tickedAt = now;
    if (passed >= 2 * PING_INTERVAL_MS || this.stream.newest === null) return;
    this.isQuiet = now - this.heardAt > QUIET_MS;
    this.events.checked();
  }

  /** Pings tell how long entries may wait, and what else is asked for: now, and as often as others would be due. */
  private sendPing(request?: UpstreamRequest): void {
    if (this.open) this.send(MESSAGE.ping, pingBody({ mayWaitMs: this.stream.mayWaitMs, wantsKeyFrame: request === "key-frame" }));
  }

  private pong(body: Uint8Array): void {
    if (this.pingedAt === null) return;
    const { behindMs, lossPercent, publisher } = parsePong(body);
    if (publisher) this.stream.trace.publishedBy(publisher);
    this.behindMs = behindMs;
    this.lossPercent = lossPercent;
    const rttMs = this.clock.monotonic() - this.pingedAt;
    this.pingedAt = null;
    if (this.rttMs === null) this.rttMs = rttMs;
    this.jitterMs += (Math.abs(rttMs - this.rttMs) - this.jitterMs) * SMOOTHING;
    this.rttMs += (rttMs - this.rttMs) * SMOOTHING;
  }

  private send(type: number, body: Uint8Array): void {
    this.socket.write(frame(type, body));
  }
}
