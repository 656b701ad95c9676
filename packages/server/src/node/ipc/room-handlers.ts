/** Passes on what rooms' followers ask their owner, which is a control process of some node, and what the owner tells all workers. */

import type { RoomReplayMessages } from "../../platform/rooms/room-replay.ts";
import type { RoomAnswer, RoomRequest } from "../../platform/rooms/room-requests.ts";
import { askControl, askNode, type NodeContext } from "./node-context.ts";
import type { RoomMessages, RoomOwnerMessages, RoomUpdateMessages, RoomWorkerMessages } from "./room-messages.ts";

export function roomHandlers(context: NodeContext): RoomMessages & RoomReplayMessages & RoomOwnerMessages & RoomUpdateMessages {
  const { cluster, workers } = context;
  return {
    roomStream: (of) => askControl(context, "roomStream", of),
    roomReplay: (request) => askControl(context, "roomReplay", request),
    room: (request) => askOwner(context, request),
    roomAt: ({ node, request }) => askNode(context, node, "room", request),
    roomUpdate: (update) => {
      workers.tell("roomUpdate", update);
      cluster.tellOthers("roomUpdate", update);
    },
  };
}

export function roomNodeHandlers({
  control,
  workers,
}: NodeContext): RoomMessages & RoomReplayMessages & RoomUpdateMessages & RoomWorkerMessages {
  return {
    roomStream: (of) => control().call("roomStream", of),
    roomReplay: (request) => control().call("roomReplay", request),
    room: (request) => control().call("room", request),
    roomUpdate: (update) => workers.tell("roomUpdate", update),
    roomWorkerGone: (gone) => control().tell("roomWorkerGone", gone),
  };
}

/** Asks the control process of this node, and the owner where it is at another node. */
async function askOwner(context: NodeContext, request: RoomRequest): Promise<RoomAnswer> {
  const answer = await askControl(context, "room", request);
  return answer.kind === "elsewhere" ? await askNode(context, answer.node, "room", request) : answer;
}
