/**
 * Defines how large a picture a member sends: no larger than it is shown. With sixteen people, each device decodes fifteen pictures, and each line
 * carries them; the server sends on what it gets.
 */
import type { VideoLimits } from "@lectern/publisher";

export type ShownVideo = {
  /** In the lesson, with this one. */
  readonly people: number;
  /** Somebody sees it large. */
  readonly isLarge: boolean;
  /** It is a screen, and no camera. */
  readonly isScreen: boolean;
};

const LARGE: VideoLimits = { maxKbps: 1200, maxLines: 720, maxFps: 24 };
const MIDDLE: VideoLimits = { maxKbps: 600, maxLines: 360, maxFps: 24 };
const SMALL: VideoLimits = { maxKbps: 200, maxLines: 180, maxFps: 15 };
/** Letters have to be sharp. */
const SCREEN: VideoLimits = { maxKbps: 2500, maxLines: null, maxFps: 15 };

/** Of a student who is called on, whose picture is small or in a corner. */
export const CALLED_ON_PICTURE = MIDDLE;
/** Of the teacher in a class, for those on stage: it may be a screen, in the size that is published. */
export const HOST_PICTURE: VideoLimits = { maxKbps: 700, maxLines: null, maxFps: null };

export function videoLimits({ people, isLarge, isScreen }: ShownVideo): VideoLimits {
  if (isScreen) return SCREEN;
  if (isLarge || people <= 2) return LARGE;
  return people <= 4 ? MIDDLE : SMALL;
}

/** Whether a picture gets more of anything by it. */
export function isMore(next: VideoLimits, before: VideoLimits): boolean {
  return (["maxKbps", "maxLines", "maxFps"] as const).some((what) => boundOf(next[what]) > boundOf(before[what]));
}

export function isSameLimits(one: VideoLimits, other: VideoLimits): boolean {
  return !isMore(one, other) && !isMore(other, one);
}

function boundOf(limit: number | null): number {
  return limit ?? Number.POSITIVE_INFINITY;
}
