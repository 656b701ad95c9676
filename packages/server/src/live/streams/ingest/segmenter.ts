/**
 * Chooses where segments and parts begin. All readers of the log follow these decisions.
 *
 * Segments begin at the first key frame after `segmentMs`, parts at the video frame nearest to `partMs`. The first segment
 * fixes the longest part and the longest segment of the epoch (HLS may never change them). A segment begins at an earlier key frame
 * if the next one, by the distances of key frames lately, would come too late for the longest segment: encoders insert key frames at
 * scene changes. A GOP that is longer than the longest segment is cut without a key frame. Streams without video are cut by time.
 *
 * Only the process that writes the log cuts. Its cuts are entries of the log, so all nodes have the same segments.
 */
import { RecentMaximum } from "../../../platform/recent-maximum.ts";
import type { Targets } from "../log/log-entry.ts";

export type SegmenterOptions = {
  /** The shortest segment, milliseconds. */
  readonly segmentMs: number;
  /** The usual part, milliseconds. */
  readonly partMs: number;
};

export type Cut = "segment" | "part" | null;

/** The first segment is cut here at the latest, key frame or not: a longer GOP is not suited to live streams. */
const MAX_FIRST_SEGMENT_MS = 10_000;

/** A duration is rounded to whole seconds (RFC 8216 section 4.3.3.1), so a segment may exceed the longest one by almost half a second. */
const ROUNDING_MS = 480;
/** How long the distance of two key frames counts. Longer than the usual time between two scene changes. */
const DISTANCES_MS = 30_000;
/** How long the duration of a frame counts. */
const FRAMES_MS = 5000;
/** A frame that lasts longer than this many average ones is an exception, which must not shorten the segments after it. */
const MAX_FRAME_RATIO = 2;
/** Weight of the newest frame in the average duration. */
const FRAME_WEIGHT = 1 / 16;
/** A longer step is a pause, not a frame's duration. */
const MAX_FRAME_MS = 5000;

/** All parts but a segment's last must have this share of the longest (draft-pantos-hls-rfc8216bis section 4.4.4.9). */
const SHORTEST_PART = 0.85;
/** So the longest part may exceed the usual one by at most this share. */
const MAX_SLACK = 0.15;

export class Segmenter {
  private readonly options: SegmenterOptions;
  private fixed: Targets | null;
  private segmentStart: number | null = null;
  private partStart = 0;
  private longestPart = 0;
  private lastTime = 0;
  private frameMs = 0;
  private averageFrameMs = 0;
  private longestFrame = new RecentMaximum(FRAMES_MS);
  private keyTime: number | null = null;
  private readonly keyDistance = new RecentMaximum(DISTANCES_MS);
  private withoutKeyframe = 0;
  /** Distance that was measured before the first frame. */
  private readonly knownDistanceMs: number;

  /**
   * @param fixed by an earlier writer of the epoch
   * @param keyDistanceMs the longest distance of key frames that the earlier writer met lately; 0: not known
   */
  constructor(options: SegmenterOptions, fixed: Targets | null = null, keyDistanceMs = 0) {
    this.options = options;
    this.fixed = fixed;
    this.knownDistanceMs = keyDistanceMs;
  }

  /** Null until the first segment is whole. */
  get targets(): Targets | null {
    return this.fixed;
  }

  /** Segments that began without a key frame, because the publisher's key frames are too far apart. */
  get nonKeyframeSegments(): number {
    return this.withoutKeyframe;
  }

  /** The frame rate or the tracks may change: earlier measurements do not count any more. */
  forgetFrames(): void {
    this.frameMs = 0;
    this.averageFrameMs = 0;
    this.longestFrame = new RecentMaximum(FRAMES_MS);
  }

  /**
   * What begins at this frame. Called for each video frame, or for each audio frame where there is no video.
   * @param force a segment must begin here, because the configuration or the term changes
   */
  cutAt(time: number, key: boolean, force: boolean): Cut {
    this.measure(time, key, force);
    if (this.segmentStart === null || force || this.segmentIsFull(time, key)) {
      this.beginSegment(time, key, force);
      return "segment";
    }
    if (!this.partIsFull(time)) return null;
    this.beginPart(time);
    return "part";
  }

  private measure(time: number, key: boolean, force: boolean): void {
    const step = time - this.lastTime;
    this.lastTime = time;
    if (this.segmentStart === null && this.knownDistanceMs > 0) this.keyDistance.add(this.knownDistanceMs, time);
    if (this.segmentStart !== null && step > 0 && step < MAX_FRAME_MS) {
      this.frameMs = step;
      this.averageFrameMs = this.averageFrameMs === 0 ? step : this.averageFrameMs + (step - this.averageFrameMs) * FRAME_WEIGHT;
      this.longestFrame.add(step, time);
    }
    if (!key) return;
    // The time before a forced segment belongs to another source or configuration.
    if (this.keyTime !== null && !force) this.keyDistance.add(time - this.keyTime, time);
    this.keyTime = time;
  }

  private segmentIsFull(time: number, key: boolean): boolean {
    const length = time - (this.segmentStart ?? time);
    // A tolerance of 0.5 frames, or 2 s of 29.97 frames a second would be missed by a millisecond.
    if (key && length >= this.options.segmentMs - this.frameMs / 2) return true;
    const longest = (this.fixed ? this.fixed.segmentSeconds * 1000 : MAX_FIRST_SEGMENT_MS) + ROUNDING_MS;
    // The duration of this frame is an estimate.
    const reached = length + Math.max(this.frameMs, Math.min(this.longestFrame.value, this.averageFrameMs * MAX_FRAME_RATIO));
    return reached > longest || (key && reached + this.keyDistance.value > longest);
  }

  private partIsFull(time: number): boolean {
    const length = time - this.partStart;
    // While the longest part is not fixed: at the frame nearest to the usual length.
    if (!this.fixed) return length + this.frameMs / 2 >= this.options.partMs;
    const { partMs } = this.fixed;
    // A part that is long enough leaves room for a frame that lasts longer than the one before it.
    if (length >= partMs * SHORTEST_PART && length + this.frameMs + slack(this.frameMs, partMs / (1 + MAX_SLACK)) > partMs)
      return true;
    return length + this.frameMs > partMs;
  }

  private beginSegment(time: number, key: boolean, force: boolean): void {
    if (this.segmentStart !== null) {
      this.endPart(time);
      // A segment that is ended by force may be shorter than the later ones.
      if (!this.fixed && !force) this.fixTargets(time - this.segmentStart);
      if (!key && !force) this.withoutKeyframe++;
    }
    this.segmentStart = time;
    this.partStart = time;
  }

  private beginPart(time: number): void {
    this.endPart(time);
    this.partStart = time;
  }

  private endPart(time: number): void {
    this.longestPart = Math.max(this.longestPart, time - this.partStart);
  }

  private fixTargets(segmentMs: number): void {
    const longest = Math.max(this.longestPart, Math.ceil(this.options.partMs));
    this.fixed = {
      partMs: Math.floor(longest + slack(this.frameMs, longest)),
      segmentSeconds: Math.max(1, Math.round(Math.max(segmentMs, this.options.segmentMs) / 1000)),
    };
  }
}

/** How much longer than usual a part may be, because its last frame lasts longer than the one before it. */
function slack(frameMs: number, usualMs: number): number {
  return Math.min(frameMs, usualMs * MAX_SLACK);
}
