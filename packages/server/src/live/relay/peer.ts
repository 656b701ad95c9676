/** The side of the relay that has a stream: listens, and sends its records to whoever follows. */
import { createServer, type Server, type Socket } from "node:net";
import { Malformed } from "@lectern/media";
import { listen } from "../../platform/listen.ts";
import { encodeRecord, type FollowFrom, follow, type Stream, type Streams } from "../streams/index.ts";
import { type FollowRequest, frame, MESSAGE, MessageReader, parseFollow, REFUSED_UNKNOWN, REFUSED_VOID } from "./messages.ts";

/** Requests are small. */
const MAX_REQUEST_BYTES = 4096;
/** A peer that connects and says nothing is none. */
const GREETING_MS = 5000;
const NOTHING = new Uint8Array(0);

export type PeerEvents = {
  /** A peer broke the protocol, and its connection is closed. */
  readonly broken: (rule: string) => void;
  readonly sent: (bytes: number) => void;
};

export class RelayPeer {
  private readonly streams: Streams;
  private readonly events: PeerEvents;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

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

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    let asked = false;
    const broken = (rule: string): void => {
      this.events.broken(rule);
      socket.destroy();
    };
    const reader = new MessageReader((type, body) => {
      if (asked || type !== MESSAGE.follow) return broken("a relay peer that says more than it may");
      asked = true;
      socket.setTimeout(0);
      const request = parseFollow(body);
      if (request instanceof Malformed) broken(request.rule);
      else this.serve(socket, request);
    }, MAX_REQUEST_BYTES);
    socket.setTimeout(GREETING_MS, () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      const malformed = reader.push(bytes);
      if (malformed) broken(malformed.rule);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
  }

  private serve(socket: Socket, request: FollowRequest): void {
    const stream = this.streams.local(request.app, request.name);
    if (stream?.epoch !== request.epoch) {
      socket.end(frame(MESSAGE.refuse, Buffer.from(REFUSED_UNKNOWN)));
      return;
    }
    const from = startOf(stream, request);
    if (!from) {
      socket.end(frame(MESSAGE.refuse, Buffer.from(REFUSED_VOID)));
      return;
    }
    socket.write(frame(MESSAGE.accept, NOTHING));
    const abort = new AbortController();
    socket.on("close", () => abort.abort());
    this.send(socket, stream, from, abort.signal).catch((error: unknown) => {
      this.events.broken(String(error));
      socket.destroy();
    });
  }

  private async send(socket: Socket, stream: Stream, from: FollowFrom, signal: AbortSignal): Promise<void> {
    for await (const batch of follow(stream.log, { from, signal })) {
      const bytes = Buffer.concat(batch.map((record) => frame(MESSAGE.record, encodeRecord(stream.epoch, record))));
      this.events.sent(bytes.length);
      if (!socket.write(bytes)) await drained(socket);
    }
    socket.end();
  }
}

/**
 * Where a follower begins. Null when what it has was never part of this log: records of a lower term behind the point where a later
 * term begins.
 */
function startOf({ log }: Stream, { after }: FollowRequest): FollowFrom | null {
  if (!after) return "oldest-head";
  const segment = log.segmentOf(after.sequence);
  const same = segment?.records.at(after.sequence - segment.head.sequence);
  if (same && same.term !== after.term) return null;
  return { after };
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    socket.once("drain", resolve);
    socket.once("close", resolve);
  });
}
