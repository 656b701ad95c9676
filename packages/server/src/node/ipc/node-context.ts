/** Defines the context of the supervisor's message handlers: the processes of this node, and the calls to other nodes. */
import type { PolicyQueries, PolicySources, RefusalMessages } from "../../access/policies/policy-messages.ts";
import type { WriterRegistry } from "../../live/relay/registry/writer-registry.ts";
import type { MaterialMessages } from "../../platform/materials/material-messages.ts";
import type { ProbeMessages } from "../../platform/monitoring/probe-messages.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ControlMethods, NodeMethods } from "./messages.ts";
import type { Workers } from "./workers.ts";

export type NodeContext = {
  readonly cluster: Cluster<NodeMethods>;
  readonly registry: WriterRegistry;
  readonly workers: Workers;
  readonly control: () => RpcChannel<ControlMethods>;
  /** This node's own answers to messages between nodes. */
  readonly here: () => NodeMethods;
};

/** Calls a node, which may be this one. */
export async function askNode<N extends keyof NodeMethods>(
  { cluster, here }: Pick<NodeContext, "cluster" | "here">,
  node: string,
  method: N,
  of: Parameters<NodeMethods[N]>[0],
  withinMs?: number,
): Promise<Awaited<ReturnType<NodeMethods[N]>>> {
  if (node !== cluster.self) return await cluster.call(node, method, of, withinMs);
  // TypeScript does not relate a method chosen by its name to its parameter.
  return (await here()[method](of as never)) as Awaited<ReturnType<NodeMethods[N]>>;
}

/** Calls the node that has the control process. */
export async function askControl<
  N extends
    | keyof PolicyQueries
    | keyof PolicySources
    | keyof RefusalMessages
    | "recordingSeen"
    | "betterRtmp"
    | "roomStream"
    | "room"
    | "roomReplay"
    | "views"
    | keyof ProbeMessages
    | keyof MaterialMessages,
>(
  context: Pick<NodeContext, "cluster" | "here">,
  method: N,
  of: Parameters<NodeMethods[N]>[0],
): Promise<Awaited<ReturnType<NodeMethods[N]>>> {
  const node = context.cluster.controlNode();
  if (node === null) throw new Error("no node with the role control is reachable");
  return await askNode(context, node, method, of);
}
