/** What can go wrong for a viewer, as the player sees it. Each has its words in `words.ts`. */
export type Problem =
  /** The connection broke or could not be made. */
  | "network"
  /** Nobody is live under this name now. */
  | "not-live"
  /** The link has expired. */
  | "expired"
  /** A link or a key is needed, or the one given is wrong. */
  | "refused"
  /** The server is full or about to restart. */
  | "busy"
  /** This browser cannot play this kind of picture or sound. */
  | "codec"
  /** This browser cannot play live video at all. */
  | "browser";

/** Whether trying again by itself can help. */
export function isTransient(problem: Problem): boolean {
  return problem === "network" || problem === "not-live" || problem === "busy";
}

/** Whether it lies in the way the stream comes, so that another way may work. */
export function isEngineProblem(problem: Problem): boolean {
  return problem === "codec" || problem === "browser";
}

/** What an HTTP status means for the viewer. */
export function problemFromStatus(status: number): Problem {
  if (status === 404) return "not-live";
  if (status === 410) return "expired";
  if (status === 401 || status === 403) return "refused";
  if (status === 429 || status === 503) return "busy";
  return "network";
}
