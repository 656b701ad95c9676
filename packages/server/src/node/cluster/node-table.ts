/** Defines what a media worker knows of the cluster. */
import type { Impediment } from "./cluster-entry.ts";

/** The other nodes as a media worker knows them, sent by the supervisor at each change. */
export type NodeTable = {
  /** Host and relay ports of each node's media workers, in the order of the workers. */
  readonly relays: Readonly<Record<string, { readonly host: string; readonly ports: readonly number[] }>>;
  /** The node whose control process answers; null: this one; empty: no node. */
  readonly control: string | null;
  /** Nodes that streams are likely to be fetched from, the most likely first. */
  readonly likely: readonly string[];
  /** What the process adds to the machine's clock, milliseconds: see `network/clock-offset.ts`. */
  readonly clockCorrectionMs: number;
  /** Why this node has not joined its cluster, and is not ready; null: it has. */
  readonly impediment: Impediment | null;
};
