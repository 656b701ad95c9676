/**
 * Lists the messages about what clients told when they were admitted. An HLS session may come to any worker of any node, and does not repeat what its
 * viewer said first: the supervisor of the node that issued it remembers that for a question to a back end.
 */
import type { SharedFacts } from "./back-end-question.ts";

/** Answered by the supervisor. */
export type SessionFactMessages = {
  /** @param of the session's number; only where a rule asks a back end */
  readonly noteSession: (of: { readonly session: number; readonly told: SharedFacts }) => void;
  /** Null: neither this node nor another that can be reached knows the session. */
  readonly sessionFacts: (of: { readonly session: number }) => Promise<SharedFacts | null>;
};

/** Between nodes: names and fields are on the wire. Null: this node does not know the session. */
export type SessionFactNodeMessages = { readonly sessionFacts: (of: { readonly session: number }) => SharedFacts | null };
