/** Answers `POST /api/v1/rooms/CODE/entries`: reads one message from the body, and answers when the room has decided. */
import { Refusal } from "../../platform/refusal.ts";
import type { DeedResult } from "../../platform/rooms/room-requests.ts";
import { bodyOf, type MediaRequest, type MediaResponse } from "../http/media-request.ts";
import { OPEN_TO_ALL, sendRefusal } from "../http/responses.ts";
import { MAX_MESSAGE } from "./member-message.ts";
import { acknowledgement } from "./wire-format.ts";

type Posted = { readonly id: string | null; readonly result: DeedResult };

const BODY_WITHIN_MS = 10_000;

export async function answerDeed(
  request: MediaRequest,
  response: MediaResponse,
  post: (text: string) => Promise<Posted>,
): Promise<void> {
  const text = await readBody(request);
  if (text instanceof Refusal) return sendRefusal(request, response, text);
  const { id, result } = await post(text);
  if ("refused" in result) return sendRefusal(request, response, refusalOf(result));
  const body = Buffer.from(JSON.stringify(acknowledgement(id, result)));
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": String(body.length),
    "cache-control": "no-store",
    ...OPEN_TO_ALL,
  });
  response.end(body);
}

function refusalOf({ refused, detail, retryAfter }: Extract<DeedResult, { readonly refused: unknown }>): Refusal {
  const refusal = new Refusal(refused, detail === null ? null : { en: detail, zh: detail });
  return retryAfter === null ? refusal : refusal.after(retryAfter);
}

async function readBody(request: MediaRequest): Promise<string | Refusal> {
  const body = bodyOf(request);
  const pieces: Buffer[] = [];
  let length = 0;
  const timer = setTimeout(() => body.destroy(new Error("too slow")), BODY_WITHIN_MS);
  try {
    for await (const piece of body) {
      const bytes = Buffer.from(piece);
      length += bytes.length;
      if (length > MAX_MESSAGE) return new Refusal("too-large");
      pieces.push(bytes);
    }
    return Buffer.concat(pieces).toString();
  } catch {
    return new Refusal("too-slow");
  } finally {
    clearTimeout(timer);
  }
}
