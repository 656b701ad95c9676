/** Refuses a WebSocket handshake with a problem document, on the raw socket that the HTTP server has given up. */
import type { Duplex } from "node:stream";
import type { Refusal } from "../../platform/refusal.ts";
import { type RefusedRequest, refusalAnswer } from "./responses.ts";

export function refuseUpgrade(request: RefusedRequest, socket: Duplex, refusal: Refusal): void {
  const { headers, body } = refusalAnswer(request, refusal);
  const lines = Object.entries({ ...headers, connection: "close" })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  socket.on("error", () => socket.destroy());
  socket.end(`HTTP/1.1 ${refusal.status} Refused\r\n${lines}\r\n${body}`);
}
