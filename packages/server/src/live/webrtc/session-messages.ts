/** Requests for a session that arrive at another worker or node than its own, and are passed on. Names and fields are on the wire between nodes. */
import type { RefusalCode } from "../../platform/refusal.ts";

export type SessionRequest = {
  /** The session's name. */
  readonly session: string;
  readonly kind: "whip" | "whep";
  /** `APP/NAME` of the address. */
  readonly stream: string;
  readonly method: "PATCH" | "DELETE";
  /** Empty: none. */
  readonly contentType: string;
  /** The condition of `If-Match`; empty: none. */
  readonly ifMatch: string;
  readonly body: string;
};

export type SessionAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What the session's worker answers. */
export type PassedAnswer = SessionAnswer | { readonly refused: RefusalCode };

/** Answered by the worker that has the session. */
export type SessionWorkerMessages = { readonly webRtcSession: (request: SessionRequest) => Promise<PassedAnswer> };
/** Answered by the supervisor, which finds the worker or the node. */
export type SessionCallMessages = { readonly webRtcSession: (request: SessionRequest) => Promise<PassedAnswer> };
/** Between nodes. */
export type SessionNodeMessages = { readonly webRtcSession: (request: SessionRequest) => Promise<PassedAnswer> };
