/**
 * Provides the relay protocol, between workers of one machine and between nodes: one connection for each stream and path. The follower requests a
 * stream; the peer accepts and sends its log entries until the stream ends.
 *
 *     follower:  follow {app, name, epoch, after, keeps, waits}      then: acknowledge {term, sequence} as an origin copy, ping {waits, keyFrame},
 *                                                            and assign
 *     peer:      accept, entry, entry, …, pong {behindMs, lossPercent}  or: refuse {code}
 *
 * A follower whose viewer is traced sends its span with the request (follow {trace}); the peer's span of the publisher comes back (accept {trace},
 * pong {trace}), and a second accept tells of it where the peer learns of it later.
 *
 * A follower with a waiting viewer requests the newest GOP first. The peer then sends the backfill, the segments before that GOP,
 * whenever the connection has room, the newest segment first (backfill, backfill, …, backfill-segment, …, backfill-end).
 *
 * A follower with two connections that are both too slow has each of them send one stripe (assign {half}). It moves entries between
 * the stripes with assign {also} and {without}, reports received bytes with {received}, and returns to full copies with {after}, which
 * also resends what the other connection has not delivered. A connection opened with {asked} sends nothing but requested entries.
 *
 * Each message is its length (32 bits, of what follows), its type (8 bits) and its body (`message-bodies.ts`).
 */
import { Malformed } from "@lectern/media";

export const MESSAGE = {
  follow: 1,
  accept: 2,
  refuse: 3,
  entry: 4,
  acknowledge: 5,
  ping: 6,
  pong: 7,
  assign: 8,
  backfill: 9,
  backfillSegment: 10,
  backfillEnd: 11,
} as const;

/**
 * Codes of a refusal: the peer does not have the stream; the follower's entries were never part of the log; the follower's newest
 * entry is of a later term than all entries of the peer.
 */
export const REFUSED = { unknown: "no-such-stream", void: "void", stale: "stale" } as const;

export const EMPTY_BODY = new Uint8Array(0);

const HEADER_BYTES = 5;
/** An entry is hardly larger than a frame, and a frame is at most this. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

/** A message as it goes over the wire. */
export function frame(type: number, body: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  writeHeader(out, type, body.length);
  out.set(body, HEADER_BYTES);
  return out;
}

/** The same body under another type, in two pieces, so that the body is not copied. */
export function retyped(type: number, message: Buffer): [header: Buffer, body: Buffer] {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  writeHeader(header, type, message.length - HEADER_BYTES);
  return [header, message.subarray(HEADER_BYTES)];
}

/** How many bytes a message with this body is on the wire. */
export function framedBytes(body: Uint8Array): number {
  return HEADER_BYTES + body.length;
}

function writeHeader(out: Buffer, type: number, bodyBytes: number): void {
  out.writeUInt32BE(bodyBytes + 1, 0);
  out.writeUInt8(type, 4);
}

/** Splits a stream of bytes into messages. */
export class MessageReader {
  private readonly maxBytes: number;
  private readonly onMessage: (type: number, body: Uint8Array) => void;
  private pieces: Buffer[] = [];
  private held = 0;

  /** @param maxBytes of one message; a longer one breaks the protocol */
  constructor(onMessage: (type: number, body: Uint8Array) => void, maxBytes = MAX_MESSAGE_BYTES) {
    this.onMessage = onMessage;
    this.maxBytes = maxBytes;
  }

  /** `Malformed` when a message is empty, or longer than the limit. */
  push(bytes: Buffer): Malformed | null {
    this.pieces.push(bytes);
    this.held += bytes.length;
    while (this.held >= HEADER_BYTES) {
      const first = this.pieces[0];
      // The header may lie across two pieces; joining them is rare and small.
      if (!first || first.length < HEADER_BYTES) this.join();
      const head = this.pieces[0];
      if (!head) return null;
      const length = head.readUInt32BE(0);
      if (length === 0 || length > this.maxBytes) return new Malformed(`a relay message of ${length} bytes`);
      if (this.held < 4 + length) return null;
      if (head.length < 4 + length) this.join();
      const whole = this.pieces[0];
      if (!whole) return null;
      this.take(whole, 4 + length);
    }
    return null;
  }

  private take(bytes: Buffer, length: number): void {
    const rest = bytes.subarray(length);
    if (rest.length > 0) this.pieces[0] = rest;
    else this.pieces.shift();
    this.held -= length;
    this.onMessage(bytes[4] ?? 0, bytes.subarray(HEADER_BYTES, length));
  }

  private join(): void {
    this.pieces = [Buffer.concat(this.pieces)];
  }
}
