/** Refuses a request with a problem document on its raw socket, which the HTTP server has given up, and closes the connection. */
import type { Duplex } from "node:stream";
import type { Refusal } from "../../platform/refusal.ts";
import { type RefusedRequest, refusalAnswer } from "./responses.ts";

/** How long the client may take to read the answer and to close its side: a connection that is reset takes the answer with it. */
const CLOSES_WITHIN_MS = 2000;

export function refuseOnSocket(request: RefusedRequest, socket: Duplex, refusal: Refusal): void {
  const { headers, body } = refusalAnswer(request, refusal);
  const lines = Object.entries({ ...headers, connection: "close" })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  closeInWords(socket, `HTTP/1.1 ${refusal.status} Refused\r\n${lines}\r\n${body}`);
}

/** Closes a connection so that its client can read what was sent last. */
export function closeInWords(socket: Duplex, lastText = ""): void {
  const timer = setTimeout(() => socket.destroy(), CLOSES_WITHIN_MS);
  socket.on("error", () => socket.destroy()).once("close", () => clearTimeout(timer));
  socket.end(lastText);
  // What the client sends beyond is read, and left out.
  socket.resume();
}
