/**
 * Receives a part of an upload in pieces, each of which is stored before the next is taken. What has arrived of a line that breaks, or that is cut off because it
 * makes no progress, is stored too: the client goes on behind it. tus 1.0, core protocol.
 */
import type { Readable } from "node:stream";
import { RefusalError } from "../../../platform/api/server.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { uploadText } from "../messages/upload-texts.ts";

/** tus 1.0, core protocol. */
export const TUS = { "tus-resumable": "1.0.0" };

/** @throws RefusalError bad-request; conflict, where the upload is elsewhere, which the text says */
export function checkedOffset(offset: number | null, uploaded: number | string): number {
  if (offset === null) throw new RefusalError("bad-request", uploadText("no-offset"));
  if (Number(uploaded) !== offset) throw new RefusalError("conflict", uploadText("wrong-offset", { offset: Number(uploaded) }));
  return offset;
}

export type ReceivedPart = {
  /** Where the part begins in the upload. */
  readonly offset: number;
  /** Of the whole upload. */
  readonly size: number;
  /** What is stored at once; as much of each upload is in memory. */
  readonly pieceBytes: number;
  readonly store: (offset: number, bytes: Buffer) => Promise<void>;
};

/**
 * @returns where the part ended, and what was wrong with it: the caller counts what is stored, and throws that then; null: nothing
 * @throws RefusalError too-large, before anything behind the end is stored; what `store` throws
 */
export async function receivePart(
  body: Readable,
  { offset, size, pieceBytes, store }: ReceivedPart,
): Promise<{ readonly end: number; readonly fault: RefusalError | null }> {
  let pieces: Buffer[] = [];
  let held = 0;
  let end = offset;
  const flush = async (): Promise<void> => {
    if (held === 0) return;
    await store(end, Buffer.concat(pieces));
    end += held;
    pieces = [];
    held = 0;
  };
  // It stays open where not all of it is read: a refusal has to reach the client.
  const arriving = (body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  for (;;) {
    const next = await arriving.next().catch(() => "broken" as const);
    if (next === "broken") {
      await flush();
      return { end, fault: new RefusalError("bad-request", platformText("body-incomplete")) };
    }
    if (next.done) break;
    if (end + held + next.value.length > size) throw new RefusalError("too-large", uploadText("too-much"));
    pieces.push(next.value);
    held += next.value.length;
    if (held >= pieceBytes) await flush();
  }
  await flush();
  return { end, fault: null };
}
