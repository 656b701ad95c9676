/** Reads what the server does without in a room for now, of what a page has words for. */
import type { Room } from "./use-room.ts";

export function shedIn<Name extends string>({ signal }: Pick<Room, "signal">, known: readonly Name[]): readonly Name[] {
  const told: unknown = signal("shed")?.["what"];
  return Array.isArray(told) ? known.filter((name) => told.includes(name)) : [];
}
