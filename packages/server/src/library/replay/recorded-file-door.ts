/**
 * Gives the bytes of recorded files, and of their indexes, to other nodes of the cluster: a recording may have files at several nodes, and one picture
 * is made of the recordings of several. Nobody else has an answer.
 */
import { join } from "node:path";
import type { Door } from "../../live/http/door.ts";
import type { MediaRequest, MediaResponse } from "../../live/http/media-request.ts";
import type { RequestAddress } from "../../live/http/request-address.ts";
import { answerOtherMethod, sendRefusal } from "../../live/http/responses.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { ByteSource } from "../files/disk.ts";

/** Below the recordings' directory. No part is a parent directory. */
const ADDRESS = /^\/recorded-files\/([A-Za-z0-9_-]+\/[A-Za-z0-9_~-]+\/[A-Za-z0-9-]+\.flv(?:\.index)?)$/;
/** More is asked for in pieces. */
export const MOST_RECORDED_BYTES = 16 * 1024 * 1024;

type Range = { readonly path: string; readonly from: number; readonly to: number };

/** The address of a range of a file. @param path below the recordings' directory; @param to behind the last byte */
export function recordedFileAddress(path: string, from: number, to: number): string {
  return `/recorded-files/${path}?from=${from}&to=${to}`;
}

/** Null: the address is another one, or it asks for too much. */
export function recordedRange(address: RequestAddress): Range | null {
  const path = ADDRESS.exec(address.path)?.[1];
  if (path === undefined) return null;
  const [from, to] = [Number(address.query.get("from") ?? 0), Number(address.query.get("to") ?? 0)];
  const isRange = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && to >= from;
  return isRange && to - from <= MOST_RECORDED_BYTES ? { path, from, to } : null;
}

export function recordedFileDoor(record: string, source: ByteSource): Door<Range> {
  return {
    name: "recorded-files",
    match: ({ client, address }) => (client.isFromNode ? recordedRange(address) : null),
    isWhole: () => true,
    handle: (request, response, range) => void serve(request, response, join(record, range.path), range, source),
    close: () => {},
  };
}

async function serve(
  request: MediaRequest,
  response: MediaResponse,
  path: string,
  { from, to }: Range,
  source: ByteSource,
): Promise<void> {
  if (request.method !== "GET") return answerOtherMethod(request, response);
  let bytes: Buffer | null;
  try {
    bytes = await source.read(path, from, to);
  } catch {
    return sendRefusal(request, response, new Refusal("storage-away"));
  }
  if (!bytes) return sendRefusal(request, response, new Refusal("not-found"));
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "cache-control": "no-store",
    "content-length": bytes.length,
  });
  response.end(bytes);
}
