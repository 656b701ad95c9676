/** Provides the ways to members: WebSockets whose frames are written to the raw socket, and server-sent events. */
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { MemberLine } from "./member.ts";

/** The time for a closing message to reach the member. */
const GOODBYE_MS = 2000;
/** HTML standard, section 9.2.6: a comment. It tells proxies and clients that the line is alive. */
const COMMENT = Buffer.from(":\n\n");

/** @param socket of the WebSocket, which sends nothing else than whole messages */
export function socketLine(webSocket: WebSocket, socket: Duplex): MemberLine {
  return {
    way: "socket",
    get pending() {
      return socket.writableLength;
    },
    write: (pieces) => writeTo(socket, pieces),
    close: (code, reason) => {
      webSocket.close(code, reason);
      // A member that does not read does not read the closing message either.
      setTimeout(() => webSocket.terminate(), GOODBYE_MS).unref();
    },
  };
}

/** @param stream of the response's body */
export function eventLine(stream: Duplex): MemberLine {
  return {
    way: "events",
    get pending() {
      return stream.writableLength;
    },
    write: (pieces) => writeTo(stream, pieces),
    close: (_code, reason) => {
      stream.end(`event: close\ndata: ${JSON.stringify({ code: reason })}\n\n`);
      setTimeout(() => stream.destroy(), GOODBYE_MS).unref();
    },
  };
}

/** Tells a member by server-sent events that the line is alive. */
export function writeComment(stream: Duplex): void {
  if (stream.writableLength === 0) stream.write(COMMENT);
}

/** A destroyed socket ignores writes, so no check is needed; one that was ended does not. */
function writeTo(stream: Duplex, pieces: readonly Uint8Array[]): void {
  if (!stream.writable) return;
  const [first, ...others] = pieces;
  if (others.length === 0) return void stream.write(first);
  stream.cork();
  for (const piece of pieces) stream.write(piece);
  stream.uncork();
}
