/** Defines what a person is in a room, as far as pages offer something by it; the server decides. Who is not known yet counts as a student. */
import type { Room } from "./use-room.ts";

type Here = Pick<Room, "you">;

/** Only reads. */
export function isObserver({ you }: Here): boolean {
  return you?.role === "watcher";
}

/** Is there to see how the lesson goes: a parent or an inspector, who may write or not. */
export function looksOn({ you }: Here): boolean {
  return you?.watches === true;
}

/** Answers, signs in and raises a hand: neither staff nor a parent or an inspector. */
export function isStudent({ you }: Here): boolean {
  return you?.role !== "staff" && you?.watches !== true;
}
