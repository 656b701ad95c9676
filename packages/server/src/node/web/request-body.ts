/**
 * Reads the body of a request before anything that clients share is taken for it. A body has a limit of bytes and a least speed, and the bodies of one
 * address have a limit of memory, so slow and large ones cost only their own connection.
 */
import type { Readable } from "node:stream";
import { bodyOf, type MediaRequest } from "../../live/http/media-request.ts";
import type { ByteBudget } from "../../platform/byte-budget.ts";
import { type Clock, systemClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";

/** The largest route, an import, takes this much; each route has its own limit. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** The outer bound of a request with its body, whatever progress it makes. Bodies have limits of their own within it, which answer in words. */
export const REQUEST_WITHIN_MS = 15 * 60_000;
/** A body may take this long… */
const GRACE_MS = 25_000;
/** …and the time that its bytes take at this speed. It is held in memory meanwhile, so the largest one takes less than five minutes. */
const BYTES_PER_SECOND = 64 * 1024;

export type RequestBody = {
  readonly bytes: Buffer;
  /** Frees its part of the budget. May be called twice. */
  readonly release: () => void;
};

export type BodyLimits = {
  readonly budget: ByteBudget;
  /** Default: the system's. */
  readonly clock?: Clock;
};

/**
 * Resolves with the body, which is empty where there is none; with null when the client has left.
 * @param owner the address that the memory is counted for
 */
export function readBody(request: MediaRequest, owner: string, limits: BodyLimits): Promise<RequestBody | Refusal | null> {
  const length = request.headers["content-length"];
  if (!hasBody(request)) return Promise.resolve({ bytes: Buffer.alloc(0), release: () => {} });
  if (length !== undefined && Number(length) > MAX_BODY_BYTES) return Promise.resolve(new Refusal("too-large"));
  return collect(bodyOf(request), owner, limits);
}

function hasBody({ raw, headers }: MediaRequest): boolean {
  if ("stream" in raw) return !raw.stream.endAfterHeaders;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function collect(
  from: Readable,
  owner: string,
  { budget, clock = systemClock }: BodyLimits,
): Promise<RequestBody | Refusal | null> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const since = clock.monotonic();
    let held = 0;
    let stopTimer = (): void => {};
    const release = (): void => {
      budget.giveBack(owner, held);
      held = 0;
    };
    const settle = (result: RequestBody | Refusal | null): void => {
      stopTimer();
      from.off("data", take).off("end", end).off("close", leave);
      if (result instanceof Refusal || result === null) release();
      resolve(result);
    };
    const take = (piece: Buffer): void => {
      if (held + piece.length > MAX_BODY_BYTES) return settle(new Refusal("too-large"));
      if (!budget.take(owner, piece.length)) return settle(new Refusal("too-many"));
      held += piece.length;
      pieces.push(piece);
    };
    const end = (): void => settle({ bytes: Buffer.concat(pieces, held), release });
    const leave = (): void => settle(null);
    const checkSpeed = (): void => {
      const leftMs = since + GRACE_MS + (held / BYTES_PER_SECOND) * 1000 - clock.monotonic();
      if (leftMs <= 0) settle(new Refusal("too-slow"));
      else stopTimer = clock.after(leftMs, checkSpeed);
    };
    checkSpeed();
    from.on("data", take).on("end", end).on("close", leave);
    // A client that breaks off emits an error before the close.
    from.on("error", () => {});
  });
}
