/**
 * Defines what the streams of a process need of the other processes: a locator, which grants claims and tells where a stream is, and
 * upstreams, which bring the entries of streams that others write.
 */
import type { Refusal } from "../../../platform/refusal.ts";
import type { LogPosition } from "../log/log-entry.ts";
import type { Receiver } from "../log/log-receiver.ts";

/** Where a live stream is, seen from one process. */
export type Location = {
  readonly epoch: string;
  readonly term: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The process that writes its entries; null while its publisher is waited for, and the process that it came to is gone. */
  readonly writer: string | null;
  /** Processes that this one follows, the best first; none where it is the writer. */
  readonly sources: readonly string[];
  /** This process keeps a copy, with or without viewers. */
  readonly isOriginCopy: boolean;
  /** This process records it. */
  readonly record: boolean;
  /** The node that records it. */
  readonly recorderNode: string;
};

/** The right to write a stream under a term. */
export type Claim = {
  readonly epoch: string;
  readonly term: number;
  readonly startedAt: number;
  /** A process that has the entries written before, and up to which; null when this process has them all. */
  readonly from: { readonly peer: string; readonly head: LogPosition } | null;
  /** True where another node has to acknowledge entries before they are committed. */
  readonly acknowledged: boolean;
};

/** Whether a stream has a living publisher, and of which kind. */
export type Occupancy = "free" | "main" | "backup";

/** How a stream is claimed. */
export type ClaimOptions = {
  /** A publisher that is silent for so long does not count as living; null: as is configured. */
  readonly silentMs: number | null;
  /** A living backup loses the stream too. */
  readonly preempt: boolean;
  /** The claim is for a backup. */
  readonly backup: boolean;
};

export type StreamLocator = {
  /** The name of this process among the others. */
  readonly self: string;
  /**
   * Asks for the next term of a stream. Refuses with `publisher-present` and `full`.
   * @param fresh begin a new epoch, because earlier entries cannot be had
   */
  readonly claim: (app: string, name: string, fresh: boolean, options: ClaimOptions) => Promise<Claim | Refusal>;
  /** Whether a living publisher has a stream, so that a claim would be refused. */
  readonly occupied: (app: string, name: string, silentMs: number | null) => Promise<Occupancy>;
  /** Null when no stream of this name is live. */
  readonly locate: (app: string, name: string) => Location | null;
  /** This process has a copy from now on, or no longer. */
  readonly keeps: (app: string, name: string, epoch: string) => void;
  readonly drops: (app: string, name: string, epoch: string) => void;
  /** The writer tells that the epoch is over. */
  readonly ended: (app: string, name: string, epoch: string) => void;
};

/** Why a stream cannot be followed any more: none of its sources can be reached, or the entries of this copy are void. */
export type Loss = "lost" | "void";

/** A stream that is being followed. */
export type Following = {
  /** Other processes have it now. */
  readonly turnTo: (sources: readonly string[]) => void;
  readonly stop: () => void;
};

/** Brings the entries of streams from other processes. */
export type Upstreams = {
  /**
   * Follows a stream from its newest entry on.
   * @param sources the best first
   * @param patient keep trying when none of them can be reached
   * @param onLost called once, when it cannot be followed any more
   */
  readonly follow: (stream: Receiver, sources: readonly string[], patient: boolean, onLost: (loss: Loss) => void) => Following;
};

/** Whether a process gives up a stream that another process claims, and where its entries end. */
export type Yielded = { readonly living: true } | { readonly living: false; readonly head: LogPosition | null };
