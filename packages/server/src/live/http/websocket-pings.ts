/** Pings WebSockets, and closes those that do not answer: a peer that vanished without a FIN would hold its socket for minutes. */
import type { WebSocket } from "ws";

const PING_MS = 20_000;

export class WebSocketPings {
  /** Whether each socket has answered the last ping. */
  private readonly answered = new Map<WebSocket, boolean>();
  private readonly timer: NodeJS.Timeout;

  constructor() {
    this.timer = setInterval(() => this.ping(), PING_MS);
    this.timer.unref();
  }

  watch(webSocket: WebSocket): void {
    this.answered.set(webSocket, true);
    webSocket.on("pong", () => this.answered.set(webSocket, true));
    webSocket.on("error", () => webSocket.terminate());
    webSocket.on("close", () => this.answered.delete(webSocket));
  }

  /** Closes all sockets at once. */
  close(): void {
    clearInterval(this.timer);
    for (const webSocket of this.answered.keys()) webSocket.terminate();
  }

  private ping(): void {
    for (const [webSocket, answered] of this.answered) {
      if (!answered) webSocket.terminate();
      else {
        this.answered.set(webSocket, false);
        webSocket.ping();
      }
    }
  }
}
