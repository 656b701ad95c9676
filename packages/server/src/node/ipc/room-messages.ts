/** Messages of rooms: the stream of a join code, and the audience of a stream. */
import type { StreamKey } from "../../live/relay/registry/stream-table-entry.ts";
import type { RefusalCode } from "../../platform/refusal.ts";

export type RoomStream = StreamKey | { readonly refused: RefusalCode };

/** Answered by the control process, also of another node: names and fields are on the wire. */
export type RoomMessages = {
  /** @param of the client's address counts wrong codes */
  readonly roomStream: (of: { readonly code: string; readonly ip: string }) => Promise<RoomStream>;
};
/** Answered by the supervisor. */
export type AudienceMessages = {
  /** The viewers of a stream at all nodes. */
  readonly audience: (of: StreamKey) => Promise<number>;
};
