/** Sends a whole recording, or a range of it (RFC 9110, section 14). */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type MediaRequest, type MediaResponse, writableOf } from "../../live/http/media-request.ts";
import { OPEN_TO_ALL } from "../../live/http/responses.ts";
import { parseRange, type VirtualFile } from "./virtual-file.ts";

export type SentFile = {
  readonly length: number;
  readonly read: (range: Parameters<VirtualFile["read"]>[0]) => AsyncIterable<Buffer>;
};

/** Calls `sent` with the bytes when they are sent. */
export async function sendFile(
  request: MediaRequest,
  response: MediaResponse,
  file: SentFile,
  headers: Readonly<Record<string, string>>,
  sent: (bytes: number) => void,
): Promise<void> {
  const range = parseRange(request.headers.range, file.length);
  const always = { ...headers, "accept-ranges": "bytes", "cache-control": "no-store", ...OPEN_TO_ALL };
  if (range === "unsatisfiable") {
    response.writeHead(416, { ...always, "content-range": `bytes */${file.length}`, "content-length": 0 });
    response.end();
    return;
  }
  const { from, to } = range ?? { from: 0, to: file.length };
  const partial = range ? { "content-range": `bytes ${from}-${to - 1}/${file.length}` } : {};
  response.writeHead(range ? 206 : 200, { ...always, ...partial, "content-length": to - from });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  // A client that disconnects, or a piece that was deleted, ends the connection; the head is sent already.
  await pipeline(Readable.from(file.read({ from, to })), writableOf(response)).catch(() => {});
  sent(to - from);
}

/** A file on the disk; null where there is none. */
export async function fileOnDisk(path: string): Promise<SentFile | null> {
  const size = await stat(path).then(
    (stats) => stats.size,
    () => null,
  );
  return size === null ? null : { length: size, read: ({ from, to }) => createReadStream(path, { start: from, end: to - 1 }) };
}

/** The header that has a browser save the file under a name, where the address asks for it. */
export function disposition(name: string | null, format: string): Readonly<Record<string, string>> {
  if (name === null) return {};
  const file = `${name}.${format}`;
  const value = `attachment; filename="${asciiName(name)}.${format}"; filename*=UTF-8''${encodeURIComponent(file.toWellFormed())}`;
  return { "content-disposition": value };
}

/** The name for clients without `filename*`: RFC 6266 appendix D. */
function asciiName(name: string): string {
  return name.replace(/[^\w .-]/g, "_").slice(0, 100);
}
