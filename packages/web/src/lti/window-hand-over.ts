/**
 * Hands the session of a launch in a frame over to a window of its own, where cookies work. The two windows have the same origin and tell each other
 * by messages, so that no address contains the session's token, and no other page can put somebody else's session into the window.
 */
import { launchToken } from "../session/launch-session.ts";

const PATH = "/lti/window";
const QUESTION = "lectern-launch-question";
const ANSWER = "lectern-launch-answer";
const ANSWER_WITHIN_MS = 10_000;

/** Opens a window that takes the session over and goes to a path. Call it when the person presses a button: browsers block other windows. */
export function openWindow(path: string): void {
  const opened = window.open(PATH, "_blank");
  if (!opened) return;
  const listen = ({ data, origin, source }: MessageEvent): void => {
    if (origin !== location.origin || source !== opened || data !== QUESTION) return;
    window.removeEventListener("message", listen);
    opened.postMessage({ kind: ANSWER, token: launchToken(), path }, location.origin);
  };
  window.addEventListener("message", listen);
}

export type HandedOver = { readonly token: string; readonly path: string };

/** What the frame that opened this window hands over; null where there is none. */
export function takeOver(): Promise<HandedOver | null> {
  const opener: Window | null = window.opener;
  if (!opener) return Promise.resolve(null);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ANSWER_WITHIN_MS);
    window.addEventListener("message", ({ data, origin, source }) => {
      if (origin !== location.origin || source !== opener || data?.kind !== ANSWER) return;
      clearTimeout(timer);
      resolve(typeof data.token === "string" && typeof data.path === "string" ? { token: data.token, path: data.path } : null);
    });
    opener.postMessage(QUESTION, location.origin);
  });
}
