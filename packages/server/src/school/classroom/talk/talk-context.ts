/** Defines what the domains of talk need of the others. */
import type { NewRoomEntry } from "@lectern/room";
import type { Sheds } from "../../../contracts/degradation/degradation.ts";
import type { Outcome, RequestedAction, RoomView } from "../domain.ts";
import type { RoomShedding } from "../room-shedding.ts";
import type { TextCheck } from "../text-check.ts";

/** A text that staff decide about before others see it. */
export type HeldText = {
  readonly ref: string;
  readonly text: string;
  /** Names of the word lists that decided. */
  readonly reason: string;
  /** What others see once staff have approved it. */
  readonly entry: NewRoomEntry;
};

export type TalkContext = {
  readonly check: TextCheck;
  readonly hold: (room: RoomView, action: RequestedAction<unknown>, held: HeldText) => Outcome;
  readonly degradation: Sheds;
  readonly shedding: Pick<RoomShedding, "opened" | "closed">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};
