/** Reads the small body of a request, such as one message of a room. */
import { Refusal } from "../../platform/refusal.ts";
import { bodyOf, type MediaRequest, wholeBodyOf } from "./media-request.ts";

const WITHIN_MS = 10_000;

/** Refuses with `too-large` and `too-slow`. @param most bytes */
export async function readSmallBody(request: MediaRequest, most: number): Promise<string | Refusal> {
  const whole = wholeBodyOf(request);
  if (whole) return whole.length > most ? new Refusal("too-large") : whole.toString();
  const body = bodyOf(request);
  const pieces: Buffer[] = [];
  let length = 0;
  const timer = setTimeout(() => body.destroy(new Error("too slow")), WITHIN_MS);
  try {
    for await (const piece of body) {
      const bytes = Buffer.from(piece);
      length += bytes.length;
      if (length > most) return new Refusal("too-large");
      pieces.push(bytes);
    }
    return Buffer.concat(pieces).toString();
  } catch {
    return new Refusal("too-slow");
  } finally {
    clearTimeout(timer);
  }
}
