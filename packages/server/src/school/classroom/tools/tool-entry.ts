/** Makes the entry of a tool that is shown to everybody, one at a time: the newest of its key is what is shown. */
import type { NewRoomEntry } from "@lectern/room";

/** @param body null: nothing is shown any more */
export function toolEntry(kind: NewRoomEntry["kind"], key: string, body: NewRoomEntry["body"] | null): NewRoomEntry {
  const about = { kind, to: "all", key } as const;
  return body === null ? { ...about, gone: true, body: {} } : { ...about, body };
}
