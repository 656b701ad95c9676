/** Defines how a media worker asks the control process: directly where its node has one, and through the supervisor where another node does. */
import type { AskOwner } from "../../live/rooms/door.ts";
import { hasRole } from "../../network/membership.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import { ControlLink } from "../ipc/control-link.ts";
import { type AskControl, askerOf, controlAsker } from "../ipc/control-questions.ts";
import type { SupervisorMethods } from "../ipc/messages.ts";
import { nodeAskerOf } from "../ipc/node-questions.ts";
import type { WorkerStart } from "../ipc/process-start.ts";
import type { RoomUpdateMessages } from "../ipc/room-messages.ts";
import { workerLinkSocket } from "../process-names.ts";

export type WorkerControl = {
  readonly ask: AskControl;
  /** Asks the owner of a room, at whichever node it is. */
  readonly askRoom: AskOwner;
  /** From now on, what owners of rooms at this node tell is taken. */
  readonly serve: (updates: RoomUpdateMessages) => void;
};

export function workerControl(
  { config, directory }: Pick<WorkerStart, "config" | "directory">,
  supervisor: RpcChannel<SupervisorMethods>,
): WorkerControl {
  if (!hasRole(config, "control"))
    return { ask: askerOf(supervisor), askRoom: (request) => supervisor.call("room", request), serve: () => {} };
  const link = new ControlLink(workerLinkSocket(directory));
  const askNode = nodeAskerOf(supervisor);
  return {
    ask: controlAsker((question, withinMs) => link.call("askControl", question, withinMs)),
    askRoom: async (request) => {
      const answer = await link.call("room", request);
      return answer.kind === "elsewhere" ? await askNode(answer.node, "room", request) : answer;
    },
    serve: (updates) => link.serve(updates),
  };
}
