/** Defines what a track shows, which decides what suffers on a slow uplink: W3C MediaStreamTrack Content Hints. */

/** `detail` for text and slides, as the track says of itself, or as a captured screen is by default. */
export function contentOf(track: MediaStreamTrack | null): "motion" | "detail" {
  if (!track) return "motion";
  if (track.contentHint === "motion") return "motion";
  if (track.contentHint === "detail" || track.contentHint === "text") return "detail";
  return "displaySurface" in track.getSettings() ? "detail" : "motion";
}
