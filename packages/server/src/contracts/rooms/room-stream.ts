/** Defines the question for the stream of a join code: a room is a lesson's, and the lesson has a stream. */
import type { RefusalCode } from "../../platform/refusal.ts";

/** `room` is the lesson's id. */
export type RoomStream = { readonly app: string; readonly name: string; readonly room: string } | { readonly refused: RefusalCode };

/** Answered by the control process, also of another node: names and fields are on the wire. */
export type RoomStreamMessages = {
  /** @param of a join code, or a lesson's id; the client's address counts wrong codes */
  readonly roomStream: (of: { readonly code: string; readonly ip: string }) => Promise<RoomStream>;
};
