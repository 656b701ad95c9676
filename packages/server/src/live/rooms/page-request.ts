/** Answers `GET /api/v1/rooms/CODE/pages/PAGE?after=SEQ`: a page of the board for who comes to it, at this place of the log or later. */
import { Refusal } from "../../platform/refusal.ts";
import type { MediaRequest, MediaResponse } from "../http/media-request.ts";
import { acceptsGzip, OPEN_TO_ALL, sendRefusal } from "../http/responses.ts";
import type { RoomPages } from "./room-pages.ts";

export async function answerPage(request: MediaRequest, response: MediaResponse, page: string, pages: RoomPages): Promise<void> {
  const after = placeOf(request.address.query.get("after"));
  const answer = after ? await pages.read(page, after) : new Refusal("bad-request");
  if (request.socket.destroyed) return;
  if (answer instanceof Refusal) return sendRefusal(request, response, answer);
  const isCompressed = acceptsGzip(request);
  const body = isCompressed ? answer.gzip : await answer.plain();
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": String(body.length),
    ...(isCompressed ? { "content-encoding": "gzip" } : {}),
    "cache-control": "no-store",
    vary: "accept-encoding",
    ...OPEN_TO_ALL,
  });
  response.end(body);
}

/** `SEQ` or `EPOCH.SEQ`; absent: any place. Null: neither. */
function placeOf(after: string | null | undefined): { readonly epoch: string | null; readonly seq: number } | null {
  if (after === null || after === undefined) return { epoch: null, seq: 0 };
  const [, epoch = null, seq] = /^(?:([\w-]{1,64})\.)?(\d{1,15})$/.exec(after) ?? [];
  return seq === undefined ? null : { epoch, seq: Number(seq) };
}
