/**
 * Which process writes which stream. The processes that share the work ask one registry for the right to write, and hear from it who
 * has it. In front of it, this is what a process's streams know of the others.
 */
import type { Refusal } from "../../../platform/refusal.ts";
import type { LogEntry, LogPosition } from "../log/log-entry.ts";

/** Where a stream that is live somewhere can be had, as one process is told. */
export type Location = {
  readonly epoch: string;
  readonly term: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Who stamps its records; null while its publisher is waited for, and the process that it came to is gone. */
  readonly writer: string | null;
  /** Whom this process follows, the best first; none where it is the writer. */
  readonly sources: readonly string[];
  /** This process has to keep a copy, whether somebody watches it or not. */
  readonly isOriginCopy: boolean;
  /** It is this process that records it. */
  readonly record: boolean;
  /** The node where it is recorded. */
  readonly recorderNode: string;
};

/** The right to write a stream under a term. */
export type Claim = {
  readonly epoch: string;
  readonly term: number;
  readonly startedAt: number;
  /** Who has what was written before, and up to where; null when there is nothing that this process does not have. */
  readonly from: { readonly peer: string; readonly head: LogPosition } | null;
  /** True where another node has to acknowledge what is written before it counts as kept. */
  readonly acknowledged: boolean;
};

/** Whether a stream has a living publisher, and of which kind. */
export type Occupancy = "free" | "main" | "backup";

/** How a stream is asked for. */
export type ClaimOptions = {
  /** A publisher that was not heard for so long is not living; null: as is configured. */
  readonly silentMs: number | null;
  /** A living backup lets go of it too. */
  readonly preempt: boolean;
  /** It is a backup that asks. */
  readonly backup: boolean;
};

export type StreamLocator = {
  /** How this process is called by the others. */
  readonly self: string;
  /**
   * Asks for the next term of a stream. Refuses with `publisher-present` and `full`.
   * @param fresh begin a new epoch, because what was written before cannot be had
   */
  readonly claim: (app: string, name: string, fresh: boolean, manner: ClaimOptions) => Promise<Claim | Refusal>;
  /** Whether a living publisher has a stream, so that a claim would be refused. */
  readonly occupied: (app: string, name: string, silentMs: number | null) => Promise<Occupancy>;
  /** Null when nobody is live under this name. */
  readonly locate: (app: string, name: string) => Location | null;
  /** This process keeps a copy from now on, or no more. */
  readonly keeps: (app: string, name: string, epoch: string) => void;
  readonly drops: (app: string, name: string, epoch: string) => void;
  /** The epoch is over, says its writer. */
  readonly ended: (app: string, name: string, epoch: string) => void;
};

/**
 * What became of a record that was received. taken: it is the newest now; known: it was there already; ahead: there is a hole before it;
 * stale: it was written under a term that is over; void: what is here is not, or not any more, a part of the stream.
 */
export type Received = "taken" | "known" | "ahead" | "stale" | "void";

/** What a stream takes from other processes that have it. */
export type Receiver = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** The newest record that is there; null when there is none. */
  readonly newest: LogPosition | null;
  readonly receive: (record: LogEntry) => Received;
  /** What comes after the newest, from before it; null where nothing is ever missing. */
  readonly backfill: Past | null;
  /** The oldest record that is there; the place of the first one when there is none. */
  readonly oldest: number;
};

/** The segments before those with which a copy has begun: the newest of them first. */
export type Past = {
  readonly missing: boolean;
  /** A segment begins anew, from its context on. */
  readonly begin: () => void;
  readonly take: (record: LogEntry) => void;
  readonly segment: () => void;
  readonly over: () => void;
};

/** Why a stream cannot be followed any more: none of its sources can be had, or what is here is void. */
export type Loss = "lost" | "void";

/** A stream that is being followed. */
export type Following = {
  /** It is to be had from others now. */
  readonly turnTo: (sources: readonly string[]) => void;
  readonly stop: () => void;
};

/** Brings the records of streams from other processes. */
export type Upstreams = {
  /**
   * Follows a stream from where it has got to.
   * @param sources the best first
   * @param patient goes on trying when none of them can be had
   * @param onLost called once, when it cannot be followed any more
   */
  readonly follow: (stream: Receiver, sources: readonly string[], patient: boolean, onLost: (loss: Loss) => void) => Following;
};

/** Whether a process lets go of a stream that another wants to write, and where its records end. */
export type Yielded = { readonly living: true } | { readonly living: false; readonly head: LogPosition | null };
