/** Reads the small body of a request, such as one message of a room. */
import { Refusal } from "../../platform/refusal.ts";
import { bodyOf, type MediaRequest, wholeBodyOf } from "./media-request.ts";

const WITHIN_MS = 10_000;

/** Refuses with `too-large` and `too-slow`. The connection stays open for the answer. @param most bytes */
export async function readSmallBody(request: MediaRequest, most: number): Promise<string | Refusal> {
  const bytes = await readSmallBytes(request, most);
  return bytes instanceof Refusal ? bytes : bytes.toString();
}

/** The same of bytes that are no text. @param withinMs for all of it */
export function readSmallBytes(request: MediaRequest, most: number, withinMs = WITHIN_MS): Promise<Buffer | Refusal> {
  const whole = wholeBodyOf(request);
  if (whole) return Promise.resolve(whole.length > most ? new Refusal("too-large") : Buffer.from(whole));
  const body = bodyOf(request);
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const settle = (result: Buffer | Refusal): void => {
      clearTimeout(timer);
      body.off("data", take).off("end", end).off("close", leave);
      resolve(result);
    };
    const take = (piece: Buffer): void => {
      length += piece.length;
      if (length > most) return settle(new Refusal("too-large"));
      pieces.push(piece);
    };
    const end = (): void => settle(Buffer.concat(pieces));
    const leave = (): void => settle(new Refusal("too-slow"));
    const timer = setTimeout(leave, withinMs);
    body.on("data", take).on("end", end).on("close", leave);
    // A client that breaks off emits an error before the close.
    body.on("error", () => {});
  });
}
