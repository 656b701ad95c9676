/** Lists the messages of cluster membership: which nodes there are, their drains, and streams that they fetch ahead of time. */
import type { Member } from "../../network/membership.ts";
import type { NodeTable } from "../cluster/node-table.ts";

type StreamName = { readonly app: string; readonly name: string };

export type MembershipMessages = {
  /** All nodes, this one first. */
  readonly nodes: () => Promise<Member[]>;
  /** Drains a node, or ends its drain; false: no such node. */
  readonly drainNode: (of: { readonly id: string; readonly draining: boolean }) => Promise<boolean>;
  /** Has nodes fetch a stream before a viewer asks for it; null: all nodes. Returns the nodes that do. */
  readonly prefetchStream: (of: StreamName & { readonly nodes: readonly string[] | null }) => Promise<string[]>;
};
export type MembershipWorkerMessages = {
  readonly nodes: (table: NodeTable) => void;
  /** Admits no new clients and moves the others to other nodes; or ends that. */
  readonly setDraining: (draining: boolean) => void;
  /** Keeps a copy of a stream for a while without a viewer; false: the stream is not live. */
  readonly prefetchStream: (of: StreamName) => boolean;
};
export type MembershipControlMessages = {
  /** All nodes, this one first; each second and at each change. */
  readonly members: (members: readonly Member[]) => void;
  /** A worker has died, and may have left recorded files open. */
  readonly workerGone: () => void;
};
/** Names and fields are on the wire. */
export type MembershipNodeMessages = {
  readonly drainNode: (of: { readonly draining: boolean }) => void;
  /** Asked when a node's heartbeats are missing: any answer tells that it lives. */
  readonly alive: (of: null) => true;
  readonly prefetchStream: (of: StreamName) => Promise<boolean>;
};
