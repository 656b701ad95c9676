/** Defines what the page and the worker tell each other. The worker encodes and sends, so that neither a busy page nor a hidden tab stops it. */
import type { TrackSource } from "../capture/track-readers.ts";
import type { PublisherStatistics, VideoLimits } from "../supervise/publisher-types.ts";
import type { VideoContent } from "./video-settings.ts";

export type Sources = {
  /** Each null for a track that is not published. */
  readonly video: TrackSource<VideoFrame> | null;
  readonly audio: TrackSource<AudioData> | null;
  readonly content: VideoContent;
};

export type Muted = { readonly audio: boolean; readonly video: boolean };

export type ToWorker =
  | {
      readonly kind: "open";
      readonly address: string;
      readonly sources: Sources;
      readonly muted: Muted;
      readonly limits: VideoLimits;
      readonly keyFrameMs: number;
    }
  | { readonly kind: "replace"; readonly sources: Sources }
  | { readonly kind: "limit"; readonly limits: VideoLimits }
  | { readonly kind: "mute"; readonly muted: Muted }
  | { readonly kind: "frame"; readonly frame: VideoFrame }
  | {
      readonly kind: "samples";
      readonly planes: readonly Float32Array<ArrayBuffer>[];
      readonly sampleRate: number;
      readonly frame: number;
    }
  /** Whether the connection is still there. */
  | { readonly kind: "check" }
  | { readonly kind: "close" };

/** TCP sends again what is lost: a loss is not known. */
export type WorkerStatistics = Omit<PublisherStatistics, "way" | "lossPercent">;

export type FromWorker =
  | { readonly kind: "live" }
  /** `closeCode` of the WebSocket; null: it did not answer, or not any more. */
  | { readonly kind: "ended"; readonly code: string; readonly detail: string; readonly closeCode: number | null }
  /** Pictures cannot be encoded here. */
  | { readonly kind: "no-encoder"; readonly detail: string }
  | { readonly kind: "statistics"; readonly statistics: WorkerStatistics }
  /** The page sends no pictures by itself while it is hidden: it is asked for one. */
  | { readonly kind: "frame-wanted" };
