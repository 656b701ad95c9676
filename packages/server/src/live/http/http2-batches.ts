/**
 * Hands the requests of an HTTP/2 connection over, a few in each turn of the event loop. A client may open and reset a thousand streams in one packet
 * (CVE-2023-44487): what is reset when its turn comes costs no answer, and a client that goes on with it is closed.
 */
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";

export type Http2BatchOptions = {
  readonly handle: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
  /** The connection was closed for its resets. */
  readonly onFlood: () => void;
};

/** Requests of one connection that are handled before others have their turn. */
const MAX_IN_TURN = 16;
/**
 * Within ten seconds. A player leaves a request that waits for its answer; one that is left before it was looked at is a rarity, but for pages that are
 * loaded again while the loop is held up.
 */
const MAX_UNSEEN_RESETS = 64;
const WINDOW_MS = 10_000;
/** RFC 9113 section 7. */
const ENHANCE_YOUR_CALM = 0xb;

export function handleInBatches(session: ServerHttp2Session, { handle, onFlood }: Http2BatchOptions): void {
  let waiting: [ServerHttp2Stream, IncomingHttpHeaders][] = [];
  let unseenResets = 0;
  let windowFrom = performance.now();

  const takeTurn = (): void => {
    let handled = 0;
    let taken = 0;
    if (performance.now() - windowFrom > WINDOW_MS) {
      windowFrom = performance.now();
      unseenResets = 0;
    }
    for (const [stream, headers] of waiting) {
      if (handled === MAX_IN_TURN || session.destroyed) break;
      taken++;
      if (stream.destroyed || stream.aborted) unseenResets++;
      else {
        handled++;
        handle(stream, headers);
      }
    }
    waiting = session.destroyed ? [] : waiting.slice(taken);
    if (waiting.length > 0) setImmediate(takeTurn);
    if (unseenResets <= MAX_UNSEEN_RESETS || session.destroyed) return;
    session.destroy(undefined, ENHANCE_YOUR_CALM);
    onFlood();
  };
  session.on("stream", (stream, headers) => {
    // A reset emits an error, also before the request has its turn.
    stream.on("error", () => {});
    waiting.push([stream, headers]);
    if (waiting.length === 1) setImmediate(takeTurn);
  });
}
