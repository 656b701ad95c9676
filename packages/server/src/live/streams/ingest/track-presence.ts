/**
 * Tells whether a track of a source has stopped, by the times of the frames that come: a microphone that was unplugged, a camera that was turned off.
 * Players of HLS show only what both tracks have, and would stand still until it comes again.
 */
import { RecentMaximum } from "../../../platform/recent-maximum.ts";

export type Track = "video" | "audio";

/** Without a frame for so long a track has stopped, milliseconds of media. A picture that lost its way through the network may come again. */
export const STOPPED_MS = { audio: 2000, video: 4000 } as const;
/** From here on the other track does not wait for it any more, milliseconds of media. */
const LATE_MS = 500;
/** A picture of slides has few frames: it is late by this many of its longest distances lately. */
const DISTANCES = 1.5;
/** A longer distance is a pause. */
const MAX_DISTANCE_MS = 10_000;
/** How long a distance counts, milliseconds of media. */
const DISTANCES_MS = 30_000;

class Presence {
  newest: number;
  readonly distance = new RecentMaximum(DISTANCES_MS);

  constructor(from: number) {
    this.newest = from;
  }
}

export class TrackPresence {
  private video = new Presence(0);
  private audio = new Presence(0);

  /** @param time of the source's first frame, from which on both tracks are expected, milliseconds of the epoch */
  beginSource(time: number): void {
    this.video = new Presence(time);
    this.audio = new Presence(time);
  }

  /** @param time of a frame, milliseconds of the epoch */
  came(track: Track, time: number): void {
    const own = this[track];
    const other = track === "video" ? this.audio : this.video;
    const hole = time - Math.max(own.newest, other.newest);
    // Where nothing came, because the source stood still, no track is behind the other one.
    if (hole >= LATE_MS && hole > own.distance.value * DISTANCES) other.newest += hole;
    own.distance.add(Math.min(MAX_DISTANCE_MS, time - own.newest), time);
    own.newest = time;
  }

  /** Whether the other track has to go on without it for now. */
  isLate(track: Track, time: number): boolean {
    return this.isAway(track, time, LATE_MS);
  }

  hasStopped(track: Track, time: number): boolean {
    return this.isAway(track, time, STOPPED_MS[track]);
  }

  private isAway(track: Track, time: number, leastMs: number): boolean {
    const { newest, distance } = this[track];
    const away = time - newest;
    return away >= leastMs && away > distance.value * DISTANCES;
  }
}
