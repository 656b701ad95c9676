/**
 * The relay's protocol, between workers of one machine and between nodes: one connection for each stream and path. The follower
 * says what it wants; the peer answers that it has it, or is about to get it, and sends records for as long as there are any.
 *
 *     follower:  follow {app, name, epoch, after, keeps}      then: acknowledge {term, sequence} where it keeps, ping, and share
 *     peer:      accept, record, record, …, pong {behindMs, lossPercent}  or: refuse {code}
 *
 * A follower that is to show a picture soon asks for the newest group of pictures first. The peer then sends what was before that as well,
 * whenever there is room: segment by segment, the newest of them first (past, past, …, past-segment, …, past-over).
 *
 * A follower with two connections that are both too slow has each of them send one half: share {half}. With share {also} and share
 * {without} it moves records from one to another, and with share {received} it says what has come of them; with share {after} it gets
 * everything again, also what the other one has not brought. A connection that was begun with {asked} sends nothing but such records.
 *
 * Each message is its length (32 bits, of what follows), its type (8 bits) and its body.
 */
import { Malformed } from "@lectern/media";
import type { LogPosition } from "../../streams/index.ts";

export const MESSAGE = {
  follow: 1,
  accept: 2,
  refuse: 3,
  record: 4,
  acknowledge: 5,
  ping: 6,
  pong: 7,
  share: 8,
  past: 9,
  pastSegment: 10,
  pastOver: 11,
} as const;

export type FollowRequest = {
  readonly version: number;
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** The newest record that the follower has; null when it has none. */
  readonly after: LogPosition | null;
  /** The follower is one of the stream's origins, and acknowledges what it has. */
  readonly keeps: boolean;
  /** Send only what is asked for by `also`. */
  readonly asked: boolean;
  /** Begin with the newest group of pictures; otherwise with the oldest. */
  readonly newestFirst: boolean;
  /** Send what was before: this record, or what is sent first. Null: it is not wanted. */
  readonly past: { readonly before: number | null } | null;
};

export type Stripe = 0 | 1;

/** Which records a connection is to bring. */
export type StripeAssignment =
  /** Those of one half, from now on. */
  | { readonly half: Stripe }
  /** All of them, behind this one. */
  | { readonly after: LogPosition }
  /** Besides what it sends these of one half, at once. */
  | { readonly also: StripeRange }
  /** Not these of its half, as far as it has not sent them. */
  | { readonly without: Range }
  /** So many bytes of records have come so far: what is on its way is kept little, so that what is asked for comes soon. */
  | { readonly received: number };

/** From one number to another, both included. */
export type Range = { readonly from: number; readonly to: number };
/** Of these, the records of one half. */
export type StripeRange = Range & { readonly half: Stripe };

/** What a peer that has accepted is able to do, which peers of other versions may not be. */
export type Accepted = {
  /** It sends the past too. */
  readonly past: boolean;
  /** It can send a part of the stream. */
  readonly shares: boolean;
  /** It can send only what is asked for. */
  readonly asked: boolean;
};

export type Pong = {
  /** Milliseconds of the stream that could not be sent yet. */
  readonly behindMs: number | null;
  /** Of what was sent lately, lost and sent again, per cent. */
  readonly lossPercent: number | null;
};

/** In which half a record is. Sound and pictures often alternate, and must not be parted: Knuth's multiplicative hash. */
export function stripeOf(sequence: number): Stripe {
  return Math.imul(sequence, 0x9e3779b1) < 0 ? 1 : 0;
}

/**
 * What a peer refuses with: it does not have the stream; what the follower has was never part of it; what the
 * follower has is of a later term than all that is here.
 */
export const REFUSED = { unknown: "no-such-stream", void: "void", stale: "stale" } as const;

export const VERSION = 2;

/** Records that a follower may move at a time. */
const MOST_SHARED = 10_000;
const HEADER_BYTES = 5;
/** A record is hardly larger than a frame, and a frame is at most this. */
const MAX_RECORD_BYTES = 17 * 1024 * 1024;

/** A message as it goes over the wire. */
export function frame(type: number, body: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  out.writeUInt32BE(body.length + 1, 0);
  out.writeUInt8(type, 4);
  out.set(body, HEADER_BYTES);
  return out;
}

/** How many bytes a message with this body is on the wire. */
export function framedBytes(body: Uint8Array): number {
  return HEADER_BYTES + body.length;
}

/** Cuts a stream of bytes into messages. */
export class MessageReader {
  private readonly maxBytes: number;
  private readonly onMessage: (type: number, body: Uint8Array) => void;
  private pieces: Buffer[] = [];
  private held = 0;

  /** @param maxBytes of one message; a peer that sends longer ones is broken */
  constructor(onMessage: (type: number, body: Uint8Array) => void, maxBytes = MAX_RECORD_BYTES) {
    this.onMessage = onMessage;
    this.maxBytes = maxBytes;
  }

  /** `Malformed` when a message is longer than any can be, or empty. */
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

/** What a follower asks for; `Malformed` when it cannot be understood. */
export function parseFollow(body: Uint8Array): FollowRequest | Malformed {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString());
  } catch {
    return new Malformed("a relay request that is no JSON");
  }
  if (typeof value !== "object" || value === null) return new Malformed("a relay request that is no object");
  const { version, app, name, epoch, after, keeps, asked, newestFirst, past } = { ...value } as { readonly [key: string]: unknown };
  if (version !== VERSION) return new Malformed(`version ${String(version).slice(0, 16)} of the relay's protocol`);
  if (typeof app !== "string" || typeof name !== "string" || typeof epoch !== "string")
    return new Malformed("a relay request for nothing");
  const request = {
    ...{ version, app, name, epoch, keeps: keeps === true, asked: asked === true, newestFirst: newestFirst === true },
    past: pastOf(past),
  };
  if (after === null || after === undefined) return { ...request, after: null };
  const stamp = stampOf(after);
  return stamp ? { ...request, after: stamp } : new Malformed("a relay request behind no stamp");
}

/** What a follower wants of a connection; null when it cannot be understood. */
export function parseStripeAssignment(body: Uint8Array): StripeAssignment | null {
  const value = objectOf(body);
  const half = halfIn(value);
  if (half !== null) return { half };
  const { received } = value;
  if (typeof received === "number" && Number.isSafeInteger(received) && received >= 0) return { received };
  const [after, also, without] = [stampOf(value["after"]), rangeOf(value["also"]), rangeOf(value["without"])];
  const of = halfIn(value["also"]);
  return (after && { after }) ?? (also && of !== null ? { also: { ...also, half: of } } : null) ?? (without && { without });
}

/** How a peer fares with sending; what it does not say is null. */
export function parsePong(body: Uint8Array): Pong {
  const { behindMs, lossPercent } = objectOf(body);
  const number = (value: unknown) => (typeof value === "number" && value >= 0 ? value : null);
  return { behindMs: number(behindMs), lossPercent: number(lossPercent) };
}

/** What a follower acknowledges; null when it cannot be understood. */
export function parsePosition(body: Uint8Array): LogPosition | null {
  return stampOf(objectOf(body));
}

function objectOf(body: Uint8Array): { readonly [key: string]: unknown } {
  try {
    return { ...(JSON.parse(Buffer.from(body).toString()) as object) };
  } catch {
    return {};
  }
}

function pastOf(value: unknown): FollowRequest["past"] {
  if (typeof value !== "object" || value === null) return null;
  const { before } = value as { readonly before?: unknown };
  return { before: Number.isSafeInteger(before) ? Number(before) : null };
}

/** What a peer says that accepts. What it does not say it cannot do. */
export function parseAccepted(body: Uint8Array): Accepted {
  const { past, shares, asked } = objectOf(body);
  return { past: past === true, shares: shares === true, asked: asked === true };
}

function halfIn(value: unknown): Stripe | null {
  const { half } = { ...(value as object) } as { readonly half?: unknown };
  return half === 0 || half === 1 ? half : null;
}

function rangeOf(value: unknown): Range | null {
  const { from, to } = { ...(value as object) } as { readonly [key: string]: unknown };
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return null;
  const range = { from: Number(from), to: Number(to) };
  return range.to >= range.from && range.to - range.from <= MOST_SHARED ? range : null;
}

function stampOf(value: unknown): LogPosition | null {
  const { term, sequence } = { ...(value as object) } as { readonly [key: string]: unknown };
  if (!Number.isSafeInteger(term) || !Number.isSafeInteger(sequence)) return null;
  return { term: Number(term), sequence: Number(sequence) };
}
