/** Defines the context of the supervisor's message handlers: the processes of this node, and the calls to other nodes. */
import type { WriterRegistry } from "../../live/relay/registry/writer-registry.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ControlQuestionMessages } from "./control-questions.ts";
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

/** The node whose control process answers this node. @throws Error where none is reachable */
export function controlNodeOf({ cluster }: Pick<NodeContext, "cluster">): string {
  const node = cluster.controlNode();
  if (node === null) throw new Error("no node with the role control is reachable");
  return node;
}

/** Passes questions on to the node that has the control process. */
export function controlHandlers(context: Pick<NodeContext, "cluster" | "here">): ControlQuestionMessages {
  return { askControl: async (question) => await askNode(context, controlNodeOf(context), "askControl", question) };
}

/** Answers other nodes with what this node's control process says. */
export function controlNodeHandlers({ control }: NodeContext): ControlQuestionMessages {
  return { askControl: (question) => control().call("askControl", question) };
}
