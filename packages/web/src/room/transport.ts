/** Defines how a room's frames reach the page: by WebSocket, or by server-sent events and POST where WebSockets do not pass. */

import {
  type Acknowledgement,
  type Action,
  isBody,
  numberOf,
  parseAcknowledgement,
  parseJson,
  textOf,
  writeAction,
} from "@lectern/room";
import { openedSocket } from "./preconnect-socket.ts";
import { RoomError } from "./room-error.ts";

export type TransportEvents = {
  readonly onText: (text: string) => void;
  /** For what was sent apart from the stream of frames. */
  readonly onAcknowledgement: (acknowledgement: Acknowledgement) => void;
  /** Called once. @param error null: the line was lost */
  readonly onClose: (error: RoomError | null) => void;
};

export type Transport = {
  readonly send: (action: Action) => void;
  /** Nothing is told after it. */
  readonly close: () => void;
};

/** @param url of the socket, with the signed query and the position */
export type OpenTransport = (url: string, events: TransportEvents) => Transport;

/** RFC 6455 section 7.4.1: the server does not want this member; the reason is the code of the refusal. */
const POLICY_VIOLATION = 1008;

export const openSocket: OpenTransport = (url, { onText, onClose }) => {
  const { socket, heard } = openedSocket(url);
  let isClosed = false;
  const end = (error: RoomError | null): void => {
    if (isClosed) return;
    isClosed = true;
    onClose(error);
  };
  const hear = ({ data }: MessageEvent): void => {
    if (!isClosed && typeof data === "string") onText(data);
  };
  socket.onmessage = hear;
  queueMicrotask(() => heard.forEach(hear));
  socket.onclose = ({ code, reason }) => end(code === POLICY_VIOLATION && reason !== "" ? new RoomError(reason) : null);
  return {
    send: (action) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(writeAction(action));
    },
    close: () => {
      isClosed = true;
      socket.close();
    },
  };
};

/**
 * `fetch`, not EventSource: it tells why the server refuses.
 * @param language of the page, in which refusals are said
 */
export const openEventStream = (
  language: string,
  url: string,
  { onText, onAcknowledgement, onClose }: TransportEvents,
): Transport => {
  const abort = new AbortController();
  const headers = { "accept-language": language };
  const end = (error: RoomError | null): void => {
    if (abort.signal.aborted) return;
    abort.abort();
    onClose(error);
  };
  const read = async (): Promise<void> => {
    const accept = { ...headers, accept: "text/event-stream" };
    const response = await fetch(addressOf(url, "events"), { headers: accept, signal: abort.signal });
    if (!response.ok || !response.body) throw await refusalOf(response);
    const events = new EventLines(onText);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) events.push(next.value);
  };
  read().then(
    () => end(null),
    (error: unknown) => end(error instanceof RoomError ? error : null),
  );
  const post = async (action: Action): Promise<void> => {
    const type = { ...headers, "content-type": "application/json" };
    const request = { method: "POST", headers: type, body: writeAction(action), signal: abort.signal };
    const response = await fetch(addressOf(url, "entries"), request);
    if (response.ok) for (const one of parseAcknowledgement(parseJson(await response.text()))) onAcknowledgement(one);
    else {
      const { code, detail, retryAfter } = await refusalOf(response);
      onAcknowledgement({ id: action.id, code, detail, retryAfter });
    }
  };
  return {
    // A request that fails is sent again by the connection.
    send: (action) => void post(action).catch(() => {}),
    close: () => abort.abort(),
  };
};

/** Collects the `data` of server-sent events (HTML standard, section 9.2.6), however the text is cut into pieces. */
export class EventLines {
  private readonly onData: (data: string) => void;
  private rest = "";
  private data: string[] = [];

  constructor(onData: (data: string) => void) {
    this.onData = onData;
  }

  push(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.line(line.endsWith("\r") ? line.slice(0, -1) : line);
  }

  private line(line: string): void {
    if (line.startsWith("data:")) this.data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
    else if (line === "" && this.data.length > 0) {
      this.onData(this.data.join("\n"));
      this.data = [];
    }
  }
}

/** @param url ends in `/socket`, before its query */
function addressOf(url: string, door: "events" | "entries"): URL {
  const address = new URL(url, location.href);
  address.pathname = address.pathname.replace(/socket$/, door);
  if (door === "entries") address.searchParams.delete("after");
  return address;
}

async function refusalOf(response: Response): Promise<RoomError> {
  const problem = parseJson(await response.text().catch(() => ""));
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  const seconds = Number.isFinite(retryAfter) ? retryAfter : null;
  if (!isBody(problem)) return new RoomError(response.status >= 500 ? "draining" : "bad-request", null, seconds);
  return new RoomError(
    textOf(problem, "code") ?? "bad-request",
    textOf(problem, "detail"),
    numberOf(problem, "retryAfter") ?? seconds,
  );
}
