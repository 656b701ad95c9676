/** Handles messages of membership: lists the nodes for child processes, and forwards drains and prefetches to the nodes. */
import type { Member } from "../../network/membership.ts";
import type { MembershipMessages, MembershipNodeMessages } from "./member-messages.ts";
import { askNode, type NodeContext } from "./node-context.ts";

export function memberHandlers(context: NodeContext): MembershipMessages {
  const { cluster } = context;
  return {
    nodes: async () => cluster.members(),
    drainNode: async ({ id, draining }) => {
      if (!cluster.members().some((member) => member.id === id && member.state !== "gone")) return false;
      await askNode(context, id, "drainNode", { draining });
      return true;
    },
    prefetchStream: async ({ nodes, ...of }) => {
      const chosen = cluster.members().filter(({ id, state }) => state === "up" && (nodes?.includes(id) ?? true));
      const ask = async ({ id }: Member) => ((await askNode(context, id, "prefetchStream", of)) ? [id] : []);
      const fetched = await Promise.allSettled(chosen.map(ask));
      return fetched.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    },
  };
}

export function memberNodeHandlers({ cluster, registry, workers }: NodeContext): MembershipNodeMessages {
  return {
    alive: () => true,
    drainNode: ({ draining }) => {
      cluster.setDraining(draining);
      workers.tell("setDraining", draining);
    },
    prefetchStream: async (of) => {
      const lead = registry.leadFor(of.app, of.name)?.split("/")[1] ?? "";
      return (await workers.channel(lead)?.call("prefetchStream", of)) ?? false;
    },
  };
}
