/** Defines what the API takes and returns about rooms. Entries have the form that they have on the wire to clients (docs/room-protocol.md). */

import { MAX_MESSAGE_ID, RetainedEntries, settingsOf } from "@lectern/room";
import { z } from "zod";
import { SHEDDABLE, SHEDDABLE_NAMES } from "../../contracts/degradation/sheddable.ts";
import type { ActionResult, RoomContent } from "../../contracts/rooms/room-requests.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { textIn } from "../../platform/messages/message.ts";
import { refusalText } from "../../platform/messages/refusal-texts.ts";
import { Refusal } from "../../platform/refusal.ts";
import { id } from "../foundation/requests/fields.ts";
import { roomSettings } from "./settings.ts";

const MAX_KIND = 40;

export const kindField = z
  .string()
  .regex(/^[a-z-]+$/)
  .max(MAX_KIND);
const seq = z.int().describe("The entry's place in the room's log.");

export const roomShape = z
  .object({
    lessonId: id,
    epoch: z.string().describe("Of the room's log; places of another epoch mean nothing."),
    head: z.int().describe("The newest entry's place."),
    settings: roomSettings,
    people: z.int().describe("People who are in the room now."),
    quiz: id.nullable().describe("The quiz that is open."),
    signIn: id.nullable().describe("The sign-in round that is open."),
    shedding: z
      .int()
      .describe(
        "As `shed`, for programs of before: 0 nothing, 1 reactions, 2 also bullet comments, 3 also the details of the roster, 4 also quick chat.",
      )
      .meta({ deprecated: true }),
    shed: z.array(z.enum(SHEDDABLE.map(({ what }) => what))).describe("What the server does without in this room."),
  })
  .meta({ id: "Room" });

export const roomEntryShape = z
  .looseObject({
    epoch: z.string(),
    seq,
    at: z.number().describe("Milliseconds since 1970."),
    mediaTime: z.number().nullable().describe("The stream's time that the sender saw, in milliseconds."),
    id: z.string(),
    kind: z.string(),
    from: z.string().nullable().describe("The sender's participant id; null: the server."),
    name: z.string().nullable(),
    role: z.enum(["staff", "member", "guest", "watcher"]).nullable(),
    key: z.string().optional().describe("Of entries with the same key, the newest one counts."),
    gone: z.boolean().optional().describe("The key is removed."),
    to: z.string().optional().describe("`staff`, or a participant's id; absent: all."),
  })
  .describe("What the entry says depends on its kind: docs/room-protocol.md.")
  .meta({ id: "RoomEntry" });

/** What the body of a request does in a room. */
export const roomAction = z
  .looseObject({
    id: z.string().min(1).max(MAX_MESSAGE_ID).describe("Of the sender's making. Sending it again does nothing more."),
    kind: kindField,
    mediaTime: z.number().nullable().default(null).describe("The stream's time that the sender sees, in milliseconds."),
  })
  .describe("The other fields depend on the kind: docs/room-protocol.md.");

export const actionAnswer = z.object({
  id: z.string(),
  seq: z.int().describe("Where the room's log was when it was done."),
  answer: z.record(z.string(), z.unknown()).nullable().describe("Such as the reference of a new line."),
});

export function roomResponse(lessonId: string, { epoch, head, entries, signals }: RoomContent): z.input<typeof roomShape> {
  const retained = new RetainedEntries();
  for (const entry of entries) retained.take(entry);
  const numberIn = (signal: string, field: string) => {
    const value = signals.find(({ kind }) => kind === signal)?.body[field];
    return typeof value === "number" ? value : 0;
  };
  return {
    lessonId,
    epoch,
    head,
    settings: settingsOf(retained.get("settings")?.body),
    people: numberIn("people", "count"),
    quiz: openOne(retained, "quiz"),
    signIn: openOne(retained, "signin"),
    shedding: numberIn("shed", "level"),
    shed: shedOf(signals),
  };
}

function shedOf(signals: RoomContent["signals"]) {
  const told: unknown = signals.find(({ kind }) => kind === "shed")?.body["what"];
  return Array.isArray(told) ? SHEDDABLE_NAMES.filter((what) => told.includes(what)) : [];
}

/** The reference of the newest one that is open. */
function openOne(retained: RetainedEntries, kind: string): string | null {
  const open = retained.ofKind(kind).findLast(({ body }) => body["state"] === "open");
  const ref = open?.body["ref"];
  return typeof ref === "string" ? ref : null;
}

/** @throws RefusalError where the room has refused the action */
export function actionResponse(actionId: string, result: ActionResult): z.input<typeof actionAnswer> {
  if (!("refused" in result)) return { id: actionId, seq: result.seq, answer: result.body ?? null };
  const { refused, detail, retryAfter } = result;
  // The room has said it in English.
  const message = detail === null ? null : { en: detail, zh: textIn("zh", refusalText(refused)) };
  const refusal = new Refusal(refused, message);
  throw new RefusalError(retryAfter === null ? refusal : refusal.after(retryAfter));
}
