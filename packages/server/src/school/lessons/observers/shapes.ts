/** Defines what the API takes and returns about watchers. */
import { z } from "zod";
import { id, instant, time } from "../../foundation/requests/fields.ts";
import type { Watcher } from "../../foundation/store/observer-tables.ts";
import { personName } from "../../people/accounts/shapes.ts";
import { joinedShape } from "../joining-shapes.ts";

export const newObserver = z.strictObject({
  name: personName.describe("Of the parent or inspector."),
  childId: id.optional().describe("The student whose parent it is."),
  from: instant.optional().describe("Default: ten minutes before the lesson, or now."),
  to: instant
    .optional()
    .describe("Default: the lesson's planned end; two hours after `from` or now, where that is over or there is none."),
  chat: z.boolean().default(false).describe("Whether the watcher may write in the lesson's room."),
});

export const observerShape = z
  .object({
    id,
    lessonId: id,
    childId: id.nullable(),
    child: z.string().nullable(),
    name: z.string(),
    from: time,
    to: time,
    chat: z.boolean(),
    createdAt: time,
    revokedAt: time.nullable(),
    openedAt: time.nullable().describe("When the link was first used; null: never."),
    participantId: id.nullable().describe("By which attendance lists when the watcher was there."),
  })
  .meta({ id: "Watcher" });

export const createdObserverShape = observerShape
  .extend({ link: z.string().describe("Opens the lesson for this watcher. It is shown only once.") })
  .meta({ id: "CreatedWatcher" });

export const watchingShape = joinedShape.extend({ until: time, child: z.string().nullable() }).meta({ id: "Watching" });

export function observerResponse(watcher: Watcher & { readonly child: string | null }) {
  return {
    id: watcher.id,
    lessonId: watcher.lesson_id,
    childId: watcher.child_id,
    child: watcher.child,
    name: watcher.name,
    from: watcher.from_at,
    to: watcher.to_at,
    chat: watcher.chat,
    createdAt: watcher.created_at,
    revokedAt: watcher.revoked_at,
    openedAt: watcher.opened_at,
    participantId: watcher.participant_id,
  };
}
