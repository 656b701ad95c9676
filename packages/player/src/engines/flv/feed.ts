/**
 * Feeds the tags of a live stream to a video element, by Media Source Extensions: each track has a buffer of its own.
 *
 *     tags ─▶ Fragmenter ─▶ segments, until every track has its first ─▶ TrackBuffer of picture, of sound ─▶ element
 */
import { Malformed } from "@lectern/media";
import { type AttachedSource, isPlayableType } from "./attached-source.ts";
import type { FlvTracks } from "./flv-tags.ts";
import { Fragmenter, type MediaSegment } from "./fragmenter.ts";
import type { StreamHead, Tagged } from "./rung-stream.ts";
import type { Track } from "./stopped-track.ts";
import { TrackBuffer } from "./track-buffer.ts";

/** Browsers show a first frame that is a little later than the beginning; where one has not after this, it is sought. */
const BEGIN_MS = 300;

export type FeedEvents = {
  /**
   * The decoder has failed. Never called from within `begin` or `push`.
   * @param isCodec the browser cannot play this codec at all
   */
  readonly onError: (isCodec: boolean, detail: string) => void;
};

export class Feed {
  private readonly attached: AttachedSource;
  private readonly startAt: number;
  private readonly events: FeedEvents;
  private readonly listening = new AbortController();
  private fragmenter = new Fragmenter(0);
  private wanted: readonly Track[] = [];
  private waiting: readonly MediaSegment[] = [];
  private readonly buffers = new Map<Track, TrackBuffer>();
  private begunAt = 0;
  private failed = false;
  private closed = false;

  /**
   * @param attached with nothing in it yet
   * @param startAt seconds after the first frame at which the picture begins; 0 for the first frame
   */
  constructor(attached: AttachedSource, startAt: number, events: FeedEvents) {
    this.attached = attached;
    this.startAt = startAt;
    this.events = events;
    const { video } = attached;
    const { signal } = this.listening;
    video.addEventListener("error", () => this.fail(video.error), { signal });
    if (startAt > 0) video.addEventListener("loadedmetadata", () => this.seek(startAt), { signal, once: true });
    attached.whenOpen(() => this.pass());
  }

  /** Begins a stream: its configurations, and its first frames, of which the earliest is at 0. @param tracks those that it is played with */
  begin(tracks: FlvTracks, { video, audio }: StreamHead, frames: readonly Tagged[]): void {
    this.wanted = (["video", "audio"] as const).filter((track) => tracks[track]);
    this.begunAt = performance.now();
    this.fragmenter = new Fragmenter(Math.min(...frames.map(({ tag }) => tag.timestamp)));
    this.take([...[video, audio].filter((tag) => tag !== null), ...frames.map(({ tag }) => tag)]);
  }

  push(tags: readonly Tagged[]): void {
    if (tags.length === 0) return;
    this.take(tags.map(({ tag }) => tag));
    this.enter();
  }

  /** Releases the element. May be called twice. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.listening.abort();
    for (const buffer of this.buffers.values()) buffer.close();
    this.attached.release();
  }

  private take(tags: Parameters<Fragmenter["push"]>[0]): void {
    const segments = this.fragmenter.push(tags);
    if (segments instanceof Malformed) return this.failWith(true, segments.rule);
    this.waiting = [...this.waiting, ...segments];
    this.pass();
  }

  /** Gives the buffers what waits, once there can be all of them: a browser takes no further one when it knows the first tracks. */
  private pass(): void {
    if (this.closed || this.failed || !this.attached.isOpen || !this.hasBuffers()) return;
    const { waiting } = this;
    this.waiting = [];
    for (const [track, buffer] of this.buffers) buffer.append(waiting.filter((segment) => segment.track === track));
  }

  private hasBuffers(): boolean {
    if (this.buffers.size > 0) return true;
    const types = this.wanted.map(
      (track) => this.waiting.find((segment) => segment.track === track && segment.type !== null)?.type,
    );
    if (types.length === 0 || types.some((type) => !type)) return false;
    const unplayable = types.find((type) => !isPlayableType(type ?? ""));
    if (unplayable) this.failWith(true, `${unplayable} is not supported`);
    else this.wanted.forEach((track, i) => void this.buffers.set(track, this.newBuffer(types[i] ?? "")));
    return !unplayable;
  }

  private newBuffer(type: string): TrackBuffer {
    const { video } = this.attached;
    return new TrackBuffer(this.attached.addBuffer(type), type, video, (error) => this.fail(video.error ?? error));
  }

  /** Seeks the first frame where the browser stands before it. */
  private enter(): void {
    const { video } = this.attached;
    const { buffered } = video;
    if (this.startAt > 0 || video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA || buffered.length === 0) return;
    const first = buffered.start(0);
    if (performance.now() - this.begunAt > BEGIN_MS && video.currentTime < first && !video.seeking) this.seek(first);
  }

  private seek(seconds: number): void {
    this.attached.video.currentTime = seconds;
  }

  private fail(error: unknown): void {
    const detail = error instanceof MediaError ? error.message : String(error);
    // As Chromium and Firefox word it where the element can say no more.
    this.failWith(/not.?supported/i.test(detail), detail);
  }

  private failWith(isCodec: boolean, detail: string): void {
    if (this.failed) return;
    this.failed = true;
    queueMicrotask(() => {
      if (!this.closed) this.events.onError(isCodec, detail);
    });
  }
}
