/** Passes on what rooms' followers ask their owner, which is a control process of some node, and what the owner tells all workers. */

import type { RoomAnswer, RoomRequest } from "../../contracts/rooms/room-requests.ts";
import { askNode, controlNodeOf, type NodeContext } from "./node-context.ts";
import type { RoomMessages, RoomUpdateMessages, RoomWorkerMessages } from "./room-messages.ts";

export function roomHandlers(context: NodeContext): RoomMessages & RoomUpdateMessages {
  const { cluster } = context;
  return {
    room: (request) => askOwner(context, request),
    // The owner has told the workers of this node.
    roomUpdate: (update) => cluster.tellOthers("roomUpdate", update),
  };
}

export function roomNodeHandlers({ control, workers }: NodeContext): RoomMessages & RoomUpdateMessages & RoomWorkerMessages {
  return {
    room: (request) => control().call("room", request),
    roomUpdate: (update) => workers.tell("roomUpdate", update),
    roomWorkerGone: (gone) => control().tell("roomWorkerGone", gone),
  };
}

/** Asks the control process of this node, and the owner where it is at another node. */
async function askOwner(context: NodeContext, request: RoomRequest): Promise<RoomAnswer> {
  const answer = await askNode(context, controlNodeOf(context), "room", request);
  return answer.kind === "elsewhere" ? await askNode(context, answer.node, "room", request) : answer;
}
