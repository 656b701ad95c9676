/** The problems of playback that a viewer sees. Each has a text in `controls/messages.ts`. */
export type Problem =
  /** The connection was lost or could not be opened. */
  | "network"
  /** The stream is live, but no picture arrives from the publisher. */
  | "no-picture"
  /** No stream is live under this name. */
  | "not-live"
  /** The link has expired. */
  | "expired"
  /** The signed link or the key is missing or wrong. */
  | "refused"
  /** The same link is being watched on another device, for which this one had to end. */
  | "elsewhere"
  /** The server is full or about to restart. */
  | "busy"
  /** The picture or the sound could not be decoded. */
  | "decoder"
  /** The server says that nobody can decode the picture, or the sound: the publisher's encoder sends it so. */
  | "picture-undecodable"
  | "sound-undecodable"
  /** The browser cannot decode this codec. */
  | "codec"
  /** The browser cannot play live video at all. */
  | "browser"
  /** The watermark was removed, hidden or changed: the player plays nothing any more. */
  | "tampered";

/** Whether an automatic retry can succeed. */
export function isTransient(problem: Problem): boolean {
  return problem === "network" || problem === "not-live" || problem === "busy" || problem === "decoder";
}

/** Whether the engine is the cause, so that another engine may work. */
export function isEngineProblem(problem: Problem): boolean {
  return problem === "codec" || problem === "browser";
}

/** The problem that an HTTP status of the server stands for. */
export function problemFromStatus(status: number): Problem {
  if (status === 404) return "not-live";
  if (status === 410) return "expired";
  if (status === 401 || status === 403) return "refused";
  if (status === 429 || status === 503) return "busy";
  return "network";
}

/**
 * The problem of a refusal. What is only not there yet (`not-yet`) is like a stream that has not begun: it is asked for again soon.
 * @param body problem details (RFC 9457)
 */
export function problemFromRefusal(status: number, body: string): Problem {
  return status === 503 && /"code":\s*"not-yet"/.test(body) ? "not-live" : problemFromStatus(status);
}

/** As browsers name what has failed: `FFmpegAudioDecoder` and `AppleATDecoder` in Firefox, "audio" in Chromium. */
const OF_SOUND = /audio|AppleAT/i;

/** Whether it was the sound that a decoder failed at. @param detail as the browser words it */
export function isOfSound(detail: string): boolean {
  return OF_SOUND.test(detail);
}
