/** Defines what parents and inspectors do in a room: they see and hear, and write where that was allowed. */
import type { RoomAction, RoomPerson } from "@lectern/room";

const WRITTEN = ["chat", "danmaku", "question", "reaction"];

export function mayObserver({ role }: Pick<RoomPerson, "role">, { kind, body }: Pick<RoomAction, "kind" | "body">): boolean {
  // A link to play the people of a small lesson, and no key to be among them.
  if (kind === "stage") return body["action"] === "key" && body["publish"] === false;
  return role !== "watcher" && WRITTEN.includes(kind);
}
