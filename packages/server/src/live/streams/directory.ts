/**
 * Which process writes which stream. The processes that share the work ask one registry for the right to write, and hear from it who
 * has it. In front of it, this is what a process's streams know of the others.
 */
import type { Refusal } from "../../platform/refusal.ts";
import type { Stamp, StreamRecord } from "./record.ts";

/** Where a stream that is live somewhere can be had. */
export type Location = {
  readonly epoch: string;
  readonly term: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Who stamps its records; null while its publisher is waited for, and the process that it came to is gone. */
  readonly writer: string | null;
  /** Who keeps a copy of it, the writer among them. */
  readonly holders: readonly string[];
};

/** The right to write a stream under a term. */
export type Claim = {
  readonly epoch: string;
  readonly term: number;
  readonly startedAt: number;
  /** Who has what was written before, and up to where; null when there is nothing that this process does not have. */
  readonly from: { readonly peer: string; readonly head: Stamp } | null;
};

export type Directory = {
  /** How this process is called by the others. */
  readonly self: string;
  /**
   * Asks for the next term of a stream. Refuses with `publisher-present` and `full`.
   * @param fresh begin a new epoch, because what was written before cannot be had
   */
  readonly claim: (app: string, name: string, fresh: boolean) => Promise<Claim | Refusal>;
  /** Whether a living publisher has a stream, so that a claim would be refused. */
  readonly occupied: (app: string, name: string) => Promise<boolean>;
  /** Null when nobody is live under this name. */
  readonly locate: (app: string, name: string) => Location | null;
  /** This process keeps a copy from now on, or no more. */
  readonly keeps: (app: string, name: string, epoch: string) => void;
  readonly drops: (app: string, name: string, epoch: string) => void;
  /** The epoch is over, says its writer. */
  readonly ended: (app: string, name: string, epoch: string) => void;
};

/** What a stream takes from another process that has it. */
export type Receiver = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** The newest record that is there; null when there is none. */
  readonly newest: Stamp | null;
  /** False when the record does not continue what is there. */
  readonly receive: (record: StreamRecord) => boolean;
};

/**
 * Why a stream cannot be followed any more. lost: the peer cannot be had, or does not have the stream; void: what is here is not, or not
 * any more, a part of what the peer has.
 */
export type Loss = "lost" | "void";

/** Brings the records of streams from other processes. */
export type Upstreams = {
  /**
   * Follows a stream from where it has got to.
   * @param onLost called once, when it cannot be followed any more
   * @returns a function that ends it
   */
  readonly follow: (peer: string, stream: Receiver, onLost: (loss: Loss) => void) => () => void;
};

/** Whether a process lets go of a stream that another wants to write, and where its records end. */
export type Yielded = { readonly living: true } | { readonly living: false; readonly head: Stamp | null };
