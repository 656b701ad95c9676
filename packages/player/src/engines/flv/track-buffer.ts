/** Appends one track's segments to a SourceBuffer, one after the other, and removes what was played long ago. */
import type { MediaSegment } from "./fragmenter.ts";

/** Seconds of played media that stay: more than `max` are cut to `min`. Where the browser has no more room, to `scarce`. */
const BEHIND = { max: 30, min: 15, scarce: 2 } as const;

export class TrackBuffer {
  private readonly buffer: SourceBuffer;
  private readonly video: HTMLVideoElement;
  private readonly onError: (error: unknown) => void;
  private waiting: MediaSegment[] = [];
  /** As it was created with, or changed to. */
  private codec: string;
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
    const isDue = this.isFull ? behind > BEHIND.scarce : behind > BEHIND.max;
    this.isFull = false;
    if (isDue) this.buffer.remove(0, this.video.currentTime - kept);
    return isDue;
  }

  private next(): void {
    const [segment] = this.waiting;
    if (!segment) return;
    if (segment.type !== null && codecOf(segment.type) !== this.codec) {
      this.codec = codecOf(segment.type);
      this.buffer.changeType(segment.type);
    }
    this.buffer.appendBuffer(segment.bytes);
    // What finds no room waits, for the next one or for the end of a removal.
    this.waiting.shift();
  }
}

const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === "QuotaExceededError";

/** The codec without its profile: a buffer takes other profiles of its codec as they come. */
const codecOf = (type: string): string => type.replace(/\..*/, "");
