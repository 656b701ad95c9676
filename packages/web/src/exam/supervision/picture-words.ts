/** Names the state of a picture for the candidate. */
import type { PictureState } from "./supervision-session.ts";

/** `connecting`: it is open, and does not arrive yet, or for the moment. */
type PictureWord = "off" | "opening" | "connecting" | "on" | "stopped";

export function pictureWord({ phase, connection }: Pick<PictureState, "phase" | "connection">): PictureWord {
  if (phase !== "on") return phase;
  return connection === "live" ? "on" : "connecting";
}

/** What the dot beside the time says of all that is wanted: `off` where something that is required does not even try. */
export function dotOf(words: readonly PictureWord[]): "on" | "connecting" | "off" {
  if (words.some((word) => word === "off" || word === "stopped")) return "off";
  return words.every((word) => word === "on") ? "on" : "connecting";
}
