/** Provides the sending side of the relay: listens, and sends the log entries of streams to followers. */
import { createServer, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { Malformed } from "@lectern/media";
import { type Clock, systemClock } from "../../../platform/clock.ts";
import { listen } from "../../../platform/listen.ts";
import { SharedTicks } from "../../../platform/shared-ticks.ts";
import type { Span } from "../../../platform/tracing/span.ts";
import type { TraceContext } from "../../../platform/tracing/trace-context.ts";
import { NO_TRACER, type Tracer } from "../../../platform/tracing/tracer.ts";
import { encodeEntry, type Stream, type StreamCopy, type Streams } from "../../streams/index.ts";
import { AwaitedEntries } from "./awaited-entries.ts";
import {
  acceptedBody,
  type FollowRequest,
  parseFollow,
  parsePing,
  parsePosition,
  parseStripeAssignment,
  pongBody,
} from "./message-bodies.ts";
import { frame, MESSAGE, MessageReader, REFUSED } from "./messages.ts";
import { Sender } from "./sender.ts";
import { type EncodeEntry, SharedEncoding } from "./shared-encoding.ts";
import { TcpRetransmits } from "./tcp-retransmits.ts";

/** Requests are small. */
const MAX_REQUEST_BYTES = 4096;

export type RelayServerEvents = {
  /** A follower broke the protocol, and its connection is closed. */
  readonly broken: (rule: string) => void;
  readonly sent: (bytes: number) => void;
};

export type RelayServerParts = { readonly encode?: EncodeEntry; readonly clock?: Clock; readonly tracer?: Tracer };

type Served = {
  readonly stream: Stream;
  readonly sender: Sender;
  readonly copy: StreamCopy;
  /** Null: the follower is no origin so far. */
  awaited: AwaitedEntries | null;
};

export class RelayServer {
  private readonly streams: Streams;
  private readonly events: RelayServerEvents;
  private readonly server: Server;
  private readonly sockets = new Set<Duplex>();
  private readonly retransmits = new TcpRetransmits();
  private readonly encodings = new WeakMap<Stream, SharedEncoding>();
  private readonly encode: EncodeEntry;
  private readonly clock: Clock;
  private readonly rounds: SharedTicks;
  private readonly tracer: Tracer;

  /** @param encode replaced by tests, which count calls */
  constructor(
    streams: Streams,
    events: RelayServerEvents,
    { encode = encodeEntry, clock = systemClock, tracer = NO_TRACER }: RelayServerParts = {},
  ) {
    this.streams = streams;
    this.events = events;
    this.encode = encode;
    this.tracer = tracer;
    this.clock = clock;
    this.rounds = new SharedTicks(clock);
    this.server = createServer({ noDelay: true }, (socket) => this.accept(socket));
  }

  /** @param path of a Unix socket */
  listen(path: string): Promise<void> {
    return listen(this.server, { path });
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Serves an authenticated follower. Its request may come much later. */
  accept(socket: Duplex): void {
    this.sockets.add(socket);
    let served: Served | null = null;
    const broken = (rule: string): void => {
      this.events.broken(rule);
      socket.destroy();
    };
    const reader = new MessageReader((type, body) => {
      if (type === MESSAGE.follow && !served) {
        const request = parseFollow(body);
        if (request instanceof Malformed) broken(request.rule);
        else served = this.serve(socket, request);
        return;
      }
      const rule = this.take(socket, served, type, body);
      if (rule !== null) broken(rule);
    }, MAX_REQUEST_BYTES);
    socket.on("data", (bytes: Buffer) => {
      const malformed = reader.push(bytes);
      if (malformed) broken(malformed.rule);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
  }

  /** Takes a message that is no request. Returns the rule that the follower broke, or null. */
  private take(socket: Duplex, served: Served | null, type: number, body: Uint8Array): string | null {
    if (type === MESSAGE.ping) {
      const { mayWaitMs, wantsKeyFrame } = parsePing(body);
      if (wantsKeyFrame) served?.stream.wantKeyFrame();
      served?.copy.mayWait(mayWaitMs);
      served?.sender.mayWait(mayWaitMs);
      const behindMs = served?.sender.behindMs ?? null;
      const publisher = served?.stream.trace.publisher ?? null;
      socket.write(frame(MESSAGE.pong, pongBody({ behindMs, lossPercent: this.retransmits.percentOf(socket), publisher })));
      return null;
    }
    if (type === MESSAGE.acknowledge && served) {
      const position = parsePosition(body);
      if (!position) return "a relay peer that acknowledges no position";
      served.stream.acknowledge(position);
      served.awaited ??= new AwaitedEntries(served.stream.log, position.sequence + 1, this.clock);
      served.awaited.acknowledged(position.sequence);
      return null;
    }
    if (type === MESSAGE.assign && served) {
      const assignment = parseStripeAssignment(body);
      if (!assignment) return "a relay peer that sends an unknown assignment";
      return served.sender.assign(assignment)?.rule ?? null;
    }
    return `a relay message of the type ${type} at the wrong time`;
  }

  /** Begins to send; null when the request is refused. */
  private serve(socket: Duplex, request: FollowRequest): Served | null {
    const { app, name, trace } = request;
    const span = trace && this.beginSpan(app, name, trace);
    // A stream that is not here may be fetched from elsewhere: this process is then the follower's parent.
    const cause = span?.context ?? trace;
    const fetched = cause && this.streams.because(app, name, cause);
    const stream = this.streams.find(app, name);
    fetched?.();
    const refused = stream?.epoch === request.epoch ? refusal(stream, request) : REFUSED.unknown;
    if (!stream || refused !== null) {
      span?.end(refused ?? REFUSED.unknown);
      socket.end(frame(MESSAGE.refuse, Buffer.from(refused ?? REFUSED.unknown)));
      return null;
    }
    const { after, newestFirst, backfill, repairOnly, mayWaitMs, isOriginCopy } = request;
    const accept = (): void => {
      socket.write(frame(MESSAGE.accept, acceptedBody(stream.trace.publisher)));
    };
    accept();
    // A copy that is being made here learns of its publisher just before the first entry, and so does the follower.
    if (trace) socket.on("close", stream.trace.onPublisher(accept));
    // A connection for repairs needs nothing of what is new.
    const copy = stream.addCopy(repairOnly ? Number.POSITIVE_INFINITY : mayWaitMs);
    socket.on("close", copy.close);
    socket.on("close", () => span?.end("gone"));
    const awaited = isOriginCopy ? new AwaitedEntries(stream.log, after ? after.sequence + 1 : stream.log.head, this.clock) : null;
    this.retransmits.watch(socket);
    const encoding = this.encodingOf(stream);
    const onSent = span ? this.endWhenSent(span, stream) : this.events.sent;
    const sender = new Sender({ socket, stream, encoding, mayWaitMs, rounds: this.rounds, onSent });
    const failed = (error: unknown): void => {
      this.events.broken(String(error));
      socket.destroy();
    };
    if (!repairOnly) sender.run(after ? { after } : newestFirst ? "newest-head" : "oldest-head").catch(failed);
    if (backfill) sender.sendBackfill(backfill.before).catch(failed);
    const served: Served = { stream, sender, copy, awaited };
    socket.on("close", () => served.awaited?.disconnected());
    return served;
  }

  private beginSpan(app: string, name: string, parent: TraceContext): Span | null {
    const attributes = { "lectern.stream": `${app}/${name}` };
    return this.tracer.begin("relay serve", { kind: "server", parent, sampling: "parent", attributes });
  }

  /** The span is over with the first entries; then it is known whose they are. */
  private endWhenSent(span: Span, { trace, writing }: Stream): RelayServerEvents["sent"] {
    span.set({ "lectern.writer": writing });
    let isFirst = true;
    return (bytes) => {
      this.events.sent(bytes);
      if (isFirst && writing) span.link(trace.publisher);
      isFirst = false;
      span.end();
    };
  }

  private encodingOf(stream: Stream): SharedEncoding {
    const encoding = this.encodings.get(stream) ?? new SharedEncoding(stream.epoch, this.encode);
    this.encodings.set(stream, encoding);
    return encoding;
  }
}

/**
 * Why a follower cannot continue at its position: its entries were never part of this log, because they are of a lower term and behind
 * the beginning of a later term; or its newest entry is of a later term than the log. Null when it can.
 */
function refusal({ log }: Stream, { after }: FollowRequest): string | null {
  if (!after || log.head === 0) return null;
  if (after.term > log.term) return REFUSED.stale;
  const segment = log.segmentOf(after.sequence);
  const same = segment?.entries.at(after.sequence - segment.head.sequence);
  return same && same.term !== after.term ? REFUSED.void : null;
}
