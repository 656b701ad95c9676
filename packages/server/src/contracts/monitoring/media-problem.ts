/** Defines why no player can decode a track of a stream, as reports and pages have it. */

export const MEDIA_PROBLEMS = [
  /** Frames come, but no decoder configuration that can be read. */
  "configuration-missing",
  /** No browser plays the codec, and this server does not convert it. */
  "codec-unsupported",
  /** Pictures come, and none that decoding can begin with. */
  "key-frame-missing",
  /** The lengths of the NAL units do not fit, and what is meant cannot be told. */
  "nal-lengths",
  /** A slice refers to parameter sets that were never sent. */
  "parameter-sets-missing",
  /** Slices come, and none that begins a picture. */
  "first-slice-missing",
  /** AAC frames do not begin as their configuration says. */
  "aac-frames",
] as const;

export type MediaProblem = (typeof MEDIA_PROBLEMS)[number];

export function isMediaProblem(value: unknown): value is MediaProblem {
  return MEDIA_PROBLEMS.some((problem) => problem === value);
}

/** Of each track; null: nothing speaks against it. */
export type TrackProblems = { readonly video: MediaProblem | null; readonly audio: MediaProblem | null };
