/** Tells staff of a lesson what the school's own check has answered about its picture, until a picture passes. */
import type { RoomPerson } from "@lectern/room";
import type { Outcome } from "../domain.ts";
import type { Checked } from "./check-answer.ts";
import type { GroupView } from "./group-view.ts";

const KEY = "picture";

export async function noteThumbnail(room: GroupView, server: RoomPerson, { action, reason = "" }: Checked): Promise<Outcome> {
  const isShown = action === "pass" || action === "mask";
  const known = room.retained.get(KEY)?.body["answer"] ?? null;
  if (isShown ? known === null : known === action) return { entries: [] };
  const body = { action: "picture", answer: action, reason };
  if (!isShown) await room.audit(`room.picture-${action}`, server, { reason });
  return { entries: [{ kind: "moderation", to: "staff", key: KEY, gone: isShown, body }] };
}
