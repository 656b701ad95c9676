/**
 * Measures an uplink: a browser sends bytes that mean nothing, and is told how many have arrived and since when. It takes 2 MB or 3 seconds at most,
 * whichever comes first.
 */
import type { Socket } from "node:net";
import type { WebSocket } from "ws";

export type ProbeAnswer =
  /** `milliseconds` from the first byte to the last one that has arrived. */
  | { readonly kind: "received"; readonly bytes: number; readonly milliseconds: number }
  /** To `{"kind":"ping"}`: for the round-trip time. */
  | { readonly kind: "pong" };

const MAX_BYTES = 2 * 1024 * 1024;
const MAX_MS = 3000;
/** Nobody needs longer, with the pings before. */
const WITHIN_MS = 10_000;
const REPORT_MS = 100;
const MAX_PINGS = 20;
const LINGER_MS = 2000;

/** @param now monotonic milliseconds */
export function probeUplink(webSocket: WebSocket, socket: Socket, now: () => number): void {
  let bytes = 0;
  let pings = 0;
  let firstAt: number | null = null;
  let lastAt = 0;
  const tell = (answer: ProbeAnswer): void => {
    if (webSocket.readyState === webSocket.OPEN && socket.writableLength === 0) webSocket.send(JSON.stringify(answer));
  };
  const report = (): void => tell({ kind: "received", bytes, milliseconds: firstAt === null ? 0 : lastAt - firstAt });
  const end = (code: number): void => {
    clearInterval(reports);
    clearTimeout(limit);
    report();
    webSocket.removeAllListeners("message");
    webSocket.close(code);
    setTimeout(() => webSocket.terminate(), LINGER_MS).unref();
  };
  const reports = setInterval(() => {
    report();
    if (firstAt !== null && now() - firstAt >= MAX_MS) end(1000);
  }, REPORT_MS).unref();
  const limit = setTimeout(() => end(1000), WITHIN_MS).unref();
  webSocket.on("message", (data, isBinary) => {
    if (!isBinary) {
      if (++pings > MAX_PINGS) end(1008);
      else tell({ kind: "pong" });
      return;
    }
    lastAt = now();
    firstAt ??= lastAt;
    bytes += Buffer.isBuffer(data) ? data.length : 0;
    if (bytes >= MAX_BYTES) end(1000);
  });
  webSocket.on("error", () => webSocket.terminate());
  webSocket.on("close", () => {
    clearInterval(reports);
    clearTimeout(limit);
  });
}
