/** Reads files that people send as a body, of a size that is held in memory. */
import type { Readable } from "node:stream";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Message } from "../../../platform/messages/message.ts";

/** @param max bytes @throws RefusalError too-large, with these words */
export async function readWhole(body: Readable, max: number, words: Message): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > max) throw new RefusalError("too-large", words);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
