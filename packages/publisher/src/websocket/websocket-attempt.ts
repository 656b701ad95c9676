/** Provides one connection by WebSocket: has the worker encode the tracks and send them, and hears from it what becomes of them. */

import { endedFailure, failure, networkFailure } from "../supervise/failure.ts";
import type { VideoLimits } from "../supervise/publisher-types.ts";
import type { AttemptEvents } from "../supervise/supervisor.ts";
import type { EncoderWorker } from "./encoder-worker.ts";
import { MediaSources } from "./media-sources.ts";
import type { VideoContent } from "./video-settings.ts";
import type { FromWorker, Muted, WorkerStatistics } from "./worker-messages.ts";

export type WebSocketAttemptOptions = {
  /** `wss://HOST/APP/NAME/publish?key=…` */
  readonly address: string;
  readonly stream: MediaStream;
  readonly content: VideoContent | undefined;
  readonly muted: Muted;
  readonly limits: VideoLimits;
  /** Between key frames. */
  readonly keyFrameMs: number;
  readonly worker: EncoderWorker;
};

export class WebSocketAttempt {
  private readonly options: WebSocketAttemptOptions;
  private readonly events: AttemptEvents;
  private media: MediaSources;
  private isOver = false;
  private newest: WorkerStatistics | null = null;

  constructor(options: WebSocketAttemptOptions, events: AttemptEvents) {
    this.options = options;
    this.events = events;
    const { address, worker, muted, limits, keyFrameMs, stream } = options;
    worker.listen((message) => this.hear(message));
    this.media = this.sourcesOf(stream);
    worker.post({ kind: "open", address, sources: this.media.sources, muted, limits, keyFrameMs }, this.media.transfer);
  }

  /** Null before the first second. */
  get statistics(): WorkerStatistics | null {
    return this.newest;
  }

  /** Publishes other tracks on the same connection. */
  replace(stream: MediaStream): void {
    this.media.close();
    this.media = this.sourcesOf(stream);
    this.options.worker.post({ kind: "replace", sources: this.media.sources }, this.media.transfer);
  }

  mute(muted: Muted): void {
    this.options.worker.post({ kind: "mute", muted });
  }

  setLimits(limits: VideoLimits): void {
    this.options.worker.post({ kind: "limit", limits });
  }

  check(): void {
    this.options.worker.post({ kind: "check" });
  }

  /** May be called twice. */
  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.media.close();
    this.options.worker.listen(() => {});
    this.options.worker.post({ kind: "close" });
  }

  private sourcesOf(stream: MediaStream): MediaSources {
    return new MediaSources(stream, this.options.content, this.options.worker.post);
  }

  private hear(message: FromWorker): void {
    if (this.isOver) return;
    const { events } = this;
    switch (message.kind) {
      case "live":
        return events.onLive();
      case "ended": {
        const { code, detail, closeCode } = message;
        this.close();
        return events.onFailed(closeCode === null ? networkFailure(detail) : endedFailure(closeCode, code, detail));
      }
      case "no-encoder":
        this.close();
        return events.onFailed(failure("no-encoder", message.detail, "final"));
      case "statistics":
        this.newest = message.statistics;
        return;
      case "frame-wanted":
        return this.media.giveFrame();
    }
  }
}
