/** Names the problems of playback that a viewer sees, and tells them from what the server answers. */
import { PROBLEM_HEADER, type Undecodable, undecodableOfHeader } from "./undecodable.ts";

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
  const isMended = problem === "picture-undecodable" || problem === "sound-undecodable";
  return isMended || problem === "network" || problem === "not-live" || problem === "busy" || problem === "decoder";
}

/** Whether the engine is the cause, so that another engine may work. */
export function isEngineProblem(problem: Problem): boolean {
  return problem === "codec" || problem === "browser";
}

/** The problem that nobody can decode a track. */
export const UNDECODABLE_PROBLEMS = { video: "picture-undecodable", audio: "sound-undecodable" } as const satisfies Record<
  Undecodable,
  Problem
>;

/** The problem that a refusal of the server stands for. @param told its header `Lectern-Problem`: nothing that the publisher sends can be decoded */
export function problemFromStatus(status: number, told: string | null = null): Problem {
  const track = undecodableOfHeader(told);
  if (track) return UNDECODABLE_PROBLEMS[track];
  if (status === 404) return "not-live";
  if (status === 410) return "expired";
  if (status === 401 || status === 403) return "refused";
  if (status === 429 || status === 503) return "busy";
  return "network";
}

export function problemFromAnswer({ status, headers }: Pick<Response, "status" | "headers">): Problem {
  return problemFromStatus(status, headers.get(PROBLEM_HEADER));
}

/**
 * The problem of a refusal. What is only not there yet (`not-yet`) is like a stream that has not begun: it is asked for again soon.
 * @param body problem details (RFC 9457)
 */
export function problemFromRefusal(status: number, body: string, told: string | null = null): Problem {
  return status === 503 && /"code":\s*"not-yet"/.test(body) ? "not-live" : problemFromStatus(status, told);
}

/** As browsers name what has failed: `FFmpegAudioDecoder` and `AppleATDecoder` in Firefox, "audio" in Chromium. */
const OF_SOUND = /audio|AppleAT/i;

/** Whether it was the sound that a decoder failed at. @param detail as the browser words it */
export function isOfSound(detail: string): boolean {
  return OF_SOUND.test(detail);
}
