/**
 * Plays a stream of another RTMP server, or publishes one there, over TCP or TLS. The connection (`client-connection.ts`) carries the bytes, the
 * session (`client-session.ts`) speaks the commands. A server that wants a user and a password by its own scheme is connected to again with them.
 */
import type { RtmpMessage } from "@lectern/media";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import { authorization } from "./client-authorization.ts";
import { ClientConnection } from "./client-connection.ts";
import { ClientSession } from "./client-session.ts";
import { clientTarget } from "./client-target.ts";

export type RtmpClientOptions = {
  /** `rtmp(s)://[user:password@]host[:port]/app[/more]/name[?query]` */
  readonly url: URL;
  /** Where it is, looked up and allowed already. The server is told the address's own host name. */
  readonly address: { readonly host: string; readonly port: number };
  readonly intent: "play" | "publish";
  readonly clock: Clock;
  /** The server plays, or takes what is written from now on. @param streamId the message stream of what is written */
  readonly onReady: (streamId: number) => void;
  /** Playing: audio, video and data. The message and its payload are good only during the call. */
  readonly onMessage: (message: RtmpMessage) => void;
  /** Called once, when the server ends it, or does not do what it is asked for. Not after `close`. */
  readonly onClosed: (end: JobProblem) => void;
  /** Publishing: what was written has been taken by the kernel. */
  readonly onDrain: () => void;
};

export type RtmpClient = {
  /** Publishing: sends messages in chunks of `CLIENT_CHUNK_SIZE`. False: wait for `onDrain`. Ignored after the end. */
  readonly write: (bytes: Uint8Array) => boolean;
  /** Bytes that the kernel has not taken yet. */
  readonly bufferedBytes: () => number;
  /** Tells the server, and disconnects. May be called twice. */
  readonly close: () => void;
};

export { CLIENT_CHUNK_SIZE } from "./client-session.ts";

/** Adobe's scheme needs three connections: refused, told the challenge, let in. */
const MAX_CONNECTIONS = 3;

/** Connects at once. The server is given ten seconds for each: to connect, to shake hands, and to carry out the commands. */
export function connectRtmp(options: RtmpClientOptions): RtmpClient {
  const { url, address, intent, clock } = options;
  const target = clientTarget(url);
  const secureHost = url.protocol === "rtmps:" ? url.hostname.replace(/^\[|\]$/g, "") : null;
  let closed = false;

  const open = (query: string, connections: number): { connection: ClientConnection; session: ClientSession } => {
    const end = (problem: JobProblem, said = ""): void => {
      if (closed) return;
      connection.destroy();
      const next = authorization(said, target);
      if (typeof next === "string" && connections < MAX_CONNECTIONS) {
        current = open(next, connections + 1);
        return;
      }
      closed = true;
      options.onClosed(problem);
    };
    const connection: ClientConnection = new ClientConnection({
      address,
      secureHost,
      clock,
      onOpen: () => session.start(),
      onMessage: (message) => session.take(message),
      onDrain: () => options.onDrain(),
      onEnd: (problem) => end(session.endOf(problem)),
    });
    const session = new ClientSession({
      target,
      query,
      intent,
      connection,
      clock,
      onReady: (streamId) => options.onReady(streamId),
      onMessage: (message) => {
        if (!closed) options.onMessage(message);
      },
      onEnd: end,
    });
    return { connection, session };
  };

  let current = open("", 1);
  return {
    write: (bytes) => !closed && current.connection.write(bytes),
    bufferedBytes: () => current.connection.bufferedBytes,
    close: () => {
      if (closed) return;
      closed = true;
      current.session.close();
    },
  };
}
