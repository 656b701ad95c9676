/** Defines what SRT needs of the rest of a worker, and what it tells for log and metrics. */
import type { Ask } from "../../access/access.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Refusal } from "../../platform/refusal.ts";
import type { Serve } from "../served-rendition.ts";
import type { PublishSession, Streams } from "../streams/index.ts";

export type SrtDoorOptions = {
  readonly streams: Streams;
  readonly ask: Ask;
  readonly apps: () => readonly string[];
  /** Null when a viewer can have a stream now, which is made where it is made on demand. */
  readonly present: (app: string, name: string) => Promise<Refusal | null>;
  /** The stream in the rendition that a client takes; null when it is not live. */
  readonly served: Serve;
  /** Signs cookies, the same in all workers. */
  readonly secret: Uint8Array;
  /** Empty: nothing is encrypted. */
  readonly passphrase: () => string;
  readonly latencyMs: () => number;
  readonly clock: Clock;
  readonly events: SrtDoorEvents;
};

/** Events for log and metrics. */
export type SrtDoorEvents = {
  readonly refused: (
    what: "publish" | "play",
    protocol: string,
    stream: string,
    ip: string,
    refusal: Refusal,
    agent?: string,
  ) => void;
  readonly broken: (ip: string, rule: string) => void;
  readonly publishing: (session: PublishSession) => void;
  readonly unpublished: (session: PublishSession, reason: string) => void;
  readonly joined: (protocol: string, seconds: number) => void;
};
