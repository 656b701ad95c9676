/** Opens a response as server-sent events: HTML standard, section 9.2. */
import type { Duplex } from "node:stream";
import type { Clock } from "../../platform/clock.ts";
import type { MediaRequest, MediaResponse } from "../http/media-request.ts";
import { OPEN_TO_ALL } from "../http/responses.ts";
import { eventLine, writeComment } from "./lines.ts";
import type { MemberLine } from "./member.ts";

export type EventStream = {
  readonly line: MemberLine;
  readonly onClosed: (call: () => void) => void;
};

/** Below the minute after which proxies close a silent connection. */
const COMMENT_MS = 15_000;
const HEAD = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  // Without it nginx buffers the response.
  "x-accel-buffering": "no",
  ...OPEN_TO_ALL,
};
/** Events are written to the socket itself, without chunked coding, so that all members of a room get the same bytes. */
const HEAD_BYTES = Buffer.from(
  `HTTP/1.1 200 OK\r\nconnection: close\r\n${Object.entries(HEAD)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n`,
);

/** Null: the client has gone meanwhile. */
export function openEvents({ socket }: MediaRequest, response: MediaResponse, clock: Clock): EventStream | null {
  const byHttp2 = "stream" in response;
  const stream: Duplex = byHttp2 ? response.stream : socket;
  if (stream.destroyed) return null;
  if (byHttp2) response.writeHead(200, HEAD);
  else {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.setTimeout(0);
    socket.write(HEAD_BYTES);
  }
  stream.on("error", () => stream.destroy());
  let cancel = (): void => {};
  const beat = (): void => {
    cancel = clock.after(COMMENT_MS, () => {
      writeComment(stream);
      beat();
    });
  };
  beat();
  stream.on("close", () => cancel());
  return { line: eventLine(stream), onClosed: (call) => void stream.on("close", call) };
}
