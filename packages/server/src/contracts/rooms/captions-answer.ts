/** Reads the control process's answer to the question what was said in a lesson. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { RoomReplayAnswer, SpokenCaption } from "./room-replay.ts";

const decompress = promisify(gunzip);

/** Fails where it is the answer to another question. */
export async function captionsIn(answer: RoomReplayAnswer): Promise<readonly SpokenCaption[]> {
  if (answer.kind !== "file") throw new Error("the control process answered another question");
  const text = (await decompress(Buffer.from(answer.gzip, "base64"))).toString();
  const { captions }: { readonly captions?: unknown } = JSON.parse(text);
  // One of an earlier version knows no captions.
  return Array.isArray(captions) ? captions : [];
}
