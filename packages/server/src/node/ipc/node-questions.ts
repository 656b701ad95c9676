/**
 * Asks a node, by its name, what its supervisor answers other nodes. The supervisor of the process that asks passes the question on without knowing it:
 * what one node can ask another one, each process of a node can ask any node, its own among them.
 */
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { NodeMethods } from "./messages.ts";
import { askNode, type NodeContext } from "./node-context.ts";
import type { NodeQuestionMessages } from "./node-question-messages.ts";

/** @throws Error where the node cannot be reached, or does not answer */
export type AskNode = <N extends keyof NodeMethods>(
  node: string,
  name: N,
  of: Parameters<NodeMethods[N]>[0],
  withinMs?: number,
) => Promise<Awaited<ReturnType<NodeMethods[N]>>>;

/** For the processes of a node. */
export function nodeAskerOf(supervisor: RpcChannel<NodeQuestionMessages>): AskNode {
  const ask = (node: string, name: keyof NodeMethods, of: unknown, withinMs?: number): Promise<unknown> =>
    supervisor.call("askNode", { node, name, of, withinMs }, withinMs);
  // TypeScript does not relate an answer to its question's name: both ends run this program.
  return ask as AskNode;
}

export function nodeQuestionHandlers(context: Pick<NodeContext, "cluster" | "here">): NodeQuestionMessages {
  return {
    askNode: async ({ node, name, of, withinMs }) => await askNode(context, node, name as keyof NodeMethods, of as never, withinMs),
  };
}
