/**
 * Defines a door: the request handler of one protocol on the HTTP port. The web server tries its doors in order, and the first one that
 * matches a request answers it. A new protocol is a folder with a door, and one line in the list (`node/processes/doors.ts`).
 */
import type { Socket } from "node:net";
import type { Registry } from "prom-client";
import type { MediaRequest, MediaResponse } from "./media-request.ts";

export type Door<Match = unknown> = {
  /** For logs and tests. */
  readonly name: string;
  /** What of the request the door needs to answer it; null when the request is for another door. */
  match(request: MediaRequest): Match | null;
  handle(request: MediaRequest, response: MediaResponse, match: Match): void;
  /**
   * Whether a matching GET, HEAD, or POST with a small body is answered at once with all of its body, or takes the connection over: such requests need
   * no streams, and are served without `node:http`. Default: false for each.
   */
  isWhole?(match: Match): boolean;
  /** Answers a WebSocket handshake. Without it the door is not asked about handshakes. */
  upgrade?(request: MediaRequest, socket: Socket, head: Buffer, match: Match): void;
  /** Adds the door's own metrics. */
  metrics?(registry: Registry): void;
  /** Closes what the door holds open. May be called twice. */
  close(): void;
};
