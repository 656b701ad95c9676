/** Defines what the server answers a publisher by WebSocket: JSON in text messages. docs/publish-browser.md. */
import type { WebSocket } from "ws";
import type { MediaProblem } from "../../contracts/monitoring/media-problem.ts";
import type { Language } from "../../platform/messages/language.ts";
import type { Refusal } from "../../platform/refusal.ts";
import { endedText } from "./ended-texts.ts";

export type Answer =
  /** The stream is the publisher's. */
  | { readonly kind: "started" }
  /** The next frame of the picture is to be a key frame. */
  | { readonly kind: "key-frame" }
  /**
   * Sent up to four times a second: after each 16 KiB, and at least once a second. `timestamp`: of the newest tag that was read, milliseconds, null before the first; `bytes`: of all messages that were
   * read on this connection.
   */
  | { readonly kind: "received"; readonly timestamp: number | null; readonly bytes: number }
  /** Whether players can decode a track has changed; `problem` is null where they can again. */
  | { readonly kind: "problem"; readonly track: "video" | "audio"; readonly problem: MediaProblem | null; readonly detail: string }
  | { readonly kind: "ended"; readonly code: string; readonly detail: string };

/** The close code of a connection that was ended for a reason: 4000 and the HTTP status that a request would have been refused with. */
const ENDED_CODE = 4000;
/** A peer that does not close its side within this is disconnected. */
const LINGER_MS = 2000;

export function send(webSocket: WebSocket, answer: Answer): void {
  if (webSocket.readyState === webSocket.OPEN) webSocket.send(JSON.stringify(answer));
}

/** Tells a publisher why it is over, and closes the connection. */
export function refuse(webSocket: WebSocket, refusal: Refusal, language: Language): void {
  end(webSocket, refusal.code, refusal.problem(language).detail, ENDED_CODE + refusal.status);
}

/** As `refuse`, when the stream was taken from the publisher. @param reason of the stream */
export function dismiss(webSocket: WebSocket, reason: string, language: Language): void {
  end(webSocket, reason, endedText(reason, language), ENDED_CODE);
}

/** Tells the peer which rule it broke, and closes the connection. RFC 6455 section 7.4.1: 1007 is for data that is not as its type says. */
export function breakOff(webSocket: WebSocket, rule: string): void {
  end(webSocket, "bad-request", rule, 1007);
}

function end(webSocket: WebSocket, code: string, detail: string, closeCode: number): void {
  send(webSocket, { kind: "ended", code, detail });
  // What the peer still sends is read until it closes, and not looked at.
  webSocket.resume();
  webSocket.close(closeCode, code);
  setTimeout(() => webSocket.terminate(), LINGER_MS).unref();
}
