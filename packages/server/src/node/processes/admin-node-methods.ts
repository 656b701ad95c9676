/** Answers at the admin socket of every node, whatever its roles: which nodes there are, the drain of this one, and who is still at it. */
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { AdminMethods } from "../ipc/admin-socket.ts";
import type { SupervisorMethods } from "../ipc/messages.ts";

export function adminNodeMethods(supervisor: RpcChannel<SupervisorMethods>): Pick<AdminMethods, "nodes" | "drain" | "clients"> {
  return {
    nodes: () => supervisor.call("nodes", undefined),
    drain: async ({ draining }) => {
      const [self] = await supervisor.call("nodes", undefined);
      return self ? await supervisor.call("drainNode", { id: self.id, draining }) : false;
    },
    clients: async () => {
      const reports = await supervisor.call("ownStreams", undefined);
      return {
        publishers: reports.filter(({ writing }) => writing).length,
        viewers: reports.reduce((sum, { report }) => sum + report.viewers.total, 0),
      };
    },
  };
}
