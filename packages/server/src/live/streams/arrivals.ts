/**
 * Measures how late a publisher's frames arrive by their own clock. What a single lateness is, tells nothing, because the two clocks have begun
 * at different times; how it changes tells of the line and of the clock, and how it differs between sound and picture tells how far apart they come.
 */
import { Extremes } from "./ingest/extremes.ts";

/** A publisher that sends steadily has at least one frame in so many seconds that has waited nowhere. */
const RECENT_SECONDS = 5;
/** What is usual is the earliest of so many seconds. */
const BASELINE_SECONDS = 60;
/** Lateness is compared with that of so long ago, to see whether it grows still: a publisher that stood still once is late from then on, and no more. */
const GROWTH_SECONDS = 3;
/** What is compared is the earliest frame of so many seconds: reads of publishers are up to 100 ms apart, and slow pictures come once a second. */
const NOW_SECONDS = 2;
/** Bursts are counted within so many seconds. */
const BURST_SECONDS = 15;
/** A frame that is so late has made players wait who are half a second behind, as near as they come to live. */
const LATE_MS = 500;
const APART_SECONDS = 10;
/** A clock is measured over five minutes, by the earliest frame of each ten seconds. */
const CLOCK_INTERVAL_MS = 10_000;
const CLOCK_INTERVALS = 30;
/** Before, the earliest frames differ by chance as much as a clock drifts. */
const LEAST_CLOCK_INTERVALS = 9;
/** What is more uneven is no clock: the line's delay has changed. */
const UNEVEN_MS = 20;

/** Milliseconds; null: not known. */
export type LineFigures = {
  /** How late even the earliest of the newest frames are, against the last minute: what waits before the server. */
  readonly standingMs: number | null;
  /** By how much that has grown within three seconds. */
  readonly growthMs: number;
  /** How often frames came late by half a second and more, and then in time again. */
  readonly bursts: number;
  /** The most that a frame of the last seconds was later than the earliest one. */
  readonly spreadMs: number | null;
};

class TrackArrivals {
  readonly seconds = new Extremes(1000, BASELINE_SECONDS + 1);
  readonly clock = new Extremes(CLOCK_INTERVAL_MS, CLOCK_INTERVALS + 1);

  take(late: number, now: number): void {
    this.seconds.take(late, now);
    this.clock.take(late, now);
  }

  line(now: number): LineFigures | null {
    const { seconds } = this;
    const recent = seconds.leastWithin(now, 1, RECENT_SECONDS);
    const usual = seconds.leastWithin(now, 1, BASELINE_SECONDS);
    if (recent === null || usual === null) return null;
    const latest = seconds.leastWithin(now, 1, NOW_SECONDS);
    const earlier = seconds.leastWithin(now, 1 + GROWTH_SECONDS, NOW_SECONDS + GROWTH_SECONDS);
    const burstFloor = seconds.leastWithin(now, 1, BURST_SECONDS) ?? recent;
    let bursts = 0;
    let spread = 0;
    let wasLate = false;
    for (let ago = BURST_SECONDS; ago >= 1; ago--) {
      const greatest = seconds.greatestOf(now, ago);
      if (greatest === null) continue;
      const isLate = greatest - burstFloor >= LATE_MS;
      if (isLate && !wasLate) bursts++;
      wasLate = isLate;
      if (ago <= RECENT_SECONDS) spread = Math.max(spread, greatest - recent);
    }
    const growthMs = latest === null || earlier === null ? 0 : latest - earlier;
    return { standingMs: recent - usual, growthMs, bursts, spreadMs: spread };
  }

  /** How fast the publisher's clock runs away from ours, milliseconds a minute; null: not known. */
  drift(now: number): number | null {
    let length = 0;
    while (length < CLOCK_INTERVALS && this.clock.leastOf(now, length + 1) !== null) length++;
    const third = Math.floor(length / 3);
    if (length < LEAST_CLOCK_INTERVALS) return null;
    // The earliest of many frames: the line makes frames late, and never early.
    const last = this.clock.leastWithin(now, 1, third) ?? 0;
    const middle = this.clock.leastWithin(now, 1 + third, 2 * third) ?? 0;
    const first = this.clock.leastWithin(now, 1 + 2 * third, 3 * third) ?? 0;
    const change = last - first;
    // A clock runs evenly; a line whose delay has changed, or a publisher that has stood still, makes one step.
    if (Math.abs(middle - (first + last) / 2) > Math.max(UNEVEN_MS, Math.abs(change) / 4)) return null;
    return (-change * 60_000) / (2 * third * CLOCK_INTERVAL_MS);
  }
}

export class Arrivals {
  private readonly tracks = { video: new TrackArrivals(), audio: new TrackArrivals() };

  /** @param decodeTime milliseconds of the epoch */
  take(track: "video" | "audio", decodeTime: number, now: number): void {
    this.tracks[track].take(now - decodeTime, now);
  }

  /** This process was held: what came in the last whole second may be late because of that. */
  forgetSecond(now: number): void {
    this.tracks.video.seconds.forget(now, 1);
    this.tracks.audio.seconds.forget(now, 1);
  }

  /** The worse of both tracks: they may come on connections of their own. */
  line(now: number): LineFigures {
    const [video, audio] = [this.tracks.video.line(now), this.tracks.audio.line(now)];
    if (!video || !audio) return video ?? audio ?? { standingMs: null, growthMs: 0, bursts: 0, spreadMs: null };
    return {
      standingMs: Math.max(video.standingMs ?? 0, audio.standingMs ?? 0),
      growthMs: Math.max(video.growthMs, audio.growthMs),
      bursts: Math.max(video.bursts, audio.bursts),
      spreadMs: Math.max(video.spreadMs ?? 0, audio.spreadMs ?? 0),
    };
  }

  /** Media time minus time, milliseconds a minute; null: not known yet, or the line is too uneven. */
  driftMsPerMinute(now: number): number | null {
    return this.tracks.video.drift(now) ?? this.tracks.audio.drift(now);
  }

  /** The sound's time minus the picture's as they arrive, milliseconds; null: one of them is not there. */
  avOffsetMs(now: number): number | null {
    const video = this.tracks.video.seconds.leastWithin(now, 1, APART_SECONDS);
    const audio = this.tracks.audio.seconds.leastWithin(now, 1, APART_SECONDS);
    return video === null || audio === null ? null : video - audio;
  }
}
