/** Reads what a member sends: one JSON object with an id of its making and a kind; everything else in it is the action's body. */

import { KIND_NAME, MAX_MESSAGE_ID, MESSAGE_ID, type RoomAction } from "@lectern/room";
import { normalText } from "../../platform/text.ts";

export type MemberMessage =
  | { readonly action: RoomAction }
  /** @param id null: there is none that can be answered */
  | { readonly id: string | null; readonly mistake: string };

export function readMessage(text: string): MemberMessage {
  const value = parse(text);
  if (!isObject(value)) return { id: null, mistake: "A message is one JSON object." };
  const { id, kind, mediaTime = null, ...body } = value;
  if (typeof id !== "string" || id.length > MAX_MESSAGE_ID || !MESSAGE_ID.test(id))
    return { id: null, mistake: `"id" has 1 to ${MAX_MESSAGE_ID} characters of printable ASCII without spaces.` };
  if (typeof kind !== "string" || !KIND_NAME.test(kind)) return { id, mistake: '"kind" is missing or unknown.' };
  const isTime = mediaTime === null || (typeof mediaTime === "number" && Number.isSafeInteger(mediaTime) && mediaTime >= 0);
  if (!isTime) return { id, mistake: '"mediaTime" is a whole number of milliseconds.' };
  const normal = normalText(body);
  if ("badText" in normal || !isObject(normal.value))
    return { id, mistake: "The message has text that is no Unicode text, or too many levels." };
  return { action: { id, kind, mediaTime: typeof mediaTime === "number" ? mediaTime : null, body: normal.value } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
