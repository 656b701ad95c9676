/**
 * Provides bodies of the relay protocol's messages, which are JSON. Some field names on the wire are other ones than here; a field that a peer does
 * not know, it ignores, and a field that is missing counts as false or null.
 */
import { Malformed } from "@lectern/media";
import { formatTraceparent, parseTraceparent, type TraceContext } from "../../../platform/tracing/trace-context.ts";
import type { LogPosition } from "../../streams/index.ts";

export type FollowRequest = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** The follower's newest entry; null when it has none. */
  readonly after: LogPosition | null;
  /** The follower is one of the stream's origins, and acknowledges entries. Wire: `keeps`. */
  readonly isOriginCopy: boolean;
  /** Send only entries that an assignment requests. Wire: `asked`. */
  readonly repairOnly: boolean;
  /** Begin with the newest GOP; otherwise with the oldest. */
  readonly newestFirst: boolean;
  /** Send the segments before this entry, or before the first entry sent. Null: no backfill. Wire: `past`. */
  readonly backfill: { readonly before: number | null } | null;
  /** How long entries may wait to be sent together, milliseconds. Wire: `waits`; missing: not at all. */
  readonly mayWaitMs: number;
  /** What the stream is followed for; null: nothing that is traced. Wire: `trace`, as a `traceparent`. */
  readonly trace: TraceContext | null;
};

export type Stripe = 0 | 1;

/** From one sequence number to another, both included. */
export type Range = { readonly from: number; readonly to: number };
/** The entries of one stripe in a range. */
export type StripeRange = Range & { readonly stripe: Stripe };

/** Which entries a connection sends. */
export type StripeAssignment =
  /** Those of one stripe, from now on. Wire: `half`. */
  | { readonly kind: "stripe"; readonly stripe: Stripe }
  /** All entries behind this one. Wire: `after`. */
  | { readonly kind: "all"; readonly after: LogPosition }
  /** In addition these of one stripe, at once. Wire: `also`. */
  | { readonly kind: "also"; readonly range: StripeRange }
  /** Not these of its stripe, as far as they are not sent yet. Wire: `without`. */
  | { readonly kind: "without"; readonly range: Range }
  /** The follower has received so many bytes of entries; this bounds the in-flight window. Wire: `received`. */
  | { readonly kind: "received"; readonly bytes: number };

export type Pong = {
  /** Milliseconds of the stream that could not be sent yet. */
  readonly behindMs: number | null;
  /** Share of recently sent bytes that TCP sent again, per cent. */
  readonly lossPercent: number | null;
  /** As when it accepted; another one has come meanwhile. Wire: `trace`, as a `traceparent`. */
  readonly publisher: TraceContext | null;
};

const VERSION = 2;
/** Nodes of the commit before this one ask less of a peer that does not name these. */
const ABILITIES = { past: true, shares: true, asked: true } as const;
/** The longest that entries wait for a follower, whatever it says, milliseconds. */
const MAX_WAIT_MS = 200;
/** Entries that a follower may move at a time. */
const MAX_RANGE = 10_000;

type Fields = { readonly [key: string]: unknown };

/** The stripe of an entry. Audio and video often alternate and must not be separated: Knuth's multiplicative hash. */
export function stripeOf(sequence: number): Stripe {
  return Math.imul(sequence, 0x9e3779b1) < 0 ? 1 : 0;
}

export function followBody({ isOriginCopy, repairOnly, newestFirst, backfill, ...of }: FollowRequest): Buffer {
  const { app, name, epoch, after, mayWaitMs, trace } = of;
  return json({
    version: VERSION,
    app,
    name,
    epoch,
    after,
    keeps: isOriginCopy,
    asked: repairOnly,
    newestFirst,
    past: backfill,
    // Nodes of the commit before this one send neutral frames to those who say so.
    frames: true,
    waits: mayWaitMs,
    ...traceField(trace),
  });
}

/** `Malformed` when the request cannot be understood. */
export function parseFollow(body: Uint8Array): FollowRequest | Malformed {
  const fields = fieldsOf(body);
  if (!fields) return new Malformed("a relay request that is no JSON object");
  const { version, app, name, epoch, after, keeps, asked, newestFirst, past, waits, trace } = fields;
  if (version !== VERSION) return new Malformed(`version ${String(version).slice(0, 16)} of the relay protocol`);
  if (typeof app !== "string" || typeof name !== "string" || typeof epoch !== "string")
    return new Malformed("a relay request without a stream");
  const position = positionIn(after);
  if (!position && after !== null && after !== undefined) return new Malformed("a relay request with an invalid position");
  return {
    app,
    name,
    epoch,
    after: position,
    isOriginCopy: keeps === true,
    repairOnly: asked === true,
    newestFirst: newestFirst === true,
    backfill: backfillIn(past),
    mayWaitMs: waitIn(waits),
    trace: parseTraceparent(trace),
  };
}

export function assignmentBody(assignment: StripeAssignment): Buffer {
  switch (assignment.kind) {
    case "stripe":
      return json({ half: assignment.stripe });
    case "all":
      return json({ after: assignment.after });
    case "also": {
      const { from, to, stripe } = assignment.range;
      return json({ also: { from, to, half: stripe } });
    }
    case "without":
      return json({ without: assignment.range });
    case "received":
      return json({ received: assignment.bytes });
  }
}

/** Null when the assignment cannot be understood. */
export function parseStripeAssignment(body: Uint8Array): StripeAssignment | null {
  const fields = fieldsOf(body) ?? {};
  const stripe = stripeIn(fields);
  if (stripe !== null) return { kind: "stripe", stripe };
  const { received } = fields;
  if (typeof received === "number" && Number.isSafeInteger(received) && received >= 0) return { kind: "received", bytes: received };
  const after = positionIn(fields["after"]);
  if (after) return { kind: "all", after };
  const [also, ofStripe] = [rangeIn(fields["also"]), stripeIn(fields["also"])];
  if (also && ofStripe !== null) return { kind: "also", range: { ...also, stripe: ofStripe } };
  const without = rangeIn(fields["without"]);
  return without && { kind: "without", range: without };
}

/** @param publisher the span of the stream's publisher; null: it is not recorded */
export function acceptedBody(publisher: TraceContext | null): Buffer {
  return json({ ...ABILITIES, ...traceField(publisher) });
}

/** The span of the stream's publisher. */
export function parseAccepted(body: Uint8Array): TraceContext | null {
  return parseTraceparent(fieldsOf(body)?.["trace"]);
}

export function pongBody({ behindMs, lossPercent, publisher }: Pong): Buffer {
  return json({ behindMs, lossPercent, ...traceField(publisher) });
}

/** A figure that the peer does not name is null. */
export function parsePong(body: Uint8Array): Pong {
  const { behindMs, lossPercent, trace } = fieldsOf(body) ?? {};
  const number = (value: unknown) => (typeof value === "number" && value >= 0 ? value : null);
  return { behindMs: number(behindMs), lossPercent: number(lossPercent), publisher: parseTraceparent(trace) };
}

/** `mayWaitMs`: how long entries may wait, milliseconds. `wantsKeyFrame`: a viewer cannot go on without one. */
export type Ping = { readonly mayWaitMs: number; readonly wantsKeyFrame: boolean };

export function pingBody({ mayWaitMs, wantsKeyFrame }: Ping): Buffer {
  return json({ waits: mayWaitMs, ...(wantsKeyFrame ? { keyFrame: true } : {}) });
}

/** A peer that does not say how long entries may wait wants them at once. */
export function parsePing(body: Uint8Array): Ping {
  const fields = body.length > 0 ? fieldsOf(body) : null;
  return { mayWaitMs: waitIn(fields?.["waits"]), wantsKeyFrame: fields?.["keyFrame"] === true };
}

export function positionBody({ term, sequence }: LogPosition): Buffer {
  return json({ term, sequence });
}

/** Null when the position cannot be understood. */
export function parsePosition(body: Uint8Array): LogPosition | null {
  return positionIn(fieldsOf(body));
}

function traceField(trace: TraceContext | null) {
  return trace ? { trace: formatTraceparent(trace) } : {};
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function fieldsOf(body: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function waitIn(value: unknown): number {
  return typeof value === "number" && value > 0 ? Math.min(value, MAX_WAIT_MS) : 0;
}

function backfillIn(value: unknown): FollowRequest["backfill"] {
  if (!isFields(value)) return null;
  const { before } = value;
  return { before: Number.isSafeInteger(before) ? Number(before) : null };
}

function stripeIn(value: unknown): Stripe | null {
  const half = isFields(value) ? value["half"] : null;
  return half === 0 || half === 1 ? half : null;
}

function rangeIn(value: unknown): Range | null {
  if (!isFields(value)) return null;
  const [from, to] = [value["from"], value["to"]];
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return null;
  const range = { from: Number(from), to: Number(to) };
  return range.to >= range.from && range.to - range.from <= MAX_RANGE ? range : null;
}

function positionIn(value: unknown): LogPosition | null {
  if (!isFields(value)) return null;
  const [term, sequence] = [value["term"], value["sequence"]];
  if (!Number.isSafeInteger(term) || !Number.isSafeInteger(sequence)) return null;
  return { term: Number(term), sequence: Number(sequence) };
}
