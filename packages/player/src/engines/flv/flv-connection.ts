/** Receives live FLV, by fetch or by WebSocket as the address says, and reads its tags. */
import { FlvReader, type FlvTag, MAX_TAG_BODY } from "@lectern/media";
import { type Problem, problemFromAnswer } from "../problem.ts";
import type { FlvTracks } from "./flv-tags.ts";

export type FlvConnectionEvents = {
  /** The server has begun to answer. */
  readonly onOpen: () => void;
  /**
   * Some bytes have arrived.
   * @param tags those that they complete
   * @param tracks as the file header announces them
   */
  readonly onTags: (tags: readonly FlvTag[], bytes: number, tracks: FlvTracks) => void;
  /** The stream has ended, or the server has closed it. */
  readonly onEnd: () => void;
  readonly onProblem: (problem: Problem, detail: string) => void;
};

export type FlvConnection = {
  /** May be called twice. No event follows. */
  readonly close: () => void;
};

/** A message to the server: nothing more is wanted. */
const STOP = "stop";
/** The server's reason when another device of the same viewer needed the seat. */
const SEAT_LOST = "too-many";
/** The file header has its tracks in this byte. */
const TRACKS_AT = 4;
const HAS_VIDEO = 1;
const HAS_AUDIO = 4;

/** @param url absolute, of http or ws */
export function openFlv(url: string, events: FlvConnectionEvents): FlvConnection {
  return url.startsWith("ws") ? openByWebSocket(url, events) : openByFetch(url, events);
}

function openByFetch(url: string, events: FlvConnectionEvents): FlvConnection {
  const abort = new AbortController();
  const receive = async (): Promise<void> => {
    // The server sees from which page a viewer watches.
    const options: RequestInit = { signal: abort.signal, cache: "no-store", referrerPolicy: "no-referrer-when-downgrade" };
    const answer = await fetch(url, options);
    if (!answer.ok || !answer.body) return events.onProblem(problemFromAnswer(answer), `HTTP ${answer.status}`);
    events.onOpen();
    const read = tagReader(events);
    const reader = answer.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (abort.signal.aborted) return;
      if (done) return events.onEnd();
      read(value);
    }
  };
  receive().catch((error: unknown) => {
    if (!abort.signal.aborted) events.onProblem("network", String(error));
  });
  return { close: () => abort.abort() };
}

function openByWebSocket(url: string, events: FlvConnectionEvents): FlvConnection {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const read = tagReader(events);
  let isOpen = false;
  let closed = false;
  socket.onopen = () => {
    isOpen = true;
    events.onOpen();
  };
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => read(new Uint8Array(data));
  socket.onclose = ({ reason }) => {
    if (closed) return;
    // Coming again would end the other one, which would come again.
    if (isOpen && reason === SEAT_LOST) events.onProblem("elsewhere", "WebSocket closed");
    else if (isOpen) events.onEnd();
    else void whyRefused(url).then((problem) => !closed && events.onProblem(problem, "WebSocket closed"));
  };
  const end = (): void => {
    // Closing alone would let the server send all that it has begun to send.
    if (socket.readyState === WebSocket.OPEN) socket.send(STOP);
    socket.close();
  };
  return {
    close: () => {
      closed = true;
      socket.onmessage = null;
      // Browsers complain of one that is closed before it is open.
      if (socket.readyState === WebSocket.CONNECTING) socket.onopen = end;
      else end();
    },
  };
}

/** A browser hides why a WebSocket was refused; a HEAD request to the same address shows the status. */
async function whyRefused(url: string): Promise<Problem> {
  const answer = await fetch(url.replace(/^ws/, "http"), { method: "HEAD" }).catch(() => null);
  return answer && !answer.ok ? problemFromAnswer(answer) : "network";
}

function tagReader(events: FlvConnectionEvents): (bytes: Uint8Array) => void {
  let received = 0;
  let tracks: FlvTracks = { audio: false, video: false };
  let tags: FlvTag[] = [];
  const reader = new FlvReader({ maxTagBytes: MAX_TAG_BODY, onTag: (tag) => tags.push(tag) });
  return (bytes) => {
    const flags = bytes[TRACKS_AT - received];
    if (received <= TRACKS_AT && flags !== undefined) tracks = { audio: (flags & HAS_AUDIO) > 0, video: (flags & HAS_VIDEO) > 0 };
    received += bytes.length;
    tags = [];
    const broken = reader.push(bytes);
    events.onTags(tags, bytes.length, tracks);
    if (broken) events.onProblem("network", broken.rule);
  };
}
