/** Appends one track's segments to a SourceBuffer, one after the other, and removes what was played long ago. */
import type { MediaSegment } from "./fragmenter.ts";

/**
 * Seconds of played media that stay: more than `max` are cut to `min`, or where the browser has no more room to `scarce`, and from there to a key frame.
 * Browsers remove what cannot be decoded any more with what it needs: else, where key frames are far apart, the picture that is shown.
 */
const BEHIND = { max: 30, min: 15, scarce: 2 } as const;

/** Browsers count in microseconds: the key frame itself stays. */
const ROUNDING = 0.001;

export class TrackBuffer {
  private readonly buffer: SourceBuffer;
  private readonly video: HTMLVideoElement;
  private readonly onError: (error: unknown) => void;
  private waiting: MediaSegment[] = [];
  /** As it was created with, or changed to. */
  private codec: string;
  /** Where played media can begin, seconds, in their order. */
  private keys: number[] = [];
  private isFull = false;
  private closed = false;

  constructor(buffer: SourceBuffer, type: string, video: HTMLVideoElement, onError: (error: unknown) => void) {
    this.buffer = buffer;
    this.codec = codecOf(type);
    this.video = video;
    this.onError = onError;
    buffer.addEventListener("updateend", () => this.work());
  }

  append(segments: readonly MediaSegment[]): void {
    this.waiting.push(...segments);
    this.work();
  }

  close(): void {
    this.closed = true;
    this.waiting = [];
  }

  private work(): void {
    if (this.closed || this.buffer.updating) return;
    try {
      if (!this.removed()) this.next();
    } catch (error) {
      if (isFull(error)) this.isFull = true;
      else this.onError(error);
    }
  }

  /** Removes what was played, if it is time to; the next segment is appended afterwards. */
  private removed(): boolean {
    const { buffered } = this.buffer;
    const behind = buffered.length === 0 ? 0 : this.video.currentTime - buffered.start(0);
    const kept = this.isFull ? BEHIND.scarce : BEHIND.min;
    const isDue = behind > (this.isFull ? BEHIND.scarce : BEHIND.max);
    this.isFull = false;
    const key = isDue ? this.keys.findLast((at) => at <= this.video.currentTime - kept) : undefined;
    if (key === undefined || key - ROUNDING <= buffered.start(0)) return false;
    this.keys = this.keys.filter((at) => at >= key);
    this.buffer.remove(0, key - ROUNDING);
    return true;
  }

  private next(): void {
    const [segment] = this.waiting;
    if (!segment) return;
    if (segment.type !== null && codecOf(segment.type) !== this.codec) {
      this.codec = codecOf(segment.type);
      this.buffer.changeType(segment.type);
    }
    if (segment.beginsAt !== null) this.buffer.timestampOffset = segment.beginsAt;
    this.buffer.appendBuffer(segment.bytes);
    // What finds no room waits, for the next one or for the end of a removal.
    this.waiting.shift();
    if (segment.keyAt !== null) this.keys.push(segment.keyAt);
  }
}

const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === "QuotaExceededError";

/** The codec without its profile: a buffer takes other profiles of its codec as they come. */
const codecOf = (type: string): string => type.replace(/\..*/, "");
