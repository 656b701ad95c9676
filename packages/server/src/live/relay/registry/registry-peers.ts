/** Defines what the writer registry needs of the processes and nodes of the cluster. */
import type { ClaimOptions, LogPosition, Occupancy, Yielded } from "../../streams/index.ts";
import type { Copy } from "./stream-copies.ts";
import type { StreamTableEntry } from "./stream-table-entry.ts";

/** Calls to processes, here and on other nodes. A call fails with `PeerGone` when its process is certainly gone. */
export type RegistryPeers = {
  /** Null when the process does not have the stream. */
  readonly yield: (peer: string, app: string, name: string, to: string, options: ClaimOptions) => Promise<Yielded | null>;
  /** Whether a living publisher has the stream at this process. */
  readonly occupied: (peer: string, app: string, name: string, silentMs: number | null) => Promise<Occupancy>;
  /** The newest entry of a copy; null when it is empty. */
  readonly newest: (peer: string, app: string, name: string) => Promise<LogPosition | null>;
  /** The longest copy on another node; null when it has none. */
  readonly newestAt: (node: string, app: string, name: string) => Promise<Copy | null>;
  /** A stream has moved, or is over: the processes of this node have to be told. */
  readonly changed: (app: string, name: string) => void;
  /** The jobs that nodes do for a stream, besides its recording. */
  readonly jobsOf: (entry: StreamTableEntry) => readonly JobKind[];
  /** The bus is unreachable: sends a row of the stream table to the other nodes directly. */
  readonly gossip: (row: string) => void;
};

export type RegistryNodes = {
  readonly self: string;
  /** False when a node is gone, as far as this one knows. */
  readonly isUp: (node: string) => boolean;
  /** Origins of a stream that is published here. Those of `before` that can stay, stay. */
  readonly originsFor: (key: string, before: readonly string[]) => readonly string[];
  /** Nodes from which this node fetches a stream that it is no origin of, the best first. */
  readonly upstreamsOf: (key: string, origins: readonly string[]) => readonly string[];
  /** Which of a node's processes to ask for a stream. */
  readonly peerAt: (node: string, key: string) => string;
  /** The node that decides when the nodes that would have to are gone. */
  readonly eldest: () => string;
};

/** A kind of job that nodes do for streams. */
export type JobKind = {
  readonly kind: string;
  /** Nodes that can do the job for a stream, the best first. None: nobody wants it. */
  readonly candidates: (entry: StreamTableEntry) => readonly string[];
  /** Whether a process of this node does it now. */
  readonly isRunning: (entry: StreamTableEntry) => boolean;
};

export type RegistryLimits = { readonly streams: number; readonly graceMs: number };

/** A process is certainly gone: its machine has said so, or its connection broke. */
export class PeerGone extends Error {
  override readonly name = "PeerGone";
}
