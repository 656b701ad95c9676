/** Answers `POST /api/v1/rooms/CODE/entries`: reads one message from the body, and answers when the room has decided. */

import { MAX_MESSAGE } from "@lectern/room";
import type { ActionResult } from "../../contracts/rooms/room-requests.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { MediaRequest, MediaResponse } from "../http/media-request.ts";
import { sendJson, sendRefusal } from "../http/responses.ts";
import { readSmallBody } from "../http/small-body.ts";
import { acknowledgement } from "./wire-format.ts";

type Posted = { readonly id: string | null; readonly result: ActionResult };

export async function answerAction(
  request: MediaRequest,
  response: MediaResponse,
  post: (text: string) => Promise<Posted>,
): Promise<void> {
  const text = await readSmallBody(request, MAX_MESSAGE);
  if (text instanceof Refusal) return sendRefusal(request, response, text);
  const { id, result } = await post(text);
  if ("refused" in result) return sendRefusal(request, response, refusalOf(result));
  sendJson(response, acknowledgement(id, result));
}

function refusalOf({ refused, detail, retryAfter }: Extract<ActionResult, { readonly refused: unknown }>): Refusal {
  const refusal = new Refusal(refused, detail === null ? null : { en: detail, zh: detail });
  return retryAfter === null ? refusal : refusal.after(retryAfter);
}
