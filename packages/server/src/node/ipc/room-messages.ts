/** Lists the messages of rooms: the audience of a stream, and what rooms' owners and their followers tell each other. */

import type { RoomAnswer, RoomRequest, RoomUpdate } from "../../contracts/rooms/room-requests.ts";
import type { StreamKey } from "../../live/relay/registry/stream-table-entry.ts";

/** Answered by the control process that owns the room: names and fields are on the wire. */
export type RoomMessages = {
  /** Asks the owner of a room, or hears which node has it. A supervisor asks that node. */
  readonly room: (request: RoomRequest) => Promise<RoomAnswer>;
};

/** Answered by media workers, and by the supervisors of all nodes: what has happened in a room. */
export type RoomUpdateMessages = {
  readonly roomUpdate: (update: RoomUpdate) => void;
};

/** Answered by the control process, and by the supervisors of all nodes. */
export type RoomWorkerMessages = {
  /** A media worker, `NODE/WORKER`, has died, with everybody who was in rooms there. @param of `at`: milliseconds since 1970 */
  readonly roomWorkerGone: (of: { readonly worker: string; readonly at: number }) => void;
};

/** Answered by the supervisor. */
export type AudienceMessages = {
  /** The viewers of a stream at all nodes. */
  readonly audience: (of: StreamKey) => Promise<number>;
};
