/** The side of the relay that has a stream: listens, and sends its records to whoever follows. */
import { createServer, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { Malformed } from "@lectern/media";
import { listen } from "../../../platform/listen.ts";
import type { Stream, Streams } from "../../streams/index.ts";
import {
  type Accepted,
  type FollowRequest,
  frame,
  MESSAGE,
  MessageReader,
  type Pong,
  parseFollow,
  parsePosition,
  parseStripeAssignment,
  REFUSED,
} from "./messages.ts";
import { Sender } from "./sender.ts";
import { TcpRetransmits } from "./tcp-retransmits.ts";

/** Requests are small. */
const MAX_REQUEST_BYTES = 4096;

export type PeerEvents = {
  /** A peer broke the protocol, and its connection is closed. */
  readonly broken: (rule: string) => void;
  readonly sent: (bytes: number) => void;
};

export class RelayServer {
  private readonly streams: Streams;
  private readonly events: PeerEvents;
  private readonly server: Server;
  private readonly sockets = new Set<Duplex>();
  private readonly retransmits = new TcpRetransmits();

  constructor(streams: Streams, events: PeerEvents) {
    this.streams = streams;
    this.events = events;
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

  /** Attends to a follower, who has proved to be one of us. It may take its time until it asks for something. */
  accept(socket: Duplex): void {
    this.sockets.add(socket);
    let served: { readonly stream: Stream; readonly sender: Sender } | null = null;
    const broken = (rule: string): void => {
      this.events.broken(rule);
      socket.destroy();
    };
    const reader = new MessageReader((type, body) => {
      if (type === MESSAGE.ping) {
        const pong: Pong = { behindMs: served?.sender.behindMs ?? null, lossPercent: this.retransmits.percentOf(socket) };
        socket.write(frame(MESSAGE.pong, Buffer.from(JSON.stringify(pong))));
      } else if (type === MESSAGE.acknowledge && served) {
        const stamp = parsePosition(body);
        if (stamp) served.stream.acknowledge(stamp);
        else broken("a relay peer that acknowledges no stamp");
      } else if (type === MESSAGE.share && served) {
        const share = parseStripeAssignment(body) ?? new Malformed("a relay peer that wants no share there is");
        const malformed = share instanceof Malformed ? share : served.sender.share(share);
        if (malformed) broken(malformed.rule);
      } else if (type === MESSAGE.follow && !served) {
        const request = parseFollow(body);
        if (request instanceof Malformed) broken(request.rule);
        else served = this.serve(socket, request);
      } else broken("a relay peer that says more than it may");
    }, MAX_REQUEST_BYTES);
    socket.on("data", (bytes: Buffer) => {
      const malformed = reader.push(bytes);
      if (malformed) broken(malformed.rule);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
  }

  /** Begins to send; null when there is nothing that could be sent. */
  private serve(socket: Duplex, request: FollowRequest): { stream: Stream; sender: Sender } | null {
    // What is not here may be had from elsewhere: this process is then a parent of the one that asks.
    const stream = this.streams.find(request.app, request.name);
    const refused = stream?.epoch === request.epoch ? refusal(stream, request) : REFUSED.unknown;
    if (!stream || refused !== null) {
      socket.end(frame(MESSAGE.refuse, Buffer.from(refused ?? REFUSED.unknown)));
      return null;
    }
    const { after, newestFirst, past } = request;
    const accepted: Accepted = { past: past !== null, shares: true, asked: request.asked };
    socket.write(frame(MESSAGE.accept, Buffer.from(JSON.stringify(accepted))));
    socket.on("close", stream.use());
    this.retransmits.watch(socket);
    const sender = new Sender(socket, stream, this.events.sent);
    const failed = (error: unknown): void => {
      this.events.broken(String(error));
      socket.destroy();
    };
    if (!request.asked) sender.run(after ? { after } : newestFirst ? "newest-head" : "oldest-head").catch(failed);
    if (past) sender.past(past.before).catch(failed);
    return { stream, sender };
  }
}

/**
 * Why a follower cannot go on from where it is: what it has was never part of this log, records of a lower term behind the point where a
 * later term begins; or it has records of a later term than these.
 */
function refusal({ log }: Stream, { after }: FollowRequest): string | null {
  if (!after || log.head === 0) return null;
  if (after.term > log.term) return REFUSED.stale;
  const segment = log.segmentOf(after.sequence);
  const same = segment?.entries.at(after.sequence - segment.head.sequence);
  return same && same.term !== after.term ? REFUSED.void : null;
}
