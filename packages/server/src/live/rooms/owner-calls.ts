/** Defines how a worker asks the owner of a room. An owner that cannot be reached now is another thing than one that refuses. */

import type { RoomAnswer, RoomRequest } from "../../contracts/rooms/room-requests.ts";
import { Refusal, type RefusalCode } from "../../platform/refusal.ts";

/** How soon an owner that could not be reached is asked again, milliseconds. Each attempt is one request of a room, however much waits for it. */
export const RETRY = { first: 250, most: 1000 };

/** Fails when the owner cannot be reached. */
export type AskOwner = (request: RoomRequest) => Promise<RoomAnswer>;

/** Kinds of requests that workers send. */
export type RequestKind = "enter" | "send" | "read" | "older" | "page" | "visits";
export type AnswerOf<K extends RequestKind> = Extract<RoomAnswer, { readonly kind: K }>;

/** The owner cannot be reached, or cannot do it now: the same request may succeed later. */
export class OwnerAway extends Error {}

/** Refusals that pass by themselves. */
const PASSING: readonly RefusalCode[] = ["control-away", "database-away", "draining", "not-yet", "internal-error"];

/** @throws OwnerAway */
export async function askOwner<K extends RequestKind>(
  ask: AskOwner,
  request: RoomRequest & { readonly kind: K },
): Promise<AnswerOf<K> | Refusal> {
  const answer = await ask(request).catch((cause: unknown) => {
    throw new OwnerAway("the owner of the room cannot be reached", { cause });
  });
  if (isAnswer<K>(answer, request.kind)) return answer;
  if (answer.kind !== "refused" || PASSING.includes(answer.code))
    throw new OwnerAway(`the owner of the room answered ${answer.kind}`);
  return new Refusal(answer.code);
}

function isAnswer<K extends RequestKind>(answer: RoomAnswer, kind: string): answer is AnswerOf<K> {
  return answer.kind === kind;
}
