/**
 * Chooses where segments and parts begin. All readers of the log follow these decisions.
 *
 * Segments begin at the first key frame after `segmentMs`, parts at the video frame nearest to `partMs`. The first segment
 * fixes the longest part and the longest segment of the epoch (HLS may never change them); a GOP
 * that is longer is cut without a key frame. Streams without video are cut by time.
 */
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
  private withoutKeyframe = 0;

  /** @param fixed by an earlier writer of the epoch */
  constructor(options: SegmenterOptions, fixed: Targets | null = null) {
    this.options = options;
    this.fixed = fixed;
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
  }

  /**
   * What begins at this frame. Called for each video frame, or for each audio frame where there is no video.
   * @param force a segment must begin here, because the configuration or the term changes
   */
  cutAt(time: number, key: boolean, force: boolean): Cut {
    const step = time - this.lastTime;
    if (this.segmentStart !== null && step > 0 && step < 1000) this.frameMs = step;
    this.lastTime = time;
    if (this.segmentStart === null || force || this.segmentIsFull(time, key)) {
      this.beginSegment(time, key, force);
      return "segment";
    }
    if (!this.partIsFull(time)) return null;
    this.beginPart(time);
    return "part";
  }

  private segmentIsFull(time: number, key: boolean): boolean {
    const length = time - (this.segmentStart ?? time);
    // A tolerance of 0.5 frames, or 2 s of 29.97 frames a second would be missed by a millisecond.
    if (key && length >= this.options.segmentMs - this.frameMs / 2) return true;
    const longest = this.fixed ? this.fixed.segmentSeconds * 1000 : MAX_FIRST_SEGMENT_MS;
    // A duration is rounded to whole seconds (RFC 8216 section 4.3.3.1), and the next frame's duration is an estimate.
    return length + this.frameMs > longest + 480;
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
