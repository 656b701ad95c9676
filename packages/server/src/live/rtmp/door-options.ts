/** Defines what RTMP needs of the rest of a worker, and what it tells for log and metrics. */
import type { Ask } from "../../access/access.ts";
import type { Callbacks } from "../../access/callbacks/callbacks.ts";
import type { Refusal } from "../../platform/refusal.ts";
import type { Serve } from "../served-rendition.ts";
import type { PublishSession, Streams } from "../streams/index.ts";

export type RtmpDoorOptions = {
  readonly streams: Streams;
  readonly ask: Ask;
  /** Asked about each connection, in addition to the permission to publish or play. */
  readonly callbacks: Pick<Callbacks, "wants" | "ask" | "opened" | "closed">;
  readonly apps: () => readonly string[];
  readonly chunkSize: number;
  readonly batchMs: () => number;
  /** Null when a viewer can have a stream now, which is made where it is made on demand. */
  readonly present: (app: string, name: string) => Promise<Refusal | null>;
  /** The stream in the rendition that a client takes; null when it is not live. */
  readonly served: Serve;
  /** The beginning of the address where a client is better served, or null for here. Null: the client follows no redirects. */
  readonly redirectTarget: (app: string, ip: string, agent: string) => Promise<string | null> | null;
  readonly events: RtmpDoorEvents;
};

/** Events for log and metrics. */
export type RtmpDoorEvents = {
  readonly refused: (
    what: "publish" | "play" | "connect",
    protocol: string,
    stream: string,
    ip: string,
    refusal: Refusal,
    agent?: string,
  ) => void;
  readonly broken: (ip: string, rule: string) => void;
  /** The connection ended before it was connected to an app. slow: it took too long */
  readonly unheard: (ip: string, sign: "empty-connection" | "slow", about: string) => void;
  readonly publishing: (session: PublishSession) => void;
  readonly unpublished: (session: PublishSession, reason: string) => void;
  readonly joined: (protocol: string, seconds: number) => void;
};
